"""First letters of Chinese texts, by which people search (R-010)."""

import pytest

from service.storage.pinyin import first_letters, initials


@pytest.mark.requirement("R-010")
@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("柳溪镇党委", "lxzdw"),
        ("重庆市委", "cqsw"),
        ("厦门市", "xms"),
        ("单县县委", "sxxw"),
        ("长春、长沙", "cccs"),
        ("116街B区（北）", "116jbqb"),
        ("𠮷林", "jl"),
        ("Abc", "abc"),
        ("", ""),
        ("·（）", ""),
    ],
)
def test_initials(text: str, letters: str) -> None:
    assert initials(text) == letters


def test_a_character_with_several_readings() -> None:
    assert first_letters("曾") == "cz"
    assert first_letters("单")[0] == "d"
    assert "s" in first_letters("单")
    assert first_letters("x") == ""
