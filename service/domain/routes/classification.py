"""Variety and outgoing type of a transfer (requirements 4.3, R-072, R-073)."""

from service.domain.errors import Refused
from service.domain.organisations import tree
from service.domain.organisations.organisations import AuthorityLevel, Chain, Organisation, UnitKind
from service.domain.profile import Profile
from service.domain.routes.cases import RouteCase
from service.domain.routes.varieties import DestinationKind, OutType, Variety

_TOWNS = frozenset({UnitKind.TOWNSHIP, UnitKind.STREET})
_INSIDE_BY_TEXT = frozenset({Variety.INTRA_COUNTY, Variety.IN_PROVINCE})
_SWITCHES = (
    frozenset({OutType.OTHER_TOWNSHIP_SAME_COUNTY, OutType.COUNTY_DIRECT_UNIT}),
    frozenset({OutType.SAME_SYSTEM, OutType.TOWNSHIP_DIRECT_UNIT}),
)

_CITY_TYPES, _OUTSIDE_TYPES = tuple(OutType)[:4], tuple(OutType)[-4:]


def derive_variety(case: RouteCase, profile: Profile) -> Variety:
    """Derive the variety from origin and target; refuses E_ROUTE_NO_AUTHORITY, E_VARIETY_MISMATCH."""
    if case.is_incoming:
        return Variety.INCOMING
    if case.is_off_tree_inside:
        return _chosen_inside(case, profile)
    if case.target is None:
        return Variety.OUT_OF_PROVINCE
    if is_move_to_own_college(case, profile):
        return Variety.IN_PROVINCE
    if tree.boundary(case.home, profile).code == tree.boundary(case.target, profile).code:
        return Variety.INTERNAL
    if profile.flag("variety.intra_county"):
        home_unit = tree.county_unit(case.home, profile)
        if home_unit.code == tree.county_unit(case.target, profile).code:
            return Variety.INTRA_COUNTY
    return Variety.IN_PROVINCE


def is_move_to_own_college(case: RouteCase, profile: Profile) -> bool:
    """Whether a graduate takes up work in the own college, which runs as in-city (R-153, beijing)."""
    if not case.is_graduate or case.target is None:
        return False
    if profile.choice("variety.internal_boundary") != "second_level_unit":
        return False
    chosen_in_city = case.variety in (None, Variety.IN_PROVINCE)
    college = tree.boundary(case.home, profile)
    return chosen_in_city and case.target[0].code == college.code


def check_variety(case: RouteCase, variety: Variety) -> None:
    """Refuse E_VARIETY_MISMATCH when the user chose a variety that does not fit (R-073)."""
    if case.variety is not None and case.variety is not variety:
        raise _mismatch(case.variety, variety)


def derive_out_type(case: RouteCase, variety: Variety, profile: Profile) -> OutType | None:
    """Derive the outgoing type; None for incoming, off-tree inside the province, special organisations."""
    if case.is_incoming or case.is_off_tree_inside:
        return None
    if variety is Variety.OUT_OF_PROVINCE:
        return _outside_type(case)
    by = profile.choice("route.committee_by")
    if variety is Variety.INTERNAL:
        is_town = tree.committee(case.home, by).unit_kind in _TOWNS
        return OutType.TOWNSHIP_DIRECT_UNIT if is_town else OutType.SAME_SYSTEM
    assert case.target is not None
    if variety is Variety.INTRA_COUNTY:
        is_town = tree.committee(case.target, by).unit_kind in _TOWNS
        return OutType.OTHER_TOWNSHIP_SAME_COUNTY if is_town else OutType.COUNTY_DIRECT_UNIT
    return _in_province_type(case.home, case.target, has_cities=case.has_cities)


def settle_out_type(case: RouteCase, variety: Variety, profile: Profile) -> OutType | None:
    """Derive the type and let the user switch 5↔6 and 7↔8 only; refuses E_OUT_TYPE_MISMATCH (R-072)."""
    derived = derive_out_type(case, variety, profile)
    chosen = None if case.is_incoming else case.out_type
    if chosen is None or chosen is derived:
        return derived
    if any({chosen, derived} <= pair for pair in _SWITCHES):
        return chosen
    raise Refused(
        "E_OUT_TYPE_MISMATCH",
        field="out_type",
        detail_zh=f"应为“{derived.zh if derived else '无'}”，所选为“{chosen.zh}”",
        detail_en=f"expected {derived}, found {chosen}",
    )


def check_category(chosen: OutType, *, leaves: bool) -> None:
    """Refuse E_OUT_TYPE_MISMATCH for a category that an approver in Beijing may not choose (4.3, R-093).

    In-city he chooses among the first four types, out-of-city among the last four.
    """
    if chosen not in (_OUTSIDE_TYPES if leaves else _CITY_TYPES):
        zh, en = ("转出京外", "out-of-city") if leaves else ("市内接转", "in-city")
        raise Refused(
            "E_OUT_TYPE_MISMATCH",
            field="out_type",
            detail_zh=f"“{chosen.zh}”不属于{zh}",
            detail_en=f"{chosen} is no {en} category",
        )


def _chosen_inside(case: RouteCase, profile: Profile) -> Variety:
    if case.variety not in _INSIDE_BY_TEXT:
        raise _mismatch(case.variety, None)
    if case.variety is Variety.INTRA_COUNTY and not profile.flag("variety.intra_county"):
        raise _mismatch(case.variety, Variety.IN_PROVINCE)
    return case.variety


def _outside_type(case: RouteCase) -> OutType | None:
    if case.destination_kind is DestinationKind.SPECIAL_ORG:
        return None
    return OutType((case.destination_kind or DestinationKind.OTHER_PROVINCE).value)


def _in_province_type(home: Chain, target: Chain, *, has_cities: bool) -> OutType:
    city = _city(target, has_cities=has_cities)
    if city is None:
        return OutType.PROVINCE_DIRECT_UNIT
    home_city = _city(home, has_cities=has_cities)
    if home_city is None or home_city.code != city.code:
        return OutType.OTHER_CITY
    under_county = any(org.level is AuthorityLevel.COUNTY_COMMITTEE for org in target)
    return OutType.OTHER_COUNTY_SAME_CITY if under_county else OutType.CITY_DIRECT_UNIT


def _city(chain: Chain, *, has_cities: bool) -> Organisation | None:
    if not has_cities:
        return chain[-1]
    for org in chain:
        if org.level is AuthorityLevel.CITY_COMMITTEE:
            return org
    return None


def _mismatch(found: Variety | None, expected: Variety | None) -> Refused:
    return Refused(
        "E_VARIETY_MISMATCH",
        field="variety",
        detail_zh=f"应为“{expected.zh if expected else '县内或省内'}”，所选为“{found.zh if found else '未选'}”",
        detail_en=f"expected {expected or 'INTRA_COUNTY or IN_PROVINCE'}, found {found or 'none'}",
    )
