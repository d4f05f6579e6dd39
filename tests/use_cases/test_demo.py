"""The demonstration as a whole, on both databases: what it holds, and that it is built once, finished or not at all."""

import stat
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.bootstrap import build
from service.config import Settings
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.storage.accounts import accounts
from service.storage.db import execute, reading, transaction
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.transfers import history, transfers
from service.storage.vault import make_key_file
from service.use_cases.accounts.caller import Caller
from service.use_cases.accounts.log_in import Credentials, log_in
from service.use_cases.demo import build_demo as demo
from service.use_cases.demo import logins, stories
from service.use_cases.deployment import Deployment
from tests.support.applications import storing

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DATABASE = "sqlite:////somewhere.db"


@pytest.fixture
def deployment(migrated_url: str, tmp_path: Path) -> Iterator[Deployment]:
    key_file = tmp_path / "keys" / "master.key"
    make_key_file(key_file)
    settings = Settings(data=tmp_path, database_url=migrated_url, key_file=key_file, profile="fujian")
    with storing(migrated_url):
        yield build(settings)


def built(deployment: Deployment, data: Path) -> tuple[logins.LogIn, ...]:
    return demo.build_demo(data=data, database=DATABASE, now=NOW, deployment=deployment, say=lambda _: None)


def test_the_demonstration(deployment: Deployment, tmp_path: Path) -> None:
    known = built(deployment, tmp_path)
    with reading():
        assert organisations.count() > 19_000
        assert organisations.roots() == 1
        assert members.count() == 3_000
        found = Counter(row[0] for row in execute(transfers.table.select().with_only_columns(transfers.table.c.status)))
        assert found == {"IN_PROGRESS": 5, "COMPLETED": 2}
        assert execute(history.table.select()).first() is not None
    check_log_ins(known, deployment)
    mode = stat.S_IMODE((tmp_path / logins.FILE).stat().st_mode)
    assert mode == 0o600
    before = accounts_and_transfers()
    assert built(deployment, tmp_path) == known
    assert accounts_and_transfers() == before


def check_log_ins(known: tuple[logins.LogIn, ...], deployment: Deployment) -> None:
    assert len(known) >= 12
    assert len({each.password for each in known}) == len(known)
    roles = set()
    for each in known:
        given = Credentials(each.login, each.password)
        session = log_in(given, caller=Caller(), now=NOW, deployment=deployment).session
        roles |= {grant.role for grant in session.grants}
    assert {Role.LIAISON, Role.SYSTEM_ADMIN, Role.AUDITOR} <= roles


def accounts_and_transfers() -> tuple[int, int]:
    with reading():
        return accounts.count(), len(execute(transfers.table.select()).all())


def test_an_interrupted_demonstration_is_finished(
    deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(demo, "_open_accounts", interrupted)
        with pytest.raises(KeyboardInterrupt):
            built(deployment, tmp_path)
    half = logins.read_kept(tmp_path, database=DATABASE)
    assert half is not None
    assert not half.is_finished
    known = built(deployment, tmp_path)
    assert [each.password for each in known] == [each.password for each in half.logins]
    assert accounts_and_transfers()[1] == len(stories.STORIES)


def test_a_database_with_other_data_is_refused(deployment: Deployment, tmp_path: Path) -> None:
    with transaction():
        accounts.add(login_index="x", name="某人", password_hash=None)
    with pytest.raises(Refused) as refused:
        built(deployment, tmp_path)
    assert refused.value.code == "E_IMPORT_NOT_EMPTY"
    assert not (tmp_path / logins.FILE).exists()


def test_log_ins_of_another_database_are_not_shown(tmp_path: Path) -> None:
    logins.keep(tmp_path, logins.Kept(logins.mark_of(DATABASE), True, ()))
    assert logins.read_kept(tmp_path, database=DATABASE) is not None
    assert logins.read_kept(tmp_path, database="postgresql://other") is None
