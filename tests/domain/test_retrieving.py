"""Taking back who was closed out by mistake: where, by whom, and whom not (R-128, A-28)."""

from dataclasses import replace
from datetime import date

import pytest

from service.definitions.profiles import profile
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role, admin_role
from service.domain.errors import Refused
from service.domain.members.members import Member, MemberKind, MemberStatus, Sex
from service.domain.routes.hops import Hop, HopRole, HopState, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers import retrieving
from service.domain.transfers.retrieving import Entry
from service.domain.transfers.transfers import Target, Transfer, TransferState
from tests.reference.trees import T3, chains

TREE = chains(T3)
HOME = TREE["GU-1-B1"]
QIN = Member(7, "秦样例", "459901199708250223", Sex.FEMALE, date(1997, 8, 25), MemberKind.PROBATIONARY, HOME[0].id)
GONE = replace(QIN, status=MemberStatus.HIST_TRANSFERRED_OUT)
CLOSED = Transfer(
    Variety.OUT_OF_PROVINCE,
    QIN.id,
    HOME[0].ref,
    Target(text="中共样例市委组织部"),
    TREE["GU-1"][0].ref,
    state=TransferState.COMPLETED,
    hops=(Hop(TREE["GU"][0].ref, HopRole.CLOSE, Side.HOME, state=HopState.APPROVED),),
)
RECEIPTED = replace(CLOSED, hops=(replace(CLOSED.hops[0], role=HopRole.RECORD_RECEIPT),))
OUT = Entry(GONE, "GU-1-B1", CLOSED)


def admin(code: str) -> Actor:
    org = TREE[code][0]
    return Actor(1, code, admin_role(org.org_type), org)


def outcome(*entries: Entry, branch: str = "GU-1-B1") -> str:
    try:
        return retrieving.find(entries, TREE[branch]).member.name
    except Refused as refusal:
        return refusal.code


def right(code: str, *, name: str = "national", branch: str = "GU-1-B1", actor: Actor | None = None) -> str:
    try:
        retrieving.check_right(TREE[branch], actor or admin(code), profile(name))
    except Refused as refusal:
        return refusal.code
    return "ok"


@pytest.mark.requirement("R-128")
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("GU-1-B1", "ok"), ("GU-1", "ok"), ("GU", "ok"), ("R", "ok"),
        ("GU-1-B2", "E_ORG_OUT_OF_SCOPE"), ("GU-2", "E_ORG_OUT_OF_SCOPE"), ("RC", "E_ORG_OUT_OF_SCOPE"),
    ],
)  # fmt: skip
def test_the_branch_and_whoever_is_above_it(code: str, expected: str) -> None:
    assert right(code) == expected


@pytest.mark.requirement("R-128")
def test_nobody_else() -> None:
    assert right("", actor=Actor(1, "党员", Role.MEMBER, member_id=7)) == "E_FORBIDDEN"
    assert right("", actor=Actor(1, "审计", Role.AUDITOR, HOME[0])) == "E_FORBIDDEN"
    assert right("GU", branch="GU-1") == "E_ORG_OUT_OF_SCOPE", "into a branch only"


@pytest.mark.requirement("R-128")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("national", "ok"), ("default", "ok"), ("beijing", "ok"), ("beijing-cuc", "ok"),
        ("fujian", "E_ACTION_NOT_ALLOWED"), ("shandong", "E_ACTION_NOT_ALLOWED"),
    ],
)  # fmt: skip
def test_where_the_profile_knows_it(name: str, expected: str) -> None:
    assert right("GU-1", name=name) == expected


@pytest.mark.requirement("R-128")
def test_who_was_closed_out_of_this_branch_is_found() -> None:
    assert outcome(OUT) == "秦样例"
    assert outcome() == "E_RETRIEVE_NOT_FOUND"
    assert outcome(OUT, branch="GU-1-B2") == "E_RETRIEVE_NOT_FOUND"
    assert outcome(Entry(QIN, "GU-1-B1")) == "E_RETRIEVE_NOT_FOUND", "he is here"
    assert outcome(OUT, Entry(replace(QIN, id=8), "GU-1-B1")) == "E_RETRIEVE_NOT_FOUND", "he has come back by himself"


@pytest.mark.requirement("R-128")
def test_who_was_not_closed_out_is_not_retrieved() -> None:
    for left_by in (None, RECEIPTED, replace(CLOSED, state=TransferState.REVOKED)):
        assert outcome(replace(OUT, left_by=left_by)) == "E_RETRIEVE_NOT_ALLOWED"
    pending = replace(CLOSED, hops=(replace(CLOSED.hops[0], state=HopState.PENDING),))
    assert outcome(replace(OUT, left_by=pending)) == "E_RETRIEVE_NOT_ALLOWED"
    for status in (MemberStatus.HIST_DECEASED, MemberStatus.HIST_EXPELLED):
        assert outcome(replace(OUT, member=replace(GONE, status=status))) == "E_RETRIEVE_NOT_ALLOWED"


@pytest.mark.requirement("R-128")
def test_who_has_been_elsewhere_since_is_not_retrieved() -> None:
    elsewhere = Entry(replace(QIN, id=8), "GU-2-B1")
    assert outcome(OUT, elsewhere) == "E_RETRIEVE_NOT_ALLOWED"
    died_there = Entry(replace(QIN, id=8, status=MemberStatus.HIST_DECEASED), "GU-2-B1")
    assert outcome(OUT, died_there) == "E_RETRIEVE_NOT_ALLOWED"
    coming = Entry(replace(QIN, id=8, status=MemberStatus.PROVISIONAL), None, is_in_transfer=True)
    assert outcome(OUT, coming) == "E_TRANSFER_IN_PROGRESS"


@pytest.mark.requirement("R-128")
def test_of_two_departures_the_last_one_counts() -> None:
    first = replace(OUT, left_by=RECEIPTED)
    second = Entry(replace(GONE, id=8), "GU-1-B1", CLOSED)
    assert outcome(first, second) == "秦样例"
    assert outcome(replace(first, left_by=CLOSED), replace(second, left_by=RECEIPTED)) == "E_RETRIEVE_NOT_ALLOWED"
