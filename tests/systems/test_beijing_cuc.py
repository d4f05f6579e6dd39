"""The scenarios of Beijing's media university (requirements 5.5) as far as they concern a transfer, at their date."""

import pytest

from tests.systems.playing import System

LETTER = {"dues_paid_to": "2018-11", "contact": "13900000001"}
IN_CITY = {"target": "XA-S1", "variety": "IN_PROVINCE"}


@pytest.mark.scenario("S-67")
def test_s_67_the_transfer_that_locks_its_branch_completes(beijing_cuc: System) -> None:
    # That editing, dissolving and moving the branch are refused meanwhile belongs to the upkeep of organisations.
    seen = beijing_cuc.person("罗样例").applies(IN_CITY)
    assert seen.route == "applicant[A] > XU-C1-B1 > XU-C1 > XA-S1[R]"
    branch, yan = beijing_cuc.admin("XU-C1-B1"), beijing_cuc.person("严样例")
    in_city = {"out_type": "OTHER_COUNTY_SAME_CITY", "target": "XA-S1"}
    for officer, approval, chosen in ((branch, "approve", {}), (yan, "approve_in_city", in_city)):
        officer.does(approval, seen, **chosen)
        officer.does("save_letter", seen, **LETTER)
        assert beijing_cuc.branch_of("罗样例") == "XU-C1-B1"
    beijing_cuc.admin("XA-S1").does("receive", seen, branch="XA-S1-B1", transfer_in_date=beijing_cuc.today)
    assert (seen.state, beijing_cuc.branch_of("罗样例")) == ("COMPLETED", "XA-S1-B1")
