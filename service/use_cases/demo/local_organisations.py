"""The Party organisations of the administrative divisions: committees down to the villages' branches."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from service.domain.organisations.organisations import AuthorityLevel, OrgType, Scope, UnitKind
from service.use_cases.demo.divisions import Division
from service.use_cases.demo.names import is_street, is_township, names_of
from service.use_cases.demo.rows import OrganisationRow

COUNTRY = "CN"
CONTACT = "样例联系人"
TELEPHONE = "0590-8000000"
"""0590 is no area code in use."""


class _Powers(NamedTuple):
    org_type: OrgType
    unit_kind: UnitKind
    level: AuthorityLevel
    scope: Scope


_LOCAL_LEVELS = {
    "province": AuthorityLevel.PROVINCIAL_COMMITTEE,
    "city": AuthorityLevel.CITY_COMMITTEE,
    "county": AuthorityLevel.COUNTY_COMMITTEE,
}
_BRANCH = _Powers(OrgType.BRANCH, UnitKind.OTHER, AuthorityLevel.BELOW_FIRST, Scope.NONE)


def root_of_country() -> OrganisationRow:
    """The organisation above all provinces; it has no authority level, as the ranks end with the province."""
    return OrganisationRow(
        code=COUNTRY, parent_code="", name="全国党组织", short_name="全国", org_type=OrgType.LOCAL_COMMITTEE,
        scope=Scope.NATIONAL,
    )  # fmt: skip


def local_organisations(divisions: Iterable[Division], *, root: str = "") -> Iterator[OrganisationRow]:
    """Yield one organisation per division, in their order; provinces stand below `root`."""
    # Villages are many and never above anything: only the names of the others are kept.
    known: dict[str, Division] = {}
    for division in divisions:
        above = known.get(division.above)
        if division.level != "village":
            known[division.code] = division
        yield _organisation(division, above, root=root)


def _organisation(division: Division, above: Division | None, *, root: str) -> OrganisationRow:
    powers = _powers(division)
    names = names_of(division, above.name if above and above.level != "province" else "")
    is_branch = powers.org_type is OrgType.BRANCH
    return OrganisationRow(
        code=division.code,
        parent_code=division.above or root,
        name=names.full,
        short_name=names.short,
        org_type=powers.org_type,
        unit_kind=powers.unit_kind,
        authority_level=powers.level,
        scope=powers.scope,
        letter_heading=names.heading,
        contact="" if is_branch else CONTACT,
        telephone="" if is_branch else TELEPHONE,
    )


def _powers(division: Division) -> _Powers:
    if division.level == "village":
        return _BRANCH
    if division.level in _LOCAL_LEVELS:
        level = _LOCAL_LEVELS[division.level]
        return _Powers(OrgType.LOCAL_COMMITTEE, UnitKind.OTHER, level, Scope.NATIONAL)
    if is_street(division.name):
        org_type, kind = OrgType.WORKING_COMMITTEE, UnitKind.STREET
    else:
        kind = UnitKind.TOWNSHIP if is_township(division.name) else UnitKind.OTHER
        org_type = OrgType.PRIMARY_COMMITTEE
    return _Powers(org_type, kind, AuthorityLevel.FIRST_LEVEL, Scope.COUNTY)
