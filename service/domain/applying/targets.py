"""Which target is allowed, in the tree and off it (R-008, R-009, R-067–R-071); the order is that of R-227."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.applying.eligibility import is_low_working_committee
from service.domain.errors import Refused
from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain, Organisation, OrgStatus, OrgType
from service.domain.profile import Profile
from service.domain.routes import classification
from service.domain.routes.cases import RouteCase
from service.domain.routes.varieties import Variety

SHORTEST_NAME, LONGEST_NAME = 2, 100
"""Characters of a target typed by hand (R-070)."""
_COMMITTEES_IN_CITY = frozenset({OrgType.PRIMARY_COMMITTEE, OrgType.SECOND_LEVEL_COMMITTEE})
_BRANCHES_IN_CITY = frozenset({OrgType.GENERAL_BRANCH, OrgType.DIRECT_BRANCH})
_CODE = re.compile(r"[A-Z0-9-]{1,32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """A target as somebody named it: the text, what the tree knows under it, and the box "not in this system's tree".

    `by_code` is up(t) of the organisation with this code, () when there is none; `by_name` those of all that have
    exactly this name. `is_off_tree` is None where the box was not touched; `may_leave`: whether it could be ticked.
    """

    text: str
    by_code: Chain = ()
    by_name: Sequence[Chain] = ()
    is_off_tree: bool | None = None
    is_nationwide: bool = False
    may_leave: bool = True

    @property
    def is_typed(self) -> bool:
        """Whether it is to be taken as a text: the box is ticked, as a nationwide transfer ticks it (R-070)."""
        return self.is_nationwide or bool(self.is_off_tree)


def resolve(named: Named) -> Chain | None:
    """Find the organisation that is meant; None for a text that stays one.

    Refuses E_OFF_TREE_LOCKED, E_OFF_TREE_FLAG_REQUIRED, and E_ORG_NOT_FOUND for an unknown code or for a name that
    several organisations have (R-008, R-070).
    """
    if named.is_nationwide and named.is_off_tree is False:
        raise Refused("E_OFF_TREE_LOCKED", field="off_tree")
    if named.by_code or named.is_typed or not named.text:
        return named.by_code or None
    if len(named.by_name) == 1:
        return named.by_name[0]
    raise _unresolved(named)


def is_too_short_or_long(text: str) -> bool:
    """Whether a target typed by hand has a length that no name has (R-070)."""
    return not SHORTEST_NAME <= len(text) <= LONGEST_NAME


def check_target(case: RouteCase, profile: Profile) -> None:
    """Is the target allowed? Refuses E_TARGET_MUST_BE_TEXT, E_SAME_BRANCH, E_TARGET_IS_SUPERIOR,
    E_TARGET_NOT_ALLOWED, E_TARGET_PRECISION, in this order (R-067–R-071, R-227).
    """
    if case.target is None:
        _check_off_tree(case, profile)
        return
    target = case.target[0]
    if not case.is_incoming:
        if case.is_nationwide or case.off_tree:
            raise _refused("E_TARGET_MUST_BE_TEXT", target)
        if target.code == case.home[0].code:
            raise _refused("E_SAME_BRANCH", target)
        _check_not_superior(case, profile)
    if _cannot_be_target(case.target):
        raise _refused("E_TARGET_NOT_ALLOWED", target)
    if not _is_precise(case, profile):
        raise _refused("E_TARGET_PRECISION", target)


def _check_off_tree(case: RouteCase, profile: Profile) -> None:
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
        raise _refused("E_TARGET_IS_SUPERIOR", case.target[0])


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
    if org.org_type in _COMMITTEES_IN_CITY or is_low_working_committee(org):
        return True
    if org.org_type not in _BRANCHES_IN_CITY:
        return False
    above = tree.committee(case.target, profile.choice("route.committee_by"))
    return tree.contains(case.home[1:], above)


def _unresolved(named: Named) -> Refused:
    shown = named.text[:40]
    if named.by_name:
        number = len(named.by_name)
        return Refused(
            "E_ORG_NOT_FOUND",
            field="target",
            detail_zh=f"有 {number} 个或更多党组织名为“{shown}”，请从查找结果中选择",
            detail_en=f'{number} or more organisations are called "{shown}": choose one of those the search finds',
        )
    if looks_like_code(named.text) or not named.may_leave:
        return Refused("E_ORG_NOT_FOUND", field="target", detail_zh=shown, detail_en=shown)
    return Refused(
        "E_OFF_TREE_FLAG_REQUIRED",
        field="off_tree",
        detail_zh=f"“{shown}”若为省内党组织，则不必勾选，请从查找结果中选择",
        detail_en=f'or, if "{shown}" is in the province, choose it from what the search finds',
    )


def looks_like_code(text: str) -> bool:
    """Whether a text can be the code of an organisation (R-003)."""
    return bool(_CODE.fullmatch(text))


def _refused(code: str, target: Organisation) -> Refused:
    return Refused(code, field="target", detail_zh=f"“{target.name}”", detail_en=target.code)
