"""Backups in the hands of others: changed, cut, mixed, renamed, or something else altogether (R-226)."""

import gzip
import io
import os
import sqlite3
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.domain.errors import Refused
from service.storage.backups import sealed_file
from service.storage.vault import Vault
from service.use_cases.upkeep.back_up import Database, back_up, read_backup
from service.use_cases.upkeep.restore_backup import restore_backup
from tests.reference.seeding import VAULT

pytestmark = pytest.mark.requirement("R-226")
HEAD = len(sealed_file.MAGIC) + 16
SMALL = 64
CONTENT = os.urandom(700)
NOW = datetime(2025, 3, 10, 19, 0, tzinfo=UTC)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_file, "PIECE_BYTES", SMALL)


def sealed(content: bytes = CONTENT) -> bytes:
    file = io.BytesIO()
    sealed_file.write(iter([content]), file, key_of=VAULT.backup_key)
    return file.getvalue()


def pieces(content: bytes) -> list[bytes]:
    size = SMALL + 16
    return [content[at : at + size] for at in range(HEAD, len(content), size)]


def require_refused(content: bytes, vault: Vault = VAULT) -> None:
    read = b""
    with pytest.raises(Refused, match="E_BACKUP_INVALID"):
        for piece in sealed_file.read(io.BytesIO(content), key_of=vault.backup_key):
            read += piece
    assert CONTENT.startswith(read), "nothing that was changed is handed out, not even before the refusal"


@pytest.mark.usefixtures("small_pieces")
def test_no_byte_can_be_changed_and_no_end_cut_off() -> None:
    whole = sealed()
    assert b"".join(sealed_file.read(io.BytesIO(whole), key_of=VAULT.backup_key)) == CONTENT
    for place in range(len(whole)):
        require_refused(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        require_refused(whole[:place])
    require_refused(whole + b"\0")


@pytest.mark.usefixtures("small_pieces")
def test_pieces_cannot_be_exchanged_left_out_repeated_or_taken_from_another() -> None:
    whole, other = sealed(), sealed()
    head, own, others = whole[:HEAD], pieces(whole), pieces(other)
    assert len(own) > 10
    for number in range(len(own)):
        require_refused(head + b"".join(own[:number] + own[number + 1 :]))
        require_refused(head + b"".join([*own[:number], own[number], *own[number:]]))
        require_refused(head + b"".join([*own[:number], others[number], *own[number + 1 :]]))
        swapped = list(own)
        swapped[number], swapped[number - 1] = swapped[number - 1], swapped[number]
        require_refused(head + b"".join(swapped))
    require_refused(other[:HEAD] + b"".join(own))


def test_the_backup_of_another_installation_is_none() -> None:
    require_refused(sealed(), Vault(os.urandom(32)))


def test_what_unpacks_to_a_thousand_times_its_size_does_so_bit_by_bit() -> None:
    packed = sealed(bytes(200 * 1024 * 1024))
    assert len(packed) < 1024 * 1024
    tracemalloc.start()
    try:
        assert sum(map(len, sealed_file.read(io.BytesIO(packed), key_of=VAULT.backup_key))) == 200 * 1024 * 1024
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """A small database with what a backup looks at."""
    file = tmp_path / "from" / "zhuanjie.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE transfers (id INTEGER PRIMARY KEY, last_seq INTEGER, last_hash TEXT)")
        connection.execute("INSERT INTO transfers VALUES (1, 2, 'a')")
        connection.commit()
    return Database(f"sqlite:///{file}", file)


def place(tmp_path: Path) -> Database:
    file = tmp_path / "to" / "zhuanjie.db"
    return Database(f"sqlite:///{file}", file)


def test_an_old_one_does_not_pass_for_the_newest(database: Database, tmp_path: Path) -> None:
    old = back_up(database, tmp_path / "backups", vault=VAULT, now=NOW)
    new = back_up(database, tmp_path / "backups", vault=VAULT, now=NOW + timedelta(days=1))
    old.replace(new)
    for read in (read_backup, lambda path, vault: restore_backup(path, place(tmp_path), vault=vault)):
        with pytest.raises(Refused, match="E_BACKUP_INVALID") as refusal:
            read(new, vault=VAULT)
        assert "2025-03-10T19:00:00Z" in refusal.value.message_zh
    assert not place(tmp_path).file.exists()
    plain = new.rename(new.with_name("found on a stick"))
    assert restore_backup(plain, place(tmp_path), vault=VAULT).at == "2025-03-10T19:00:00Z"


def zipped(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr(name, b"evil")
    return target.getvalue()


def tarred(name: str) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as file:
        file.addfile(tarfile.TarInfo(name), io.BytesIO())
    return target.getvalue()


STRANGE: dict[str, Callable[[Path], bytes]] = {
    "an archive that leads out": lambda _: zipped("../../evil"),
    "one that leads to the root": lambda _: tarred("/evil"),
    "a bomb": lambda _: gzip.compress(bytes(50 * 1024 * 1024)),
    "a bare database": lambda file: file.read_bytes(),
    "a dump": lambda _: b"PGDMP\x01\x0e\x00" + bytes(1000),
    "the head alone": lambda _: sealed_file.MAGIC,
    "the head of another version": lambda _: sealed_file.MAGIC.replace(b"1", b"2") + bytes(1000),
    "a head and nothing true": lambda _: sealed_file.MAGIC + os.urandom(3000),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_backup_leaves_no_trace(kind: str, database: Database, tmp_path: Path) -> None:
    assert database.file is not None
    given, to = tmp_path / "given", place(tmp_path)
    given.write_bytes(STRANGE[kind](database.file))
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(Refused, match="E_BACKUP_INVALID"):
        restore_backup(given, to, vault=VAULT)
    assert sorted(tmp_path.rglob("*")) in (before, sorted([*before, to.file.parent]))


def test_the_name_of_the_file_leads_nowhere_else(database: Database, tmp_path: Path) -> None:
    """A link in place of the database is not followed, and what it points at is not written over."""
    made = back_up(database, tmp_path / "backups", vault=VAULT, now=NOW)
    victim, to = tmp_path / "victim", place(tmp_path)
    assert to.file is not None
    to.file.parent.mkdir()
    victim.write_bytes(b"precious")
    to.file.symlink_to(victim)
    with pytest.raises(Refused, match="E_RESTORE_NOT_EMPTY"):
        restore_backup(made, to, vault=VAULT)
    assert victim.read_bytes() == b"precious"
