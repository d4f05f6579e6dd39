"""Names of people and organisations in one written form, so that the same name is the same text.

Chinese systems write the dot inside a name in half a dozen ways, and old ones use private code points for rare
characters, which nobody else can read.
"""

import re
import unicodedata

MIDDLE_DOT = "\u00b7"
_DOTS = re.compile("[\u2022\u2027\u2219\u22c5\u25cf\u30fb\uff65]")
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff\ufeff\ufffd-\uffff]")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_BLANKS = " \t\u00a0\u3000"


def normalised(name: str) -> str:
    """The name in Unicode form C, with the middle dot U+00B7, without blanks around it."""
    if name.isascii():
        return name.strip()
    return _DOTS.sub(MIDDLE_DOT, unicodedata.normalize("NFC", name)).strip(_BLANKS)


def invisible(name: str) -> str | None:
    """The first character that nobody can see (control, direction, replacement), as U+0007."""
    return _first(_INVISIBLE, name)


def private(name: str) -> str | None:
    """The first character that only the sender can read, as U+E000."""
    return _first(_PRIVATE, name)


def _first(characters: re.Pattern[str], name: str) -> str | None:
    found = characters.search(name)
    return f"U+{ord(found[0]):04X}" if found else None
