"""Backups: whole under load, encrypted, restored only into an empty place; and the backup of each night (R-226)."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.domain.errors import Refused
from service.storage.backups import runs, sealed_file
from service.storage.db import db, reading
from service.storage.transfers import history, transfers
from service.storage.vault import Vault
from service.use_cases.outbox.channels import NO_CHANNELS
from service.use_cases.upkeep import nightly_backup as nightly
from service.use_cases.upkeep.back_up import Database, back_up, read_backup
from service.use_cases.upkeep.nightly_backup import Plan, nightly_backup
from service.use_cases.upkeep.restore_backup import restore_backup
from tests.reference.seeding import VAULT, World
from tests.support.applications import storing
from tests.support.databases import Databases
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import submit

pytestmark = pytest.mark.requirement("R-226")
NOW = datetime(2025, 3, 10, 19, 0, tzinfo=UTC)  # three in the morning of the eleventh
OTHER = Vault(bytes(32))


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world("shandong")


def database_of(url: str) -> Database:
    return Database(url, Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None)


def here() -> Database:
    return database_of(db.engine.url.render_as_string(hide_password=False))


@pytest.fixture
def empty(databases_of_session: Databases, database_kind: str) -> Iterator[Database]:
    """An empty place: no file, or a database without a table."""
    with databases_of_session.empty(database_kind) as url:
        found = database_of(url)
        if found.file:
            found.file.unlink(missing_ok=True)
        yield found


def test_a_restored_backup_holds_every_transfer_with_its_history(world: World, empty: Database, tmp_path: Path) -> None:
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    played.forward()
    made = back_up(here(), tmp_path, vault=VAULT, now=NOW)
    assert made.name == "zhuanjie-20250310T190000Z.backup"
    assert made.stat().st_mode & 0o077 == 0
    manifest = restore_backup(made, empty, vault=VAULT)
    assert manifest.contents.rows["transfers"] == 1
    expected = played.stored
    with storing(empty.url), reading():
        assert transfers.get(played.id) == expected
        assert history.first_fault(played.id) is None
    assert [path.name for path in tmp_path.iterdir()] == [made.name]


def test_under_load_every_acknowledged_transfer_is_in_the_backup(world: World, empty: Database, tmp_path: Path) -> None:
    acknowledged: list[int] = []
    is_enough = threading.Event()

    def work() -> None:
        assert world.app
        with world.app.app_context():
            while not is_enough.is_set():
                acknowledged.append(submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").forward().id)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        while len(acknowledged) < 5:
            pass
        before = list(acknowledged)
        made = back_up(here(), tmp_path, vault=VAULT, now=NOW)
    finally:
        is_enough.set()
        worker.join()
    restore_backup(made, empty, vault=VAULT)
    with storing(empty.url), reading():
        assert {transfers.get(each).version for each in before} == {2}
        assert all(history.first_fault(each) is None for each in before)


def test_nothing_readable_is_in_the_file(world: World, tmp_path: Path) -> None:
    made = back_up(here(), tmp_path, vault=VAULT, now=NOW)
    content = made.read_bytes()
    assert "柳溪".encode() not in content
    assert b"transfers" not in content
    with pytest.raises(Refused, match="E_BACKUP_INVALID"):
        read_backup(made, vault=OTHER)


@pytest.mark.parametrize("change", ["flipped", "cut", "empty", "longer", "other"])
def test_a_damaged_file_is_refused_and_restores_nothing(
    world: World, empty: Database, tmp_path: Path, change: str
) -> None:
    made = back_up(here(), tmp_path, vault=VAULT, now=NOW)
    content = bytearray(made.read_bytes())
    content[len(content) // 2] ^= change == "flipped"
    damaged = {
        "flipped": content, "cut": content[:-100], "empty": b"", "longer": content + b"x", "other": b"PK" + content,
    }[change]  # fmt: skip
    made.write_bytes(damaged)
    with pytest.raises(Refused, match="E_BACKUP_INVALID"):
        restore_backup(made, empty, vault=VAULT)
    if empty.file:
        assert not empty.file.exists()
        assert [path for path in empty.file.parent.iterdir() if path.name.startswith(".restoring")] == []
    else:
        restore_backup(back_up(here(), tmp_path / "again", vault=VAULT, now=NOW), empty, vault=VAULT)


def test_exchanged_pieces_are_noticed(tmp_path: Path) -> None:
    noise = [os.urandom(1 << 20) for _ in range(4)]  # it cannot be compressed: several pieces come out
    file = tmp_path / "sealed"
    with file.open("wb") as out:
        sealed_file.write(iter(noise), out, key_of=VAULT.backup_key)
    with file.open("rb") as found:
        assert b"".join(sealed_file.read(found, key_of=VAULT.backup_key)) == b"".join(noise)
    content = file.read_bytes()
    size, start = sealed_file.PIECE_BYTES + 16, len(sealed_file.MAGIC) + 16
    first, second = content[start : start + size], content[start + size : start + 2 * size]
    file.write_bytes(content[:start] + second + first + content[start + 2 * size :])
    with file.open("rb") as found, pytest.raises(Refused, match="E_BACKUP_INVALID"):
        list(sealed_file.read(found, key_of=VAULT.backup_key))


def test_nothing_is_restored_over_a_database(world: World, tmp_path: Path) -> None:
    made = back_up(here(), tmp_path, vault=VAULT, now=NOW)
    with pytest.raises(Refused, match="E_RESTORE_NOT_EMPTY"):
        restore_backup(made, here(), vault=VAULT)


def test_a_copy_that_differs_gets_no_name(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_file, "write", lambda _, file, **__: file.write(b""))
    with pytest.raises(Refused, match="E_BACKUP_INVALID"):
        back_up(here(), tmp_path, vault=VAULT, now=NOW)
    assert list(tmp_path.iterdir()) == []


def test_older_backups_make_room(world: World, tmp_path: Path) -> None:
    made = [back_up(here(), tmp_path, vault=VAULT, now=NOW + timedelta(days=n), keep=2) for n in range(3)]
    assert sorted(tmp_path.iterdir()) == made[1:]


def plan(folder: Path) -> Plan:
    return Plan(here(), folder, hour=2, keep=14)


def test_each_night_one_worker_makes_the_backup(world: World, tmp_path: Path) -> None:
    early = NOW - timedelta(hours=2)
    assert nightly_backup(plan(tmp_path), vault=VAULT, channels=NO_CHANNELS, now=early) is None
    made = [nightly_backup(plan(tmp_path), vault=VAULT, channels=NO_CHANNELS, now=NOW) for _ in range(3)]
    assert [path is not None for path in made] == [True, False, False]
    with reading():
        run = runs.latest(went_well=True)
    assert run is not None
    assert run.file == str(made[0])
    tomorrow = NOW + timedelta(days=1)
    assert nightly_backup(plan(tmp_path), vault=VAULT, channels=NO_CHANNELS, now=tomorrow) is not None


def test_a_failed_backup_is_told_to_the_system_administrators(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(nightly, "raise_alarm", lambda kind, **_: told.append(kind.value))
    blocked = tmp_path / "a file"
    blocked.write_text("no folder")
    assert nightly_backup(plan(blocked), vault=VAULT, channels=NO_CHANNELS, now=NOW) is None
    assert told == ["backup_failed"]
    with reading():
        run = runs.latest()
    assert run is not None
    assert not run.went_well
    soon, later = NOW + timedelta(minutes=30), NOW + timedelta(minutes=61)
    assert nightly_backup(plan(tmp_path), vault=VAULT, channels=NO_CHANNELS, now=soon) is None
    assert nightly_backup(plan(tmp_path), vault=VAULT, channels=NO_CHANNELS, now=later) is not None


def test_a_backup_whose_worker_died_is_made_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(nightly, "back_up", die)
        nightly_backup(plan(tmp_path), vault=VAULT, channels=NO_CHANNELS, now=NOW - timedelta(minutes=30))
    assert nightly_backup(plan(tmp_path), vault=VAULT, channels=NO_CHANNELS, now=NOW) is None
    late = NOW + timedelta(hours=6)
    assert nightly_backup(plan(tmp_path), vault=VAULT, channels=NO_CHANNELS, now=late) is not None
