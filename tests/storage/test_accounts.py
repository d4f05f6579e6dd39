"""Accounts, their roles and sessions, and how failures to log in are counted."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.storage.accounts import accounts, grants, limits
from service.storage.accounts.accounts import NewSession
from service.storage.accounts.grants import NewGrant
from service.storage.db import execute, reading, transaction
from tests.storage.test_db import in_threads

WINDOW = timedelta(minutes=15)


@pytest.mark.requirement("R-025")
@pytest.mark.parametrize("org_id", [2, None])
def test_a_role_is_granted_once(world: SimpleNamespace, org_id: int | None) -> None:
    with transaction():
        grants.add(NewGrant(world.account, Role.AUDITOR, org_id))
        grants.add(NewGrant(world.account, Role.PROCESS_DESIGNER, org_id))
    with pytest.raises(Refused, match="E_ROLE_DUPLICATE"), transaction():
        grants.add(NewGrant(world.account, Role.AUDITOR, org_id))


def test_the_three_administrators_are_kept_apart(world: SimpleNamespace) -> None:
    with transaction():
        grants.add(NewGrant(world.account, Role.SYSTEM_ADMIN, None))
    for other in (Role.AUDITOR, Role.SECURITY_OFFICER):
        with pytest.raises(Refused, match="E_FORBIDDEN"), transaction():
            grants.add(NewGrant(world.account, other, 2))
        values = {"account_id": world.account, "role": other.value, "org_id": 2, "is_default": False}
        with pytest.raises(IntegrityError, match="separated administrators"), transaction():
            execute(sa.insert(grants.table).values(**values))
    with pytest.raises(IntegrityError, match="separated administrators"), transaction():
        execute(sa.update(grants.table).values(role=Role.AUDITOR.value))
    with reading():
        assert [each.role for each in grants.of_account(world.account)] == [Role.SYSTEM_ADMIN]


def test_a_new_default_takes_the_place_of_the_old_one(world: SimpleNamespace) -> None:
    with transaction():
        first = grants.add(NewGrant(world.account, Role.BRANCH_ADMIN, 2, is_default=True))
        grants.add(NewGrant(world.account, Role.LIAISON, 3, is_default=True))
        grants.change(first, is_default=False, division="党务", valid_until=None)
        found = {each.role: each for each in grants.of_account(world.account)}
    assert [role for role, each in found.items() if each.is_default] == [Role.LIAISON]
    assert found[Role.BRANCH_ADMIN].division == "党务"


@pytest.mark.requirement("R-024")
def test_the_default_role_comes_first(world: SimpleNamespace) -> None:
    with transaction():
        grants.add(NewGrant(world.account, Role.BRANCH_ADMIN, 2))
        grants.add(NewGrant(world.account, Role.LIAISON, 3, is_default=True))
    with reading():
        found = grants.of_account(world.account)
    assert [(each.role, each.org_code) for each in found] == [(Role.LIAISON, "B"), (Role.BRANCH_ADMIN, "A")]


def test_a_session_is_stored_under_the_digest_of_its_token(world: SimpleNamespace) -> None:
    with transaction():
        grant = grants.add(NewGrant(world.account, Role.BRANCH_ADMIN, 2))
        accounts.open_session("token", NewSession(world.account, grant, "c"), now=world.now)
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
            return limits.count("account", now=world.now + after, window=WINDOW)

    assert [attempt(), attempt(), attempt(WINDOW), attempt(WINDOW + timedelta(seconds=1))] == [1, 2, 3, 1]
    with transaction():
        limits.forget("account")
    assert attempt() == 1


def test_an_attempt_that_succeeded_is_taken_back(world: SimpleNamespace) -> None:
    with transaction():
        limits.count("address", now=world.now, window=WINDOW)
        limits.uncount("address")
        assert limits.count("address", now=world.now, window=WINDOW) == 1


def test_attempts_at_the_same_moment_all_count(world: SimpleNamespace) -> None:
    def attempt() -> int:
        with transaction():
            return limits.count("account", now=world.now, window=WINDOW)

    assert sorted(in_threads(world.app, attempt)) == list(range(1, 9))
