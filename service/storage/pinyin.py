"""The one door to pypinyin: the first letters of how a Chinese text is read, by which people search (R-010).

A national import asks five million times, so the dictionary is read once into a table of single characters; only where
a phrase is read differently (重庆, 厦门, 单县) is the phrase looked up.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from operator import add

_READ_AS = {
    "单县": "sx", "浚县": "xx", "洪洞": "ht", "涡阳": "gy", "朝阳": "cy", "繁峙": "fs", "栎阳": "yy", "筠连": "jl",
    "漯河": "lh", "会稽": "kj", "长葛": "cg", "𠮷": "j",
}  # fmt: skip
"""Places, and one character of names, that the dictionary reads differently or not at all."""


def initials(text: str) -> str:
    """The first letter of each character, in lower case: 柳溪镇党委 is lxzdw; letters and digits stay, lines stay lines.

    All else goes. Where phrases overlap the first one is read, and of several that begin there the longest.
    """
    openings = _phrases()
    if not openings.keys().isdisjoint(map(add, text, text[1:])):
        text = _with_phrases(text, openings)
    return text.lower().translate(_letters())


def first_letters(character: str) -> str:
    """All first letters a character has in one of its readings, the usual one first; for names of people."""
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415 - takes a fifth of a second, which few need

    readings = pinyin_dict.get(ord(character), "")
    return "".join(dict.fromkeys(_first(each) for each in readings.split(",") if each))


class _Letters(dict[int, str]):
    """What each character becomes; what is unknown becomes nothing."""

    def __missing__(self, key: int) -> str:
        return ""


@cache
def _letters() -> Mapping[int, str]:
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415

    table = _Letters({key: _first(readings) for key, readings in pinyin_dict.items()})
    table.update({ord(each): each for each in "abcdefghijklmnopqrstuvwxyz0123456789\n"})
    table.update({ord(each): read for each, read in _READ_AS.items() if len(each) == 1})
    return table


@cache
def _phrases() -> Mapping[str, Mapping[str, str]]:
    """Phrases whose letters are not those of their characters, the longest first, by their first two characters."""
    from pypinyin.phrases_dict import phrases_dict  # noqa: PLC0415

    letters = _letters()
    found: dict[str, dict[str, str]] = {}
    known = {phrase: "".join(_first(each[0]) for each in readings) for phrase, readings in phrases_dict.items()}
    for phrase, read in sorted((known | _READ_AS).items(), key=lambda pair: -len(pair[0])):
        if len(read) == len(phrase) > 1 and read != phrase.translate(letters):
            found.setdefault(phrase[:2], {})[phrase] = read
    return found


def _with_phrases(text: str, openings: Mapping[str, Mapping[str, str]]) -> str:
    """The text with those phrases replaced by their letters."""
    read = ""
    while text:
        here = openings.get(text[:2], {})
        phrase = next((each for each in here if text.startswith(each)), text[:1])
        read += here.get(phrase, phrase)
        text = text[len(phrase) :]
    return read


def _first(reading: str) -> str:
    """The letter a reading begins with, without its tone."""
    return unicodedata.normalize("NFD", reading)[0]
