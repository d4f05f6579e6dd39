"""Every worked example is submitted, walked to its end by the administrators it names, and everything it left is looked at."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from service.domain.errors import Refused
from service.domain.routes.hops import Fill, HopRole, HopState
from service.domain.transfers.transfers import TransferState
from service.storage.db import execute, reading
from service.storage.members import members
from service.storage.transfers import history, letters, transfers
from tests.reference.examples import EXAMPLES, Example
from tests.reference.notation import written_hop
from tests.reference.seeding import World, seed
from tests.reference.trees import TREE_OF_PROFILE
from tests.support.applications import storing
from tests.use_cases.walker import Played, come_in, submit


@pytest.fixture(params=sorted(TREE_OF_PROFILE), scope="module")
def profile(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def world(request: pytest.FixtureRequest, profile: str, databases_of_session: object) -> Iterator[World]:
    with databases_of_session.migrated(request.param) as url, storing(url):
        yield seed(profile)


def test_worked_examples_end_to_end(world: World, profile: str) -> None:
    for example in (each for each in EXAMPLES if each.profile == profile):
        if "refused" in example.expected:
            refused(world, example)
        else:
            walked(world, example)


def refused(world: World, example: Example) -> None:
    before = counts()
    with pytest.raises(Refused) as refusal:
        start(world, example)
    assert refusal.value.code in example.expected
    assert counts()[:3] == before[:3], "a refusal creates nothing"


def walked(world: World, example: Example) -> None:
    played = start(world, example).to_end()
    transfer = played.transfer
    assert transfer.state is TransferState.COMPLETED, example.number
    route = " > ".join(written_hop(hop) for hop in transfer.hops)
    assert route == example.expected.split(": ")[1], example.number
    assert all(hop.state not in (HopState.PENDING, HopState.RETURNED) for hop in transfer.hops)
    with reading():
        branch = world.branch_of(played.member)
        gained = members.moves(played.member.member_id or 0, gained=True)
        lost = members.moves(played.member.member_id or 0, gained=False)
        assert history.first_fault(played.id) is None
        found = letters.of_transfer(played.id)
    assert [move.org_code for move in lost] == [example.origin]
    if example.target == "outside":
        assert branch is None
        assert gained == []
    else:
        assert branch is not None
        assert example.target in {org.code for org in world.chains[branch]}
        assert [move.org_code for move in gained] == [branch]
    numbered(played, found, world)


def numbered(played: Played, found: list, world: World) -> None:
    hops = played.transfer.hops
    mode = world.deployment.profile.choice("letter.per_hop")
    writers = {
        "every_hop": [h for h in hops if h.role in (HopRole.START, HopRole.APPROVE)],
        "per_authority": [h for h in hops if h.role is HopRole.APPROVE],
        "single": [None],
    }[mode]
    assert len(found) == len(writers)
    numbers = [int(letter.number) for letter in found]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert all(letter.number.startswith("202503") for letter in found)
    if mode != "single":
        assert [letter.issuer_id for letter in found] == [h.org.id for h in writers]
        assert [letter.is_automatic for letter in found] == [h.fill is not Fill.NORMAL for h in writers]


def start(world: World, example: Example) -> Played:
    starter = example.starter or (example.origin if example.profile == "shandong" else "member")
    wishes = {"destination_kind": "MILITARY"} if "military" in example.title else {}
    if example.profile == "national" and example.target == "outside":
        wishes = {"variety": "OUT_OF_PROVINCE"}
    target = "" if example.target == "outside" else example.target
    return submit(world, example.origin, target, starter="" if starter == "member" else starter, **wishes)


def counts() -> tuple[int, ...]:
    with reading():
        return tuple(
            execute(select(func.count()).select_from(table)).scalar_one()
            for table in (transfers.table, history.table, letters.table)
        )


INCOMING = [
    ("shandong", "A1-T1-B1", "A1"),
    ("shandong", "A1-T1-B1", "CA"),
    ("shandong", "A1-T1-B1", "A2"),
    ("fujian", "A1-T1-B1", "A1"),
    ("national", "GU-1", "GU"),
]


def test_incoming_examples_end_to_end(world: World, profile: str) -> None:
    for _, target, starter in (each for each in INCOMING if each[0] == profile):
        played = come_in(world, target, starter=starter).to_end()
        assert played.transfer.state is TransferState.COMPLETED
        with reading():
            branch = world.branch_of(played.member)
        assert branch is not None
        assert target in {org.code for org in world.chains[branch]}
