"""How a telephone and a postcode are written (R-064, R-065)."""

import re

_TELEPHONE = re.compile(r"1\d{10}|0\d{2,3}-\d{7,8}", re.ASCII)
_POSTCODE = re.compile(r"\d{6}", re.ASCII)


def is_telephone(text: str) -> bool:
    """Whether it is a mobile (11 digits, the first 1) or a landline (area code-number)."""
    return _TELEPHONE.fullmatch(text) is not None


def is_postcode(text: str) -> bool:
    """Whether it has six digits."""
    return _POSTCODE.fullmatch(text) is not None
