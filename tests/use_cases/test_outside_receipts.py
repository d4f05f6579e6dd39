"""Receipts, images and retrieving as they lie in the database (R-098, R-128, R-131–R-133, R-197, R-218)."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from service.domain.attachments import AttachmentKind
from service.domain.errors import Refused
from service.domain.members.members import MemberStatus
from service.domain.transfers.actions import Action
from service.domain.transfers.transfers import TransferState
from service.storage.db import execute, reading, transaction
from service.storage.members import members
from service.storage.messages import outbox
from service.storage.transfers import history, retrievals
from service.uploads.examining import Upload
from service.use_cases.attachments.add_attachment import add_to_transfer
from service.use_cases.attachments.list_attachments import list_attachments
from service.use_cases.history.replay_transfer import replay_transfer
from service.use_cases.members.retrieve_member import Retrieved, retrieve_member
from service.use_cases.transfers.show_receipt import show_receipt
from tests.reference.seeding import VAULT, World
from tests.uploads import papers
from tests.use_cases.attempts import outcome
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, RECEIPT, Played, submit, upload

NO_SUCH = "459901199708250223"


def awaiting_receipt(world: World) -> Played:
    """A transfer outside whose letter the county has issued."""
    return submit(world, "A1-T1-B1", "", starter="A1-T1-B1").forward().forward()


def closed_out(world: World) -> Played:
    return submit(world, "GU-1-B1", "", starter="GU-1").to_end()


def number_of(played: Played) -> str:
    with reading():
        person = members.by_id(played.transfer.member_id, VAULT)
    assert person is not None
    return person.member.id_number


def retrieve(world: World, number: str, *, by: str = "GU-1-B1", branch: str = "GU-1-B1") -> Retrieved:
    return retrieve_member(branch, number, actor=world.admins[by], now=NOW, deployment=world.deployment)


@pytest.mark.requirement("R-129")
@pytest.mark.requirement("R-131")
def test_every_missing_field_of_a_receipt_is_named(make_world: MakeWorld) -> None:
    played = awaiting_receipt(make_world("shandong"))
    needed = ("letter_no", "receiving_committee", "receipt_date", "handler", "telephone")
    with pytest.raises(Refused) as refusal:
        played.act(Action.RECORD_RECEIPT, **dict.fromkeys(needed, ""))
    assert {each.field: each.code for each in refusal.value.fields} == dict.fromkeys(needed, "E_REQUIRED_FIELD")


@pytest.mark.requirement("R-131")
def test_the_date_of_a_receipt(make_world: MakeWorld) -> None:
    played = awaiting_receipt(make_world("shandong"))
    played.now += timedelta(days=20)
    for day, code in (("2025-03-09", "E_DATE_ORDER"), ("2025-03-31", "E_DATE_FUTURE")):
        assert outcome(lambda given=day: played.act(Action.RECORD_RECEIPT, receipt_date=given)) == code
    played.act(Action.RECORD_RECEIPT, receipt_date="2025-03-10")
    assert played.transfer.state is TransferState.COMPLETED


@pytest.mark.requirement("R-131")
@pytest.mark.requirement("R-132")
def test_a_receipt_is_recorded_with_its_scan_and_read_again(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = awaiting_receipt(world)
    committee = world.admins["A1-T1"]
    with pytest.raises(Refused, match="E_TRANSFER_NOT_FINISHED"):
        show_receipt(played.id, actor=committee, deployment=world.deployment)
    scan = upload(world, "A1-T1", kind=AttachmentKind.RECEIPT_IMAGE)
    played.act(Action.RECORD_RECEIPT, attachments=[scan], remark="已收到")
    shown = show_receipt(played.id, actor=committee, deployment=world.deployment)
    assert {name: getattr(shown, name) for name in RECEIPT} == RECEIPT
    assert (shown.remark, shown.recorded_by, shown.attachments) == ("已收到", "管理员A1-T1", (scan,))
    assert played.view(committee).may_view_receipt
    for other in ("A1", "A1-T1-B1"):
        assert not played.view(world.admins[other]).may_view_receipt
        with pytest.raises(Refused, match="E_FORBIDDEN"):
            show_receipt(played.id, actor=world.admins[other], deployment=world.deployment)


@pytest.mark.scenario("S-39")
@pytest.mark.requirement("R-098")
@pytest.mark.requirement("R-133")
def test_s_39_the_report_in_outside_is_confirmed_with_the_receipt(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    # Approved without the stub: it may be attached, it need not.
    played = submit(world, "A2-T1-B1", "").forward().forward().forward()
    assert played.transfer.state is TransferState.AWAITING_OUTSIDE_CONFIRMATION
    assert outcome(lambda: played.act(Action.CONFIRM_OUTSIDE, attachments=[])) == "E_RECEIPT_IMAGE_REQUIRED"
    picture = Upload("receipt.jpg", papers.image("jpg"))
    county = world.admins["A2"]
    # Another file is not the receipt.
    add_to_transfer(played.id, AttachmentKind.OTHER, picture, actor=county, now=NOW, deployment=world.deployment)
    assert outcome(lambda: played.act(Action.CONFIRM_OUTSIDE, attachments=[])) == "E_RECEIPT_IMAGE_REQUIRED"
    add_to_transfer(
        played.id, AttachmentKind.RECEIPT_IMAGE, picture, actor=county, now=NOW, deployment=world.deployment
    )
    played.act(Action.CONFIRM_OUTSIDE, attachments=[])
    assert played.transfer.state is TransferState.COMPLETED
    with reading():
        assert world.branch_of(played.member) is None


@pytest.mark.requirement("R-098")
def test_the_stub_goes_with_the_last_approval_alone(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A2-T1-B1", "").forward()
    stub = upload(world, "A2-T1", kind=AttachmentKind.STUB_IMAGE)
    assert outcome(lambda: played.act(Action.APPROVE, attachments=[stub])) == "E_FIELD_INVALID"
    played.forward()
    stub = upload(world, "A2", kind=AttachmentKind.STUB_IMAGE)
    played.act(Action.APPROVE, attachments=[stub])
    listed = list_attachments(played.id, actor=world.admins["A2"], deployment=world.deployment)
    assert [(each.name, each.kind, each.is_settled) for each in listed.items] == [(stub, "stub_image", True)]
    # A receipt of an earlier step is not the receipt of this one.
    assert outcome(lambda: played.act(Action.CONFIRM_OUTSIDE, attachments=[stub])) == "E_RECEIPT_IMAGE_REQUIRED"


@pytest.mark.scenario("S-52")
@pytest.mark.requirement("R-128")
@pytest.mark.requirement("R-218")
def test_s_52_closed_out_and_retrieved(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = closed_out(world)
    number = number_of(played)
    before = played.stored
    assert outcome(lambda: retrieve(world, number, by="GU-2")) == "E_ORG_OUT_OF_SCOPE"
    assert outcome(lambda: retrieve(world, number, by="GU", branch="GU-1-B2")) == "E_RETRIEVE_NOT_FOUND"
    assert outcome(lambda: retrieve(world, NO_SUCH)) == "E_RETRIEVE_NOT_FOUND"
    assert outcome(lambda: retrieve(world, number, branch="NO-SUCH")) == "E_ORG_NOT_FOUND"
    found = retrieve(world, number)
    assert (found.transfer_id, found.branch) == (played.id, "GU-1-B1")
    with reading():
        person = members.by_id(played.transfer.member_id, VAULT)
        gained = members.moves(played.transfer.member_id, gained=True)
        mark = retrievals.of_transfer(played.id)
        told = [each for each in execute(sa.select(outbox.table.c.kind)).scalars() if each == "membership_moved"]
    assert person is not None
    assert (person.member.status, person.branch_code) == (MemberStatus.ACTIVE, "GU-1-B1")
    assert [(each.org_code, each.transfer_id) for each in gained] == [("GU-1-B1", played.id)]
    assert mark is not None
    assert told == ["membership_moved"], "the member information system hears of it"
    assert outcome(lambda: retrieve(world, number)) == "E_RETRIEVE_NOT_FOUND"
    # The record of the transfer stays as it was, but for the mark and the entry behind its end.
    after = played.stored
    assert (after.transfer, after.version, after.state) == (before.transfer, before.version, before.state)
    view = played.view(world.admins["GU-1"])
    assert view.is_retrieved
    assert [each.action for each in view.events][-2:] == ["close", "retrieve"]
    with reading():
        assert history.first_fault(played.id) is None
    replay = replay_transfer(played.id, actor=None, deployment=world.deployment)
    assert [str(each) for each in replay.findings] == []


@pytest.mark.requirement("R-128")
def test_who_was_retrieved_can_leave_again(make_world: MakeWorld) -> None:
    world = make_world("national")
    played = closed_out(world)
    retrieve(world, number_of(played), by="GU-1")
    with reading():
        assert world.branch_of(played.member) == "GU-1-B1"


@pytest.mark.requirement("R-128")
def test_who_was_received_elsewhere_is_not_retrieved(make_world: MakeWorld) -> None:
    world = make_world("default")
    played = submit(world, "A1-T1-B1", "", starter="A1-T1-B1").to_end()
    number = number_of(played)
    refused = outcome(lambda: retrieve(world, number, by="A1-T1-B1", branch="A1-T1-B1"))
    assert refused == "E_RETRIEVE_NOT_ALLOWED", "a receipt says that he arrived"


@pytest.mark.requirement("R-218")
@pytest.mark.parametrize("table", ["transfers", "letters", "events"])
def test_nothing_is_ever_deleted(make_world: MakeWorld, table: str) -> None:
    world = make_world("national")
    closed_out(world)
    with pytest.raises(DBAPIError, match="E_IMMUTABLE"), transaction():
        execute(sa.text(f"DELETE FROM {table}"))
