"""Random pairs of origin and target, submitted by whoever may, walked to the end, and looked at (R-082, R-048, R-218)."""

import random

import pytest
from sqlalchemy import func, select

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.transfers.transfers import TransferState
from service.storage.db import execute, reading
from service.storage.members import members
from service.storage.transfers import history, inbox, letters, transfers
from tests.reference.seeding import World
from tests.reference.trees import TREE_OF_PROFILE
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import Played, come_in, submit

FAST, ALL = 15, 200


@pytest.mark.requirement("R-082")
@pytest.mark.parametrize("profile", sorted(TREE_OF_PROFILE))
def test_random_pairs(make_world: MakeWorld, profile: str) -> None:
    play_pairs(make_world(profile), profile, FAST)


@pytest.mark.slow
@pytest.mark.requirement("R-082")
@pytest.mark.parametrize("profile", sorted(TREE_OF_PROFILE))
def test_two_hundred_random_pairs(make_world: MakeWorld, profile: str) -> None:
    play_pairs(make_world(profile), profile, ALL)


def play_pairs(world: World, profile: str, wanted: int) -> None:
    chance = random.Random(f"pairs {profile}")
    ended = 0
    for _ in range(wanted * 40):
        if ended == wanted:
            break
        before = rows()
        try:
            played = begin(world, chance, profile)
        except Refused:
            assert rows() == before, "a refusal creates nothing"
            continue
        while_under_way(played)
        finish(played)
        afterwards(world, played)
        ended += 1
    assert ended == wanted


def begin(world: World, chance: random.Random, profile: str) -> Played:
    branches = [code for code, chain in world.chains.items() if chain[0].is_branch]
    targets = list(world.chains)
    if chance.random() < 0.1:
        return come_in(world, chance.choice(targets), starter=chance.choice(list(world.admins)))
    origin = chance.choice(branches)
    starter = chance.choice(["", *(org.code for org in world.chains[origin])])
    outside = chance.random() < 0.2
    wishes = {"variety": "OUT_OF_PROVINCE"} if outside and profile == "national" else {}
    return submit(world, origin, "" if outside else chance.choice(targets), starter=starter, **wishes)


def while_under_way(played: Played) -> None:
    """The inbox of the holder, and of nobody else, shows the item; the engine waits where the route does."""
    stored = played.stored
    if stored.transfer.state.is_final:
        return
    assert stored.step == stored.transfer.hop.step
    with reading():
        holders = {code: inbox.count(inbox.todo(chain[0].id)) for code, chain in played.world.chains.items()}
    holder = stored.transfer.hop.org or stored.transfer.starter
    expected = {} if holder is None or stored.step == "report_in" else {holder.code: 1}
    assert {code: number for code, number in holders.items() if number} == expected


def finish(played: Played) -> None:
    """Walk to the end; a receiver who has no branch to place the member in sends the item back until it is given up."""
    try:
        played.to_end()
    except (Refused, IndexError):
        give_up(played)


def give_up(played: Played) -> None:
    for _ in range(40):
        offered = played.view(played.holder()).actions
        stopping = [each for each in offered if each.value in ("void", "revoke")]
        backwards = [each for each in offered if each.value in ("return", "reject", "disapprove")]
        if stopping and played.transfer.at_application:
            played.act(stopping[0])
            return
        played.act(backwards[0])


def afterwards(world: World, played: Played) -> None:
    transfer = played.transfer
    assert transfer.state.is_final
    with reading():
        assert history.first_fault(played.id) is None
        assert all(inbox.count(inbox.todo(chain[0].id)) == 0 for chain in world.chains.values())
        person = members.by_id(transfer.member_id, world.deployment.vault)
        numbers = [letter.number for letter in letters.of_transfer(played.id)]
    assert person is not None
    assert len(set(numbers)) == len(numbers)
    if transfer.state is not TransferState.COMPLETED:
        expected = transfer.origin.code if transfer.origin else "H-T"
        assert person.branch_code in (expected, None)
        return
    if transfer.is_outside:
        assert person.member.status.is_historical
    else:
        assert transfer.branch is not None or transfer.hops[-1].org is not None
        assert person.branch_code is not None
        assert world.chains[person.branch_code][0].is_branch
    nobody = Actor(0, "", Role.MEMBER)
    assert not played_by_nobody(played, nobody)


def played_by_nobody(played: Played, nobody: Actor) -> bool:
    try:
        played.view(nobody)
    except Refused as refusal:
        return refusal.code != "E_NOT_FOUND"
    return True


def rows() -> tuple[int, ...]:
    tables = (transfers.table, history.table, letters.table, transfers.hops)
    with reading():
        return tuple(execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
