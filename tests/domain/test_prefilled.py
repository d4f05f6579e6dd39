"""What the system fills in is taken back unchanged and refused changed (R-058, R-066, R-070, R-076)."""

from datetime import date

import pytest

from service.domain.applying import prefilled
from service.domain.members.members import Member, MemberKind, Sex
from service.domain.organisations.organisations import OrgRef
from service.domain.routes.varieties import DestinationKind, OutType, Variety
from service.domain.transfers.transfers import Target, Transfer
from tests.reference.trees import T1, chains

TREE = chains(T1)
ZHANG = Member(1, "张样例", "379901198501010017", Sex.MALE, date(1985, 1, 1), MemberKind.FULL, 1, ethnicity="汉族")
STANDS = prefilled.of_start(ZHANG, TREE["A1-T1-B1"], TREE["A1-T1"], date(2025, 3, 10))


def wrong(answers: dict[str, object], values: prefilled.Values = STANDS) -> dict[str | None, str]:
    return {fault.field: fault.code for fault in prefilled.faults(answers, values)}


@pytest.mark.requirement("R-058")
@pytest.mark.requirement("R-066")
@pytest.mark.scenario("S-19")
@pytest.mark.parametrize(
    ("name", "same", "other"),
    [
        ("name", "张样例", "李样例"), ("sex", "MALE", "FEMALE"), ("kind", "FULL", "PROBATIONARY"),
        ("ethnicity", "汉族", "回族"), ("origin", "柳溪村党支部", "桥头村党支部"), ("issuer", "柳溪镇党委", "东岭县委"),
        ("transfer_out_date", "2025-03-10", "2025-03-09"),
    ],
)  # fmt: skip
def test_it_is_sent_back_as_it_was(name: str, same: str, other: str) -> None:
    assert STANDS[name] == same
    assert wrong({name: same, "contact": "1"}) == {}
    assert wrong({name: other}) == {name: "E_FIELD_READONLY"}
    assert prefilled.without({name: same, "age": 41}, STANDS) == {"age": 41}


@pytest.mark.requirement("R-058")
def test_the_age_may_be_changed() -> None:
    assert wrong({"age": 41}) == {}


@pytest.mark.requirement("R-066")
def test_the_issuer_of_a_member_who_applies_himself_is_his_branch() -> None:
    assert prefilled.of_start(ZHANG, TREE["A1-T1-B1"], None, date(2025, 3, 10))["issuer"] == "柳溪村党支部"


@pytest.mark.requirement("R-076")
@pytest.mark.requirement("R-070")
def test_an_application_submitted_again_keeps_its_kind() -> None:
    outside = Transfer(
        Variety.OUT_OF_PROVINCE,
        1,
        OrgRef(1, "A1-T1-B1", "柳溪村党支部"),
        Target(text="样例市委"),
        None,
        OutType.MILITARY,
    )
    stands = prefilled.of_transfer(outside, DestinationKind.MILITARY)
    assert wrong({"off_tree": "on", "destination_kind": "MILITARY", "variety": "OUT_OF_PROVINCE"}, stands) == {}
    changed = {"off_tree": False, "destination_kind": "ABROAD", "out_type": "ABROAD", "variety": "INTERNAL"}
    assert wrong(changed, stands) == {
        "off_tree": "E_OFF_TREE_LOCKED",
        "destination_kind": "E_FIELD_READONLY",
        "out_type": "E_FIELD_READONLY",
        "variety": "E_FIELD_READONLY",
    }
