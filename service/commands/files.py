"""Files that commands read and write: packed or not, and written whole or not at all."""

import gzip
import io
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

from service.domain.errors import Refused

_LONGEST_LINE = 1_000_000


@contextmanager
def opened(path: Path) -> Iterator[Iterator[str]]:
    """Open a CSV file line by line, unpacking .gz; a byte-order mark is passed over.

    Refuses E_IMPORT_FORMAT for a file that cannot be read, is not UTF-8 or not properly packed, and for a line
    without end: three packed megabytes may hold one that fills the memory.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise _refused(path, f"无法读取（{error.strerror}）", f"cannot be read ({error.strerror})") from error
    with raw, io.TextIOWrapper(_unpacked(path, raw), encoding="utf-8-sig", newline="") as text:
        try:
            yield _lines(path, text)
        except UnicodeDecodeError as error:
            raise _refused(path, "不是 UTF-8 编码", "is not UTF-8") from error
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise _refused(path, "不是完整的 gzip 文件", "is not a whole gzip file") from error


def _lines(path: Path, text: TextIO) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            limit = f"{_LONGEST_LINE:,}"
            raise _refused(path, f"有超过 {limit} 字符的行", f"has a line of more than {limit} characters")
        yield line


def _unpacked(path: Path, raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.open(raw)) if path.suffix == ".gz" else raw


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """Write a file that appears under its name only when it is complete; a failure leaves what was there."""
    if path.exists() and not path.is_file():
        # A pipe or a terminal cannot be replaced.
        with _opened_for_writing(path) as file:
            yield file
        return
    try:
        handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _opened_for_writing(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise _cannot_write(path, error) from error


def _refused(path: Path, zh: str, en: str) -> Refused:
    return Refused("E_IMPORT_FORMAT", field=path.name, detail_zh=f"{path} {zh}", detail_en=f"{path} {en}")


def _cannot_write(path: Path, error: OSError) -> Refused:
    return Refused(
        "E_SETTING_INVALID",
        field="output",
        detail_zh=f"无法写入 {path}（{error.strerror}）",
        detail_en=f"cannot write {path} ({error.strerror})",
    )
