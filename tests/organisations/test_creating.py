"""New organisations: who may create what where, what must be filled in, which code they get."""

import pytest

from service.storage.db import reading
from service.storage.organisations import organisations
from tests.organisations.conftest import BRANCH, Upkeep
from tests.support.refusals import refused


@pytest.mark.scenario("S-69")
@pytest.mark.requirement("R-003")
@pytest.mark.requirement("R-004")
def test_s_69_a_new_branch(university: Upkeep) -> None:
    with refused("E_ORG_NAME_FORMAT", "name"):
        university.create("XU-C1", by="XU-C1", name="信息学院本科生党支部")
    code = university.create("XU-C1", by="XU-C1")
    assert len(code) == 12
    assert code.isdigit()
    assert university.superiors(code) == [code, "XU-C1", "XU", "XM-E", "XM"]
    with refused("E_ORG_CODE_IMMUTABLE", "code"):
        university.edit(code, by="XU-C1", code="000000000001")
    assert university.edit(code, by="XU-C1", code=code, contact="样例联系人") == 2


@pytest.mark.requirement("R-003")
def test_no_code_is_given_twice_and_none_can_be_chosen(university: Upkeep) -> None:
    first, second = university.create("XU-C1", by="XU-C1"), university.create("XU-C1", by="XU-C1")
    assert first != second
    university.set(second, code=str(int(second) + 1))  # an imported tree may hold whatever it likes
    third = university.create("XU-C1", by="XU-C1")
    assert len({first, str(int(second) + 1), third}) == 3
    with refused("E_ORG_CODE_IMMUTABLE", "code"):
        university.create("XU-C1", by="XU-C1", code="123456789012")


@pytest.mark.requirement("R-001")
def test_a_new_organisation_has_exactly_one_superior_and_there_is_one_root(university: Upkeep) -> None:
    code = university.create("XU-C1", by="XU-C1")
    with reading():
        assert organisations.roots() == 1
    path = str(university.column(code, "path"))
    assert path.startswith(str(university.column("XU-C1", "path")))
    assert path.count("/") == 5


@pytest.mark.requirement("R-002")
def test_every_field_at_fault_is_named(university: Upkeep) -> None:
    nothing = dict.fromkeys(BRANCH, "")
    with refused("E_REQUIRED_FIELD", "name", "short_name", "affiliation", "category", "approved_on"):
        university.create("XU-C1", by="XU-C1", **{**nothing, "org_type": "BRANCH"})
    with refused("E_REQUIRED_FIELD", "name", "org_type"):
        university.create("XU-C1", by="XU-C1", **nothing)


@pytest.mark.requirement("R-002")
def test_everything_filled_in_is_kept(university: Upkeep) -> None:
    answers = {
        "unit_kind": "DIRECT_UNIT", "unit_relation": "2", "is_functional": True, "is_mainly_older": "true",
        "term_from": "2018-01-01", "term_until": "2020-12-31", "contact": "样例联系人", "telephone": "0530-1234567",
        "fax": "0530-1234568", "postcode": "250000", "address": "样例路1号", "letter_heading": "中共样例支部",
    }  # fmt: skip
    code = university.create("XU-C1", by="XU-C1", **answers)
    for name, value in ({**BRANCH, **answers} | {"is_mainly_older": True}).items():
        found = university.column(code, name)
        assert found == value or str(found) == value, name
    assert university.column(code, "status") == "ACTIVE"


def test_the_same_request_again_creates_nothing_more(university: Upkeep) -> None:
    code = university.create("XU-C1", by="XU-C1", key="once")
    assert university.create("XU-C1", by="XU-C1", key="once") == code
    with refused("E_IDEMPOTENCY_REUSED"):
        university.create("XU-C1", by="XU-C1", key="once", short_name="另一个党支部")
    assert [entry.action for entry in university.log()] == ["create_org"]


def test_who_created_what_is_on_record_without_telephones(university: Upkeep) -> None:
    code = university.create("XU-C1", by="XU", telephone="13900000001", contact="张样例")
    (entry,) = university.log()
    assert (entry.action, entry.subject.kind, entry.subject.key) == ("create_org", "organisation", code)
    assert (entry.acting_org, entry.role) == ("XU", "COMMITTEE_ADMIN")
    assert entry.after is not None
    assert entry.after["superior"] == "XU-C1"
    assert (entry.after["telephone"], entry.after["contact"]) == ("***", "***")


@pytest.mark.requirement("R-016")
@pytest.mark.parametrize(("profile", "below", "initial"), [("shandong", "A1-T1", True), ("fujian", "A1-T1", False)])
def test_automatic_approval_begins_as_the_profile_says(make_upkeep, profile: str, below: str, initial: bool) -> None:  # type: ignore[no-untyped-def]
    upkeep = make_upkeep(profile)
    code = upkeep.create(below, by=below)
    assert upkeep.column(code, "auto_approve_children") is initial


@pytest.mark.requirement("R-013")
@pytest.mark.requirement("R-014")
def test_a_new_organisation_may_transfer_and_holds_no_scope(province: Upkeep) -> None:
    code = province.create("A1-T1", by="A1-T1")
    assert province.column(code, "can_transfer") is True
    assert province.column(code, "scope") == 0


@pytest.mark.requirement("R-010")
def test_a_new_organisation_is_found_at_once(university: Upkeep) -> None:
    code = university.create("XU-C1", by="XU-C1")
    with reading():
        assert [org.code for org in organisations.search("信院本科", limit=5)] == [code]


@pytest.mark.requirement("R-001")
@pytest.mark.requirement("R-205")
def test_who_may_not_creates_nothing(university: Upkeep) -> None:
    for by, below, code in (
        ("XU-C1-B1", "XU-C1-B1", "E_FORBIDDEN"),
        ("XU-C1", "XU", "E_ORG_OUT_OF_SCOPE"),
        ("XU", "NONE", "E_ORG_NOT_FOUND"),
        ("XU", "", "E_ORG_ROOT"),
    ):
        with refused(code):
            university.create(below, by=by)


@pytest.mark.requirement("R-002")
@pytest.mark.requirement("R-005")
def test_what_is_wrong_is_refused_by_its_name(university: Upkeep) -> None:
    for field, value, code in (
        ("affiliation", "3", "E_REQUIRED_FIELD"),
        ("approved_on", "", "E_REQUIRED_FIELD"),
        ("approved_on", "2018-11-06", "E_DATE_FUTURE"),
        ("approved_on", "2018-13-01", "E_FIELD_INVALID"),
        ("category", "621", "E_FIELD_INVALID"),
        ("org_type", "HOLDING_TEMP", "E_FIELD_INVALID"),
        ("unknown", "x", "E_FIELD_INVALID"),
        ("postcode", "1", "E_POSTCODE_FORMAT"),
        ("telephone", "12", "E_PHONE_FORMAT"),
    ):
        with refused(code, field):
            university.create("XU-C1", by="XU-C1", **{field: value})
