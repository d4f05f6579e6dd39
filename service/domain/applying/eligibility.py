"""Who may start, for whose branches, and with which scope (R-050, R-054, R-056, R-137, C-05).

Checks on the person stand in `service.domain.applying.applicants`, on the target in `service.domain.applying.targets`.
"""

from service.domain.errors import Refused
from service.domain.organisations import tree
from service.domain.organisations.organisations import (
    BRANCHES,
    RANK_OF_FIRST_LEVEL,
    Chain,
    Organisation,
    OrgStatus,
    OrgType,
    Scope,
)
from service.domain.profile import Profile
from service.domain.routes.cases import RouteCase
from service.domain.routes.varieties import Variety

_STRICT_SCOPES = {
    Variety.INTERNAL: Scope.COUNTY,
    Variety.INTRA_COUNTY: Scope.COUNTY,
    Variety.IN_PROVINCE: Scope.PROVINCE,
}
_COMMITTEES = frozenset({OrgType.PRIMARY_COMMITTEE, OrgType.SECOND_LEVEL_COMMITTEE})


def check_start_right(starting: Chain | None, profile: Profile, *, is_incoming: bool = False) -> None:
    """May this starter start at all? `starting` is up(s), None when the member acts for himself.

    Refuses E_START_NOT_ALLOWED, then E_NO_TRANSFER_PERMISSION (R-050, R-014, R-137).
    """
    starter = starting[0] if starting else None
    if not _may_start(starter, profile, is_incoming=is_incoming):
        raise _start_refused(starter)
    if starter is not None and not starter.can_transfer:
        raise Refused("E_NO_TRANSFER_PERMISSION", detail_zh=f"“{starter.name}”", detail_en=starter.code)


def check_subordinate(home: Chain, starting: Chain | None, profile: Profile) -> None:
    """Is the member's branch, up(o), the starter's to move? Refuses E_NOT_SUBORDINATE (R-054, R-056).

    Nobody has to be his own subordinate: `starting` is None when the member acts for himself.
    """
    if starting is None:
        return
    starter = starting[0]
    if not tree.contains(home, starter):
        raise _not_subordinate(starter)
    if starts_for_own_branches(starter, profile) and not _is_own_branch(home, starter):
        raise _not_subordinate(starter)


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
    if org.org_type in _COMMITTEES or is_low_working_committee(org):
        roles.add("primary_committee")
    if org.scope >= Scope.COUNTY:
        roles.add("org_with_county_scope")
    return frozenset(roles)


def starts_for_own_branches(starter: Organisation, profile: Profile) -> bool:
    """Whether it starts by its scope alone, and so for its own branches only, not for all below it (R-054, A-25)."""
    return start_roles(starter) & set(profile.choices("start.roles")) == {"org_with_county_scope"}


def is_low_working_committee(org: Organisation) -> bool:
    """Whether a working committee counts as a primary one, e.g. that of a sub-district."""
    return org.org_type is OrgType.WORKING_COMMITTEE and org.rank <= RANK_OF_FIRST_LEVEL


def _may_start(starter: Organisation | None, profile: Profile, *, is_incoming: bool) -> bool:
    if starter is None:
        return not is_incoming and "member" in profile.choices("start.roles")
    if starter.is_holding_node or starter.status is OrgStatus.DISSOLVED:
        return False
    if is_incoming:
        return _may_start_incoming(starter, profile)
    return bool(start_roles(starter) & set(profile.choices("start.roles")))


def _may_start_incoming(starter: Organisation, profile: Profile) -> bool:
    rule = profile.choice("incoming.start_by")
    if rule == "local_committees":
        return starter.org_type is OrgType.LOCAL_COMMITTEE
    return starter.scope >= (Scope.NATIONAL if rule == "national_scope" else Scope.COUNTY)


def _is_own_branch(home: Chain, starter: Organisation) -> bool:
    below = tree.upwards(home, to=starter)[:-1]
    if not below:
        return True
    if not below[0].is_branch:
        return False
    if len(below) == 1:
        return True
    return len(below) == 2 and below[1].is_plain_general_branch  # noqa: PLR2004 - branch and general branch, A-25


def _start_refused(starter: Organisation | None) -> Refused:
    name, code = (starter.name, starter.code) if starter else ("党员本人", "the member")
    return Refused("E_START_NOT_ALLOWED", detail_zh=f"“{name}”", detail_en=code)


def _not_subordinate(starter: Organisation) -> Refused:
    # Where a member of others belongs is not told to whoever types an identity number.
    return Refused("E_NOT_SUBORDINATE", detail_zh=f"“{starter.name}”", detail_en=starter.code)
