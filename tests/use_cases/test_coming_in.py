"""Registrations from outside as they lie in the database: claimed, entered, identified, previewed (R-138–R-149)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

import pytest
import sqlalchemy as sa

from service.domain.actions import Action
from service.domain.actors import Actor
from service.domain.attachments import AttachmentKind
from service.domain.errors import Refused
from service.domain.members import MemberStatus
from service.domain.real_names import Verdict
from service.domain.transfers import TransferState
from service.storage import db, history, members
from service.storage.db import execute, reading
from service.use_cases.letters.show_return_receipt import show_return_receipt
from service.use_cases.transfers.look_up_newcomer import look_up_newcomer
from service.use_cases.transfers.register_incoming import preview_incoming, register_incoming
from tests.reference.notation import written_hop
from tests.reference.seeding import VAULT, World, id_number
from tests.use_cases.attempts import rows
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import FORM, NOW, Played, come_in, upload

YANG, KONG, BAI = "359901196802290179", "429901198709090516", "139901199202290522"
SILENT = id_number(1, region="149901")
_KEYS = count(1)


def answers(world: World, starter: str, **given: object) -> dict[str, object]:
    """A valid registration of 孔样例, with the photo that the profile wants, but for what is given."""
    wanted = world.deployment.profile.flag("incoming.letter_photo_required") and "attachments" not in given
    photo = {"attachments": [upload(world, starter)]} if wanted else {}
    known = {name: value for name, value in FORM.items() if name != "attestation"}
    return {
        **known, "id_number": KONG, "name": "孔样例", "sex": "MALE", "ethnicity": "汉族", "kind": "FULL",
        "in_type": "FROM_OTHER_PROVINCE", "origin": "湖北省/样例市/样例县 样例村党支部", "target": "A1-T1-B1",
        "receipt_heading": "中共样例县委组织部", "letter_no": "鄂〔2025〕第 7 号", **photo, **given,
    }  # fmt: skip


def register(world: World, starter: str = "A1", *, key: str = "", **given: object) -> Played:
    actor = world.admins[starter]
    answer = register_incoming(
        answers(world, starter, **given),
        actor=actor,
        key=key or f"coming-{next(_KEYS)}",
        now=NOW,
        deployment=world.deployment,
    )
    return Played(world, answer.transfer_id, actor)


def outcome(call: Callable[[], object]) -> str:
    before = rows()
    try:
        call()
    except Refused as refused:
        assert rows() == before
        return refused.code
    return "ok"


def held(world: World, node: str = "H-O") -> Actor:
    return world.newcomer(node, name="杨样例", id_number=YANG)


def entries(number: str) -> list[members.Person]:
    with reading():
        return list(members.by_id_number(number, VAULT))


def told(played: Played) -> dict[str, object]:
    with reading():
        return dict(history.of_transfer(played.id)[0].record)


@dataclass
class Listener:
    """A register that answers as the test wants, and hears whether a change was under way."""

    verdict: Verdict = Verdict.MATCHES
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, name: str, *, id_number: str) -> Verdict:
        assert db._current.get() is None, "the register is never asked inside a change or a reading"
        self.asked.append((name, id_number))
        return self.verdict


def listening(world: World, verdict: Verdict = Verdict.MATCHES) -> Listener:
    listener = Listener(verdict)
    world.deployment = replace(world.deployment, real_names=listener)
    return listener


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
    route = " > ".join(written_hop(hop) for hop in played.transfer.hops)
    assert route == "A1[A] > A1 > A1-T2 > A1-T2-B1[R] > A1-T2-B1[C]"
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
    asked = ("name", "sex", "ethnicity", "kind", "origin", "dues_paid_to", "in_type", "committee_address")
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


@pytest.mark.scenario("S-23")
@pytest.mark.requirement("R-141")
def test_s_23_the_register_says_no_and_somebody_looks_himself(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    bai = {"id_number": BAI, "name": "白样例", "sex": "FEMALE", "in_type": "FROM_MILITARY"}
    world.newcomer("A1-T1-B1", id_number="379901198501010017")
    assert outcome(lambda: register(world, "A1-T1")) == "E_START_NOT_ALLOWED"
    assert outcome(lambda: register(world, id_number="379901198501010017", name="张样例")) == "E_MEMBER_IN_PROVINCE"
    assert outcome(lambda: register(world, **bai)) == "E_REAL_NAME_FAILED"
    assert outcome(lambda: register(world, **bai, manual_review=True)) == "E_ID_PHOTO_REQUIRED"
    wrong = [upload(world, "A1", kind=AttachmentKind.OTHER)]
    assert outcome(lambda: register(world, **bai, manual_review=True, attachments=wrong)) == "E_ID_PHOTO_REQUIRED"
    photo = [upload(world, "A1", kind=AttachmentKind.ID_CARD_PHOTO)]
    unsaid = {**bai, "manual_review": True, "attachments": photo}
    assert outcome(lambda: register(world, **unsaid)) == "E_ATTESTATION_REQUIRED"
    played = register(world, **unsaid, identity_checked=True)
    assert told(played)["newcomer"] == {"standing": "UNKNOWN", "register": "DIFFERS", "is_reviewed": True}
    assert [each["kind"] for each in told(played)["attachments"]] == ["id_card_photo"]
    assert " > ".join(written_hop(hop) for hop in played.transfer.hops) == "A1[S] > A1-T1 > A1-T1-B1[R]"
    assert outcome(lambda: show_return_receipt(played.id, actor=world.admins["A1"], deployment=world.deployment)) == (
        "E_TRANSFER_NOT_FINISHED"
    )
    played.to_end()
    assert entries(BAI)[0].branch_code == "A1-T1-B1"


@pytest.mark.requirement("R-141")
def test_without_an_answer_it_goes_on_by_hand(make_world: MakeWorld) -> None:
    world = make_world("default")
    silent = {"id_number": SILENT, "name": "白样例"}
    with pytest.raises(Refused, match="did not answer"):
        register(world, **silent)
    photos = [upload(world, "A1"), upload(world, "A1", kind=AttachmentKind.ID_CARD_PHOTO)]
    played = register(world, **silent, manual_review=True, identity_checked=True, attachments=photos)
    assert told(played)["newcomer"]["register"] == "UNANSWERED"


@pytest.mark.requirement("R-141")
def test_the_register_is_asked_outside_of_changes_and_about_nobody_in_vain(make_world: MakeWorld) -> None:
    world = make_world("default")
    listener = listening(world)
    # Who may not start, and who may not come in, is not asked about.
    world.newcomer("A1-T1-B1", name="王样例", id_number="379901197811300031")
    outcome(lambda: register(world, "A1-T1"))
    outcome(lambda: register(world, id_number="379901197811300031", name="王样例"))
    assert listener.asked == []
    played = register(world, key="once")
    assert listener.asked == [("孔样例", KONG)]
    assert told(played)["newcomer"] == {"standing": "UNKNOWN", "register": "MATCHES", "is_reviewed": False}


@pytest.mark.requirement("R-141")
def test_a_repeated_request_asks_nobody_again(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    listener = listening(world)
    first = register(world, key="once")
    assert register(world, key="once").id == first.id
    assert len(listener.asked) == 1


@pytest.mark.requirement("R-141")
@pytest.mark.parametrize("name", ["fujian", "national"])
def test_where_the_profile_checks_nobody_the_register_is_not_asked(make_world: MakeWorld, name: str) -> None:
    world = make_world(name)
    listener = listening(world, Verdict.DIFFERS)
    target, starter = ("GU-1", "GU") if name == "national" else ("A1-T1-B1", "A1")
    played = come_in(world, target, starter=starter)
    assert listener.asked == []
    assert "register" not in told(played)["newcomer"]


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


@pytest.mark.requirement("R-038")
def test_the_typed_number_is_kept_in_the_persons_record_alone(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = register(world).act(Action.RETURN)
    view = played.view(world.admins["A1"])
    assert view.member_number == "429901********0516"
    assert KONG not in json.dumps(dict(view.application)) + str([dict(each.told) for each in view.events])
    with reading():
        for table in ("events", "transfers", "requests", "outbox"):
            columns = execute(sa.text(f"SELECT * FROM {table}")).fetchall()
            assert KONG not in str(columns)


@pytest.mark.requirement("R-197")
def test_uploads_go_with_the_registration_once(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    photo, others = upload(world, "A1"), upload(world, "A2")
    assert outcome(lambda: register(world, attachments=[others])) == "E_FIELD_INVALID"
    assert outcome(lambda: register(world, attachments=["no-such-name"])) == "E_FIELD_INVALID"
    stub = upload(world, "A1", kind=AttachmentKind.STUB_IMAGE)
    assert outcome(lambda: register(world, attachments=[photo, stub])) == "E_ACTION_NOT_ALLOWED"
    register(world, attachments=[photo])
    again = {"id_number": "429901198709090532", "attachments": [photo]}
    assert outcome(lambda: register(world, **again)) == "E_FIELD_INVALID"


@pytest.mark.requirement("R-149")
@pytest.mark.parametrize("name", ["shandong", "fujian"])
def test_the_receipt_for_the_committee_outside(make_world: MakeWorld, name: str) -> None:
    world = make_world(name)
    played = register(world).to_end()
    for code in ("A1", "A1-T1", "A1-T1-B1"):
        found = show_return_receipt(played.id, actor=world.admins[code], deployment=world.deployment)
        assert found.texts == {
            "number": "鄂〔2025〕第 7 号", "addressee": "中共样例县委组织部", "name": "孔样例",
            "received_on": "2025-03-10", "committee": "柳溪镇党委", "telephone": "0530-1234567",
            "handler": "管理员A1-T1-B1",
        }  # fmt: skip
    for code, refusal in (("CA", "E_FORBIDDEN"), ("A2", "E_NOT_FOUND")):
        with pytest.raises(Refused, match=refusal):
            show_return_receipt(played.id, actor=world.admins[code], deployment=world.deployment)
