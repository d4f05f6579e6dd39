"""Messages are delivered at least once: claimed by one worker, tried again later, given up in the end."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import IntegrityError

from service.storage.db import reading, transaction
from service.storage.messages import dead_messages, outbox
from service.storage.messages.outbox import Message
from tests.storage.test_db import in_threads


def put(world: SimpleNamespace, *keys: str) -> None:
    with transaction():
        outbox.add([Message(key, "notice", {"transfer": 1}) for key in keys], now=world.now)


def claim(world: SimpleNamespace, after: timedelta = timedelta(), limit: int = 100) -> list[str]:
    with transaction():
        return [message.key for message in outbox.claim(now=world.now + after, limit=limit)]


def test_a_claimed_message_is_not_claimed_again_until_its_worker_must_be_dead(world: SimpleNamespace) -> None:
    put(world, "a", "b")
    assert claim(world, limit=1) == ["a"]
    assert claim(world) == ["b"]
    assert claim(world) == []
    assert sorted(claim(world, timedelta(seconds=outbox.CLAIM_SECONDS))) == ["a", "b"]


def test_many_workers_share_the_messages(world: SimpleNamespace) -> None:
    keys = [f"{number:03d}" for number in range(200)]
    put(world, *keys)
    taken = in_threads(world.app, lambda: [key for _ in range(20) for key in claim(world, limit=5)])
    assert sorted(key for some in taken for key in some) == keys


def test_a_delivered_message_is_done(world: SimpleNamespace) -> None:
    put(world, "a")
    with transaction():
        (message,) = outbox.claim(now=world.now, limit=1)
        outbox.delivered([message.id], now=world.now)
    assert claim(world, timedelta(days=1)) == []
    with reading():
        assert dead_messages.count() == 0


def test_a_failing_message_is_tried_ever_later_and_then_given_up(world: SimpleNamespace) -> None:
    put(world, "a")
    now, tries = world.now, 0
    for _ in range(outbox.MAX_ATTEMPTS + 3):
        with transaction():
            for message in outbox.claim(now=now, limit=1):
                tries += 1
                outbox.failed(message, error="unreachable", now=now)
        now += timedelta(hours=2)
    assert tries == outbox.MAX_ATTEMPTS
    with reading():
        assert dead_messages.count() == 1


def test_a_message_has_one_key(world: SimpleNamespace) -> None:
    put(world, "a")
    with pytest.raises(IntegrityError):
        put(world, "a")
