"""Registrations from outside as they lie in the database: claimed back, entered, told what is missing (R-138–R-148)."""

import pytest

from service.domain.errors import Refused
from service.domain.members.members import MemberStatus
from service.domain.members.real_names import Verdict
from service.domain.transfers.actions import Action
from service.domain.transfers.transfers import TransferState
from service.storage.db import reading
from service.storage.members import members
from service.use_cases.transfers.look_up_newcomer import look_up_newcomer
from service.use_cases.transfers.register_incoming import preview_incoming
from tests.reference.notation import written_hop
from tests.use_cases.attempts import rows
from tests.use_cases.coming import BAI, KONG, YANG, answers, entries, held, outcome, register, route
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, upload


@pytest.mark.scenario("S-41")
@pytest.mark.requirement("R-138")
@pytest.mark.requirement("R-139")
@pytest.mark.requirement("R-143")
def test_a_person_is_claimed_back_and_moves_at_the_end_only(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    yang = held(world)
    claim = {"id_number": YANG, "name": "杨样例", "claim_back": True, "target": "A1-T2-B1"}
    # What is known of him need not be typed.
    claim |= dict.fromkeys(("sex", "ethnicity", "kind"), "")
    assert outcome(lambda: register(world, **claim, attachments=[])) == "E_LETTER_PHOTO_REQUIRED"
    photos = [upload(world, "A1") for _ in range(2)]
    played = register(world, **claim, attachments=photos)
    assert route(played) == "A1[A] > A1 > A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]"
    assert outcome(lambda: register(world, "A2", **claim)) == "E_ALREADY_CLAIMED"
    assert outcome(lambda: register(world, "A1", **claim)) == "E_TRANSFER_IN_PROGRESS"
    while not played.transfer.state.is_final:
        with reading():
            assert world.branch_of(yang) == "H-O"
        played.forward()
    with reading():
        assert world.branch_of(yang) == "A1-T2-B1"
        lost = members.moves(yang.member_id or 0, gained=False)
    assert [(each.org_code, each.transfer_id) for each in lost] == [("H-O", played.id)]
    assert len(entries(YANG)) == 1


@pytest.mark.requirement("R-139")
def test_a_voided_registration_releases_the_claim(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    yang = held(world)
    claim = {"id_number": YANG, "name": "杨样例", "claim_back": True, "target": "A1-T2-B1"}
    played = register(world, **claim)
    played.act(Action.WITHDRAW_APPLICATION, world.admins["A1"])
    assert outcome(lambda: register(world, "A2", **claim)) == "E_ALREADY_CLAIMED"
    played.act(Action.VOID, world.admins["A1"])
    with reading():
        assert world.branch_of(yang) == "H-O"
    assert register(world, "A2", **claim).transfer.member_id == yang.member_id


@pytest.mark.requirement("R-139")
def test_the_record_of_a_claimed_person_is_not_typed_over(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    held(world)
    claim = {"id_number": YANG, "name": "杨样例", "target": "A1-T2-B1"}
    assert outcome(lambda: register(world, **claim | {"name": "另一样例"})) == "E_ID_MISMATCH"
    for given in ({"sex": "FEMALE"}, {"kind": "PROBATIONARY"}, {"ethnicity": "回族"}):
        with pytest.raises(Refused) as refusal:
            register(world, **claim, **given)
        assert [(each.code, each.field) for each in refusal.value.fields] == [("E_FIELD_READONLY", *given)]
    assert outcome(lambda: register(world, claim_back=True)) == "E_MEMBER_NOT_FOUND"


@pytest.mark.scenario("S-42")
@pytest.mark.requirement("R-140")
@pytest.mark.requirement("R-142")
def test_a_new_person_stands_in_the_temporary_node_until_the_end(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = register(world)
    (kong,) = entries(KONG)
    assert (kong.branch_code, kong.member.status) == ("H-T", MemberStatus.PROVISIONAL)
    assert outcome(lambda: register(world, "A1-T1")) == "E_START_NOT_ALLOWED"
    played.to_end()
    (kong,) = entries(KONG)
    assert (kong.branch_code, kong.member.status) == ("A1-T1-B1", MemberStatus.ACTIVE)


@pytest.mark.requirement("R-140")
@pytest.mark.requirement("R-142")
@pytest.mark.requirement("R-143")
def test_everything_that_is_missing_is_named_at_once(make_world: MakeWorld) -> None:
    world = make_world("default")
    person = ("name", "sex", "ethnicity", "kind", "dues_paid_to")
    asked = (*person, "origin", "in_type", "committee_name", "committee_address")
    with pytest.raises(Refused) as refusal:
        register(world, **dict.fromkeys(asked, ""), attachments=[])
    found = {each.field: each.code for each in refusal.value.fields}
    assert found == {**dict.fromkeys(asked, "E_REQUIRED_FIELD"), "attachments": "E_LETTER_PHOTO_REQUIRED"}
    assert "committee_contact" not in found, "the contact person may be left out"
    for number, code in ((KONG[:-1] + "7", "E_ID_CHECKSUM"), (KONG[:-1], "E_ID_FORMAT"), ("", "E_REQUIRED_FIELD")):
        assert outcome(lambda given=number: register(world, id_number=given)) == code
    assert outcome(lambda: register(world, sex="FEMALE")) == "E_ID_MISMATCH"
    assert outcome(lambda: register(world, in_type="OTHER_PROVINCE")) == "E_IN_TYPE_INVALID"
    assert outcome(lambda: register(world, issuer="别的党组织")) == "E_FIELD_READONLY"
    assert entries(KONG) == []


@pytest.mark.requirement("R-144")
def test_where_no_type_is_asked_for_it_is_the_usual_one(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    assert register(world, in_type="").transfer.in_type == "FROM_OTHER_PROVINCE"


@pytest.mark.requirement("R-144")
def test_the_issuer_is_who_registers(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    assert outcome(lambda: register(world, issuer="中共样例市委组织部")) == "E_FIELD_READONLY"
    assert outcome(lambda: register(world, issuer=world.chains["A1"][0].name)) == "ok"


@pytest.mark.requirement("R-147")
def test_under_national_the_question_of_the_exchange_zone_is_answered(make_world: MakeWorld) -> None:
    world = make_world("national")
    coming = {"target": "GU-1"}
    assert outcome(lambda: register(world, "GU", **coming)) == "E_REQUIRED_FIELD"
    assert outcome(lambda: register(world, "GU", via_exchange=True, **coming)) == "E_EXCHANGE_DISABLED"
    assert register(world, "GU", via_exchange=False, **coming).transfer.hop.code == "GU-1"


@pytest.mark.requirement("R-139")
def test_who_was_entered_for_nothing_is_entered_anew(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = register(world, name="孔祥例", ethnicity="回族")
    played.act(Action.RETURN).act(Action.VOID)
    assert entries(KONG)[0].member.status is MemberStatus.PROVISIONAL
    again = register(world, "A2")
    (kong,) = entries(KONG)
    assert again.transfer.member_id == kong.member.id == played.transfer.member_id
    assert (kong.member.name, kong.member.ethnicity) == ("孔样例", "汉族")


@pytest.mark.requirement("R-147")
@pytest.mark.requirement("R-074")
def test_a_registration_is_previewed_and_nobody_entered(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    given = answers(world, "A1")
    before = rows()
    route = preview_incoming(given, actor=world.admins["A1"], now=NOW, deployment=world.deployment)
    assert " > ".join(written_hop(hop) for hop in route.hops).startswith("A1[A] > A1 > A1-T1 > A1-T1-B1[R]")
    assert rows() == before
    with pytest.raises(Refused, match="E_LETTER_PHOTO_REQUIRED"):
        preview_incoming({**given, "attachments": []}, actor=world.admins["A1"], now=NOW, deployment=world.deployment)


@pytest.mark.requirement("R-138")
@pytest.mark.requirement("R-139")
def test_a_person_is_looked_up_first(make_world: MakeWorld) -> None:
    world = make_world("default")
    held(world, "H-U")

    def look_up(number: str, name: str = "", starter: str = "A1") -> object:
        found = look_up_newcomer(number, name=name, actor=world.admins[starter], now=NOW, deployment=world.deployment)
        return found.standing, found.values.get("name"), found.register

    assert look_up(YANG) == ("HELD", "杨样例", Verdict.MATCHES)
    assert look_up(KONG) == ("UNKNOWN", None, None)
    assert look_up(BAI, "白样例") == ("UNKNOWN", None, Verdict.DIFFERS)
    assert outcome(lambda: look_up(KONG, starter="A1-T1")) == "E_START_NOT_ALLOWED"
    assert outcome(lambda: look_up("")) == "E_REQUIRED_FIELD"
    assert outcome(lambda: look_up("1")) == "E_ID_FORMAT"


@pytest.mark.requirement("R-076")
@pytest.mark.requirement("R-148")
def test_who_registers_again_registers_the_same_person(make_world: MakeWorld) -> None:
    world = make_world("default")
    played = register(world).act(Action.RETURN)
    assert played.transfer.state is TransferState.RETURNED_TO_APPLICANT
    for given in ({"id_number": YANG}, {"name": "另一样例"}, {"sex": "FEMALE"}):
        with pytest.raises(Refused) as refusal:
            played.act(Action.SUBMIT, **given)
        assert [(each.code, each.field) for each in refusal.value.fields] == [("E_FIELD_READONLY", *given)]
    played.act(Action.SUBMIT, reason="抬头已改正", id_number=KONG).to_end()
    assert entries(KONG)[0].branch_code == "A1-T1-B1"
