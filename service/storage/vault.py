"""The keys: identity numbers and telephones are stored as ciphertext and found through a keyed index (R-038).

One key file of mode 600, outside the database, holds the master key. From it come the key that wraps each
person's own data key, and the key of the index. A person's data key seals what is recorded about him.
"""

import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.domain.errors import Refused

_KEY_BYTES = 32
_NONCE_BYTES = 12
_OPEN_MODE_BITS = 0o077
_FILE_KEY = b"file key"


class Vault:
    """Encrypts, decrypts and indexes with the keys of one deployment; it serves all threads."""

    def __init__(self, master: bytes, file: Path | None = None) -> None:
        self._file_of_keys = file
        self._wrapping = AESGCM(_derive(master, b"zhuanjie person keys 1"))
        self._index_key = _derive(master, b"zhuanjie index 1")
        self._backup_key = _derive(master, b"zhuanjie backups 1")
        self._secrets = AESGCM(_derive(master, b"zhuanjie account secrets 1"))
        self._open_key = lru_cache(maxsize=50_000)(self._unwrap)

    def __reduce__(self) -> tuple[Callable[[Path], "Vault"], tuple[Path]]:
        """To other processes of ours goes where the key file is, never a key."""
        if self._file_of_keys is None:
            raise TypeError("these keys came from no file")
        return _opened_once, (self._file_of_keys,)

    def index(self, text: str) -> str:
        """The keyed index of an identity number or a telephone, in hex; equal texts have equal indexes."""
        return hmac.digest(self._index_key, text.encode(), "sha256").hex()

    def new_person_key(self) -> bytes:
        """A new data key of a person, wrapped for storage."""
        return _encrypt(self._wrapping, os.urandom(_KEY_BYTES))

    def seal_new(self, *texts: str) -> tuple[bytes, list[bytes | None]]:
        """Encrypt what is known of a new person: his new key, wrapped, and each text; of an empty one nothing is kept."""
        # All that has to be random at once: each question to the system costs more than what it is asked for.
        chance = memoryview(os.urandom(_KEY_BYTES + _NONCE_BYTES * (1 + len(texts))))
        plain_key, *nonces = bytes(chance[:_KEY_BYTES]), *_nonces(chance[_KEY_BYTES:])
        own = AESGCM(plain_key)
        sealed = [
            nonce + own.encrypt(nonce, text.encode(), None) if text else None
            for nonce, text in zip(nonces[1:], texts, strict=True)
        ]
        return nonces[0] + self._wrapping.encrypt(nonces[0], plain_key, None), sealed

    def seal_text(self, wrapped: bytes, text: str) -> bytes:
        """Encrypt a text under a person's key."""
        return _encrypt(self._open_key(wrapped), text.encode())

    def open_text(self, wrapped: bytes, sealed: bytes) -> str:
        """Decrypt a text of a person."""
        return _decrypt(self._open_key(wrapped), sealed).decode()

    def seal(self, wrapped: bytes, values: Mapping[str, Any]) -> bytes:
        """Encrypt plain JSON values under a person's key."""
        return self.seal_text(wrapped, json.dumps(values, ensure_ascii=False, separators=(",", ":")))

    def open(self, wrapped: bytes, sealed: bytes | None) -> dict[str, Any]:
        """Decrypt plain JSON values of a person; nothing sealed is {}."""
        return dict(json.loads(self.open_text(wrapped, sealed))) if sealed else {}

    def new_file_key(self) -> bytes:
        """A new key of a file that belongs to nobody yet, wrapped for storage."""
        return _encrypt(self._wrapping, os.urandom(_KEY_BYTES), _FILE_KEY)

    def hand_over(self, file_key: bytes, *, owner: bytes) -> bytes:
        """The same key wrapped under a person's: from now on the file is read with his alone."""
        return _encrypt(self._open_key(owner), _decrypt(self._wrapping, file_key, _FILE_KEY), _FILE_KEY)

    def seal_file(self, file_key: bytes, content: bytes, *, name: str, owner: bytes | None = None) -> bytes:
        """Encrypt a part of a file; it can be read only as the one of this name."""
        return _encrypt(self._file(file_key, owner), content, name.encode())

    def open_file(self, file_key: bytes, sealed: bytes, *, name: str, owner: bytes | None = None) -> bytes:
        """Decrypt a part of a file; `owner` is the wrapped key of the person to whom the file belongs."""
        return _decrypt(self._file(file_key, owner), sealed, name.encode())

    def seal_secret(self, text: str, *, name: str) -> bytes:
        """Encrypt a secret of an account; it can be read only as the one of this name."""
        return _encrypt(self._secrets, text.encode(), name.encode())

    def open_secret(self, sealed: bytes, *, name: str) -> str:
        """Decrypt a secret of an account."""
        return _decrypt(self._secrets, sealed, name.encode()).decode()

    def backup_key(self, salt: bytes) -> bytes:
        """The 32 bytes that seal the backup file with this salt; they stand in no database and in no backup (R-226)."""
        return HKDF(hashes.SHA256(), _KEY_BYTES, salt=salt, info=b"zhuanjie backup file 1").derive(self._backup_key)

    def require_own(self, wrapped: bytes) -> None:
        """Refuse E_SETTING_INVALID unless this person's key was wrapped here."""
        self._unwrap(wrapped)

    def _unwrap(self, wrapped: bytes) -> AESGCM:
        return AESGCM(_decrypt(self._wrapping, wrapped))

    def _file(self, file_key: bytes, owner: bytes | None) -> AESGCM:
        wrapping = self._wrapping if owner is None else self._open_key(owner)
        return AESGCM(_decrypt(wrapping, file_key, _FILE_KEY))


def open_vault(path: Path) -> Vault:
    """Read the key file; refuses E_SETTING_INVALID when it is missing, open to others or damaged."""
    if not path.exists():
        raise _refused(path, "文件不存在", "it does not exist")
    if path.stat().st_mode & _OPEN_MODE_BITS:
        raise _refused(path, "权限应为 600", "its mode must be 600")
    master = path.read_bytes()
    if len(master) != _KEY_BYTES:
        raise _refused(path, f"应为 {_KEY_BYTES} 字节", f"it must have {_KEY_BYTES} bytes")
    return Vault(master, path.absolute())


@cache
def _opened_once(path: Path) -> Vault:
    return open_vault(path)


def make_key_file(path: Path) -> None:
    """Make a key file of mode 600 unless there is one."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(_KEY_BYTES))


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), _KEY_BYTES, salt=None, info=purpose).derive(master)


def _nonces(chance: memoryview) -> Iterator[bytes]:
    return (bytes(chance[first : first + _NONCE_BYTES]) for first in range(0, len(chance), _NONCE_BYTES))


def _encrypt(key: AESGCM, plain: bytes, bound_to: bytes | None = None) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + key.encrypt(nonce, plain, bound_to)


def _decrypt(key: AESGCM, sealed: bytes, bound_to: bytes | None = None) -> bytes:
    try:
        return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except InvalidTag as error:
        raise Refused(
            "E_SETTING_INVALID",
            field="ZHUANJIE_KEY_FILE",
            detail_zh="密钥与数据库不符",
            detail_en="the key does not fit the database",
        ) from error


def _refused(path: Path, zh: str, en: str) -> Refused:
    return Refused("E_SETTING_INVALID", field="ZHUANJIE_KEY_FILE", detail_zh=f"{path} {zh}", detail_en=f"{path}: {en}")
