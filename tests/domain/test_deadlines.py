"""When an open hop is due, and what is told of it and of its letter on the way there (R-125, R-190)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.definitions import profiles
from service.domain.clock import ZONE
from service.domain.deadlines import deadlines
from service.domain.deadlines.deadlines import LetterMark, Mark
from service.domain.deadlines.workdays import DayKind, SpecialDay, calendar_of
from service.domain.letters.letters import LetterState, OpenLetter
from service.domain.organisations.organisations import OrgRef
from service.domain.routes.hops import Hop, HopRole, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers.transfers import Target, Transfer, TransferState

A, B = OrgRef(1, "A", "甲"), OrgRef(2, "B", "乙")
OPENED = datetime(2025, 4, 21, 2, 0, tzinfo=UTC)  # a Monday
CALENDAR = calendar_of(
    [2025],
    [
        *(SpecialDay(date(2025, 5, day), DayKind.HOLIDAY) for day in range(1, 6)),
        SpecialDay(date(2025, 4, 27), DayKind.WORKING),
    ],
)
DEFAULT = profiles.profile("default")


def transfer(role: HopRole = HopRole.APPROVE, **values: object) -> Transfer:
    made = Transfer(
        Variety.IN_PROVINCE, 7, A, Target(B), None, state=TransferState.IN_PROGRESS, position=0,
        hops=(Hop(A, role, Side.HOME),), letter=OpenLetter(0, A, B),
    )  # fmt: skip
    return replace(made, **values)


def due(of: Transfer) -> datetime | None:
    return deadlines.due_at(of, opened_at=OPENED, profile=DEFAULT, calendar=CALENDAR)


def local(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=ZONE)


@pytest.mark.requirement("R-190")
def test_a_hop_is_due_after_fifteen_working_days_feasts_passed_over() -> None:
    # 22–25, the worked Sunday 27, 28–30 April; 6–9 May; 12–14 May is the fifteenth.
    assert due(transfer()) == local(2025, 5, 15)


@pytest.mark.requirement("R-190")
def test_a_receipt_is_due_after_thirty_days_of_the_calendar() -> None:
    for role in (HopRole.RECORD_RECEIPT, HopRole.CONFIRM_OUTSIDE):
        assert due(transfer(role)) == local(2025, 5, 22)


def test_the_member_himself_and_what_is_finished_are_under_no_deadline() -> None:
    own = transfer(hops=(Hop(None, HopRole.APPLY, Side.HOME),), letter=None)
    assert due(own) is None
    assert due(replace(own, starter=A)) == local(2025, 5, 15)
    assert due(transfer(state=TransferState.COMPLETED)) is None


@pytest.mark.requirement("R-125")
def test_what_is_told_comes_in_order() -> None:
    ahead = deadlines.moments(transfer(), due=due(transfer()), valid_until=date(2025, 5, 6), calendar=CALENDAR)
    assert [(each.at, each.mark) for each in ahead] == [
        (local(2025, 5, 3), Mark.LETTER_EXPIRES),
        (local(2025, 5, 7), Mark.LETTER_EXPIRED),
        (local(2025, 5, 9), Mark.DUE_SOON),
        (local(2025, 5, 15), Mark.OVERDUE),
    ]
    assert deadlines.next_after(ahead, local(2025, 5, 7)) == local(2025, 5, 9)
    assert deadlines.next_after(ahead, local(2025, 5, 15)) is None


@pytest.mark.parametrize("state", [LetterState.DRAFT, LetterState.RETURNED, LetterState.SUPERSEDED])
def test_a_letter_that_does_not_travel_does_not_expire(state: LetterState) -> None:
    still = transfer(letter=OpenLetter(0, A, B, state))
    ahead = deadlines.moments(still, due=None, valid_until=date(2025, 5, 6), calendar=CALENDAR)
    assert ahead == ()


def test_who_was_away_tells_what_still_holds() -> None:
    ahead = deadlines.moments(transfer(), due=due(transfer()), valid_until=date(2025, 5, 6), calendar=CALENDAR)
    first = ahead[0].at
    assert deadlines.reached(ahead, since=first, now=first - timedelta(seconds=1)) == ()
    assert deadlines.reached(ahead, since=first, now=first) == (Mark.LETTER_EXPIRES,)
    assert deadlines.reached(ahead, since=first, now=local(2025, 5, 10)) == (Mark.LETTER_EXPIRED, Mark.DUE_SOON)
    assert deadlines.reached(ahead, since=first, now=local(2025, 6, 1)) == (Mark.LETTER_EXPIRED, Mark.OVERDUE)


@pytest.mark.requirement("R-125")
def test_lists_mark_an_expired_letter_as_the_profile_takes_it() -> None:
    last = date(2025, 3, 25)

    def shown(today: date, profile: str) -> LetterMark | None:
        return deadlines.letter_mark(last, today=today, profile=profiles.profile(profile))

    assert shown(date(2025, 3, 21), "default") is LetterMark.VALID
    assert shown(date(2025, 3, 22), "default") is LetterMark.EXPIRES_SOON
    assert shown(date(2025, 3, 25), "default") is LetterMark.EXPIRES_SOON
    assert shown(date(2025, 3, 26), "default") is LetterMark.BLOCKED
    for profile in ("beijing", "national", "fujian", "beijing-cuc", "shandong"):
        assert shown(date(2025, 3, 26), profile) is LetterMark.EXPIRED
    assert deadlines.letter_mark(None, today=last, profile=DEFAULT) is None
