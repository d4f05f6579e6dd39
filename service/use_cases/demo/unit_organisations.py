"""What stands beside the divisions: organs, a university, working committees and the three holding nodes."""

from collections.abc import Iterable, Iterator

from service.domain.organisations.organisations import AuthorityLevel, OrgType, Scope, UnitKind
from service.use_cases.demo.local_organisations import CONTACT, TELEPHONE
from service.use_cases.demo.rows import OrganisationRow

_ORGANS = ("档案馆", "林业局", "统计局")
_COLLEGES = ("文学院", "理学院", "医学院")
_GENERAL_BRANCHES = ("外语系", "体育部")
_HOLDING_NODES = (
    ("U", "未知党组织", OrgType.HOLDING_UNKNOWN),
    ("O", "省外组织", OrgType.HOLDING_OUTSIDE),
    ("T", "临时党组织", OrgType.HOLDING_TEMP),
)


def unit_organisations(local: Iterable[OrganisationRow]) -> Iterator[OrganisationRow]:
    """Yield what belongs to each province, city and county among the local committees."""
    for row in local:
        base = row.short_name.removesuffix("委")
        if row.authority_level is AuthorityLevel.PROVINCIAL_COMMITTEE:
            yield from _of_province(row, base)
        elif row.authority_level is AuthorityLevel.CITY_COMMITTEE:
            yield from _of_city(row, base)
        elif row.authority_level is AuthorityLevel.COUNTY_COMMITTEE:
            yield from _of_county(row, base)


def _of_province(province: OrganisationRow, base: str) -> Iterator[OrganisationRow]:
    code = province.code
    direct = AuthorityLevel.PROVINCIAL_DIRECT
    for part, name in (("JG", "直机关工委"), ("JY", "委教育工委"), ("GZ", "国资委党委")):
        yield _working(f"{code}-{part}", province, f"{base}{name}", direct, Scope.NATIONAL)
    for number, organ in enumerate(_ORGANS, start=1):
        yield from _organ(f"{code}-JG-{number}", f"{code}-JG", f"{base}{organ}", Scope.PROVINCE)
    yield from _organ(f"{code}-GZ-1", f"{code}-GZ", f"{base}样例能源集团", Scope.PROVINCE)
    yield from _university(f"{code}-JY-1", f"{code}-JY", f"{base.removesuffix('省')}样例大学")
    for part, name, org_type in _HOLDING_NODES:
        yield OrganisationRow(
            code=f"{code}-H{part}", parent_code=code, name=name, short_name=name, org_type=org_type, can_transfer=False
        )


def _of_city(city: OrganisationRow, base: str) -> Iterator[OrganisationRow]:
    yield _working(f"{city.code}-JG", city, f"{base}直机关工委", AuthorityLevel.CITY_DIRECT, Scope.PROVINCE)
    for number, organ in enumerate(_ORGANS[:2], start=1):
        yield from _organ(f"{city.code}-JG-{number}", f"{city.code}-JG", f"{base}{organ}", Scope.COUNTY)


def _of_county(county: OrganisationRow, base: str) -> Iterator[OrganisationRow]:
    code = f"{county.code}-JG"
    yield _working(code, county, f"{base}直机关工委", AuthorityLevel.FIRST_LEVEL, Scope.COUNTY)
    for number, organ in enumerate(_ORGANS[:2], start=1):
        yield _branch(f"{code}-{number}", code, f"{base}{organ}党支部")


def _university(code: str, above: str, name: str) -> Iterator[OrganisationRow]:
    yield _committee(code, above, f"{name}党委", Scope.PROVINCE)
    for number, college in enumerate(_COLLEGES, start=1):
        inner = f"{code}-C{number}"
        second = OrgType.SECOND_LEVEL_COMMITTEE
        yield _below_first(inner, code, f"{name}{college}党委", second)
        yield from _branches(inner, f"{name}{college}", ("教工", "本科生", "研究生"))
    for number, unit in enumerate(_GENERAL_BRANCHES, start=1):
        inner = f"{code}-G{number}"
        yield _below_first(inner, code, f"{name}{unit}党总支", OrgType.GENERAL_BRANCH)
        yield from _branches(inner, f"{name}{unit}", ("教工", "学生"))
    yield _below_first(f"{code}-D1", code, f"{name}图书馆直属党支部", OrgType.DIRECT_BRANCH)


def _organ(code: str, above: str, name: str, scope: Scope) -> Iterator[OrganisationRow]:
    """A committee of an organ or enterprise with two branches."""
    yield _committee(code, above, f"{name}党委", scope)
    yield from _branches(code, name, ("第一", "第二"))


def _branches(above: str, name: str, parts: Iterable[str]) -> Iterator[OrganisationRow]:
    for number, part in enumerate(parts, start=1):
        yield _branch(f"{above}-B{number}", above, f"{name}{part}党支部")


def _branch(code: str, above: str, name: str) -> OrganisationRow:
    return _below_first(code, above, name, OrgType.BRANCH)


def _below_first(code: str, above: str, name: str, org_type: OrgType) -> OrganisationRow:
    return OrganisationRow(
        code=code, parent_code=above, name=name, short_name=name, org_type=org_type,
        authority_level=AuthorityLevel.BELOW_FIRST, letter_heading=f"中共{name}",
    )  # fmt: skip


def _committee(code: str, above: str, name: str, scope: Scope) -> OrganisationRow:
    return OrganisationRow(
        code=code, parent_code=above, name=name, short_name=name, org_type=OrgType.PRIMARY_COMMITTEE,
        authority_level=AuthorityLevel.FIRST_LEVEL, scope=scope, letter_heading=f"中共{name}",
        contact=CONTACT, telephone=TELEPHONE,
    )  # fmt: skip


def _working(code: str, above: OrganisationRow, name: str, level: AuthorityLevel, scope: Scope) -> OrganisationRow:
    # County organs are units directly under the county; above it the level alone tells.
    kind = UnitKind.DIRECT_UNIT if level is AuthorityLevel.FIRST_LEVEL else UnitKind.OTHER
    return OrganisationRow(
        code=code, parent_code=above.code, name=name, short_name=name, org_type=OrgType.WORKING_COMMITTEE,
        unit_kind=kind, authority_level=level, scope=scope, letter_heading=f"中共{name}",
        contact=CONTACT, telephone=TELEPHONE,
    )  # fmt: skip
