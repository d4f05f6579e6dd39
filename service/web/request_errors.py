"""What Flask and marshmallow say of a request, in our codes and both languages."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from werkzeug.exceptions import HTTPException

from service.domain.errors import FieldError, Refused

_CODES = {
    404: "E_NOT_FOUND",
    405: "E_METHOD_NOT_ALLOWED",
    413: "E_REQUEST_TOO_LARGE",
    415: "E_MEDIA_TYPE",
    429: "E_RATE_LIMITED",
}
_OTHER = "E_QUERY_INVALID"
_MISSING = "Missing data for required field."
_SENTENCES = {
    "Unknown field.": ("没有此字段", "there is no such field"),
    "Field may not be null.": ("不能为空", "must not be null"),
    "Not a valid integer.": ("应为整数", "expected a whole number"),
    "Not a valid string.": ("应为文字", "expected a text"),
    "Not a valid boolean.": ("应为 true 或 false", "expected true or false"),
    "Not a valid mapping type.": ("应为对象", "expected an object"),
    "Invalid input type.": ("应为对象", "expected an object"),
}
_LONGEST_NAME = 80


def refusal_of(error: HTTPException) -> Refused:
    """The refusal that an error of the request's form stands for, with all fields at fault."""
    messages = (getattr(error, "data", None) or {}).get("messages")
    if not isinstance(messages, Mapping):
        return Refused(_CODES.get(error.code or 0, _OTHER))
    fields = [each for location, found in messages.items() for each in _flattened(location, found)]
    code = _OTHER if "query" in messages or not fields else fields[0].code
    return Refused(code, fields=fields)


def _flattened(location: str, found: Any, path: tuple[str, ...] = ()) -> Iterator[FieldError]:
    """Names of fields, perhaps nested, down to lists of sentences."""
    if isinstance(found, Mapping):
        for name, inner in found.items():
            step = () if name in ("_schema", "value") else (_shown(name),)
            yield from _flattened(location, inner, (*path, *step))
        return
    sentences = found if isinstance(found, Iterable) and not isinstance(found, str) else [found]
    for sentence in sentences:
        yield _field_error(location, ".".join(path) or None, str(sentence))


def _field_error(location: str, field: str | None, sentence: str) -> FieldError:
    if sentence == _MISSING and location != "query":
        return FieldError("E_REQUIRED_FIELD", field)
    zh, en = _SENTENCES.get(sentence, ("不符合要求", sentence.rstrip(".")))
    return FieldError(_OTHER if location == "query" or field is None else "E_FIELD_INVALID", field, zh=zh, en=en)


def _shown(name: object) -> str:
    """A name as it may be repeated: short, and of whole characters."""
    return str(name)[:_LONGEST_NAME].encode("utf-8", "replace").decode()
