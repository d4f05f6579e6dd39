"""The demonstration's tree and people, before they are stored."""

import io
import re
from collections import Counter
from datetime import date

import pytest

from service.domain.members import identity_numbers
from service.domain.organisations.organisations import AuthorityLevel, OrgType, Scope, UnitKind
from service.use_cases.demo.divisions import Division, is_placeholder, read_divisions
from service.use_cases.demo.local_organisations import local_organisations, root_of_country
from service.use_cases.demo.names import names_of
from service.use_cases.demo.people import HEADER as MEMBER_HEADER
from service.use_cases.demo.people import invent_members, write_members
from service.use_cases.demo.rows import HEADER, OrganisationRow, write_rows
from service.use_cases.demo.unit_organisations import unit_organisations

TODAY = date(2026, 11, 21)
RANKS = {level: rank for rank, level in enumerate(reversed(AuthorityLevel), start=1)}


@pytest.fixture(scope="module")
def tree() -> dict[str, OrganisationRow]:
    local = list(local_organisations(read_divisions("35")))
    rows = [*local, *unit_organisations(local)]
    assert len({row.code for row in rows}) == len(rows)
    return {row.code: row for row in rows}


def test_every_division_of_the_province_has_its_organisation(tree: dict[str, OrganisationRow]) -> None:
    counted = Counter((row.org_type, row.authority_level) for row in tree.values())
    assert counted[OrgType.LOCAL_COMMITTEE, AuthorityLevel.PROVINCIAL_COMMITTEE] == 1
    assert counted[OrgType.LOCAL_COMMITTEE, AuthorityLevel.CITY_COMMITTEE] == 9
    assert counted[OrgType.LOCAL_COMMITTEE, AuthorityLevel.COUNTY_COMMITTEE] == 84
    assert counted[OrgType.BRANCH, AuthorityLevel.BELOW_FIRST] > 17_498
    assert counted[OrgType.WORKING_COMMITTEE, AuthorityLevel.PROVINCIAL_DIRECT] == 2 + 1
    assert counted[OrgType.WORKING_COMMITTEE, AuthorityLevel.CITY_DIRECT] == 9


@pytest.mark.requirement("R-002")
def test_superiors_stand_before_and_never_below_in_rank(tree: dict[str, OrganisationRow]) -> None:
    seen: set[str] = set()
    roots = 0
    for row in tree.values():
        if row.parent_code:
            assert row.parent_code in seen, row
            above = tree[row.parent_code].authority_level
            if row.authority_level and above:
                assert RANKS[row.authority_level] <= RANKS[above], row
        else:
            roots += 1
        seen.add(row.code)
    assert roots == 1


def test_codes_are_such_as_an_import_takes(tree: dict[str, OrganisationRow]) -> None:
    assert all(re.fullmatch(r"[A-Z0-9-]{1,32}", code) for code in tree)


def test_powers_follow_the_level_of_the_division(tree: dict[str, OrganisationRow]) -> None:
    town, street = tree["350121101"], tree["350102001"]
    assert (town.org_type, town.unit_kind) == (OrgType.PRIMARY_COMMITTEE, UnitKind.TOWNSHIP)
    assert (street.org_type, street.unit_kind) == (OrgType.WORKING_COMMITTEE, UnitKind.STREET)
    for row in (town, street):
        assert (row.authority_level, row.scope) == (AuthorityLevel.FIRST_LEVEL, Scope.COUNTY)
    assert {tree[code].scope for code in ("35", "3501", "350102")} == {Scope.NATIONAL}
    assert {row.scope for row in tree.values() if row.org_type is OrgType.BRANCH} == {Scope.NONE}


def test_beside_the_divisions_stand_units_and_holding_nodes(tree: dict[str, OrganisationRow]) -> None:
    kinds = Counter(row.org_type for row in tree.values())
    assert kinds[OrgType.SECOND_LEVEL_COMMITTEE] == 3
    assert kinds[OrgType.GENERAL_BRANCH] == 2
    assert kinds[OrgType.DIRECT_BRANCH] == 1
    for kind in (OrgType.HOLDING_UNKNOWN, OrgType.HOLDING_OUTSIDE, OrgType.HOLDING_TEMP):
        assert kinds[kind] == 1
    assert all(not row.can_transfer for row in tree.values() if row.org_type.startswith("HOLDING"))


def test_placeholders_are_passed_over() -> None:
    assert is_placeholder("市辖区", "city", above="北京市")
    assert is_placeholder("省直辖县级行政区划", "city", above="湖北省")
    assert is_placeholder("东莞市", "county", above="东莞市")
    assert not is_placeholder("鼓楼区", "county", above="福州市")
    districts = [each for each in read_divisions("11") if each.level == "county"]
    assert {each.above for each in districts} == {"11"}
    assert not any(each.level == "city" for each in read_divisions("11"))


@pytest.mark.parametrize(
    ("level", "name", "above", "full", "heading"),
    [
        ("city", "福州市", "", "中共福州市委员会", "中共福州市委员会组织部"),
        ("county", "鼓楼区", "福州市", "中共鼓楼区委员会", "中共福州市鼓楼区委员会组织部"),
        ("township", "东街街道", "鼓楼区", "东街街道党工委", "中共鼓楼区东街街道工作委员会"),
        ("township", "白沙镇", "闽侯县", "白沙镇党委", "中共闽侯县白沙镇委员会"),
        ("village", "军门社区居委会", "东街街道", "东街街道军门社区党支部", "中共东街街道军门社区支部委员会"),
        ("village", "塔前村村民委员会", "白沙镇", "白沙镇塔前村党支部", "中共白沙镇塔前村支部委员会"),
        ("village", "江榕居委会", "白沙镇", "白沙镇江榕社区党支部", "中共白沙镇江榕社区支部委员会"),
    ],
)
def test_names(level: str, name: str, above: str, full: str, heading: str) -> None:
    names = names_of(Division("1", level, "", name), above)
    assert (names.full, names.heading) == (full, heading)


def test_rows_are_written_as_the_import_reads_them() -> None:
    assert ",".join(HEADER) == (
        "code,parent_code,name,short_name,org_type,unit_kind,authority_level,scope,can_transfer,"
        "auto_approve_children,is_functional,letter_heading,contact,telephone,status"
    )
    file = io.StringIO()
    assert write_rows([root_of_country()], file) == 1
    assert file.getvalue().splitlines()[1] == "CN,,全国党组织,全国,LOCAL_COMMITTEE,,,NATIONAL,true,,false,,,,"


@pytest.mark.requirement("R-041")
def test_invented_people_have_sound_numbers_of_no_real_place() -> None:
    people = list(invent_members([f"B{n}" for n in range(700)], per_branch=4, today=TODAY))
    assert len({person.id_number for person in people}) == len(people) == 2800
    assert len({person.mobile for person in people}) == 2800
    for person in people:
        assert identity_numbers.parse(person.id_number, today=TODAY) == person.id_number
        assert identity_numbers.sex(person.id_number) is person.sex
        assert person.id_number[2:4] == "99"
        assert person.joined_on <= TODAY
        assert person.full_on is None or person.joined_on < person.full_on <= TODAY
    assert people == list(invent_members([f"B{n}" for n in range(700)], per_branch=4, today=TODAY))
    assert any(person.full_on is None for person in people)


def test_members_are_written_as_the_import_reads_them() -> None:
    file = io.StringIO()
    write_members(invent_members(["B1"], per_branch=1, today=TODAY), file)
    assert ",".join(MEMBER_HEADER) == (
        "id_number,name,sex,kind,branch_code,ethnicity,joined_on,full_on,mobile,status,is_graduate"
    )
    assert file.getvalue().splitlines()[1].endswith(",ACTIVE,false")
