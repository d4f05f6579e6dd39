"""What is searched, and the short pieces by which an index finds it: pairs of Chinese characters, triples of letters.

Two Chinese characters may name a village; two letters name nothing among five million, so letters are found from three
on, and two of them only where a text begins.
"""

import unicodedata
from collections.abc import Iterator

SHORTEST = 2
_BREAK = "\n"
_MIDDLE = 2**31
_HALF = 0xFFFF
_BASE = 37
_LETTERS = {each: number for number, each in enumerate("0123456789abcdefghijklmnopqrstuvwxyz", start=1)}


def searchable(*parts: str) -> str:
    """The parts by which something is found (name, short name, first letters) as one text of folded lines."""
    return "".join(_BREAK + part for part in dict.fromkeys(folded(each) for each in parts) if part)


def folded(text: str) -> str:
    """A text as it is compared: compatible forms made one, small letters, without blanks and punctuation."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(filter(str.isalnum, plain.lower()))


def grams(text: str) -> set[int]:
    """The pieces of a searchable text, each as a signed number of 32 bits; different pieces rarely share one."""
    found: set[int] = set()
    for line in text.split(_BREAK):
        found.update(_pieces(line))
        if _is_opening(line[:SHORTEST]):
            found.add(_opening(line))
    return found


def wanted(query: str) -> set[int]:
    """The pieces that whatever fits a folded query holds; empty for a query that is too short to look for."""
    return {_opening(query)} if _is_opening(query) else set(_pieces(query))


def pattern(query: str) -> str:
    """The LIKE pattern that tells, of what holds the pieces, what fits indeed."""
    return f"%{_BREAK}{query}%" if _is_opening(query) else f"%{query}%"


def _pieces(line: str) -> Iterator[int]:
    before = last = 0
    previous = ""
    for character in line:
        number = _LETTERS.get(character, 0)
        if number and last:
            if before:
                yield (before * _BASE + last) * _BASE + number - _MIDDLE
        elif previous:
            yield ((ord(previous) & _HALF) << 16 | ord(character) & _HALF) - _MIDDLE
        before, last, previous = last, number, character


def _is_opening(text: str) -> bool:
    return len(text) == SHORTEST and all(each in _LETTERS for each in text)


def _opening(text: str) -> int:
    return _BASE**3 + _LETTERS[text[0]] * _BASE + _LETTERS[text[1]] - _MIDDLE
