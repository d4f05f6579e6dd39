"""An encrypted, compressed file that is written and read in one go, however large it is.

The content is cut into pieces; each is sealed with AES-256-GCM under a key of this file alone. The number of a piece
and whether it is the last one are part of its nonce: pieces that are exchanged, missing or cut off are noticed.
"""

import os
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.errors import Refused

MAGIC = b"zhuanjie backup 1\n"
PIECE_BYTES = 1 << 20
_SALT_BYTES = 16
_TAG_BYTES = 16
_COMPRESSION = 3

KeyOf = Callable[[bytes], bytes]
"""Gives the 32 bytes of the key that belongs to a salt."""


def write(pieces: Iterator[bytes], file: BinaryIO, *, key_of: KeyOf) -> None:
    """Compress, seal and write a content."""
    salt = os.urandom(_SALT_BYTES)
    cipher = AESGCM(key_of(salt))
    file.write(MAGIC + salt)
    number, waiting = 0, b""
    for part in _packed(pieces):
        waiting += part
        while len(waiting) > PIECE_BYTES:
            file.write(cipher.encrypt(_nonce(number, is_last=False), waiting[:PIECE_BYTES], salt))
            number, waiting = number + 1, waiting[PIECE_BYTES:]
    file.write(cipher.encrypt(_nonce(number, is_last=True), waiting, salt))


def read(file: BinaryIO, *, key_of: KeyOf) -> Iterator[bytes]:
    """The content again; refuses E_BACKUP_INVALID for what is no backup, is damaged or was sealed with another key."""
    if file.read(len(MAGIC)) != MAGIC:
        raise invalid("不是本系统的备份文件", "it is no backup of this program")
    salt = file.read(_SALT_BYTES)
    cipher = AESGCM(key_of(salt))
    unpack = zlib.decompressobj()
    try:
        for number, piece, is_last in _sealed_pieces(file):
            yield from _unpacked(unpack, cipher.decrypt(_nonce(number, is_last=is_last), piece, salt))
        yield unpack.flush()
    except (InvalidTag, zlib.error) as error:
        raise invalid("文件已损坏，或密钥不符", "it is damaged, or sealed with another key") from error
    if not unpack.eof:
        raise invalid("文件不完整", "it is cut off")


def invalid(zh: str, en: str) -> Refused:
    """The refusal of a file that cannot be trusted."""
    return Refused("E_BACKUP_INVALID", detail_zh=zh, detail_en=en)


def _packed(pieces: Iterator[bytes]) -> Iterator[bytes]:
    pack = zlib.compressobj(_COMPRESSION)
    for piece in pieces:
        yield pack.compress(piece)
    yield pack.flush()


def _unpacked(unpack: Any, packed: bytes) -> Iterator[bytes]:
    """A piece unpacked bit by bit: one of zeros would be a thousand times as large."""
    while packed:
        yield unpack.decompress(packed, PIECE_BYTES)
        packed = unpack.unconsumed_tail


def _sealed_pieces(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    size = PIECE_BYTES + _TAG_BYTES
    number, piece = 0, file.read(size)
    while True:
        following = file.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if is_last else b"\0")
