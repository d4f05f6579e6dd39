"""Files that are two things at once: a reader of another kind would take them for its own.

A document is told by its beginning, an archive by its end, a page by what stands near its beginning; so one file can be
all three. Only what such a reader would really accept is refused: the same bytes deep inside a scan mean nothing.
"""

import struct

from service.uploads.mismatch import Mismatch

_SNIFFED = 1024
_MARKUP = (b"<html", b"<!doctype html", b"<script", b"<svg", b"<iframe", b"<body", b"<?php")
_ARCHIVE_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 0xFFFF
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\xff\xd8\xff", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"MZ", "exe"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
)


def looks_like(content: bytes) -> str:
    """What the first bytes pretend to be, for the sentence of a refusal; "?" when nothing is known."""
    return next((name for magic, name in _MAGIC if content.startswith(magic)), "?")


def refuse_disguises(content: bytes, *, is_pdf: bool = False, is_archive: bool = False) -> None:
    """Raise Mismatch when another kind of reader would accept the file as well."""
    head = content[:_SNIFFED].lower()
    if any(tag in head for tag in _MARKUP):
        raise Mismatch("文件开头含有网页代码", "markup of a web page stands at its beginning")
    if not is_pdf and b"%pdf-" in head:
        raise Mismatch("文件同时是 PDF", "it is a PDF as well")
    if not is_archive and _ends_as_archive(content):
        raise Mismatch("文件同时是压缩包", "it is an archive as well")


def _ends_as_archive(content: bytes) -> bool:
    """Whether an archive's directory ends exactly where the file ends."""
    tail = content[-(_END_BYTES + _LONGEST_COMMENT) :]
    place = tail.rfind(_ARCHIVE_END)
    while place >= 0:
        rest = len(tail) - place - _END_BYTES
        if rest >= 0 and struct.unpack_from("<H", tail, place + 20)[0] == rest:
            return True
        place = tail.rfind(_ARCHIVE_END, 0, place)
    return False
