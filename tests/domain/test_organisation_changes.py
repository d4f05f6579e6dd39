"""Who may create, keep, dissolve and move organisations, judged on the reference trees alone."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace

import pytest

from service.definitions import profiles
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role, admin_role
from service.domain.errors import Refused
from service.domain.organisations import organisation_changes as changes
from service.domain.organisations.organisations import OrgStatus, OrgType
from tests.reference.trees import T1, T2, chains

UNIVERSITY, PROVINCE = chains(T2), chains(T1)
CUC, DEFAULT = profiles.profile("beijing-cuc"), profiles.profile("default")


def admin(code: str, tree: dict = UNIVERSITY) -> Actor:
    org = tree[code][0]
    return Actor(1, "管理员", admin_role(org.org_type), org)


MEMBER = Actor(2, "张样例", Role.MEMBER, None, 7)
AUDITOR = Actor(3, "审计员", Role.AUDITOR, None)
SYSTEM = Actor(4, "系统管理员", Role.SYSTEM_ADMIN, None)


def expected(code: str) -> AbstractContextManager[object]:
    return pytest.raises(Refused, match=f"^{code} ") if code else nullcontext()


@pytest.mark.requirement("R-205")
@pytest.mark.parametrize(
    ("actor", "below", "code"),
    [
        (admin("XU-C1"), "XU-C1", ""),
        (admin("XU-G1"), "XU-G1", ""),
        (admin("XU-DB"), "XU-DB", ""),
        (admin("XU"), "XU-C1", ""),
        (admin("XM"), "XU-G1", ""),
        (admin("XU-C1-B1"), "XU-C1-B1", "E_FORBIDDEN"),
        (admin("XU-C1-B1"), "XU-C1", "E_ORG_OUT_OF_SCOPE"),
        (admin("XU-C2"), "XU-C1", "E_ORG_OUT_OF_SCOPE"),
        (admin("XU-C1"), "XU", "E_ORG_OUT_OF_SCOPE"),
        (MEMBER, "XU-C1", "E_FORBIDDEN"),
        (AUDITOR, "XU-C1", "E_FORBIDDEN"),
        (SYSTEM, "XU-C1", "E_FORBIDDEN"),
    ],
)
def test_committees_general_and_direct_branches_create_branches_below_themselves(
    actor: Actor, below: str, code: str
) -> None:
    with expected(code):
        changes.require_may_create(actor, UNIVERSITY[below], OrgType.BRANCH)


@pytest.mark.requirement("R-205")
@pytest.mark.parametrize(
    ("below", "org_type", "code"),
    [
        ("XU-G1", OrgType.GENERAL_BRANCH, "E_FIELD_INVALID"),
        ("XU-DB", OrgType.GENERAL_BRANCH, "E_FIELD_INVALID"),
        ("XU-C1", OrgType.GENERAL_BRANCH, ""),
        ("XU-C1", OrgType.PRIMARY_COMMITTEE, "E_FIELD_INVALID"),
        ("XU", OrgType.SECOND_LEVEL_COMMITTEE, ""),
        ("XU", OrgType.LOCAL_COMMITTEE, "E_FIELD_INVALID"),
        ("XM", OrgType.LOCAL_COMMITTEE, ""),
        ("XM-E", OrgType.PRIMARY_COMMITTEE, ""),
        *(("XM", each, "E_FIELD_INVALID") for each in OrgType if each.startswith("HOLDING")),
    ],
)
def test_each_type_stands_below_certain_types(below: str, org_type: OrgType, code: str) -> None:
    with expected(code):
        changes.require_may_create(admin("XM"), UNIVERSITY[below], org_type)


@pytest.mark.requirement("R-206")
def test_nothing_happens_to_a_dissolved_organisation() -> None:
    gone = (replace(UNIVERSITY["XU-C1"][0], status=OrgStatus.DISSOLVED), *UNIVERSITY["XU-C1"][1:])
    for attempt in (
        lambda: changes.require_may_create(admin("XU"), gone, OrgType.BRANCH),
        lambda: changes.require_may_keep(admin("XU"), gone, CUC),
        lambda: changes.require_may_apply(admin("XU"), gone),
    ):
        with expected("E_ACTION_NOT_ALLOWED"):
            attempt()


@pytest.mark.requirement("R-228")
@pytest.mark.parametrize(
    ("profile", "by", "code", "refusal"),
    [
        (CUC, "XU-C1-B1", "XU-C1-B1", "E_FORBIDDEN"),
        (CUC, "XU-DB", "XU-DB", "E_FORBIDDEN"),
        (CUC, "XU-C1", "XU-C1-B1", ""),
        (CUC, "XU-G1", "XU-G1-B1", ""),
        (CUC, "XU", "XU-C1-B1", ""),
        (CUC, "XU-G1", "XU-G1", ""),
        (CUC, "XU-C1", "XU-C1", ""),
        (DEFAULT, "XU-C1-B1", "XU-C1-B1", ""),
        (DEFAULT, "XU-C1-B1", "XU-C1-B2", "E_ORG_OUT_OF_SCOPE"),
        (DEFAULT, "XU-C1", "XU-C2", "E_ORG_OUT_OF_SCOPE"),
        (DEFAULT, "XU-C1-B1", "XU-C1", "E_ORG_OUT_OF_SCOPE"),
    ],
)
def test_who_keeps_the_record_of_what(profile: object, by: str, code: str, refusal: str) -> None:
    with expected(refusal):
        changes.require_may_keep(admin(by), UNIVERSITY[code], profile)  # type: ignore[arg-type]


@pytest.mark.requirement("R-001")
@pytest.mark.parametrize(
    ("code", "below", "refusal"),
    [
        ("XU-C1", "XU-C1", "E_ORG_CYCLE"),
        ("XU-C1", "XU-C1-B1", "E_ORG_CYCLE"),
        ("XU", "XU-G1", "E_ORG_CYCLE"),
        ("XM", "XU", "E_ORG_ROOT"),
        ("XU-C1-B1", "XU-C1", "E_FIELD_INVALID"),
        ("XU-C1-B1", "XU-C2-B1", "E_FIELD_INVALID"),
        ("XU-C1", "XU-G1", "E_FIELD_INVALID"),
        ("XU-C1-B1", "XU-C2", ""),
        ("XU-C1-B1", "XU-G1", ""),
        ("XU-G1", "XU-C1", ""),
    ],
)
def test_no_circle_no_second_root_no_wrong_place(code: str, below: str, refusal: str) -> None:
    with expected(refusal):
        changes.check_superior(UNIVERSITY[code], UNIVERSITY[below])


@pytest.mark.requirement("R-203")
@pytest.mark.parametrize(
    ("by", "code", "below", "refusal"),
    [
        ("XU", "XU-C1-B1", "XU-C2", ""),
        ("XM-E", "XU-C1-B1", "XU-C2", ""),
        ("XU-C1", "XU-C1-B1", "XU-C2", "E_FORBIDDEN"),
        ("XU-C2", "XU-C1-B1", "XU-C2", "E_FORBIDDEN"),
        ("XU", "XU-C1-B1", "XA-S1", "E_FORBIDDEN"),
        ("XM", "XU-C1-B1", "XA-S1", ""),
        ("XU", "XU-C1-B1", "XU", ""),
    ],
)
def test_the_organisation_above_both_superiors_moves(by: str, code: str, below: str, refusal: str) -> None:
    with expected(refusal):
        changes.require_may_move(admin(by), UNIVERSITY[code][1:], UNIVERSITY[below])


@pytest.mark.requirement("R-203")
def test_the_lowest_organisation_above_both_decides() -> None:
    def decider(one: str, other: str) -> str:
        return changes.decider(UNIVERSITY[one], UNIVERSITY[other])[0].code

    assert decider("XU-C1", "XU-C2") == "XU"
    assert decider("XU-C1", "XA-S1") == "XM"
    assert decider("XU-C1", "XU") == "XU"


@pytest.mark.requirement("R-204")
@pytest.mark.parametrize(
    ("code", "members", "subordinates", "refusal"),
    [
        ("A1-T1-B1", 0, 0, ""),
        ("A1-T1-B1", 1, 0, "E_ORG_NOT_EMPTY"),
        ("A1-T1", 0, 1, "E_ORG_NOT_EMPTY"),
        ("P", 0, 0, "E_ORG_ROOT"),
        ("H-U", 0, 0, "E_FORBIDDEN"),
    ],
)
def test_what_may_end(code: str, members: int, subordinates: int, refusal: str) -> None:
    with expected(refusal):
        changes.check_dissolution(PROVINCE[code], members=members, subordinates=subordinates)


@dataclass(frozen=True)
class Blocking:
    id: int
    member_name: str
    origin: str = "甲支部"
    target: str = "乙支部"


@pytest.mark.requirement("R-207")
def test_a_lock_names_each_transfer_that_holds_it() -> None:
    changes.refuse_pending([])
    with expected("E_ORG_HAS_PENDING_TRANSFERS") as caught:
        changes.refuse_pending([Blocking(7, "罗样例"), Blocking(9, "何样例", origin="")])
    assert [(each.field, each.member) for each in caught.value.fields] == [
        ("transfers/7", "罗样例"), ("transfers/9", "何样例"),
    ]  # fmt: skip
    assert "罗样例 甲支部 → 乙支部" in caught.value.fields[0].message_zh
    assert "何样例 — → 乙支部" in caught.value.fields[1].message_en
