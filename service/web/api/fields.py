"""Fields of the interface that marshmallow does not bring: strict where a guess would be a mistake."""

import re
from datetime import datetime
from typing import Any

import marshmallow as ma

from service.domain.clock import ZONE

_DIGITS = re.compile(r"\d{1,9}", re.ASCII)
_LONGEST_TEXT = 10_000
_MOST_ANSWERS = 200
LARGEST = 2**31 - 1
_EXPECTED = "expected a text, a whole number, true, false or a list of texts"


class PageNumber(ma.fields.Integer):
    """A whole number in an address: digits and nothing else."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, str) or not _DIGITS.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Text(ma.fields.String):
    """A text that can be stored: of bounded length, of real characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not is_storable(text):
            raise self.make_error("invalid")
        return text


class Moment(ma.fields.DateTime):
    """A moment as people write it: ISO 8601 with the offset of Asia/Shanghai."""

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:  # noqa: ARG002
        return value.astimezone(ZONE).isoformat(timespec="seconds") if value else None


class Answers(ma.fields.Dict):
    """Answers to a form: texts, whole numbers, yes or no, lists of texts. The form itself checks them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(keys=ma.fields.String(), values=ma.fields.Raw(), **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:  # noqa: ARG002 - marshmallow's signature
        if not isinstance(value, dict) or len(value) > _MOST_ANSWERS:
            raise self.make_error("invalid")
        wrong = {name: [_EXPECTED] for name, each in value.items() if not _is_answer(name, each)}
        if wrong:
            raise ma.ValidationError(wrong)
        return value


def is_storable(text: str) -> bool:
    """Whether a text is of bounded length and has neither NUL nor half of a character."""
    return len(text) <= _LONGEST_TEXT and "\x00" not in text and not any("\ud800" <= each <= "\udfff" for each in text)


def _is_answer(name: str, value: Any) -> bool:
    if not is_storable(name):
        return False
    if isinstance(value, list):
        return len(value) <= _MOST_ANSWERS and all(isinstance(each, str) and is_storable(each) for each in value)
    if isinstance(value, str):
        return is_storable(value)
    return value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) <= LARGEST)
