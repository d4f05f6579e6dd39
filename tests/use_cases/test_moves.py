"""When a membership moves, and what each side keeps of it (R-047, R-048)."""

import pytest

from service.storage.db import reading
from service.storage.members import members
from service.storage.members.members import Move
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, Played, submit


def kept(played: Played) -> tuple[list[Move], list[Move]]:
    """Decrease and increase records of the member."""
    with reading():
        member_id = played.member.member_id or 0
        return [*members.moves(member_id, gained=False)], [*members.moves(member_id, gained=True)]


def place(played: Played) -> str | None:
    with reading():
        return played.world.branch_of(played.member)


@pytest.mark.requirement("R-047")
@pytest.mark.requirement("R-048")
def test_with_the_receipt_the_member_is_lost_here_and_gained_there(make_world: MakeWorld) -> None:
    played = submit(make_world("shandong"), "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    while played.transfer.hop.code != "A2-T1-B1":
        assert (place(played), kept(played)) == ("A1-T1-B1", ([], []))
        played.forward()
    assert (place(played), kept(played)) == ("A1-T1-B1", ([], []))
    played.forward()
    assert place(played) == "A2-T1-B1"
    today = NOW.date()
    assert kept(played) == ([Move("A1-T1-B1", played.id, today)], [Move("A2-T1-B1", played.id, today)])


@pytest.mark.requirement("R-047")
@pytest.mark.requirement("R-048")
def test_in_fujian_he_moves_when_he_reports_in(make_world: MakeWorld) -> None:
    played = submit(make_world("fujian"), "A1-T1-B1", "A2-T1-B1")
    while played.stored.step != "confirm_report_in":
        assert place(played) == "A1-T1-B1"
        played.forward()
    assert (place(played), kept(played)) == ("A1-T1-B1", ([], []))
    played.forward()
    assert place(played) == "A2-T1-B1"
    assert [len(records) for records in kept(played)] == [1, 1]


@pytest.mark.requirement("R-047")
def test_who_leaves_is_lost_and_nowhere_gained(make_world: MakeWorld) -> None:
    played = submit(make_world("shandong"), "A1-T1-B1", "", starter="A1-T1-B1").to_end()
    assert place(played) is None
    assert kept(played) == ([Move("A1-T1-B1", played.id, NOW.date())], [])
