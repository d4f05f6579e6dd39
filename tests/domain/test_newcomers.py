"""Somebody comes in: who he is to the system, what must be said of him, and in which profile (R-138–R-144, R-147)."""

from dataclasses import replace
from datetime import date

import pytest

from service.definitions.profiles import profile
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.applying import applications, newcomers
from service.domain.applying.applications import Circumstances
from service.domain.applying.newcomers import Known, Standing
from service.domain.errors import Refused
from service.domain.members import identity_numbers
from service.domain.members.members import Member, MemberKind, MemberStatus, Sex
from service.domain.organisations.organisations import Organisation, OrgType
from service.domain.routes.varieties import Variety
from service.domain.transfers.transfers import Target, Transfer
from tests.reference.trees import T1, chains

TREE = chains(T1)
TODAY = date(2025, 3, 10)
PROFILES = ("beijing", "beijing-cuc", "national", "fujian", "shandong", "default")
YANG = Member(7, "杨样例", "359901196802290179", Sex.MALE, date(1968, 2, 29), MemberKind.FULL, 1)
COUNTY = Actor(1, "沈样例", Role.LOCAL_ADMIN, TREE["A1"][0])


def known(status: MemberStatus = MemberStatus.ACTIVE, home: str = "H-O", unfinished: Transfer | None = None) -> Known:
    return Known(replace(YANG, status=status), TREE[home][0], unfinished)


def coming(starter: str) -> Transfer:
    return Transfer(Variety.INCOMING, 7, None, Target(), TREE[starter][0].ref)


def outcome(who: Known | None, name: str, actor: Actor = COUNTY) -> str:
    try:
        return newcomers.stand(who, actor, profile(name)).value
    except Refused as refusal:
        assert YANG.name not in refusal.message_zh + refusal.message_en
        assert not any(each.member for each in refusal.fields)
        return refusal.code


@pytest.mark.requirement("R-138")
@pytest.mark.parametrize("name", PROFILES)
def test_who_is_unknown_or_gone_is_new(name: str) -> None:
    assert outcome(None, name) == "UNKNOWN"
    assert outcome(known(MemberStatus.HIST_TRANSFERRED_OUT, "A1-T1-B1"), name) == "UNKNOWN"


@pytest.mark.requirement("R-138")
@pytest.mark.parametrize("name", PROFILES)
def test_a_member_of_the_province_is_refused_everywhere(name: str) -> None:
    assert outcome(known(home="A1-T1-B1"), name) == "E_MEMBER_IN_PROVINCE"
    assert outcome(known(MemberStatus.MEMBERSHIP_SUSPENDED, "A1-T1-B1"), name) == "E_MEMBER_SUSPENDED"
    assert outcome(known(MemberStatus.HIST_EXPELLED, "A1-T1-B1"), name) == "E_MEMBER_HISTORICAL"


@pytest.mark.requirement("R-138")
@pytest.mark.requirement("R-139")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("fujian", "HELD"), ("default", "HELD"), ("beijing", "HELD"), ("beijing-cuc", "HELD"),
        ("shandong", "E_MEMBER_IN_PROVINCE"), ("national", "E_MEMBER_IN_PROVINCE"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("node", ["H-U", "H-O", "H-T"])
def test_who_stands_in_a_holding_node_is_claimed_back_where_the_profile_knows_it(
    name: str, expected: str, node: str
) -> None:
    assert outcome(known(home=node), name) == expected


@pytest.mark.requirement("R-139")
@pytest.mark.parametrize(
    ("name", "starter", "expected"),
    [
        ("fujian", "A2", "E_ALREADY_CLAIMED"), ("fujian", "A1", "E_TRANSFER_IN_PROGRESS"),
        ("default", "A2", "E_ALREADY_CLAIMED"), ("default", "A1", "E_TRANSFER_IN_PROGRESS"),
        # Where nobody is claimed back, he is simply on his way already.
        ("shandong", "A2", "E_TRANSFER_IN_PROGRESS"), ("national", "A2", "E_TRANSFER_IN_PROGRESS"),
    ],
)  # fmt: skip
def test_one_claim_at_a_time(name: str, starter: str, expected: str) -> None:
    assert outcome(known(unfinished=coming(starter)), name) == expected
    entered = known(MemberStatus.PROVISIONAL, "H-T", unfinished=coming(starter))
    assert outcome(entered, name) == expected


@pytest.mark.requirement("R-138")
def test_who_is_on_his_way_inside_the_province_is_not_claimed() -> None:
    inside = replace(coming("A2"), variety=Variety.IN_PROVINCE)
    for name in PROFILES:
        assert outcome(known(home="A1-T1-B1", unfinished=inside), name) == "E_TRANSFER_IN_PROGRESS"


@pytest.mark.requirement("R-139")
@pytest.mark.parametrize("name", PROFILES)
def test_whose_registration_came_to_nothing_may_come_again(name: str) -> None:
    assert outcome(known(MemberStatus.PROVISIONAL, "H-T"), name) == "ENTERED"
    assert outcome(Known(replace(YANG, status=MemberStatus.PROVISIONAL)), name) == "ENTERED"


@pytest.mark.requirement("R-139")
def test_a_claim_fits_what_was_found() -> None:
    newcomers.check_claim(known(), Standing.HELD, name=" 杨样例 ", claims=True)
    newcomers.check_claim(known(), Standing.HELD, name="", claims=False)
    newcomers.check_claim(None, Standing.UNKNOWN, name="杨样例", claims=False)
    newcomers.check_claim(known(MemberStatus.PROVISIONAL), Standing.ENTERED, name="另一样例", claims=False)
    with pytest.raises(Refused, match="E_ID_MISMATCH"):
        newcomers.check_claim(known(), Standing.HELD, name="另一样例", claims=True)
    for standing in (Standing.UNKNOWN, Standing.ENTERED):
        with pytest.raises(Refused, match="E_MEMBER_NOT_FOUND"):
            newcomers.check_claim(None, standing, name="杨样例", claims=True)


ALWAYS = {"id_number", "name", "sex", "ethnicity", "kind", "origin", "dues_paid_to"}
BESIDES = {
    "beijing": {"in_type"},
    "beijing-cuc": {"in_type"},
    "national": {"in_type", "via_exchange"},
    "fujian": {"reason"},
    "shandong": {"in_type"},
    "default": {"in_type"},
}


@pytest.mark.requirement("R-140")
@pytest.mark.requirement("R-142")
@pytest.mark.requirement("R-144")
@pytest.mark.parametrize("name", PROFILES)
def test_what_must_be_said_of_a_newcomer(name: str) -> None:
    assert set(newcomers.required(profile(name))) == ALWAYS | BESIDES[name]


@pytest.mark.requirement("R-142")
@pytest.mark.parametrize("name", PROFILES)
def test_of_the_committee_he_comes_from_the_person_to_ask_may_stay_open(name: str) -> None:
    around = Circumstances(profile(name), TODAY, is_outside=False, is_incoming=True)
    asked = set(applications.required(around))
    block = {f"committee_{each}" for each in ("name", "telephone", "fax", "postcode", "address")}
    assert "committee_contact" not in asked
    assert asked & {*applications.COMMITTEE_BLOCK} == (block if profile(name).flag("start.committee_block") else set())


def faults(name: str, **facts: object) -> list[tuple[str, str | None]]:
    return [(each.code, each.field) for each in newcomers.faults(facts, profile(name), TODAY)]


@pytest.mark.requirement("R-140")
@pytest.mark.parametrize("name", PROFILES)
def test_the_sex_is_that_of_the_number(name: str) -> None:
    assert identity_numbers.sex(YANG.id_number) is Sex.MALE
    assert faults(name, id_number=YANG.id_number, sex="MALE") == []
    assert faults(name, id_number=YANG.id_number, sex="FEMALE") == [("E_ID_MISMATCH", "sex")]
    assert faults(name, id_number=YANG.id_number) == faults(name, sex="FEMALE") == []


@pytest.mark.requirement("R-144")
@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        *((name, "2025-03-10", []) for name in PROFILES),
        *((name, "2025-03-09", [("E_FIELD_READONLY", "transfer_in_date")]) for name in PROFILES if name != "fujian"),
        ("fujian", "2025-03-09", []),
        ("fujian", "2025-03-11", [("E_DATE_FUTURE", "transfer_in_date")]),
    ],
)
def test_the_day_of_coming_in(name: str, day: str, expected: list[tuple[str, str]]) -> None:
    assert faults(name, transfer_in_date=day) == expected


@pytest.mark.requirement("R-143")
@pytest.mark.parametrize(
    ("name", "asks"),
    [
        ("fujian", True), ("default", True), ("beijing", True), ("beijing-cuc", True), ("national", False),
        ("shandong", False),
    ],
)  # fmt: skip
def test_the_paper_letter_is_shown_where_the_profile_asks_for_it(name: str, asks: bool) -> None:
    missing = [each.code for each in newcomers.photo_faults(profile(name), has_letter_photo=False)]
    assert missing == (["E_LETTER_PHOTO_REQUIRED"] if asks else [])
    assert list(newcomers.photo_faults(profile(name), has_letter_photo=True)) == []


@pytest.mark.requirement("R-147")
@pytest.mark.requirement("R-211")
@pytest.mark.parametrize("name", PROFILES)
def test_nobody_comes_through_a_zone_that_is_not_there(name: str) -> None:
    for answer in (True, "true", "on"):
        with pytest.raises(Refused, match="E_EXCHANGE_DISABLED"):
            newcomers.require_no_exchange({"via_exchange": answer}, profile(name))
    for answer in (False, "false", "", None):
        newcomers.require_no_exchange({"via_exchange": answer}, profile(name))


def test_holding_nodes_are_what_they_are() -> None:
    kinds = {OrgType.HOLDING_OUTSIDE, OrgType.HOLDING_TEMP, OrgType.HOLDING_UNKNOWN}
    nodes: list[Organisation] = [TREE[code][0] for code in ("H-U", "H-O", "H-T")]
    assert {each.org_type for each in nodes} == kinds
