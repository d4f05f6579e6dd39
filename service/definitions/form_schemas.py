"""What a form file may say: a small part of JSON Schema 2020-12, so that a form stays data and cannot do harm.

No references (nothing is fetched), no patterns (no text can make a check slow), conditions at the top only.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from service.definitions import form_formats
from service.domain.refusal_texts import REFUSAL_TEXTS

_TOP = frozenset(
    {"$schema", "title", "x-ui", "type", "additionalProperties", "properties", "required", "if", "then", "else"}
)
_FIELD = frozenset(
    {
        *("title", "type", "enum", "format", "minLength", "maxLength", "minimum", "maximum", "readOnly"),
        *("items", "maxItems", "uniqueItems", "x-refusal", "x-ui"),
    }
)
_ITEM = frozenset({"type", "format", "minLength", "maxLength"})
_BRANCH = frozenset({"properties", "required"})
_CONDITION = frozenset({"enum", "const"})
_UI = frozenset({"title_en", "widget", "group", "help", "help_en", "options"})
_TYPES = frozenset({"string", "integer", "boolean", "array"})


def defects(schema: Mapping[str, Any]) -> Iterator[str]:
    """Say everything in which a form file breaks the rules for forms; nothing when it is sound."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield f"{error.json_path}: {error.message}"
        return
    yield from _unknown("the form", schema, _TOP)
    if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
        yield "the form: expected type object and additionalProperties false"
    properties = schema.get("properties", {})
    for name, field in properties.items():
        yield from _field_defects(name, field)
    yield from _branch_defects(schema, frozenset(properties))


def _field_defects(name: str, field: Mapping[str, Any]) -> Iterator[str]:
    yield from _unknown(name, field, _FIELD)
    yield from _unknown(f"{name}.items", field.get("items", {}), _ITEM)
    yield from _unknown(f"{name}.x-ui", field.get("x-ui", {}), _UI)
    if field.get("type") not in _TYPES:
        yield f"{name}: expected one of the types {', '.join(sorted(_TYPES))}"
    if field.get("type") == "string" and not field.keys() & {"format", "enum", "maxLength"}:
        yield f"{name}: a text needs a greatest length, a format or a list of values"
    if field.get("format", "date") not in form_formats.MESSAGES:
        yield f"{name}: there is no format {field['format']!r}"
    if field.get("x-refusal", "E_INTERNAL") not in REFUSAL_TEXTS:
        yield f"{name}: there is no refusal {field['x-refusal']!r}"
    if not field.get("title") or not field.get("x-ui", {}).get("title_en"):
        yield f"{name}: a title in Chinese and one in English are needed"
    options = field.get("x-ui", {}).get("options", {})
    if options and list(options) != field.get("enum"):
        yield f"{name}: the options are not those of enum"


def _branch_defects(schema: Mapping[str, Any], names: frozenset[str]) -> Iterator[str]:
    """Conditions may only ask for the value of a field and demand fields that exist."""
    yield from (f"required: there is no field {name}" for name in schema.get("required", ()) if name not in names)
    for word in ("if", "then", "else"):
        branch = schema.get(word, {})
        yield from _unknown(word, branch, _BRANCH)
        for name, condition in branch.get("properties", {}).items():
            yield from _unknown(f"{word}.{name}", condition, _CONDITION)
        mentioned = {*branch.get("required", ()), *branch.get("properties", {})}
        yield from (f"{word}: there is no field {name}" for name in sorted(mentioned - names))


def _unknown(place: str, given: Mapping[str, Any], allowed: frozenset[str]) -> Iterator[str]:
    return (f"{place}: the keyword {word!r} is not known here" for word in given if word not in allowed)
