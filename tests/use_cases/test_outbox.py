"""The outbox: delivered at least once, tried again later, never twice by two workers at the same time."""

import threading
import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from service import scheduler
from service.sending.failures import Rejected
from service.storage.db import execute, reading, transaction
from service.storage.messages import dead_messages, outbox
from service.storage.messages.outbox import Message
from service.storage.transfers import requests
from service.storage.transfers.requests import Answered
from service.use_cases.outbox.channels import EVENTS
from service.use_cases.outbox.dead_messages import list_dead, resend_dead
from service.use_cases.outbox.deliver_messages import deliver_messages
from tests.reference.seeding import deployment_of
from tests.support.applications import storing

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def app(migrated_url: str):
    with storing(migrated_url) as made:
        yield made


def put(*keys: str) -> None:
    with transaction():
        outbox.add([Message(key, "notice", {"transfer": 1}) for key in keys], now=NOW)


def waiting() -> int:
    with reading():
        return len(execute(outbox.table.select().where(outbox.table.c.due_at.is_not(None))).all())


def test_each_message_is_delivered_once(app: Flask) -> None:
    put("a", "b", "c")
    seen: list[str] = []
    assert deliver_messages(deliver=lambda message: seen.append(message.key), now=NOW) == 3
    assert deliver_messages(deliver=lambda message: seen.append(message.key), now=NOW + timedelta(days=1)) == 0
    assert sorted(seen) == ["a", "b", "c"]
    assert waiting() == 0


def test_what_fails_is_tried_again_later_and_others_are_not_held_up(app: Flask) -> None:
    put("bad", "good")
    seen: list[str] = []

    def deliver(message: Message) -> None:
        seen.append(message.key)
        if message.key == "bad":
            raise ConnectionError("nobody listens")

    deliver_messages(deliver=deliver, now=NOW)
    assert waiting() == 1
    assert deliver_messages(deliver=deliver, now=NOW) == 0
    deliver_messages(deliver=deliver, now=NOW + timedelta(minutes=5))
    assert sorted(seen) == ["bad", "bad", "good"]


def test_a_message_is_given_up_in_the_end(app: Flask) -> None:
    put("bad")

    def deliver(_: Message) -> None:
        raise ConnectionError

    at = NOW
    for _ in range(outbox.MAX_ATTEMPTS):
        assert deliver_messages(deliver=deliver, now=at) == 1
        at += timedelta(days=1)
    assert deliver_messages(deliver=deliver, now=at) == 0
    with reading():
        assert dead_messages.count() == 1


def test_two_workers_share_the_work(app: Flask) -> None:
    put(*(f"m{number}" for number in range(60)))
    seen: list[str] = []

    def work() -> None:
        with app.app_context():
            while deliver_messages(deliver=lambda message: seen.append(message.key), now=NOW, limit=5):
                pass

    workers = [threading.Thread(target=work) for _ in range(3)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(seen) == len(set(seen)) == 60


def test_what_is_rejected_is_given_up_at_once_and_the_operator_is_told(app: Flask) -> None:
    put("bad")

    def deliver(_: Message) -> None:
        raise Rejected("HTTP 422")

    assert deliver_messages(deliver=deliver, now=NOW) == 1
    page = list_dead()
    assert [(each.key, each.attempts, each.last_error) for each in page.items] == [("bad", 1, "Rejected: HTTP 422")]


def test_the_operator_sends_again_what_was_given_up(app: Flask) -> None:
    put("one", "two")

    def deliver(message: Message) -> None:
        if message.key in unheard:
            raise Rejected("HTTP 422")
        seen.append(message.key)

    seen: list[str] = []
    unheard = {"one", "two"}
    deliver_messages(deliver=deliver, now=NOW)
    unheard.clear()
    assert resend_dead([list_dead().items[1].id], now=NOW) == 1
    deliver_messages(deliver=deliver, now=NOW)
    assert seen == ["two"]
    assert resend_dead(None, now=NOW) == 1
    deliver_messages(deliver=deliver, now=NOW)
    assert seen == ["two", "one"]
    assert resend_dead(None, now=NOW) == list_dead().total == 0


def test_the_worker_delivers_and_stops(app: Flask) -> None:
    with transaction():
        outbox.add([Message("soon", "membership_left", {"transfer": 1, "member": 1})], now=datetime.now(UTC))
    with scheduler.working(worker_in(app), interval_seconds=0.05):
        deadline = time.monotonic() + 20
        while waiting() and time.monotonic() < deadline:
            time.sleep(0.02)
    assert waiting() == 0
    assert not [each for each in threading.enumerate() if each.name.startswith("APScheduler")]


def test_a_fault_of_the_worker_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    def nowhere() -> AbstractContextManager[object]:
        raise RuntimeError("no database")

    worker = scheduler.Worker(nowhere, deployment_of("fujian"))
    for job in (scheduler.spread, scheduler.fire, scheduler.tidy):
        assert job(worker) == 0
    assert scheduler.deliver(worker, EVENTS) == 0
    assert caplog.text.count("could not deliver") == 3
    assert caplog.text.count("could not tidy up") == 1


def test_the_worker_forgets_answers_after_thirty_days(app: Flask) -> None:
    with transaction():
        for key, days in (("old", 31), ("new", 29)):
            at = datetime.now(UTC) - timedelta(days=days)
            requests.record(Answered(1, key, "d", 200, {}, 1, 1, 1, at))
    with scheduler.working(worker_in(app), tidy_seconds=0.05):
        deadline = time.monotonic() + 10
        while len(kept()) > 1 and time.monotonic() < deadline:
            time.sleep(0.02)
    assert kept() == ["new"]


def worker_in(app: Flask) -> scheduler.Worker:
    return scheduler.Worker(app.app_context, deployment_of("fujian"))


def kept() -> list[str]:
    with reading():
        return list(execute(requests.table.select().with_only_columns(requests.table.c.key)).scalars())
