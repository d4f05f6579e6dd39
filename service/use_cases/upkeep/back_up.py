"""Make a backup: copy, check, seal, read back; only then does it get its name (R-226)."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from service.domain.errors import Refused
from service.storage import migrate
from service.storage.backups import postgresql_dump, sealed_file, sqlite_copy
from service.storage.backups.contents import Contents
from service.storage.vault import Vault

FORMAT = 1
SUFFIX = ".backup"
_NAME, _IN_NAMES = "zhuanjie-", "%Y%m%dT%H%M%SZ"
_TOLD = re.compile(rf"{_NAME}(\d{{8}}T\d{{6}}Z)")
_LENGTH_BYTES = 4
_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; `digest` is the SHA-256 of the copy, `size` its bytes."""

    kind: str
    at: str
    schema: str
    size: int
    digest: str
    contents: Contents


@dataclass(frozen=True, slots=True)
class Database:
    """What is backed up or restored: `file` is that of SQLite, None for PostgreSQL."""

    url: str
    file: Path | None

    @property
    def kind(self) -> str:
        """The kind of database; a backup goes back only into its own kind."""
        return "sqlite" if self.file else "postgresql"


def back_up(database: Database, folder: Path, *, vault: Vault, now: datetime, keep: int = 0) -> Path:
    """Make a backup and return its file; of older ones in the folder `keep` stay, 0 keeps all.

    Everything acknowledged before the start is in it. Refuses E_BACKUP_FAILED.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = folder / f"{_NAME}{now.astimezone(UTC):{_IN_NAMES}}{SUFFIX}"
    if wanted.exists():
        raise _failed(f"{wanted} 已存在", f"{wanted} exists")
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as work:
        copy, sealed = Path(work, "database"), Path(work, "sealed")
        manifest = _manifest(_copied(database, copy), database, copy, now)
        with sealed.open("wb") as file:
            sealed_file.write(_pieces(manifest, copy), file, key_of=vault.backup_key)
            file.flush()
            os.fsync(file.fileno())
        if read_backup(sealed, vault=vault) != manifest:
            raise _failed("写出的文件与数据库不符", "what was written is not what was copied")
        sealed.chmod(0o600)
        sealed.rename(wanted)
    _drop_old(folder, keep)
    return wanted


def read_backup(path: Path, *, vault: Vault, to: BinaryIO | None = None) -> Manifest:
    """Read a backup from beginning to end, and write the copy in it to a file; refuses E_BACKUP_INVALID.

    Also for one that bears the name of another night: an old one must not pass for the newest.
    """
    with path.open("rb") as file:
        pieces = sealed_file.read(file, key_of=vault.backup_key)
        manifest, first = _opening(pieces)
        digest, size = sha256(), 0
        for piece in chain((first,), pieces):
            digest.update(piece)
            size += len(piece)
            if to is not None:
                to.write(piece)
    if (size, digest.hexdigest()) != (manifest.size, manifest.digest):
        raise sealed_file.invalid("内容与其说明不符", "its content is not what it says")
    _require_own_name(path, manifest)
    return manifest


def _require_own_name(path: Path, manifest: Manifest) -> None:
    """A name that tells no moment says nothing; one that does must tell the true one."""
    told = _TOLD.match(path.name)
    if told and told[1] != f"{datetime.fromisoformat(manifest.at):{_IN_NAMES}}":
        raise sealed_file.invalid(f"备份时间为 {manifest.at}，与文件名不符", f"it was made {manifest.at}, not as named")


def _copied(database: Database, to: Path) -> Contents:
    if database.file is not None:
        sqlite_copy.copy(database.file, to)
        return sqlite_copy.examine(to)
    contents = postgresql_dump.dump(database.url, to)
    if different := contents.differences(postgresql_dump.examine(to, database.url)):
        names = ", ".join(different)
        raise _failed(f"转储不完整：{names}", f"the dump is not complete: {names}")
    return contents


def _manifest(contents: Contents, database: Database, copy: Path, now: datetime) -> Manifest:
    with copy.open("rb") as file:
        digest = sha256()
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
    moment = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Manifest(database.kind, moment, migrate.newest(), copy.stat().st_size, digest.hexdigest(), contents)


def _pieces(manifest: Manifest, copy: Path) -> Iterator[bytes]:
    said = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False).encode()
    yield len(said).to_bytes(_LENGTH_BYTES, "big") + said
    with copy.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _opening(pieces: Iterator[bytes]) -> tuple[Manifest, bytes]:
    """The manifest, and what came after it in the same piece."""
    known = b""
    for piece in pieces:
        known += piece
        length = int.from_bytes(known[:_LENGTH_BYTES], "big")
        if len(known) >= _LENGTH_BYTES + length > _LENGTH_BYTES:
            said: dict[str, Any] = json.loads(known[_LENGTH_BYTES : _LENGTH_BYTES + length])
            if said.pop("format") != FORMAT:
                break
            contents = Contents(**said.pop("contents"))
            return Manifest(contents=contents, **said), known[_LENGTH_BYTES + length :]
    raise sealed_file.invalid("格式版本不符", "its format is another one")


def _drop_old(folder: Path, keep: int) -> None:
    known = sorted(folder.glob(f"{_NAME}*{SUFFIX}"), reverse=True)
    for path in known[keep:] if keep else ():
        path.unlink()


def _failed(zh: str, en: str) -> Refused:
    return Refused("E_BACKUP_FAILED", detail_zh=zh, detail_en=en)
