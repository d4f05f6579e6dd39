"""Who may start, and which target is allowed, as far as tree and profile decide (R-050, R-067–R-071).

The order of checks is that of R-227; checks on the person stand in `service.domain.applicants`.
"""

from service.domain import classification, tree
from service.domain.cases import RouteCase
from service.domain.errors import Refused
from service.domain.organisations import (
    BRANCHES,
    RANK_OF_FIRST_LEVEL,
    Chain,
    Organisation,
    OrgStatus,
    OrgType,
    Scope,
)
from service.domain.profile import Profile
from service.domain.varieties import Variety

_STRICT_SCOPES = {
    Variety.INTERNAL: Scope.COUNTY,
    Variety.INTRA_COUNTY: Scope.COUNTY,
    Variety.IN_PROVINCE: Scope.PROVINCE,
}
_COMMITTEES_IN_CITY = frozenset({OrgType.PRIMARY_COMMITTEE, OrgType.SECOND_LEVEL_COMMITTEE})
_BRANCHES_IN_CITY = frozenset({OrgType.GENERAL_BRANCH, OrgType.DIRECT_BRANCH})


def check_start_right(case: RouteCase, profile: Profile) -> None:
    """May this starter start at all? Refuses E_START_NOT_ALLOWED, then E_NO_TRANSFER_PERMISSION."""
    starter = case.starter[0] if case.starter else None
    if not _may_start(case, starter, profile):
        raise _start_refused(starter)
    if starter is not None and not starter.can_transfer:
        raise Refused("E_NO_TRANSFER_PERMISSION", detail_zh=f"“{starter.name}”", detail_en=starter.code)


def check_subordinate(case: RouteCase, profile: Profile) -> None:
    """Is the member's branch the starter's to move? Refuses E_NOT_SUBORDINATE (R-054, R-056)."""
    if case.is_incoming or case.starter is None:
        return
    starter = case.starter[0]
    if not tree.contains(case.home, starter):
        raise _not_subordinate(starter)
    if _starts_by_scope_only(starter, profile) and not _is_own_branch(case.home, starter):
        raise _not_subordinate(starter)


def check_target(case: RouteCase, profile: Profile) -> None:
    """Is the target allowed? Refuses E_TARGET_MUST_BE_TEXT, E_SAME_BRANCH, E_TARGET_IS_SUPERIOR,
    E_TARGET_NOT_ALLOWED, E_TARGET_PRECISION, in this order (R-067–R-071, R-227).
    """
    if case.target is None:
        _check_target_off_tree(case, profile)
        return
    target = case.target[0]
    if not case.is_incoming:
        if case.destination_kind is not None:
            raise _target_refused("E_TARGET_MUST_BE_TEXT", target)
        if target.code == case.home[0].code:
            raise _target_refused("E_SAME_BRANCH", target)
        _check_not_superior(case, profile)
    if _cannot_be_target(case.target):
        raise _target_refused("E_TARGET_NOT_ALLOWED", target)
    if not _is_precise(case, profile):
        raise _target_refused("E_TARGET_PRECISION", target)


def check_scope(case: RouteCase, variety: Variety, profile: Profile) -> None:
    """Must the starter itself hold the scope of the variety? Refuses E_SCOPE_REQUIRED (C-05)."""
    if profile.choice("start.scope_check") != "strict":
        return
    needed = _STRICT_SCOPES.get(variety, Scope.NONE)
    starter = case.starting[0]
    if starter.scope < needed:
        raise Refused(
            "E_SCOPE_REQUIRED",
            detail_zh=f"“{starter.name}”应具有 {needed.name} 权限，现为 {starter.scope.name}",
            detail_en=f"{starter.code} needs {needed.name}, found {starter.scope.name}",
        )


def start_roles(org: Organisation) -> frozenset[str]:
    """Which values of `start.roles` this organisation answers to (requirements 3, below the table)."""
    roles = {"liaison"}
    if org.org_type in BRANCHES:
        roles.add("branch")
    if org.org_type is OrgType.GENERAL_BRANCH:
        roles.add("general_branch")
    if org.org_type in _COMMITTEES_IN_CITY or _is_low_working_committee(org):
        roles.add("primary_committee")
    if org.scope >= Scope.COUNTY:
        roles.add("org_with_county_scope")
    return frozenset(roles)


def _may_start(case: RouteCase, starter: Organisation | None, profile: Profile) -> bool:
    if starter is None:
        return not case.is_incoming and "member" in profile.choices("start.roles")
    if starter.is_holding_node or starter.status is OrgStatus.DISSOLVED:
        return False
    if case.is_incoming:
        return _may_start_incoming(starter, profile)
    return bool(start_roles(starter) & set(profile.choices("start.roles")))


def _may_start_incoming(starter: Organisation, profile: Profile) -> bool:
    rule = profile.choice("incoming.start_by")
    if rule == "local_committees":
        return starter.org_type is OrgType.LOCAL_COMMITTEE
    return starter.scope >= (Scope.NATIONAL if rule == "national_scope" else Scope.COUNTY)


def _starts_by_scope_only(starter: Organisation, profile: Profile) -> bool:
    return start_roles(starter) & set(profile.choices("start.roles")) == {"org_with_county_scope"}


def _is_own_branch(home: Chain, starter: Organisation) -> bool:
    below = tree.upwards(home, to=starter)[:-1]
    if not below:
        return True
    if not below[0].is_branch:
        return False
    if len(below) == 1:
        return True
    return len(below) == 2 and below[1].is_plain_general_branch  # noqa: PLR2004 - branch and general branch, A-25


def _check_target_off_tree(case: RouteCase, profile: Profile) -> None:
    if case.is_incoming:
        raise Refused("E_REQUIRED_FIELD", field="target")
    if case.is_off_tree_inside and not profile.flag("target.off_tree_in_province"):
        raise Refused(
            "E_TARGET_NOT_ALLOWED",
            field="target",
            detail_zh="省内目标党组织须从组织树中选择",
            detail_en="inside the province the target is chosen from the tree",
        )


def _check_not_superior(case: RouteCase, profile: Profile) -> None:
    assert case.target is not None
    is_superior = tree.contains(case.home[1:], case.target[0])
    if is_superior and not classification.is_move_to_own_college(case, profile):
        raise _target_refused("E_TARGET_IS_SUPERIOR", case.target[0])


def _cannot_be_target(target: Chain) -> bool:
    org = target[0]
    if org.is_holding_node or org.is_functional or org.status is OrgStatus.DISSOLVED:
        return True
    return not any(each.can_transfer for each in target)


def _is_precise(case: RouteCase, profile: Profile) -> bool:
    assert case.target is not None
    precision = profile.choice("target.precision")
    if precision == "any":
        return True
    if precision == "branch":
        return case.target[0].is_branch
    if case.is_incoming:
        return True
    variety = case.variety or classification.derive_variety(case, profile)
    if variety is Variety.INTERNAL:
        return case.target[0].is_branch
    return _is_committee_in_city(case, profile)


def _is_committee_in_city(case: RouteCase, profile: Profile) -> bool:
    assert case.target is not None
    org = case.target[0]
    if org.org_type in _COMMITTEES_IN_CITY or _is_low_working_committee(org):
        return True
    if org.org_type not in _BRANCHES_IN_CITY:
        return False
    above = tree.committee(case.target, profile.choice("route.committee_by"))
    return tree.contains(case.home[1:], above)


def _is_low_working_committee(org: Organisation) -> bool:
    return org.org_type is OrgType.WORKING_COMMITTEE and org.rank <= RANK_OF_FIRST_LEVEL


def _target_refused(code: str, target: Organisation) -> Refused:
    return Refused(code, field="target", detail_zh=f"“{target.name}”", detail_en=target.code)


def _start_refused(starter: Organisation | None) -> Refused:
    name, code = (starter.name, starter.code) if starter else ("党员本人", "the member")
    return Refused("E_START_NOT_ALLOWED", detail_zh=f"“{name}”", detail_en=code)


def _not_subordinate(starter: Organisation) -> Refused:
    # Where a member of others belongs is not told to whoever types an identity number.
    return Refused("E_NOT_SUBORDINATE", detail_zh=f"“{starter.name}”", detail_en=starter.code)
