"""The route lies with the transfer and stays, whatever becomes of the tree (R-087, R-020, R-088, R-081)."""

import pytest
import sqlalchemy as sa

from service.domain.applying.choosing import Chosen
from service.domain.routes.hops import Fill, Hop, HopState, MadeBy, Side
from service.domain.transfers.actions import Action
from service.storage.db import execute, transaction
from service.storage.organisations import organisations
from service.use_cases.transfers.list_inbox import ListName, list_transfers
from service.use_cases.transfers.show_transfer import show_transfer
from tests.reference.notation import written, written_hop
from tests.use_cases.attempts import outcome, started
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.test_application_rules import preview
from tests.use_cases.walker import Played, submit


def planned(hop: Hop) -> tuple[object, ...]:
    """What of a hop the plan says; its state is what becomes of it."""
    return (hop.org, hop.role, hop.side, hop.fill, hop.made_by)


ROUTES = {
    "beijing": ("XU-G1-B1", "XA-S1", ""),
    "beijing-cuc": ("XU-G1-B1", "XA-S1", ""),
    "national": ("GU-1-B1", "RC1-T-B1", "GU-1"),
    "fujian": ("A1-T1-B1", "A1-T2-G-B1", ""),
    "shandong": ("A1-T1-B1", "A1-T2-G-B1", "A1-T1"),
    "default": ("A1-T1-B1", "A1-T2-G-B1", ""),
}


@pytest.mark.requirement("R-087")
@pytest.mark.requirement("R-082")
@pytest.mark.parametrize("profile", sorted(ROUTES))
def test_it_is_stored_and_kept_to_the_end(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    origin, target, starter = ROUTES[profile]
    member = world.newcomer(origin)
    actor = world.admins[starter] if starter else member
    chosen = Chosen(member.member_id) if starter else Chosen()
    shown = preview(world, actor, {"target": target}, chosen)
    played = started(world, actor, {"target": target}, chosen=chosen)
    played.member = member
    # What was shown is what lies in the database, hop by hop.
    assert [planned(hop) for hop in played.transfer.hops] == [planned(hop) for hop in shown.hops]
    while not played.transfer.state.is_final:
        played.forward()
        for now, then in zip(played.transfer.hops, shown.hops, strict=True):
            # Only the branch that a receiver chooses is filled in later.
            assert then.org in (None, now.org)
            assert planned(now)[1:] == planned(then)[1:]


@pytest.mark.requirement("R-087")
def test_each_hop_says_how_it_came_about(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T2-G-B1", starter="A1-T1")
    hops = played.transfer.hops
    assert [(hop.code, hop.side, hop.fill, hop.made_by, hop.state) for hop in hops[:3]] == [
        ("A1-T1-B1", Side.HOME, Fill.AUTO_FILLED, MadeBy.AUTO_FILLED, HopState.AUTO_FILLED),
        ("A1-T1", Side.HOME, Fill.NORMAL, MadeBy.GENERATED, HopState.APPROVED),
        ("A1", Side.HOME, Fill.AUTO, MadeBy.GENERATED, HopState.AUTO_APPROVED),
    ]
    assert {hop.side for hop in hops[3:]} == {Side.RECEIVING}
    played.act(Action.ADJUST_RECEIVER, target="A1-T2-B1")
    assert [(hop.code, hop.made_by) for hop in played.transfer.hops[3:]] == [
        ("A1-T2", MadeBy.GENERATED), ("A1-T2-B1", MadeBy.RE_ROUTED)
    ]  # fmt: skip


@pytest.mark.requirement("R-020")
@pytest.mark.requirement("R-087")
@pytest.mark.scenario("S-36")
def test_another_level_counts_for_the_next_transfer_only(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A2-T2-B1", "A1-T1-B1")
    before = played.transfer.hops
    assert "A2" in [hop.code for hop in before]
    with transaction():
        township = organisations.table.c.code == "A2-T2"
        execute(sa.update(organisations.table).where(township).values(authority_level="FIRST_LEVEL"))
        organisations.tree_changed()
    route = preview(world, world.people["A2-T2-B1"], {"target": "A1-T1-B1"}, Chosen())
    assert written(route) == "IN_PROVINCE: applicant[A] > A2-T2-B1 > A2-T2 > A1-T1 > A1-T1-B1[R] > A1-T1-B1[C]"
    assert played.transfer.hops == before
    played.forward().forward()
    assert played.transfer.hop.code == "A2"


@pytest.mark.requirement("R-088")
def test_a_starter_that_is_the_terminal_closes_in_a_second_step(make_world: MakeWorld) -> None:
    world = make_world("national", changes={"GU-1": {"scope": 3}})
    played = submit(world, "GU-1-B1", "", starter="GU-1", variety="OUT_OF_PROVINCE")
    assert [written_hop(hop) for hop in played.transfer.hops] == ["GU-1[S]", "GU-1[close]"]
    assert played.transfer.position == 1
    assert outcome(lambda: played.act(Action.APPROVE)) == "E_ACTION_NOT_ALLOWED"
    played.act(Action.CLOSE)


@pytest.mark.requirement("R-081")
@pytest.mark.parametrize("profile", ["beijing", "beijing-cuc", "fujian", "default"])
def test_a_member_follows_his_own_transfer(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    origin, target, _ = ROUTES[profile]
    played = submit(world, origin, target).forward()
    (line,) = own(played)
    assert (line.id, line.status) == (played.id, "IN_PROGRESS")
    view = played.view(played.member)
    assert view.hops == played.transfer.hops
    assert view.events[0].action == "submit"
    other = world.newcomer(origin)
    assert outcome(lambda: show_transfer(played.id, actor=other, deployment=world.deployment)) == "E_NOT_FOUND"


def own(played: Played) -> tuple:
    return list_transfers(ListName.OWN, actor=played.member, deployment=played.world.deployment).items


@pytest.mark.requirement("R-081")
@pytest.mark.parametrize("profile", ["national", "shandong"])
def test_where_members_have_no_view_of_it(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    origin, target, starter = ROUTES[profile]
    played = submit(world, origin, target, starter=starter)
    assert outcome(lambda: own(played)) == "E_FORBIDDEN"
    assert outcome(lambda: played.view(played.member)) == "E_FORBIDDEN"
    assert played.view(world.admins[starter]).id == played.id
