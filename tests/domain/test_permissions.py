"""Permissions and levels: who sees and sets what, and what is locked, on the reference trees alone."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

import pytest

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role, admin_role
from service.domain.errors import Refused
from service.domain.organisations import permissions
from service.domain.organisations.organisations import AuthorityLevel, Scope
from service.domain.organisations.permissions import Permission
from tests.reference.trees import T1, chains

TREE = chains(T1)
SYSTEM = Actor(9, "系统管理员", Role.SYSTEM_ADMIN, None)
TRANSFER, SCOPE = Permission.CAN_TRANSFER, Permission.SCOPE
AUTO, LEVEL = Permission.AUTO_APPROVE_CHILDREN, Permission.AUTHORITY_LEVEL
BELOW_FIRST, FIRST = AuthorityLevel.BELOW_FIRST, AuthorityLevel.FIRST_LEVEL


def admin(code: str) -> Actor:
    org = TREE[code][0]
    return Actor(1, "管理员", admin_role(org.org_type), org)


def expected(code: str) -> AbstractContextManager[object]:
    return pytest.raises(Refused, match=f"^{code} ") if code else nullcontext()


def locks(by: str, code: str) -> dict[str, str]:
    seen = permissions.permissions_for(admin(by), TREE[code])
    return {name.value: lock.code for name, lock in seen.locks.items()}


@pytest.mark.requirement("R-018")
@pytest.mark.parametrize(
    ("by", "code", "refusal"),
    [
        ("A1-T1", "A1-T1", ""),
        ("A1-T1", "A1-T1-G", ""),
        ("A1-T1", "A1-T1-G-B1", ""),
        ("U-G1", "U-G1-B1", ""),
        ("B1-S1", "B1-S1-B1", ""),
        ("A1", "A1", ""),
        ("A1", "A1-T1", ""),
        ("A1", "A1-T1-B1", "E_ORG_OUT_OF_SCOPE"),
        ("P", "CA", ""),
        ("P", "A1", "E_ORG_OUT_OF_SCOPE"),
        ("PD1", "PD1-C", ""),
        ("PD1", "PD1-C-B1", "E_ORG_OUT_OF_SCOPE"),
        ("CA-D", "CA-D-C-B1", "E_ORG_OUT_OF_SCOPE"),
        ("A1-T1", "A1-T2", "E_ORG_OUT_OF_SCOPE"),
        ("A1-T1", "A1", "E_ORG_OUT_OF_SCOPE"),
    ],
)
def test_who_configures_whom(by: str, code: str, refusal: str) -> None:
    with expected(refusal):
        permissions.permissions_for(admin(by), TREE[code])


@pytest.mark.requirement("R-018")
def test_who_administers_nothing_configures_nothing() -> None:
    for actor in (Actor(2, "张样例", Role.MEMBER, None, 7), Actor(3, "审计员", Role.AUDITOR, None)):
        with expected("E_FORBIDDEN"):
            permissions.permissions_for(actor, TREE["A1"])


@pytest.mark.requirement("R-017")
def test_the_own_page_of_a_national_holder() -> None:
    seen = permissions.permissions_for(admin("A1"), TREE["A1"])
    assert (seen.is_own, seen.national) == (True, True)
    assert locks("A1", "A1") == {"scope": "E_PERM_NOT_EDITABLE", "can_transfer": "E_PERM_BY_SUPERIOR_ONLY"}


@pytest.mark.requirement("R-017")
def test_the_own_page_of_a_province_holder() -> None:
    seen = permissions.permissions_for(admin("CA-D"), TREE["CA-D"])
    assert (seen.national, seen.province) == (False, True)
    assert locks("CA-D", "CA-D")["scope"] == "E_PERM_NOT_EDITABLE"


@pytest.mark.requirement("R-017")
@pytest.mark.parametrize(
    ("by", "code", "national", "province", "can_transfer"),
    [
        ("CA", "A1", True, True, "E_PERM_NOT_EDITABLE"),
        ("PD1", "PD1-C", False, True, "E_PERM_NOT_EDITABLE"),
        ("A1", "A1-T1", False, False, None),
        ("A1-T1", "A1-T1-B1", False, False, None),
    ],
)
def test_the_page_of_a_subordinate(
    by: str, code: str, national: bool, province: bool, can_transfer: str | None
) -> None:
    seen = permissions.permissions_for(admin(by), TREE[code])
    assert (seen.is_own, seen.national, seen.province) == (False, national, province)
    assert locks(by, code).get("can_transfer") == can_transfer
    assert locks(by, code)["scope"] == "E_PERM_NOT_EDITABLE"


@pytest.mark.requirement("R-014")
@pytest.mark.parametrize(
    ("by", "code", "refusal"),
    [
        ("A1-T1", "A1-T1-G", ""),
        ("A1-T1", "A1-T1", "E_PERM_BY_SUPERIOR_ONLY"),
        ("A1-T1-B1", "A1-T1-B1", "E_PERM_BY_SUPERIOR_ONLY"),
        ("A1", "A1-T2", ""),
        ("PD1", "PD1-C", "E_PERM_NOT_EDITABLE"),
        ("P", "H-U", "E_PERM_NOT_EDITABLE"),
    ],
)
def test_the_permission_to_transfer_comes_from_above(by: str, code: str, refusal: str) -> None:
    with expected(refusal):
        permissions.check_changes(admin(by), TREE[code], {TRANSFER: False})


@pytest.mark.requirement("R-015")
@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize(("by", "code"), [("P", "PD1"), ("A1", "A1"), ("A1", "A1-T1"), ("A1-T1", "A1-T1-B1")])
def test_no_organisation_administrator_sets_a_scope(by: str, code: str, scope: Scope) -> None:
    with expected("E_PERM_NOT_EDITABLE"):
        permissions.check_changes(admin(by), TREE[code], {SCOPE: scope})


@pytest.mark.requirement("R-015")
def test_the_system_administrator_keeps_the_scopes_and_nothing_else() -> None:
    permissions.check_changes(SYSTEM, TREE["A1-T1"], {SCOPE: Scope.PROVINCE})
    for change in ({TRANSFER: False}, {AUTO: True}, {LEVEL: BELOW_FIRST}, {SCOPE: Scope.COUNTY, TRANSFER: True}):
        with pytest.raises(Refused):
            permissions.check_changes(SYSTEM, TREE["A1-T1"], change)
    with expected("E_PERM_NOT_EDITABLE"):
        permissions.check_changes(SYSTEM, TREE["H-U"], {SCOPE: Scope.COUNTY})


@pytest.mark.requirement("R-015")
def test_who_gets_province_or_national_can_transfer() -> None:
    general = TREE["A1-T1-G"][0]
    assert not general.can_transfer
    assert permissions.sound({SCOPE: Scope.PROVINCE}, general) == {SCOPE: Scope.PROVINCE, TRANSFER: True}
    assert permissions.sound({SCOPE: Scope.COUNTY}, general) == {SCOPE: Scope.COUNTY}


@pytest.mark.requirement("R-016")
@pytest.mark.parametrize(
    ("by", "code", "refusal"),
    [
        ("A1", "A1", ""),
        ("A1-T1-B1", "A1-T1-B1", ""),
        ("A1", "A1-T1", "E_FORBIDDEN"),
        ("P", "H-U", "E_PERM_NOT_EDITABLE"),
    ],
)
def test_each_organisation_sets_its_own_automatic_approval(by: str, code: str, refusal: str) -> None:
    with expected(refusal):
        permissions.check_changes(admin(by), TREE[code], {AUTO: True})


@pytest.mark.requirement("R-006")
@pytest.mark.parametrize(
    ("by", "code", "level", "refusal"),
    [
        ("A2-T2", "A2-T2", FIRST, ""),
        ("A2", "A2-T2", FIRST, ""),
        ("P", "A2-T2", FIRST, ""),
        ("P", "A2-T2-B1", None, ""),
        ("A2-T2", "A2-T2", AuthorityLevel.COUNTY_COMMITTEE, ""),
        ("A2-T2", "A2-T2", AuthorityLevel.CITY_DIRECT, "E_LEVEL_ABOVE_SUPERIOR"),
        ("A2-T2", "A2-T2-B1", AuthorityLevel.CITY_DIRECT, "E_LEVEL_ABOVE_SUPERIOR"),
        ("A1-T1", "A1-T1-B1", AuthorityLevel.COUNTY_COMMITTEE, "E_LEVEL_ABOVE_SUPERIOR"),
        ("A1-T1", "A1-T2", FIRST, "E_ORG_OUT_OF_SCOPE"),
        ("A1-T1-B1", "A1-T1", FIRST, "E_ORG_OUT_OF_SCOPE"),
    ],
)
def test_a_level_does_not_outrank_the_nearest_set_superior(
    by: str, code: str, level: AuthorityLevel | None, refusal: str
) -> None:
    with expected(refusal):
        permissions.check_changes(admin(by), TREE[code], {LEVEL: level})


@pytest.mark.requirement("R-006")
def test_superiors_without_a_level_restrict_nothing() -> None:
    org, *above = TREE["A2-T2"]
    nothing_set = (org, *(replace(each, level=None) for each in above))
    permissions.check_level(AuthorityLevel.PROVINCIAL_COMMITTEE, nothing_set[1:])
