"""Looking up the tree: committee, holder, county unit, boundary, outside level (requirements 4.2).

Every function takes up(x) as a chain, x first. "First y that does not exist" is E_ROUTE_NO_AUTHORITY.
With `able=True` organisations without permission to transfer are passed over, as 4.4 step 2 asks for
crossing points, ends and the receipt organisation.
"""

from collections.abc import Callable

from service.domain.errors import Refused
from service.domain.organisations.organisations import (
    RANK_OF_FIRST_LEVEL,
    AuthorityLevel,
    Chain,
    Organisation,
    OrgType,
    Scope,
)
from service.domain.profile import Profile

Condition = Callable[[Organisation], bool]

_COMMITTEE_TYPES = frozenset({OrgType.PRIMARY_COMMITTEE, OrgType.WORKING_COMMITTEE, OrgType.LOCAL_COMMITTEE})
_OUTSIDE_LEVELS = frozenset(
    {
        AuthorityLevel.COUNTY_COMMITTEE,
        AuthorityLevel.CITY_COMMITTEE,
        AuthorityLevel.PROVINCIAL_DIRECT,
        AuthorityLevel.PROVINCIAL_COMMITTEE,
    }
)


def is_committee(org: Organisation) -> bool:
    """Whether it is a primary, working or local committee; a second-level committee does not count."""
    return org.org_type in _COMMITTEE_TYPES


_IS_COMMITTEE: dict[str, Condition] = {
    "level": lambda org: org.rank >= RANK_OF_FIRST_LEVEL,
    "type": is_committee,
    "scope": lambda org: org.scope is Scope.NATIONAL,
}


def first(chain: Chain, condition: Condition, *, able: bool = False) -> Organisation:
    """Find the first organisation upwards that meets the condition; refuses E_ROUTE_NO_AUTHORITY."""
    for org in chain:
        if condition(org) and (org.can_transfer or not able):
            return org
    raise Refused(
        "E_ROUTE_NO_AUTHORITY",
        detail_zh=f"自“{chain[0].name}”向上直至“{chain[-1].name}”均不符合",
        detail_en=f"none from {chain[0].code} up to {chain[-1].code}",
    )


def committee(chain: Chain, by: str, *, able: bool = False) -> Organisation:
    """committee(x), found by level, type or scope (`route.committee_by`)."""
    return first(chain, _IS_COMMITTEE[by], able=able)


def holder(chain: Chain, scope: Scope, *, able: bool = False) -> Organisation:
    """holder(x, s): the first organisation with at least this scope."""
    return first(chain, lambda org: org.scope >= scope, able=able)


def able_superior(chain: Chain) -> Organisation:
    """The first organisation of the chain that may transfer."""
    return first(chain, lambda _: True, able=True)


def outside_level(chain: Chain, *, able: bool = False) -> Organisation:
    """outside_level(x): county, city, provincial working committee or province, whichever is first."""
    return first(chain, lambda org: org.level in _OUTSIDE_LEVELS, able=able)


def county_unit(chain: Chain, profile: Profile) -> Organisation:
    """county_unit(x): the county, or the highest first-level committee, or the committee."""
    for org in chain:
        if org.level is AuthorityLevel.COUNTY_COMMITTEE:
            return org
    for org in reversed(chain):
        if org.level is AuthorityLevel.FIRST_LEVEL:
            return org
    return committee(chain, profile.choice("route.committee_by"))


def boundary(chain: Chain, profile: Profile) -> Organisation:
    """boundary(x): inside it a move is internal (`variety.internal_boundary`)."""
    kind = profile.choice("variety.internal_boundary")
    if kind == "county_scope_unit":
        return holder(chain, Scope.COUNTY)
    if kind == "primary_committee":
        return committee(chain, profile.choice("route.committee_by"))
    return _second_level_unit(chain)


def _second_level_unit(chain: Chain) -> Organisation:
    above = committee(chain, "type")
    index = chain.index(above)
    if index == 0 or chain[index - 1].org_type is OrgType.BRANCH:
        return above
    return chain[index - 1]


def lca_chain(one: Chain, other: Chain) -> Chain:
    """up(lca(a, b)): the part that both chains share; refuses E_ROUTE_NO_AUTHORITY when they share none."""
    shared = {org.code for org in other}
    for index, org in enumerate(one):
        if org.code in shared:
            return one[index:]
    raise Refused("E_ROUTE_NO_AUTHORITY", detail_zh="没有共同上级", detail_en="no common superior")


def contains(chain: Chain, org: Organisation) -> bool:
    """Whether the organisation lies in the chain."""
    return any(each.code == org.code for each in chain)


def upwards(chain: Chain, *, to: Organisation) -> Chain:
    """The organisations from the first of the chain up to and including `to`."""
    for index, org in enumerate(chain):
        if org.code == to.code:
            return chain[: index + 1]
    return ()


def onwards(chain: Chain, *, start: Organisation) -> Chain:
    """up(start), cut from a chain that contains it."""
    for index, org in enumerate(chain):
        if org.code == start.code:
            return chain[index:]
    return ()
