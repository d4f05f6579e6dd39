"""May this person be transferred? (R-044, R-046, R-051, R-055–R-057; the order of R-227)"""

from dataclasses import replace
from datetime import date

import pytest

from service.definitions.profiles import profile
from service.domain.applying import applicants
from service.domain.applying.applicants import Candidate
from service.domain.members.members import Member, MemberKind, MemberStatus, Sex
from service.domain.transfers.leaving_administrators import Office
from tests.domain.test_eligibility import code_of
from tests.reference.trees import T1, chains

TREE = chains(T1)
ZHANG = Member(1, "张样例", "379901198501010017", Sex.MALE, date(1985, 1, 1), MemberKind.FULL, 1, ethnicity="汉族")
RIGHT = Candidate(ZHANG, TREE["A1-T1-B1"], typed_name="张样例")


def refusal(candidate: Candidate, starter: str = "A1-T1-B1", name: str = "fujian") -> str | None:
    starting = TREE[starter] if starter else None
    return code_of(lambda: applicants.check_candidate(candidate, starting, profile(name)))


@pytest.mark.requirement("R-227")
def test_the_checks_on_a_person_speak_in_their_order() -> None:
    # Everything is wrong with him; what is put right lets the next check speak.
    gone = replace(ZHANG, status=MemberStatus.HIST_DECEASED)
    steps = [
        ({}, "E_NOT_SUBORDINATE"),
        ({"home": TREE["A1-T1-B1"]}, "E_ID_MISMATCH"),
        ({"typed_name": "张样例"}, "E_MEMBER_HISTORICAL"),
        ({"member": replace(gone, status=MemberStatus.MEMBERSHIP_SUSPENDED)}, "E_MEMBER_SUSPENDED"),
        ({"member": ZHANG}, "E_TRANSFER_IN_PROGRESS"),
        ({"is_in_transfer": False}, "E_ADMIN_PENDING_TASKS"),
        ({"office": Office(of_own_branch=True, other_members=1)}, "E_ADMIN_SUCCESSOR_REQUIRED"),
        ({"office": Office(of_own_branch=True)}, None),
    ]
    candidate = Candidate(gone, TREE["A2-T1-B1"], "李样例", is_in_transfer=True, office=Office(1, True, 1))
    for correction, code in steps:
        candidate = replace(candidate, **correction)
        assert refusal(candidate) == code


@pytest.mark.requirement("R-055")
@pytest.mark.scenario("S-17")
def test_name_and_number_are_those_of_one_person() -> None:
    assert refusal(replace(RIGHT, typed_name="王样例")) == "E_ID_MISMATCH"
    assert refusal(replace(RIGHT, typed_name=" 张样例 ")) is None
    assert refusal(replace(RIGHT, typed_name="")) is None


@pytest.mark.requirement("R-055")
def test_a_dot_in_a_name_is_a_dot_however_it_is_written() -> None:
    aisha = replace(ZHANG, name="阿依夏木·样例")
    assert refusal(Candidate(aisha, TREE["A1-T1-B1"], "阿依夏木•样例")) is None


@pytest.mark.requirement("R-044")
@pytest.mark.requirement("R-009")
@pytest.mark.parametrize("starter", ["", "P"])
def test_who_stands_in_a_holding_node_comes_in_and_is_not_moved(starter: str) -> None:
    assert refusal(replace(RIGHT, home=TREE["H-O"]), starter) == "E_USE_INCOMING"
    provisional = replace(ZHANG, status=MemberStatus.PROVISIONAL)
    assert refusal(replace(RIGHT, member=provisional, home=TREE["H-T"]), starter) == "E_USE_INCOMING"
    assert refusal(replace(RIGHT, home=()), "") == "E_USE_INCOMING"


@pytest.mark.requirement("R-056")
def test_a_former_member_counts_by_his_last_branch() -> None:
    gone = replace(RIGHT, member=replace(ZHANG, status=MemberStatus.HIST_TRANSFERRED_OUT))
    assert refusal(gone) == "E_MEMBER_HISTORICAL"
    assert refusal(gone, "A2-T1-B1") == "E_NOT_SUBORDINATE"


@pytest.mark.requirement("R-051")
@pytest.mark.parametrize(
    ("name", "code"), [("beijing", "E_PROBATIONARY_SELF_START"), ("fujian", None), ("default", None)]
)
def test_a_probationary_member_applies_himself_where_the_profile_lets_him(name: str, code: str | None) -> None:
    young = replace(RIGHT, member=replace(ZHANG, kind=MemberKind.PROBATIONARY), typed_name="")
    assert refusal(young, "", name) == code
    assert refusal(young, "A1-T1-B1", name) is None
