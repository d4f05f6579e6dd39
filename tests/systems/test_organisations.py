"""The scenarios of the upkeep of organisations, played by the persons they name through the interface."""

import pytest

from tests.systems.playing import System, on_both, refused

LETTER = {"dues_paid_to": "2018-11", "contact": "13900000001"}
FULL_NAME = "中国共产党星海大学信息学院本科生支部委员会"
NEW = {
    "name": FULL_NAME, "short_name": "星海信院本科生党支部", "org_type": "BRANCH", "affiliation": "2", "category": "631",
    "approved_on": "2018-09-18",
}  # fmt: skip


@on_both
@pytest.mark.scenario("S-22")
def test_s_22_permission_configuration(shandong: System) -> None:
    hua, jin = shandong.person("华样例"), shandong.person("金样例")
    assert hua.patch("/organisations/A1-T1-G/permissions", {"can_transfer": True})["can_transfer"] is True
    with refused("E_PERM_BY_SUPERIOR_ONLY", "can_transfer"):
        hua.patch("/organisations/A1-T1/permissions", {"can_transfer": True})
    with refused("E_ORG_OUT_OF_SCOPE"):
        jin.get("/organisations/A1-T1-B1/permissions")
    assert jin.patch("/organisations/A1-T2/permissions", {"can_transfer": False})["can_transfer"] is False
    with refused("E_PERM_NOT_EDITABLE", "can_transfer"):
        shandong.admin("PD1").patch("/organisations/PD1-C/permissions", {"can_transfer": False})
    with refused("E_PERM_NOT_EDITABLE", "scope"):
        shandong.admin("P").patch("/organisations/PD1/permissions", {"scope": "PROVINCE"})


@on_both
@pytest.mark.scenario("S-67")
def test_s_67_locks(beijing_cuc: System) -> None:
    seen = beijing_cuc.person("罗样例").applies({"target": "XA-S1", "variety": "IN_PROVINCE"})
    yan, university = beijing_cuc.person("严样例"), beijing_cuc.admin("XU")
    answers = {**NEW, "name": "中国共产党星海大学信息学院教工支部委员会", "unit_relation": "1"}
    for attempt in (
        lambda: yan.put("/organisations/XU-C1-B1/record", {"version": 1, "answers": answers}),
        lambda: yan.delete("/organisations/XU-C1-B1"),
        lambda: university.put("/organisations/XU-C1-B1/superior", {"superior": "XU-C2", "as_a_whole": True}),
    ):
        with refused("E_ORG_HAS_PENDING_TRANSFERS", f"transfers/{seen.id}") as caught:
            attempt()
        assert [each["member"] for each in caught.value.body["errors"]] == ["罗样例"]
    in_city = {"out_type": "OTHER_COUNTY_SAME_CITY", "target": "XA-S1"}
    branch = beijing_cuc.admin("XU-C1-B1")
    for officer, approval, chosen in ((branch, "approve", {}), (yan, "approve_in_city", in_city)):
        officer.does(approval, seen, **chosen)
        officer.does("save_letter", seen, **LETTER)
    beijing_cuc.admin("XA-S1").does("receive", seen, branch="XA-S1-B1", transfer_in_date=beijing_cuc.today)
    assert seen.state == "COMPLETED"
    yan.delete("/organisations/XU-C1-B1")
    assert yan.get("/organisations/XU-C1-B1")["status"] == "DISSOLVED"


@on_both
@pytest.mark.scenario("S-68")
def test_s_68_dissolving_a_branch_with_members(beijing_cuc: System) -> None:
    with refused("E_ORG_NOT_EMPTY"):
        beijing_cuc.person("严样例").delete("/organisations/XU-C1-B2")


@on_both
@pytest.mark.scenario("S-69")
def test_s_69_new_branch(beijing_cuc: System) -> None:
    yan = beijing_cuc.person("严样例")
    with refused("E_ORG_NAME_FORMAT", "name"):
        yan.post("/organisations", {"superior": "XU-C1", "answers": {**NEW, "name": "信息学院本科生党支部"}})
    code = yan.post("/organisations", {"superior": "XU-C1", "answers": NEW})["code"]
    assert len(code) == 12
    assert code.isdigit()
    edited = {"version": 1, "answers": {**NEW, "unit_relation": "1", "code": "999999999999"}}
    with refused("E_ORG_CODE_IMMUTABLE", "code"):
        yan.put(f"/organisations/{code}/record", edited)
