"""The scenarios of the national system (全国党员管理信息系统), as of 15 April 2019."""

import pytest

from tests.systems.files import photo
from tests.systems.national import BOXES, nationwide
from tests.systems.playing import System, on_both, outside, refused

RECEIVED = {"branch": "GU-2-B1", "transfer_in_date": "2019-04-16", "telephone": "0770-1234567", "remark": ""}


@on_both
@pytest.mark.scenario("S-48")
def test_within_the_campus(national: System) -> None:
    you = national.person("尤样例")
    assert you.previews("朱样例", "GU-2", variety="INTRA_COUNTY") == "GU-1[S] > GU-2[R] > chosen branch[I]"
    with refused("E_ATTESTATION_REQUIRED", "attestation"):
        you.starts("朱样例", "GU-2", variety="INTRA_COUNTY", attestation=False)
    seen = you.starts("朱样例", "GU-2", variety="INTRA_COUNTY", attestation=True)
    assert (you.todo(), you.handled()) == ([], ["朱样例"])

    national.at("2019-04-16")
    xu = national.person("许样例")
    assert xu.todo() == ["朱样例"]
    with refused("E_ATTESTATION_REQUIRED"):
        xu.does("receive", seen, **RECEIVED)
    xu.does("receive", seen, **RECEIVED, **BOXES)
    assert (seen.state, national.branch_of("朱样例")) == ("AWAITING_REPORT_IN", "GU-2-B1")
    for code in ("GU-2-B1", "GU-2", "GU", "RE", "R"):
        assert national.admin(code).not_reported() == ["朱样例"], code
    assert national.admin("GU-1").not_reported() == []
    national.admin("GU-2-B1").does("report_in", seen)
    assert (seen.state, national.admin("GU").not_reported()) == ("COMPLETED", [])


@pytest.mark.scenario("S-49")
def test_inside_the_province_needs_the_scope_of_the_province(national: System) -> None:
    member = national.newcomer("丁样例", "GU-3-B1")
    with refused("E_SCOPE_REQUIRED"):
        national.admin("GU-3").starts(member, "RC1-T", variety="IN_PROVINCE")


@pytest.mark.scenario("S-50")
def test_a_disapproval_unwinds_to_the_initiator(national: System) -> None:
    you, town = national.person("尤样例"), national.admin("RC1-T")
    seen = you.starts("朱样例", "RC1-T", variety="IN_PROVINCE")
    national.admin("RC1").does("approve", seen, attestation=True)
    with refused("E_REASON_REQUIRED", "reason"):
        town.does("disapprove", seen)
    town.does("disapprove", seen, reason="无此单位")
    assert (seen.state, you.todo(), national.admin("RC1").todo()) == ("RETURNED_TO_APPLICANT(REJECTED)", ["朱样例"], [])
    passed = [each for each in seen.events if each["org"] == "RC1"][-1]
    assert (passed["action"], passed["is_automatic"]) == ("return_through", True)


@pytest.mark.scenario("S-52")
def test_out_nationwide_closed_and_retrieved(national: System) -> None:
    you, branch = national.person("尤样例"), national.admin("GU-1-B1")
    with refused("E_OFF_TREE_LOCKED", "off_tree"):
        you.starts("秦样例", outside("中共样例市委组织部", off_tree=False), variety="OUT_OF_PROVINCE")
    seen = nationwide(you, "秦样例")
    assert seen.at == "GU"  # pressing close and cancelling sends nothing
    national.admin("GU").does("close", seen)
    assert (seen.state, national.branch_of("秦样例")) == ("COMPLETED", None)
    assert branch.retrieves("秦样例", "GU-1-B1") == seen.id
    assert (national.branch_of("秦样例"), national.status_of("秦样例")) == ("GU-1-B1", "ACTIVE")
    assert (seen.state, seen.whole["retrieved"]) == ("COMPLETED", True)
    with refused("E_RETRIEVE_NOT_FOUND"):
        branch.retrieves("秦样例", "GU-1-B1")


@pytest.mark.scenario("S-53")
def test_the_terminal_closes_and_nobody_else(national: System) -> None:
    seen = nationwide(national.person("尤样例"), "秦样例")
    with refused("E_ACTION_NOT_ALLOWED"):
        national.admin("GU").does("approve", seen, attestation=True)
    with refused("E_NOT_CURRENT_HOP"):
        national.admin("GU-1").does("close", seen)


@pytest.mark.scenario("S-54")
def test_a_transfer_is_revoked_once_by_who_has_handled_it(national: System) -> None:
    you = national.person("尤样例")
    seen = you.starts("朱样例", "RC1-T", variety="IN_PROVINCE")
    with refused("E_REVOKE_NOT_ALLOWED"):
        national.admin("RC1-T").does("revoke", seen)
    you.does("revoke", seen)
    assert (seen.state, national.branch_of("朱样例")) == ("REVOKED", "GU-1-B1")
    with refused("E_TRANSFER_FINISHED"):
        you.does("revoke", seen)
    assert you.starts("朱样例", "RC1-T", variety="IN_PROVINCE").state == "IN_PROGRESS"  # started anew


@pytest.mark.scenario("S-56")
def test_what_is_finished_stands_in_the_history(national: System) -> None:
    """The part about transfers; queries and the export are another matter."""
    for day, name in (("2019-04-10", "朱样例"), ("2019-04-12", "秦样例")):
        national.at(day)
        seen = nationwide(national.person("尤样例"), name)
        national.admin("GU").does("close", seen)
    national.at("2019-04-15")
    assert national.person("尤样例").history() == ["秦样例", "朱样例"]
    assert national.admin("GU-2").history() == []


@pytest.mark.scenario("S-57")
def test_in_from_outside_while_the_exchange_zone_is_off(national: System) -> None:
    university = national.admin("GU")
    with refused("E_EXCHANGE_DISABLED"):
        university.brings_in("孔样例", "GU-1", via_exchange=True)
    seen = university.brings_in("孔样例", "GU-1", via_exchange=False)
    assert seen.route == "GU[S] > GU-1[R] > chosen branch[I]"
    with refused("E_TRANSFER_LOCKED"):
        university.does("submit", seen, dues_paid_to="2019-03")


@pytest.mark.requirement("R-080")
def test_a_file_goes_with_one_member_and_never_silently_with_none(national: System) -> None:
    you = national.person("尤样例")
    file = photo(you, kind="other")
    with refused("E_FIELD_INVALID", "attachments"):
        you.starts_several(["朱样例", "秦样例"], "GU-2", variety="INTRA_COUNTY", attachments=[file])
    (seen,) = you.starts_several(["朱样例"], "GU-2", variety="INTRA_COUNTY", attachments=[file])
    assert [each["name"] for each in you.get(f"/transfers/{seen.id}/attachments")["items"]] == [file]
