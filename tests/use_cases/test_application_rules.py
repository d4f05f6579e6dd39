"""What an application must say and what becomes of it, on both databases (R-058–R-066, R-075, R-223, R-227)."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from service.domain.accounts.actors import Actor
from service.domain.applying.choosing import Chosen
from service.domain.members.members import MemberKind
from service.storage.db import reading
from service.storage.transfers import letters
from service.use_cases.letters.show_letter import show_letter
from service.use_cases.transfers.submit_transfer import preview_application
from tests.reference.notation import written
from tests.reference.seeding import World
from tests.use_cases.attempts import attempt, outcome, refusal, rows, started
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, OUTSIDE, Played

DECEMBER = datetime(2017, 12, 7, 1, 0, tzinfo=UTC)


def faults(world: World, actor: Actor, answers: Mapping[str, object], **wishes: object) -> dict[str | None, str]:
    """Field → code of everything a refusal lists."""
    refused = refusal(lambda: started(world, actor, answers, **wishes))
    return {each.field: each.code for each in refused.fields}


def application(played: Played) -> Mapping[str, object]:
    return played.view(played.member).application


@pytest.mark.requirement("R-059")
@pytest.mark.scenario("S-18")
def test_dues_within_three_months(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    branch = world.admins["A1-T1-B1"]
    expected = {
        "2025-03": "ok", "2025-01": "ok", "2024-12": "E_DUES_TOO_OLD", "2025-04": "E_DUES_FUTURE",
        "": "E_REQUIRED_FIELD", "2025-13": "E_FIELD_INVALID",
    }  # fmt: skip
    for month, code in expected.items():
        who = Chosen(world.newcomer("A1-T1-B1").member_id)
        assert attempt(world, branch, {"target": "A1-T1-B2", "dues_paid_to": month}, chosen=who) == code, month


@pytest.mark.requirement("R-060")
def test_dues_of_graduates(make_world: MakeWorld) -> None:
    world = make_world("beijing")
    now = datetime(2017, 5, 2, 1, 0, tzinfo=UTC)
    he = world.newcomer("XU-C1-B2", name="何样例", is_graduate=True)
    given = {"target": "XA-S1", "dues_paid_to": "2017-05"}
    assert attempt(world, he, given, now=now) == "E_DUES_GRADUATE_FIXED"
    assert attempt(world, he, {**given, "dues_paid_to": "2017-06"}, now=now) == "ok"


@pytest.mark.requirement("R-058")
@pytest.mark.requirement("R-064")
@pytest.mark.requirement("R-065")
@pytest.mark.requirement("R-223")
@pytest.mark.scenario("S-19")
def test_every_field_at_fault_is_named_at_once(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    who = Chosen(world.people["A1-T1-B1"].member_id)
    wrong = {
        "contact": "12345", "committee_telephone": "abc", "committee_contact": None, "committee_postcode": "25000",
        "sex": "FEMALE", "dues_paid_to": None, "kind": "PROBATIONARY", "issuer": "别的党委",
    }  # fmt: skip
    found = faults(world, world.admins["A1-T1-B1"], {"target": "A1-T1-B2", **wrong}, chosen=who)
    assert found == {
        "contact": "E_PHONE_FORMAT", "committee_telephone": "E_PHONE_FORMAT", "committee_contact": "E_REQUIRED_FIELD",
        "committee_postcode": "E_POSTCODE_FORMAT", "sex": "E_FIELD_READONLY", "dues_paid_to": "E_REQUIRED_FIELD",
        "kind": "E_FIELD_READONLY", "issuer": "E_FIELD_READONLY",
    }  # fmt: skip
    # A missing target is one more of them, not a reason to be silent about the rest.
    without = faults(world, world.admins["A1-T1-B1"], wrong, chosen=who)
    assert without == {"target": "E_REQUIRED_FIELD", **found}


@pytest.mark.requirement("R-058")
@pytest.mark.requirement("R-066")
def test_what_the_system_filled_in_may_be_sent_back(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    feng = world.newcomer("A2-T1-B1", name="冯样例", kind=MemberKind.PROBATIONARY)
    shown = {
        "name": "冯样例", "sex": "MALE", "kind": "PROBATIONARY", "ethnicity": "汉族", "origin": "河口村党支部",
        "issuer": "河口村党支部", "transfer_out_date": "2025-03-10", "application_date": "2025-03-10", "age": 41,
    }  # fmt: skip
    played = started(world, feng, {"target": "A1-T2-B1", **shown})
    assert played.transfer.origin.code == "A2-T1-B1"
    assert application(played)["age"] == 41


@pytest.mark.requirement("R-059")
@pytest.mark.requirement("R-061")
@pytest.mark.requirement("R-062")
@pytest.mark.scenario("S-30")
def test_form_limits_in_fujian(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    feng = world.people["A2-T1-B1"]
    given = {"target": "A1-T2-B1", "dues_paid_to": "2017-12"}

    def submit(**answers: object) -> str:
        return attempt(world, feng, {**given, **answers}, now=DECEMBER)

    assert submit(dues_paid_to="2018-01") == "E_DUES_FUTURE"
    assert submit(application_date="2017-12-08") == "E_DATE_FUTURE"
    assert submit(reason=" ") == "E_REASON_REQUIRED"
    played = started(world, feng, {**given, "application_date": "2017-12-01"}, now=DECEMBER)
    known = application(played)
    assert (known["application_date"], known["transfer_out_date"]) == ("2017-12-01", "2017-12-01")


@pytest.mark.requirement("R-061")
@pytest.mark.parametrize("profile", ["shandong", "default"])
def test_elsewhere_the_date_is_that_of_the_start(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    who, branch = Chosen(world.people["A1-T1-B1"].member_id), world.admins["A1-T1-B1"]
    given = {"target": "A1-T1-B2", "application_date": "2025-03-09"}
    assert attempt(world, branch, given, chosen=who) == "E_FIELD_READONLY"
    played = started(world, branch, {**given, "application_date": None}, chosen=who)
    assert application(played)["application_date"] == "2025-03-10"


@pytest.mark.requirement("R-063")
@pytest.mark.requirement("R-086")
@pytest.mark.scenario("S-37")
def test_the_heading_stands_on_a_letter_that_leaves(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    wu = world.people["CA-D-C-B1"]
    outside = {**OUTSIDE, "target": "样例市样例街道"}
    assert attempt(world, wu, {**outside, "letter_heading": None}) == "E_HEADING_REQUIRED"
    played = started(world, wu, outside)
    while played.transfer.hop.code != "CA":
        played.forward()
    assert [hop.code for hop in played.transfer.hops] == [None, "CA-D-C-B1", "CA-D-C", "CA-D", "CA", "CA"]
    played.forward()
    assert addressee(world, played) == "中共样例市委组织部"
    inside = started(world, world.people["A2-T1-B1"], {"target": "A1-T2-B1", "letter_heading": "随便写写"})
    assert "letter_heading" not in application(inside)


def addressee(world: World, played: Played) -> object:
    with reading():
        letter = letters.of_transfer(played.id)[-1]
    return show_letter(letter.id, actor=played.member, now=NOW, deployment=world.deployment).snapshot["addressee"]


@pytest.mark.requirement("R-063")
def test_in_shandong_nobody_types_a_heading(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    who = Chosen(world.people["A1-T1-B1"].member_id)
    played = started(world, world.admins["A1-T1-B1"], {**OUTSIDE, "letter_heading": "随便写写"}, chosen=who)
    assert "letter_heading" not in application(played)


@pytest.mark.requirement("R-064")
def test_the_committee_is_derived(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    who = Chosen(world.people["A1-T1-G-B1"].member_id)
    played = started(world, world.admins["A1-T1-G-B1"], {"target": "A1-T1-B1"}, chosen=who)
    assert application(played)["committee_name"] == "柳溪镇党委"


BOX = {"national": ("GU-1-B1", "GU-2", "GU-1"), "default": ("A1-T1-B1", "A1-T1-B2", "A1-T1-B1")}
WITHOUT = {
    "beijing": ("XU-C1-B1", "XU-C1-B2", ""),
    "beijing-cuc": ("XU-C1-B1", "XU-C1-B2", ""),
    "fujian": ("A1-T1-B1", "A1-T1-B2", ""),
    "shandong": ("A1-T1-B1", "A1-T1-B2", "A1-T1-B1"),
}


@pytest.mark.requirement("R-075")
@pytest.mark.parametrize("profile", sorted(BOX | WITHOUT))
def test_the_box_where_the_profile_has_one(make_world: MakeWorld, profile: str) -> None:
    world = make_world(profile)
    origin, target, starter = (BOX | WITHOUT)[profile]
    member = world.people[origin]
    actor, chosen = (world.admins[starter], Chosen(member.member_id)) if starter else (member, Chosen())
    expected = "E_ATTESTATION_REQUIRED" if profile in BOX else "ok"
    for box in (False, "false", None):
        assert attempt(world, actor, {"target": target, "attestation": box}, chosen=chosen) == expected
        if expected == "ok":
            return
    # The route may be looked at before the box is ticked.
    assert outcome(lambda: preview(world, actor, {"target": target}, chosen)) == "ok"
    assert attempt(world, actor, {"target": target, "attestation": "on"}, chosen=chosen) == "ok"


def preview(world: World, actor: Actor, answers: Mapping[str, object], chosen: Chosen) -> object:
    given = {"dues_paid_to": "2025-03", "reason": "工作调动", **answers}
    block = {f"committee_{name}": text for name, text in BLOCK.items()}
    return preview_application(given | block, actor=actor, chosen=chosen, now=NOW, deployment=world.deployment)


BLOCK = {
    "contact": "样例联系人",
    "telephone": "0530-1234567",
    "fax": "0530-1234568",
    "postcode": "250000",
    "address": "样例路1号",
}


@pytest.mark.requirement("R-074")
@pytest.mark.scenario("S-48")
def test_the_route_is_shown_and_nothing_is_started(make_world: MakeWorld) -> None:
    world = make_world("national")
    chosen = Chosen(world.people["GU-1-B1"].member_id)
    before = rows()
    route = preview(world, world.admins["GU-1"], {"target": "GU-2"}, chosen)
    assert written(route) == "INTRA_COUNTY: GU-1[S] > GU-2[R] > chosen branch[I]"
    assert rows() == before
    # A preview refuses what the start would refuse.
    assert outcome(lambda: preview(world, world.admins["GU-1"], {"target": "GU"}, chosen)) == "E_TARGET_IS_SUPERIOR"
    assert outcome(lambda: preview(world, world.admins["GU-1"], {"target": "GU-2", "contact": "1"}, chosen)) == (
        "E_PHONE_FORMAT"
    )
    assert attempt(world, world.admins["GU-1"], {"target": "GU-2"}, chosen=chosen) == "ok"
