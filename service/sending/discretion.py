"""The last look at a text before it leaves the house (R-194)."""

from service.domain.deadlines.notices import is_discreet


def require_discreet(*texts: str) -> None:
    """Raise RuntimeError for a text with something like an identity number: a fault of the program."""
    if not all(is_discreet(text) for text in texts):
        raise RuntimeError("a text with a full identity number must not leave the house")
