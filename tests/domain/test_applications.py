"""What an application must say (R-059–R-064, R-223), and who may be applied for (R-046, R-051, R-138)."""

from datetime import date

import pytest

from service.definitions.profiles import profile
from service.domain.applying import applicants, applications
from service.domain.applying.applications import Circumstances
from service.domain.errors import Refused
from service.domain.members.members import Member, MemberKind, MemberStatus, Sex
from service.domain.routes.cases import RouteCase
from tests.reference.trees import T1, T2, chains

TODAY = date(2025, 3, 10)
BLOCK = {
    "committee_name": "柳溪镇党委", "committee_contact": "样例联系人", "committee_telephone": "0530-1234567", "committee_fax": "0530-1234568",
    "committee_postcode": "250000", "committee_address": "样例路1号",
}  # fmt: skip
FORM = {"dues_paid_to": "2025-03", "reason": "工作调动", **BLOCK}


def found(facts: dict[str, object], name: str, **around: object) -> dict[str | None, str]:
    """Field → code of everything that is wrong."""
    given = {"profile": profile(name), "today": TODAY, "is_outside": False, **around}
    try:
        applications.check(facts, Circumstances(**given))
    except Refused as refused:
        return {error.field: error.code for error in refused.fields}
    return {}


@pytest.mark.requirement("R-059")
@pytest.mark.scenario("S-18")
@pytest.mark.parametrize(
    ("month", "code"),
    [
        ("2025-03", None), ("2025-01", None), ("2024-12", "E_DUES_TOO_OLD"), ("2025-04", "E_DUES_FUTURE"),
        ("", "E_REQUIRED_FIELD"),
    ],
)  # fmt: skip
def test_dues_within_the_window(month: str, code: str | None) -> None:
    assert found({**FORM, "dues_paid_to": month}, "shandong").get("dues_paid_to") == code


@pytest.mark.requirement("R-061")
@pytest.mark.scenario("S-30")
@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [("fujian", "2025-03-01", "2025-03-01"), ("fujian", "", "2025-03-10"), ("shandong", "", "2025-03-10")],
)
def test_the_application_is_of_today_unless_it_may_say_otherwise(name: str, given: str, kept: str) -> None:
    around = Circumstances(profile=profile(name), today=TODAY, is_outside=False)
    found = applications.kept({"application_date": given} if given else {}, around)
    assert (found["application_date"], found["transfer_out_date"]) == (kept, kept)


@pytest.mark.requirement("R-061")
def test_an_application_submitted_again_keeps_its_date() -> None:
    later = {"today": date(2025, 3, 20), "applied_on": "2025-03-10"}
    assert found({**FORM, "application_date": "2025-03-10"}, "shandong", **later) == {}
    again = found({**FORM, "application_date": "2025-03-20"}, "shandong", **later)
    assert again == {"application_date": "E_FIELD_READONLY"}
    around = Circumstances(profile=profile("shandong"), is_outside=False, **later)
    assert applications.kept({}, around)["application_date"] == "2025-03-10"


@pytest.mark.requirement("R-063")
@pytest.mark.parametrize(
    ("name", "is_outside", "is_kept"),
    [
        ("fujian", True, True), ("fujian", False, False), ("default", True, True), ("default", False, False),
        ("national", True, True), ("national", False, True), ("beijing", True, False), ("shandong", True, False),
    ],
)  # fmt: skip
def test_a_heading_is_kept_where_the_applicant_has_one_to_give(name: str, *, is_outside: bool, is_kept: bool) -> None:
    around = Circumstances(profile=profile(name), today=TODAY, is_outside=is_outside)
    assert ("letter_heading" in applications.kept({"letter_heading": "中共样例市委组织部"}, around)) is is_kept


@pytest.mark.requirement("R-064")
def test_the_committee_is_derived_and_typed_only_where_it_cannot_be() -> None:
    given = {name: text for name, text in {**FORM, "attestation": True}.items() if name != "committee_name"}
    assert found(given, "default") == {"committee_name": "E_REQUIRED_FIELD"}
    assert found(given, "default", committee="柳溪镇党委") == {}
    around = Circumstances(profile=profile("default"), today=TODAY, is_outside=False, committee="柳溪镇党委")
    assert applications.kept(given, around)["committee_name"] == "柳溪镇党委"
    assert applications.kept({**given, "committee_name": "白塔乡党委"}, around)["committee_name"] == "白塔乡党委"


@pytest.mark.requirement("R-064")
@pytest.mark.parametrize("name", ["beijing", "beijing-cuc", "national", "fujian"])
def test_elsewhere_the_block_never_blocks_a_start(name: str) -> None:
    given = {"dues_paid_to": "2025-03", "reason": "工作调动", "attestation": True}
    assert found(given, name, by_member=True) == {}


@pytest.mark.requirement("R-064")
def test_the_committee_of_a_case_is_the_primary_one_not_one_of_the_second_level() -> None:
    def committee(tree: str, origin: str) -> str:
        case = RouteCase(chains(tree)[origin], None, None)
        return Circumstances.of(case, profile=profile("default"), today=TODAY).committee

    assert committee(T1, "A1-T1-G-B1") == "柳溪镇党委"
    assert committee(T2, "XU-C1-B1") == "星海大学党委"


@pytest.mark.requirement("R-059")
@pytest.mark.requirement("R-053")
def test_dues_completed_in_a_letter_obey_the_same_rules() -> None:
    def written(month: str, **around: object) -> str | None:
        given = {"profile": profile("beijing"), "today": TODAY, "is_outside": False, **around}
        try:
            applications.check_letter({"dues_paid_to": month}, Circumstances(**given))
        except Refused as refused:
            return refused.code
        return None

    assert written("2025-03") is None
    assert written("2025-04") == "E_DUES_FUTURE"
    assert written("2025-03", is_graduate=True) == "E_DUES_GRADUATE_FIXED"


@pytest.mark.requirement("R-075")
@pytest.mark.parametrize("name", ["beijing", "beijing-cuc", "national", "fujian", "shandong", "default"])
def test_which_starts_have_a_box(name: str) -> None:
    def asks(**around: object) -> bool:
        return applications.asks_attestation(
            Circumstances(**{"profile": profile(name), "today": TODAY, "is_outside": False, **around})
        )

    assert asks() is (name in ("national", "default"))
    assert not asks(is_incoming=True)


@pytest.mark.requirement("R-060")
def test_dues_of_graduates_are_fixed() -> None:
    facts = {**FORM, "dues_paid_to": "2017-06"}
    june = {"today": date(2017, 5, 2), "is_graduate": True, "by_member": True}
    assert found(facts, "beijing", **june) == {}
    assert found({**facts, "dues_paid_to": "2017-05"}, "beijing", **june) == {"dues_paid_to": "E_DUES_GRADUATE_FIXED"}


@pytest.mark.requirement("R-053")
def test_a_branch_in_beijing_completes_the_dues_in_its_letter() -> None:
    assert found({}, "beijing", by_member=False) == {}
    assert found({}, "beijing", by_member=True) == {"dues_paid_to": "E_REQUIRED_FIELD"}


@pytest.mark.requirement("R-062")
@pytest.mark.requirement("R-061")
@pytest.mark.scenario("S-30")
def test_reason_and_date_as_the_profile_asks() -> None:
    assert found({**FORM, "reason": " "}, "fujian") == {"reason": "E_REASON_REQUIRED"}
    assert found({**FORM, "reason": ""}, "shandong") == {}
    assert found({**FORM, "application_date": "2025-03-11"}, "fujian") == {"application_date": "E_DATE_FUTURE"}
    assert found({**FORM, "application_date": "2025-03-01"}, "fujian") == {}
    assert found({**FORM, "application_date": "2025-03-01"}, "shandong") == {"application_date": "E_FIELD_READONLY"}


@pytest.mark.requirement("R-063")
def test_outside_the_heading_is_asked_for() -> None:
    assert found(FORM, "fujian", is_outside=True) == {"letter_heading": "E_HEADING_REQUIRED"}
    assert found(FORM, "fujian", is_outside=False) == {}


@pytest.mark.requirement("R-064")
@pytest.mark.requirement("R-223")
def test_every_missing_field_is_named_at_once() -> None:
    missing = found({}, "default", is_outside=True)
    assert missing == {
        "dues_paid_to": "E_REQUIRED_FIELD",
        "letter_heading": "E_HEADING_REQUIRED",
        **dict.fromkeys(BLOCK, "E_REQUIRED_FIELD"),
    }
    assert found({"dues_paid_to": "2025-03", "reason": "x"}, "fujian") == {}


@pytest.mark.requirement("R-075")
def test_the_box_is_asked_for_last_and_only_where_the_profile_asks() -> None:
    assert found(FORM, "default") == {"attestation": "E_ATTESTATION_REQUIRED"}
    assert found({**FORM, "attestation": True}, "default") == {}
    assert "attestation" not in found({}, "default")
    assert (
        found(
            {
                **FORM,
                "id_number": "x",
                "name": "x",
                "sex": "x",
                "ethnicity": "x",
                "kind": "x",
                "in_type": "x",
                "origin": "x",
            },
            "default",
            is_incoming=True,
        )
        == {}
    )


def person(**values: object) -> Member:
    return Member(
        **{
            "id": 1, "name": "张样例", "id_number": "379901198501010017", "sex": Sex.MALE,
            "birth_date": date(1985, 1, 1), "kind": MemberKind.FULL, "branch_id": 1, **values,
        }
    )  # fmt: skip


@pytest.mark.requirement("R-046")
@pytest.mark.requirement("R-051")
@pytest.mark.parametrize(
    ("values", "by_member", "name", "code"),
    [
        ({}, True, "beijing", None),
        ({"kind": MemberKind.PROBATIONARY}, True, "beijing", "E_PROBATIONARY_SELF_START"),
        ({"kind": MemberKind.PROBATIONARY}, False, "beijing", None),
        ({"kind": MemberKind.PROBATIONARY}, True, "fujian", None),
        ({"status": MemberStatus.HIST_TRANSFERRED_OUT}, False, "shandong", "E_MEMBER_HISTORICAL"),
        ({"status": MemberStatus.MEMBERSHIP_SUSPENDED}, False, "shandong", "E_MEMBER_SUSPENDED"),
    ],
)
def test_who_may_be_transferred(values: dict, by_member: bool, name: str, code: str | None) -> None:
    def check() -> None:
        applicants.check_member(
            person(**values), home=chains(T1)["A1-T1-B1"], by_member=by_member, profile=profile(name)
        )

    if code is None:
        check()
        return
    with pytest.raises(Refused, match=code):
        check()


@pytest.mark.requirement("R-138")
@pytest.mark.parametrize(
    ("status", "is_held", "name", "code"),
    [
        (MemberStatus.ACTIVE, False, "shandong", "E_MEMBER_IN_PROVINCE"),
        (MemberStatus.ACTIVE, True, "fujian", None),
        (MemberStatus.ACTIVE, True, "shandong", "E_MEMBER_IN_PROVINCE"),
        (MemberStatus.HIST_TRANSFERRED_OUT, False, "shandong", None),
        (MemberStatus.HIST_EXPELLED, False, "fujian", "E_MEMBER_HISTORICAL"),
    ],
)
def test_who_may_come_in(status: MemberStatus, is_held: bool, name: str, code: str | None) -> None:
    def check() -> None:
        applicants.check_newcomer(person(status=status), profile=profile(name), is_held=is_held)

    if code is None:
        check()
        return
    with pytest.raises(Refused, match=code) as refusal:
        check()
    assert "张样例" not in f"{refusal.value.fields}{refusal.value}", "who asks may know the number only"
