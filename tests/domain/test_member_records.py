"""What a record needs after its member has come in, and who completes it (R-045, R-150)."""

from dataclasses import replace
from datetime import date

import pytest

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role, admin_role
from service.domain.errors import Refused
from service.domain.members import member_records
from service.domain.members.member_records import Record
from service.domain.members.members import MemberKind
from tests.reference.trees import T1, chains

TREE = chains(T1)
TODAY = date(2025, 3, 10)
WHOLE = Record("汉族", date(2010, 7, 1), date(2011, 7, 1), "13900000001")


def faults(record: Record, kind: MemberKind = MemberKind.FULL) -> list[tuple[str, str | None]]:
    return [(each.code, each.field) for each in member_records.faults(record, kind, TODAY)]


@pytest.mark.requirement("R-150")
def test_everything_that_is_missing_is_named() -> None:
    assert faults(WHOLE) == []
    needed = ["ethnicity", "joined_on", "full_on", "mobile"]
    assert faults(Record()) == [("E_REQUIRED_FIELD", name) for name in needed]
    assert faults(replace(WHOLE, full_on=None), MemberKind.PROBATIONARY) == []


@pytest.mark.requirement("R-150")
@pytest.mark.requirement("R-045")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"full_on": date(2010, 7, 1)}, ("E_DATE_ORDER", "full_on")),
        ({"full_on": date(2009, 7, 1)}, ("E_DATE_ORDER", "full_on")),
        ({"full_on": date(2025, 3, 11)}, ("E_DATE_FUTURE", "full_on")),
        ({"mobile": "12345"}, ("E_PHONE_FORMAT", "mobile")),
    ],
)
def test_dates_and_telephone(change: dict[str, object], expected: tuple[str, str]) -> None:
    assert faults(replace(WHOLE, **change)) == [expected]


@pytest.mark.requirement("R-150")
@pytest.mark.requirement("R-210")
@pytest.mark.parametrize(
    ("code", "came_in", "expected"),
    [
        ("A1-T1-B1", True, ""),
        ("A1-T1-B1", False, "E_FORBIDDEN"),
        ("A1-T1", False, ""),
        ("A1", True, ""),
        ("A1-T1-B2", True, "E_NOT_FOUND"),
        ("A2", True, "E_NOT_FOUND"),
    ],
)
def test_the_receiving_branch_and_those_above_it_complete(code: str, came_in: bool, expected: str) -> None:
    org = TREE[code][0]
    actor = Actor(1, code, admin_role(org.org_type), org)
    if not expected:
        member_records.require_completing(actor, TREE["A1-T1-B1"], is_authorised=False, came_in=came_in)
        return
    with pytest.raises(Refused, match=expected):
        member_records.require_completing(actor, TREE["A1-T1-B1"], is_authorised=False, came_in=came_in)


@pytest.mark.requirement("R-150")
def test_to_complete_is_not_to_change() -> None:
    known = replace(WHOLE, joined_on=None, full_on=None)
    assert member_records.filled_in(known, replace(WHOLE, ethnicity="", mobile="")) == WHOLE
    assert member_records.filled_in(known, WHOLE) == WHOLE
    with pytest.raises(Refused) as refused:
        member_records.filled_in(known, replace(WHOLE, ethnicity="回族", mobile="13900000009"))
    assert [(each.code, each.field) for each in refused.value.fields] == [
        ("E_FIELD_READONLY", "ethnicity"),
        ("E_FIELD_READONLY", "mobile"),
    ]


@pytest.mark.requirement("R-150")
@pytest.mark.requirement("R-196")
def test_a_member_sends_his_portrait_and_nothing_else() -> None:
    himself = Actor(1, "张样例", Role.MEMBER, member_id=7)
    assert member_records.is_himself(himself, 7)
    assert not member_records.is_himself(himself, 8)
    assert not member_records.is_himself(Actor(1, "样例", Role.MEMBER), 7)
    with pytest.raises(Refused, match="E_FORBIDDEN"):
        member_records.require_completing(himself, TREE["A1-T1-B1"], is_authorised=False, came_in=True)
