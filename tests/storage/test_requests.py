"""The same request twice gets the same answer and has one effect."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from service.domain.errors import Refused
from service.storage.db import transaction
from service.storage.transfers import requests
from tests.storage.test_db import in_threads


def keep(world: SimpleNamespace, key: str = "key", at: datetime | None = None) -> None:
    answer = {"state": "IN_PROGRESS", "letter_no": None}
    requests.record(
        requests.Answered(
            account_id=world.account, key=key, body_digest="d", status=200, answer=answer, transfer_id=1,
            first_event=1, last_event=2, at=at or world.now,
        )
    )  # fmt: skip


def test_an_answer_is_found_by_account_and_key(world: SimpleNamespace) -> None:
    with transaction():
        assert requests.find(world.account, "key", "d") is None
        keep(world)
    with transaction():
        assert requests.find(world.account, "key", "d") == {"state": "IN_PROGRESS", "letter_no": None}
        assert requests.find(world.account + 1, "key", "d") is None


def test_a_key_used_for_another_content_is_refused(world: SimpleNamespace) -> None:
    with transaction():
        keep(world)
    with pytest.raises(Refused) as refusal, transaction():
        requests.find(world.account, "key", "other")
    assert refusal.value.code == "E_IDEMPOTENCY_REUSED"


def test_of_the_same_request_many_times_at_once_one_is_carried_out(world: SimpleNamespace) -> None:
    def ask() -> str:
        with transaction():
            if requests.find(world.account, "key", "d"):
                return "repeated"
            keep(world)
            return "done"

    assert sorted(in_threads(world.app, ask)) == ["done"] + ["repeated"] * 7


def test_answers_are_kept_for_thirty_days(world: SimpleNamespace) -> None:
    with transaction():
        keep(world, "old", at=world.now - timedelta(days=31))
        keep(world, "new", at=world.now - timedelta(days=29))
        assert requests.forget(world.now) == 1
        assert requests.find(world.account, "new", "d") is not None
