"""Files of commands: packed or not, with or without a byte-order mark, written whole or not at all."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from service.commands.files import opened, written_whole
from service.domain.errors import Refused


@pytest.mark.parametrize("name", ["rows.csv", "rows.csv.gz"])
def test_text_is_read_packed_or_not(tmp_path: Path, name: str) -> None:
    body = "\ufeff甲,乙\r\n".encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(body, mtime=0) if name.endswith(".gz") else body)
    with opened(path) as text:
        assert "".join(text) == "甲,乙\r\n"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("rows.csv", b"\xc4\xe3\xba\xc3"),
        ("rows.csv.gz", b"not packed"),
        ("rows.csv.gz", gzip.compress(b"a,b\n" * 1000, mtime=0)[:20]),
        ("rows.csv.gz", gzip.compress(b"a,b\n" * 1000, mtime=0)[:-20] + b"\0" * 20),
        ("missing.csv", None),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, body: bytes | None) -> None:
    path = tmp_path / name
    if body is not None:
        path.write_bytes(body)
    with pytest.raises(Refused) as refused, opened(path) as text:
        list(text)
    assert refused.value.code == "E_IMPORT_FORMAT"
    assert str(path) in refused.value.detail_en


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b"x" * 50_000_000, 1, mtime=0))
    tracemalloc.start()
    with pytest.raises(Refused) as refused, opened(path) as text:
        list(text)
    assert refused.value.code == "E_IMPORT_FORMAT"
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused), opened(tmp_path) as text:
        list(text)


def test_a_failure_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "routes.jsonl"
    path.write_text("old")
    with pytest.raises(RuntimeError), written_whole(path) as file:
        file.write("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["routes.jsonl"]


def test_a_folder_cannot_be_written_over(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused, written_whole(tmp_path):
        raise AssertionError
    assert refused.value.code == "E_SETTING_INVALID"


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "routes.jsonl"
    with written_whole(path) as file:
        file.write("甲\n")
        assert not path.exists()
    assert path.read_bytes() == "甲\n".encode()


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused, written_whole(tmp_path / "none" / "routes.jsonl"):
        pass
    assert refused.value.code == "E_SETTING_INVALID"
