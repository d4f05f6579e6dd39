"""What is kept for a time only is dropped after it, and nothing before (sessions, failures, messages, notices)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from service.storage.accounts import accounts, captchas, codes, devices, limits
from service.storage.accounts.accounts import NewSession
from service.storage.db import execute, reading, transaction
from service.storage.messages import notices, outbox
from service.storage.transfers import attachments
from service.use_cases.upkeep.forget_old import (
    CODES_KEPT,
    DEVICES_KEPT,
    FAILURES_KEPT,
    LOOSE_FILES_KEPT,
    MESSAGES_KEPT,
    READ_NOTICES_KEPT,
    SESSION_KEPT,
    forget_old,
)
from tests.support.applications import storing

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def account(migrated_url: str) -> Iterator[tuple[Flask, int]]:
    with storing(migrated_url) as app:
        with transaction():
            made = accounts.add(login_index="adm", name="管理员", password_hash=None)
        yield app, made


def kept(column: sa.Column) -> set[object]:
    with reading():
        return set(execute(sa.select(column)).scalars())


def test_sessions_go_a_week_after_they_were_opened_though_they_were_used(account: tuple[Flask, int]) -> None:
    with transaction():
        for token, age in (("old", SESSION_KEPT + MOMENT), ("young", SESSION_KEPT - MOMENT)):
            accounts.open_session(token, NewSession(account[1], None, token), now=NOW - age)
            accounts.seen(token, now=NOW)
    assert forget_old(now=NOW) == 1
    assert kept(accounts.sessions.c.csrf) == {"young"}


def test_no_session_lives_longer_than_it_is_kept() -> None:
    longest = timedelta(hours=168)
    assert longest <= SESSION_KEPT


def test_failures_go_a_day_after_the_first(account: tuple[Flask, int]) -> None:
    with transaction():
        for subject, age in (("old", FAILURES_KEPT + MOMENT), ("young", FAILURES_KEPT - MOMENT)):
            limits.count(subject, now=NOW - age, window=timedelta(minutes=15))
    assert forget_old(now=NOW) == 1
    assert kept(limits.failures.c.subject) == {"young"}


def test_captchas_codes_and_devices_go_when_nothing_is_to_be_said_of_them(account: tuple[Flask, int]) -> None:
    with transaction():
        for name, age in (("old", MOMENT), ("young", -MOMENT)):
            captchas.add(name, name, expires_at=NOW - age)
            codes.keep_sms(name, name, expires_at=NOW - CODES_KEPT - age)
            devices.add(name, account[1], now=NOW - DEVICES_KEPT - age)
    assert forget_old(now=NOW) == 3
    assert kept(captchas.table.c.answer_index) == kept(codes.sms.c.subject) == {"young"}
    assert len(kept(devices.table.c.token_digest)) == 1


def test_delivered_messages_go_and_those_that_wait_or_were_given_up_stay(account: tuple[Flask, int]) -> None:
    long_ago = NOW - MESSAGES_KEPT - MOMENT
    with transaction():
        outbox.add([outbox.Message(key, "mail", {}) for key in ("sent", "waiting", "dead", "fresh")], now=long_ago)
        by_key = {each.key: each for each in outbox.due(now=NOW, limit=9)}
        outbox.delivered([by_key["sent"].id], now=long_ago)
        outbox.delivered([by_key["fresh"].id], now=NOW)
        outbox.failed(by_key["dead"], error="rejected", now=long_ago, is_final=True)
    assert forget_old(now=NOW) == 1
    assert kept(outbox.table.c.key) == {"waiting", "dead", "fresh"}


def test_notices_go_a_year_after_they_were_read_and_not_while_they_are_unread(account: tuple[Flask, int]) -> None:
    long_ago = NOW - READ_NOTICES_KEPT - MOMENT
    with transaction():
        notices.add(
            notices.Notice("completed", None, long_ago, account_id=account[1], key=key, read_at=read)
            for key, read in (("read", long_ago), ("unread", None), ("read lately", NOW))
        )
    assert forget_old(now=NOW) == 1
    assert kept(notices.table.c.key) == {"unread", "read lately"}


@pytest.mark.requirement("R-197")
def test_uploads_that_belong_to_nothing_go_after_a_day(account: tuple[Flask, int]) -> None:
    with transaction():
        for name, age in (("old", LOOSE_FILES_KEPT + MOMENT), ("young", LOOSE_FILES_KEPT - MOMENT)):
            given = attachments.Attachment(
                name, "other", b"n", "image/png", 1, "0" * 64, b"k", account_id=account[1], at=NOW - age
            )
            attachments.add(given, content_sealed=b"c")
    assert forget_old(now=NOW) == 1
    assert kept(attachments.table.c.name) == {"young"}
