"""Turns what a person sent into clean facts: texts become the types of the form, and every defect is named (R-223)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import ValidationError

from service.definitions import form_formats
from service.domain.errors import FieldError, Refused

Fact = str | int | bool | tuple[str, ...]
"""One clean answer."""

_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_TRUTHS = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
_BOUNDS = {
    "maxLength": ("最多 {} 个字", "at most {} characters"),
    "minLength": ("至少 {} 个字", "at least {} characters"),
    "maxItems": ("最多 {} 项", "at most {} of them"),
    "minimum": ("不小于 {}", "at least {}"),
    "maximum": ("不大于 {}", "at most {}"),
    "uniqueItems": ("内容重复", "the same value stands twice"),
}
_TYPE_NAMES = {
    "string": ("文字", "a text"),
    "integer": ("整数", "a whole number"),
    "boolean": ("是或否", "true or false"),
}


def typed(answers: Mapping[str, object], properties: Mapping[str, Any]) -> dict[str, object]:
    """Strip texts, read them by the type of their field, and leave out what is empty."""
    found = {name: _typed(value, properties.get(name, {}).get("type", "string")) for name, value in answers.items()}
    return {name: value for name, value in found.items() if value not in ("", None, [])}


def _typed(value: object, kind: str) -> object:
    if kind == "array":
        items = value if isinstance(value, list | tuple) else [value]
        return [each for each in (_typed(item, "string") for item in items) if each not in ("", None)]
    if not isinstance(value, str):
        return value
    text = value.strip()
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "boolean":
        return _TRUTHS.get(text.lower(), text)
    return text


def field_errors(error: ValidationError) -> Iterator[FieldError]:
    """Say in our codes and both languages what the validator found."""
    instance: Any = error.instance
    schema: Any = error.schema
    bound: Any = error.validator_value
    if error.validator == "required":
        yield from (FieldError("E_REQUIRED_FIELD", name) for name in bound if name not in instance)
    elif error.validator == "additionalProperties":
        unknown = (name for name in instance if name not in schema["properties"])
        yield from (_unknown(name) for name in unknown)
    else:
        zh, en = _says(str(error.validator), bound)
        yield FieldError(_code(error, schema, bound), str(error.absolute_path[0]), zh=zh, en=en)


def _unknown(name: str) -> FieldError:
    return FieldError("E_FIELD_INVALID", name, zh="表单中没有此项", en="the form has no such field")


def _code(error: ValidationError, schema: Any, bound: Any) -> str:
    if isinstance(error.cause, Refused):
        return error.cause.code
    if error.validator == "format" and bound in form_formats.CODES:
        return form_formats.CODES[bound]
    return str(schema.get("x-refusal", "E_FIELD_INVALID"))


def _says(validator: str, bound: Any) -> tuple[str, str]:
    match validator:
        case "format":
            return form_formats.MESSAGES[bound]
        case "enum":
            allowed = ", ".join(map(str, bound))
            return f"可选值：{allowed}", f"expected one of {allowed}"
        case "type":
            zh, en = _TYPE_NAMES.get(bound, ("列表", "a list"))
            return f"应为{zh}", f"expected {en}"
    zh, en = _BOUNDS[validator]
    return zh.format(bound), en.format(bound)


def unprintable(name: str, value: object) -> FieldError | None:
    """Refuse control characters: they are invisible to a reader, and databases choke on some."""
    texts = value if isinstance(value, list) else [value]
    plain = (each.replace("\n", "").replace("\r", "").replace("\t", "") for each in texts if isinstance(each, str))
    if all(text.isprintable() for text in plain):
        return None
    return FieldError("E_FIELD_INVALID", name, zh="含有不可见字符", en="it holds invisible characters")
