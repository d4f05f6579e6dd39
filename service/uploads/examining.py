"""The examination of an upload: name, size, content, in this order; what passes is what may be stored (R-195, R-196)."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from threading import BoundedSemaphore

from service.domain.attachments import Limits
from service.domain.errors import Refused
from service.uploads import images, office_binary, office_open, pdf
from service.uploads.disguises import looks_like, refuse_disguises
from service.uploads.mismatch import Mismatch

_LONGEST_NAME = 100
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_AT_ONCE = 2
_TURNS = BoundedSemaphore(_AT_ONCE)
"""A large picture takes a hundred megabytes while it is drawn: only so many at a time in one process."""

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "wps": "application/vnd.ms-works",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as somebody sent it."""

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Examined:
    """A file as it may be stored; `digest` is the sha256 of its content in hex."""

    file_name: str
    media_type: str
    content: bytes
    digest: str


def examine(upload: Upload, limits: Limits) -> Examined:
    """Examine a file; refuses E_ATTACHMENT_TYPE, E_ATTACHMENT_SIZE, E_ATTACHMENT_CONTENT."""
    stem, extension = _name(upload.file_name)
    if extension not in limits.types:
        allowed = ", ".join(sorted(limits.types))
        raise _refused("E_ATTACHMENT_TYPE", f"可上传：{allowed}", f"permitted: {allowed}, found {extension or '-'}")
    if len(upload.content) > limits.most_bytes:
        most = f"{limits.most_bytes / 1024 / 1024:g} MB"
        raise _refused("E_ATTACHMENT_SIZE", f"最大 {most}", f"at most {most}")
    try:
        with _TURNS:
            content, extension = _cleaned(upload.content, extension)
    except Mismatch as mismatch:
        seen = looks_like(upload.content)
        raise _refused(
            "E_ATTACHMENT_CONTENT", f"{mismatch.zh}（开头像 {seen}）", f"{mismatch.en} (it begins like {seen})"
        ) from mismatch
    return Examined(f"{stem}.{extension}", MEDIA_TYPES[extension], content, sha256(content).hexdigest())


def _name(given: str) -> tuple[str, str]:
    """Stem and extension without a path and without characters that nobody sees."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    shown = "".join(each for each in last if unicodedata.category(each) not in _INVISIBLE).strip()
    stem, _, extension = shown.rpartition(".")
    return stem[:_LONGEST_NAME].strip() or "附件", extension.lower()


def _cleaned(content: bytes, extension: str) -> tuple[bytes, str]:
    is_archive = extension in _ARCHIVES
    if extension in _IMAGES:
        refuse_disguises(content)
        return images.redraw(content, extension)
    _CHECKS[extension](content)
    refuse_disguises(content, is_pdf=extension == "pdf", is_archive=is_archive)
    return content, extension


_IMAGES = frozenset({"jpg", "jpeg", "png", "gif", "bmp"})
_ARCHIVES = frozenset({"docx", "xlsx", "pptx"})
_CHECKS: dict[str, Callable[[bytes], None]] = {
    "pdf": pdf.check,
    **{kind: (lambda content, kind=kind: office_open.check(content, kind)) for kind in _ARCHIVES},  # type: ignore[misc]
    **{kind: (lambda content, kind=kind: office_binary.check(content, kind)) for kind in ("doc", "xls", "ppt", "wps")},  # type: ignore[misc]
}


def _refused(code: str, zh: str, en: str) -> Refused:
    return Refused(code, field="file", detail_zh=zh, detail_en=en)
