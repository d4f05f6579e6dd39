"""Who is told what when a transfer moves, once each, and what leaves the house with it (R-049, R-192–R-194)."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from service.domain.accounts.roles import Role
from service.domain.transfers.actions import Action
from service.domain.transfers.transfers import TransferState
from service.sending.short_messages import log_short_message
from service.storage.accounts import accounts, grants
from service.storage.db import execute, reading, transaction
from service.storage.messages import notices, outbox
from service.use_cases.accounts.open_account import grant_role, open_account
from service.use_cases.notices.list_notices import count_unread, list_notices, mark_read
from service.use_cases.outbox.channels import EVENTS, SMS, Channels
from service.use_cases.outbox.deliver_messages import deliver_messages
from service.use_cases.outbox.dispatch import Dispatch
from service.use_cases.outbox.spread_notices import spread_notices
from tests.reference.seeding import VAULT, World
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, submit

LATER = NOW + timedelta(days=1)


def spread(world: World, channels: Channels | None = None) -> int:
    return spread_notices(
        profile=world.deployment.profile, channels=channels or Channels(sms=log_short_message), now=LATER
    )


def told(world: World, code: str = "", account: int = 0) -> list[str]:
    """What an organisation, or an account, was told, in order."""
    with reading():
        found = notices.to_org(world.chains[code][0].id, limit=99) if code else notices.to_account(account, limit=99)
    return [each.kind for each in reversed(found)]


def waiting(kind: str) -> list[str]:
    with reading():
        query = sa.select(outbox.table.c.receiver).where(outbox.table.c.kind == kind).order_by(outbox.table.c.id)
        return list(execute(query).scalars())


def give_telephone(world: World, code: str) -> str:
    """The administrator of an organisation becomes a person with a telephone; answers the receiver."""
    account, member = world.admins[code].account_id, world.people["A1-T1-B2"].member_id
    with transaction():
        execute(sa.update(accounts.table).where(accounts.table.c.id == account).values(member_id=member))
    return f"account:{account}"


@pytest.mark.requirement("R-192")
def test_a_new_to_do_is_told_to_its_organisation_and_to_nobody_else(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A1-T1-B1", "A2-T1-B1")
    assert told(world, "A1-T1-B1") == []
    assert spread(world) == 1
    assert told(world, "A1-T1-B1") == ["hop_opened"]
    assert spread(world) == 0
    played.forward()
    spread(world)
    assert told(world, "A1-T1") == ["hop_opened"]
    assert told(world, "A1-T1-B1") == ["hop_opened"]
    assert told(world, "A2-T1") == []


@pytest.mark.requirement("R-192")
def test_a_short_message_goes_to_administrators_with_a_telephone_where_the_profile_wants_it(
    make_world: MakeWorld,
) -> None:
    for profile, expected in (("fujian", 1), ("default", 1)):
        world = make_world(profile)
        receiver = give_telephone(world, "A1-T1-B1")
        submit(world, "A1-T1-B1", "A2-T1-B1")
        spread(world)
        assert waiting(SMS) == [receiver] * expected
    world = make_world("fujian")
    submit(world, "A1-T1-B1", "A2-T1-B1")
    spread(world)
    assert waiting(SMS) == [], "nobody has a telephone"
    give_telephone(world, "A1-T1-B1")
    submit(world, "A1-T1-B1", "A2-T1-B1")
    spread(world, Channels())
    assert waiting(SMS) == [], "no gateway is set"


@pytest.mark.requirement("R-193")
def test_applicant_and_member_are_told_of_return_and_completion(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    played = submit(world, "A1-T1-B1", "A1-T1-B2")
    own = played.member.account_id
    played.act(Action.REJECT)
    spread(world)
    assert told(world, account=own) == ["returned"]
    played.act(Action.SUBMIT).to_end()
    spread(world)
    assert told(world, account=own) == ["returned", "completed"]


@pytest.mark.requirement("R-193")
def test_the_starting_organisation_and_the_member_are_told_of_void_and_revocation(make_world: MakeWorld) -> None:
    world = make_world("default")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    played.act(Action.REVOKE, world.admins["A1-T1-B1"], reason="重复申请")
    voided = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    voided.act(Action.RETURN).act(Action.VOID)
    spread(world)
    assert told(world, account=played.member.account_id) == ["revoked"]
    assert told(world, account=voided.member.account_id) == ["returned", "voided"]
    assert Counter(told(world, "A1-T1-B1")) == {"revoked": 1, "returned": 1, "voided": 1}


@pytest.mark.requirement("R-193")
@pytest.mark.requirement("R-095")
@pytest.mark.parametrize(("origin", "below"), [("XU-G1-B1", "XU-G1"), ("XU-DB", "XU-DB")])
def test_a_general_branch_is_told_that_the_university_has_made_out_the_paper(
    make_world: MakeWorld, origin: str, below: str
) -> None:
    world = make_world("beijing")
    played = submit(world, origin, "")
    while played.transfer.hop.code != "XU":
        played.forward()
    played.act(Action.APPROVE_OUT_OF_CITY, out_type="OTHER_PROVINCE")
    spread(world)
    assert "letter_ready" not in told(world, below), "the letter is not saved yet"
    played.forward()
    assert played.transfer.state is TransferState.AWAITING_RECEIPT
    spread(world)
    assert told(world, below).count("letter_ready") == 1
    assert "letter_ready" not in told(world, "XU")


@pytest.mark.requirement("R-193")
def test_a_college_that_makes_out_the_paper_itself_tells_nobody(make_world: MakeWorld) -> None:
    world = make_world("beijing")
    played = submit(world, "XU-C1-B1", "")
    while played.transfer.state is not TransferState.AWAITING_RECEIPT:
        played.forward()
    spread(world)
    assert not {code for code in ("XU-C1-B1", "XU-C1", "XU") if "letter_ready" in told(world, code)}


@pytest.mark.requirement("R-193")
def test_a_member_without_an_account_gets_a_short_message_instead(make_world: MakeWorld) -> None:
    world = make_world("default")
    played = submit(world, "A1-T1-B1", "A1-T1-B2", starter="A1-T1-B1")
    with transaction():
        execute(sa.update(accounts.table).where(accounts.table.c.id == played.member.account_id).values(member_id=None))
    played.to_end()
    spread(world)
    assert waiting(SMS) == [f"member:{played.member.member_id}"]


def test_where_nobody_can_act_those_who_can_appoint_somebody_are_told(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    with transaction():
        execute(sa.delete(grants.table).where(grants.table.c.org_id == world.chains["A1-T1-B1"][0].id))
        root = open_account("root", name="系统管理员", password=None, deployment=world.deployment)
        grant_role(root, Role.SYSTEM_ADMIN, org_id=None)
    submit(world, "A1-T1-B1", "A2-T1-B1")
    spread(world)
    assert told(world, "A1-T1-B1") == ["hop_opened"], "the item stays, and whoever comes finds the notice"
    assert told(world, "A1-T1") == ["no_administrator"]
    assert told(world, account=root) == ["no_administrator"]


def test_who_was_administrator_until_yesterday_is_told_nothing_today(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    give_telephone(world, "A1-T1-B1")
    for days, expected in ((0, 1), (-1, 1)):
        last_day = (LATER + timedelta(days=days)).date()
        with transaction():
            execute(sa.update(grants.table).values(valid_until=last_day))
        submit(world, "A1-T1-B1", "A2-T1-B1")
        spread(world)
        assert len(waiting(SMS)) == expected
    assert told(world, "A1-T1") == ["no_administrator"]


@pytest.mark.requirement("R-049")
def test_the_member_information_system_hears_of_moves_and_of_the_end(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A1-T1-B2", starter="A1-T1-B1").to_end()
    spread(world)
    heard: list[tuple[dict, str]] = []
    channels = Channels(event=lambda body, *, key: heard.append((body, key)))
    assert deliver_messages(deliver=Dispatch(channels, VAULT), now=LATER, kinds=EVENTS) == 2
    first, second = (body for body, _ in heard)
    member = played.member.member_id
    assert {**first, "at": ""} == {
        "event": "membership_moved", "at": "", "transfer": played.id, "member": member, "branch": "A1-T1-B2",
    }  # fmt: skip
    assert {**second, "at": ""} == {
        "event": "transfer_completed", "at": "", "transfer": played.id, "member": member,
    }  # fmt: skip
    assert first["at"].endswith("+08:00")
    assert len({key for _, key in heard}) == 2


@pytest.mark.requirement("R-194")
def test_texts_hold_no_person_and_telephones_do_not_wait_in_the_outbox(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    give_telephone(world, "A1-T1-B1")
    submit(world, "A1-T1-B1", "A2-T1-B1")
    sent: list[tuple[str, str]] = []
    channels = Channels(sms=lambda phone, text, *, key: sent.append((phone, text)))  # noqa: ARG005 - as the adapter
    spread(world, channels)
    with reading():
        rows = execute(sa.select(outbox.table)).mappings().all()
    assert not any("13900000001" in str(dict(row)) or "张样例" in str(dict(row)) for row in rows)
    deliver_messages(deliver=Dispatch(channels, VAULT), now=LATER, kinds={SMS})
    ((phone, text),) = sent
    assert phone == "13900000001"
    assert "待办" in text
    assert "张样例" not in text


@pytest.mark.requirement("R-194")
def test_what_is_too_much_for_an_hour_or_a_minute_waits_and_is_not_lost(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    give_telephone(world, "A1-T1-B1")
    for _ in range(5):
        submit(world, "A1-T1-B1", "A2-T1-B1")
    sent: list[str] = []
    sms = lambda _phone, text, *, key: sent.append(key)  # noqa: ARG005, E731 - as the adapter
    channels = Channels(sms=sms, sms_per_hour_each=3)
    spread(world, channels)

    def deliver(channels: Channels, at: datetime) -> int:
        before = len(sent)
        while deliver_messages(deliver=Dispatch(channels, VAULT), now=at, kinds={SMS}, channels=channels, limit=2):
            pass
        return len(sent) - before

    assert deliver(channels, LATER) == 3
    assert deliver(channels, LATER + timedelta(minutes=59)) == 0
    one_a_minute = Channels(sms=sms, sms_per_minute=1)
    assert deliver(one_a_minute, LATER + timedelta(minutes=61)) == 1
    assert deliver(one_a_minute, LATER + timedelta(minutes=63)) == 1
    assert len(set(sent)) == 5


def test_one_message_at_fault_delays_no_other(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    with transaction():
        outbox.add([outbox.Message("bad", "notice", {"about": "hop_opened", "org": "A1", "transfer": 99})], now=NOW)
    for _ in range(3):
        submit(world, "A1-T1-B1", "A2-T1-B1")
    assert spread(world) == 4
    assert told(world, "A1-T1-B1") == ["hop_opened"] * 3
    with reading():
        (row,) = execute(sa.select(outbox.table).where(outbox.table.c.key == "bad")).mappings()
    assert row["attempts"] == 1
    assert row["delivered_at"] is None
    assert "KeyError" in row["last_error"]


@pytest.mark.requirement("R-192")
def test_notices_are_read_page_by_page_by_those_they_are_for(make_world: MakeWorld) -> None:
    world = make_world("fujian")
    officer, other = world.admins["A1-T1-B1"], world.admins["A2-T1"]
    for _ in range(3):
        submit(world, "A1-T1-B1", "A2-T1-B1")
    spread(world)
    page = list_notices(actor=officer, per_page=2)
    assert (page.total, page.unread, len(page.items)) == (3, 3, 2)
    assert [each.message_zh for each in page.items] == ["有新的待办"] * 2
    assert page.items[0].notice.variety == "IN_PROVINCE"
    last = page.items[0].notice.id
    assert mark_read(actor=other, now=datetime.now(UTC), until=last) == 0
    assert count_unread(actor=officer) == 3
    assert mark_read(actor=officer, now=datetime.now(UTC), ids=[last]) == 2
    assert mark_read(actor=officer, now=datetime.now(UTC), until=last) == 0
    assert list_notices(actor=other).total == 0
