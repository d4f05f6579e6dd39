"""One name, one text: dots, blanks and composed letters are written the same way."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.names import MIDDLE_DOT, invisible, normalised, private


@pytest.mark.parametrize("dot", "\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65")
def test_every_dot_becomes_the_middle_dot(dot: str) -> None:
    assert normalised(f"阿依{dot}买买提") == f"阿依{MIDDLE_DOT}买买提"


@pytest.mark.parametrize(("given_name", "written"), [
    ("  Zhang San ", "Zhang San"), ("\u3000张 三\u00a0", "张 三"), ("e\u0301", "\u00e9"), ("", ""), ("㐂", "㐂"),
])  # fmt: skip
def test_blanks_around_it_go_and_letters_are_composed(given_name: str, written: str) -> None:
    assert normalised(given_name) == written


@given(st.text())
def test_a_name_that_was_written_once_stays_as_it_is(name: str) -> None:
    once = normalised(name)
    assert normalised(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize("character", "\x00\x1b\x7f\x85\u200b\u202e\ufeff\ufffd")
def test_what_nobody_can_see_is_found(character: str) -> None:
    assert invisible(f"张{character}三") == f"U+{ord(character):04X}"


@pytest.mark.parametrize("character", ["\ue000", "\uf8ff", "\U000f0000", "\U0010fffd"])
def test_what_only_the_sender_can_read_is_found(character: str) -> None:
    assert private(f"张{character}三") == f"U+{ord(character):04X}"


@pytest.mark.parametrize("name", ["张三", "买买提·艾力", "𠮷野", "Ångström", "𬱖", "㐂"])
def test_real_names_pass(name: str) -> None:
    assert (invisible(name), private(name)) == (None, None)
