"""Who comes in is who he says: the register, the review by hand, what is kept and what is sent back (R-141, R-149, R-197)."""

import json

import pytest
import sqlalchemy as sa

from service.domain.attachments import AttachmentKind
from service.domain.errors import Refused
from service.domain.members.real_names import Verdict
from service.domain.transfers.actions import Action
from service.storage.db import execute, reading
from service.use_cases.letters.show_return_receipt import show_return_receipt
from tests.use_cases.coming import (
    BAI,
    KONG,
    SILENT,
    entries,
    listening,
    outcome,
    register,
    route,
    told,
)
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import come_in, submit, upload


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
    assert route(played) == "A1[S] > A1-T1 > A1-T1-B1[R]"
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


@pytest.mark.requirement("R-149")
def test_there_is_no_receipt_before_he_was_taken_in_or_for_who_comes_from_nowhere_outside(
    make_world: MakeWorld,
) -> None:
    world = make_world("shandong")
    internal = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    for code, played, refusal in (
        ("A1", register(world), "E_TRANSFER_NOT_FINISHED"),
        ("A1-T1-B1", internal, "E_ACTION_NOT_ALLOWED"),
    ):
        with pytest.raises(Refused, match=refusal):
            show_return_receipt(played.id, actor=world.admins[code], deployment=world.deployment)
