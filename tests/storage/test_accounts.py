"""Accounts, their roles and sessions, and how failures to log in are counted."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from service.domain.roles import Role
from service.storage import accounts
from service.storage.db import execute, reading, transaction
from tests.storage.test_db import in_threads

WINDOW = timedelta(minutes=15)


@pytest.mark.requirement("R-025")
@pytest.mark.parametrize("org_id", [2, None])
def test_a_role_is_granted_once(world: SimpleNamespace, org_id: int | None) -> None:
    with transaction():
        accounts.grant(world.account, Role.AUDITOR, org_id=org_id)
        accounts.grant(world.account, Role.SYSTEM_ADMIN, org_id=org_id)
    with pytest.raises(IntegrityError), transaction():
        accounts.grant(world.account, Role.AUDITOR, org_id=org_id)


@pytest.mark.requirement("R-024")
def test_the_default_role_comes_first(world: SimpleNamespace) -> None:
    with transaction():
        accounts.grant(world.account, Role.BRANCH_ADMIN, org_id=2)
        accounts.grant(world.account, Role.LIAISON, org_id=3, is_default=True)
    with reading():
        found = accounts.grants_of(world.account)
    assert [(each.role, each.org_code) for each in found] == [(Role.LIAISON, "B"), (Role.BRANCH_ADMIN, "A")]


def test_a_session_is_stored_under_the_digest_of_its_token(world: SimpleNamespace) -> None:
    with transaction():
        grant = accounts.grant(world.account, Role.BRANCH_ADMIN, org_id=2)
        accounts.open_session("token", account_id=world.account, grant_id=grant, csrf="c", now=world.now)
        accounts.seen("token", now=world.now + WINDOW)
    with reading():
        found = accounts.session("token")
        assert accounts.session("other") is None
        stored = " ".join(str(row) for row in execute(sa.select(accounts.sessions)))
    assert found is not None
    assert (found[0].seen_at, found[1], found[2]) == (world.now + WINDOW, Role.BRANCH_ADMIN, "A")
    assert "'token'" not in stored
    with transaction():
        accounts.close_session("token")
        assert accounts.session("token") is None


def test_attempts_are_counted_within_a_window_and_forgotten(world: SimpleNamespace) -> None:
    def attempt(after: timedelta = timedelta()) -> int:
        with transaction():
            return accounts.count_attempt("account", now=world.now + after, window=WINDOW)

    assert [attempt(), attempt(), attempt(WINDOW), attempt(WINDOW + timedelta(seconds=1))] == [1, 2, 3, 1]
    with transaction():
        accounts.forget_failures("account")
    assert attempt() == 1


def test_an_attempt_that_succeeded_is_taken_back(world: SimpleNamespace) -> None:
    with transaction():
        accounts.count_attempt("address", now=world.now, window=WINDOW)
        accounts.uncount_attempt("address")
        assert accounts.count_attempt("address", now=world.now, window=WINDOW) == 1


def test_attempts_at_the_same_moment_all_count(world: SimpleNamespace) -> None:
    def attempt() -> int:
        with transaction():
            return accounts.count_attempt("account", now=world.now, window=WINDOW)

    assert sorted(in_threads(world.app, attempt)) == list(range(1, 9))
