"""The scenarios of Beijing (requirements 5.4), each at its date and by the persons it names."""

import pytest

from tests.systems.playing import RECEIPT, System, outside, refused
from tests.systems.seen import Seen

LETTER = {"dues_paid_to": "2017-06", "contact": "13900000001"}
AWAY = outside("中共样例市委组织部", variety="OUT_OF_PROVINCE")
IN_CITY = {"target": "XA-S1", "variety": "IN_PROVINCE"}


@pytest.mark.scenario("S-58")
def test_s_58_self_application(beijing: System) -> None:
    seen = beijing.person("罗样例").applies(IN_CITY, dues_paid_to="2017-06")
    assert seen.route == "applicant[A] > XU-C1-B1 > XU-C1 > XA-S1[R]"
    with refused("E_PROBATIONARY_SELF_START"):
        beijing.person("吕样例").applies(IN_CITY)


@pytest.mark.scenario("S-59")
def test_s_59_target_not_precise_enough(beijing: System) -> None:
    luo = beijing.person("罗样例")
    with refused("E_TARGET_PRECISION", "target"):
        luo.applies(IN_CITY, target="XA-S1-B1")
    with refused("E_TARGET_IS_SUPERIOR", "target"):
        luo.applies(IN_CITY, target="XM")


@pytest.mark.scenario("S-60")
def test_s_60_branch_must_save_its_letter_and_committee_approves_in_city(beijing: System) -> None:
    seen = beijing.person("罗样例").applies(IN_CITY)
    branch, yan = beijing.admin("XU-C1-B1"), beijing.person("严样例")
    branch.does("approve", seen)
    assert (seen.at, branch.todo(), yan.todo()) == ("XU-C1-B1", ["罗样例"], [])
    branch.does("save_letter", seen, **LETTER)
    assert (seen.at, branch.todo(), yan.todo()) == ("XU-C1", [], ["罗样例"])
    assert branch.handled() == ["罗样例"]
    letter = branch.letter(branch.sees(seen)["letters"][0]["id"])
    assert (letter["state"], letter["snapshot"]["dues_paid_to"]) == ("ISSUED", "2017-06")
    with refused("E_VARIETY_MISMATCH"):
        yan.does("approve_out_of_city", seen, out_type="OTHER_PROVINCE")
    yan.does("approve_in_city", seen, out_type="OTHER_COUNTY_SAME_CITY", target="XA-S1")
    assert (seen.at, beijing.admin("XA-S1").todo()) == ("XU-C1", [])
    yan.does("save_letter", seen, **LETTER)
    assert (seen.at, seen.out_type) == ("XA-S1", "OTHER_COUNTY_SAME_CITY")


def branch_away(system: System) -> Seen:
    """吕样例's transfer out of the city, started and approved by his branch, with its letter saved."""
    shi = system.person("施样例")
    seen = shi.starts("吕样例", AWAY)
    shi.does("approve", seen)
    shi.does("save_letter", seen, **LETTER)
    return seen


@pytest.mark.scenario("S-61")
def test_s_61_out_of_city_from_a_college(beijing: System) -> None:
    seen = branch_away(beijing)
    assert seen.route == "applicant[A] > XU-C1-B2 > XU-C1 > XU-C1[RR]"
    yan = beijing.person("严样例")
    yan.does("approve_out_of_city", seen, out_type="OTHER_PROVINCE")
    assert (seen.at, seen.state) == ("XU-C1", "IN_PROGRESS")
    yan.does("save_letter", seen, validity_days=90, **LETTER)
    assert (seen.at, seen.state) == ("XU-C1", "AWAITING_RECEIPT")
    number = seen.numbers[-1]
    assert yan.letter(seen.letters[-1]["id"])["snapshot"]["validity_days"] == 90
    beijing.at("2017-07-20")
    assert yan.todo() == ["吕样例"]
    yan.does("record_receipt", seen, letter_no=number, receipt_date="2017-07-18", **RECEIPT)
    assert (seen.state, beijing.status_of("吕样例")) == ("COMPLETED", "HIST_TRANSFERRED_OUT")
