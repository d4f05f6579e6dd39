"""What is searched, and the short pieces by which an index finds it: pairs of Chinese characters, triples of letters.

Two Chinese characters may name a village; two letters name nothing among five million, so letters are found from three
on, and two of them only where a text begins.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

SHORTEST = 2
_BREAK = "\n"
_MIDDLE = 2**31
_BASE = 37
_ASCII = 0x80
_HALF = 0xFFFF
_RUNS = re.compile("[0-9a-z]+")
_DIGITS = bytes.maketrans(b"0123456789abcdefghijklmnopqrstuvwxyz", bytes(range(1, _BASE)))


def searchable(*parts: str) -> str:
    """The parts by which something is found (name, short name, first letters) as one text of folded lines."""
    lines = _folded_together(parts)
    return "".join(_BREAK + line for line in dict.fromkeys(lines) if line)


def folded(text: str) -> str:
    """A text as it is compared: compatible forms made one, small letters, without blanks and punctuation."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return plain.lower() if plain.isalnum() else "".join(filter(str.isalnum, plain.lower()))


def grams(text: str) -> set[int]:
    """The pieces of a searchable text, each as a signed number of 32 bits; different pieces rarely share one."""
    found: set[int] = set()
    before = ""
    for line in text.split(_BREAK):
        if line not in before:  # as a short name is in the full one, with all its pieces
            found.update(_pieces(line))
            before += _BREAK + line
        if _is_opening(line[:SHORTEST]):
            found.add(_opening(line))
    return found


def wanted(query: str) -> set[int]:
    """The pieces that whatever fits a folded query holds; empty for a query that is too short to look for."""
    return {_opening(query)} if _is_opening(query) else set(_pieces(query))


def pattern(query: str) -> str:
    """The LIKE pattern that tells, of what holds the pieces, what fits indeed."""
    return f"%{_BREAK}{query}%" if _is_opening(query) else f"%{query}%"


def _folded_together(parts: Sequence[str]) -> Iterable[str]:
    """Each part folded; what holds nothing to leave out, as nearly every name does, all at once."""
    plain = unicodedata.normalize("NFKC", _BREAK.join(parts)).lower()
    if plain.replace(_BREAK, "").isalnum() and plain.count(_BREAK) == len(parts) - 1:
        return plain.split(_BREAK)
    return map(folded, parts)


def _pieces(line: str) -> Iterable[int]:
    if line.isascii():
        return _triples(line)
    units = [*map(ord, line)]
    if max(units) > _HALF:
        units = [unit & _HALF for unit in units]
    if _RUNS.search(line) is None:
        return [(one << 16 | other) - _MIDDLE for one, other in pairwise(units)]
    mixed = [(one << 16 | other) - _MIDDLE for one, other in pairwise(units) if one >= _ASCII or other >= _ASCII]
    return chain(mixed, *map(_triples, _RUNS.findall(line)))


def _triples(letters: str) -> list[int]:
    digits = letters.encode().translate(_DIGITS)
    following = zip(digits, digits[1:], digits[2:], strict=False)
    return [(one * _BASE + two) * _BASE + three - _MIDDLE for one, two, three in following]


def _is_opening(text: str) -> bool:
    return len(text) == SHORTEST and text.isascii()


def _opening(text: str) -> int:
    one, two = text[:SHORTEST].encode().translate(_DIGITS)
    return _BASE**3 + one * _BASE + two - _MIDDLE
