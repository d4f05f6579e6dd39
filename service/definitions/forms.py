"""The form of a user task: one file that is drawn for people and checks what they answer (ui 4, R-223).

A form of the process itself, `<process>.<step>.json`, goes before `common.<step>.json`. What is mandatory only
in some profiles is not said here: the rules decide that.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from jsonschema import Draft202012Validator

from service.definitions import form_answers, form_formats, form_schemas
from service.definitions.form_answers import Fact
from service.domain.errors import FieldError, Refused, refuse_fields

COMMON = "common"
_WIDGETS = {"boolean": "checkbox", "integer": "number"}


class BrokenFormError(Exception):
    """A form file of the house is not sound: a fault of whoever wrote it, found at start-up."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a field, with its titles in Chinese and English."""

    value: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it is drawn; `required` is what every profile requires."""

    name: str
    title: str
    title_en: str
    type: str
    widget: str
    group: str
    options: tuple[Option, ...]
    required: bool
    read_only: bool
    help: str
    help_en: str
    max_length: int | None
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """A heading under which fields stand together."""

    name: str
    title: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Form:
    """A checked form; `digest` is the sha256 of its bytes in hex."""

    name: str
    title: str
    title_en: str
    groups: tuple[Group, ...]
    fields: tuple[Field, ...]
    schema: Mapping[str, Any]
    body: bytes
    digest: str
    _validator: Draft202012Validator = field(repr=False, compare=False)

    @property
    def decisions(self) -> tuple[str, ...]:
        """Action codes that can be answered here."""
        return tuple(self.schema["properties"].get("decision", {}).get("enum", ()))

    def accept(self, answers: Mapping[str, object]) -> Mapping[str, Fact]:
        """Return clean facts; refuses with all fields at fault at once.

        E_REQUIRED_FIELD, E_FIELD_READONLY, E_PHONE_FORMAT, E_POSTCODE_FORMAT, E_ID_FORMAT, E_ID_CHECKSUM,
        E_FIELD_INVALID, or the code the form names for the field.
        """
        facts, errors = self.read(answers)
        refuse_fields(errors)
        return facts

    def read(self, answers: Mapping[str, object]) -> tuple[Mapping[str, Fact], tuple[FieldError, ...]]:
        """Return the facts beside the fields at fault, for a rule that has more to say about them (R-223).

        The facts hold no field at fault.
        """
        facts = form_answers.typed(answers, self.schema["properties"])
        errors = tuple(self._in_order(set(self._errors(facts))))
        wrong = {error.field for error in errors}
        clean = {name: _frozen(facts[name]) for name in self._order() if name in facts and name not in wrong}
        return MappingProxyType(clean), errors

    def _errors(self, facts: Mapping[str, object]) -> Iterator[FieldError]:
        for error in self._validator.iter_errors(facts):
            yield from form_answers.field_errors(error)
        for each in self.fields:
            if each.read_only and each.name in facts:
                yield FieldError("E_FIELD_READONLY", each.name)
        found = (form_answers.unprintable(name, value) for name, value in facts.items())
        yield from (error for error in found if error)

    def _in_order(self, errors: set[FieldError]) -> list[FieldError]:
        order = {name: position for position, name in enumerate(self._order())}
        return sorted(
            errors, key=lambda error: (order.get(error.field or "", len(order)), error.field or "", error.code)
        )

    def _order(self) -> tuple[str, ...]:
        return tuple(self.schema["properties"])


@cache
def names() -> tuple[str, ...]:
    """Name the forms of the house, as `<process or common>.<step>`."""
    files = (entry.name for entry in resources.files("forms").iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in files if name.endswith(".json")))


@cache
def form(process_id: str, step: str) -> Form:
    """The form of a user task; refuses E_NOT_FOUND when there is none."""
    for name in (f"{process_id}.{step}", f"{COMMON}.{step}"):
        if name in names():
            return parse(name, resources.files("forms").joinpath(f"{name}.json").read_bytes())
    raise Refused("E_NOT_FOUND", field="form", detail_zh=f"表单 {step}", detail_en=f"form {step}")


def parse(name: str, body: bytes) -> Form:
    """Read and check one form file; raises BrokenFormError naming every defect."""
    schema = json.loads(body)
    if found := list(form_schemas.defects(schema)):
        raise BrokenFormError(f"{name}: " + "; ".join(found))
    ui = schema["x-ui"]
    required = {*schema.get("required", ()), *schema.get("then", {}).get("required", ())}
    return Form(
        name=name,
        title=schema["title"],
        title_en=ui["title_en"],
        groups=tuple(Group(key, *titles) for key, titles in ui["groups"].items()),
        fields=tuple(_field(key, value, required=key in required) for key, value in schema["properties"].items()),
        schema=MappingProxyType(schema),
        body=body,
        digest=hashlib.sha256(body).hexdigest(),
        _validator=Draft202012Validator(schema, format_checker=form_formats.checker),
    )


def _field(name: str, schema: Mapping[str, Any], *, required: bool) -> Field:
    ui = schema["x-ui"]
    return Field(
        name=name,
        title=schema["title"],
        title_en=ui["title_en"],
        type=schema["type"],
        widget=ui.get("widget", _WIDGETS.get(schema["type"], "text")),
        group=ui.get("group", ""),
        options=tuple(Option(value, *titles) for value, titles in ui.get("options", {}).items()),
        required=required,
        read_only=schema.get("readOnly", False),
        help=ui.get("help", ""),
        help_en=ui.get("help_en", ""),
        max_length=schema.get("maxLength"),
        minimum=schema.get("minimum"),
        maximum=schema.get("maximum"),
    )


def _frozen(value: Any) -> Fact:
    return tuple(value) if isinstance(value, list) else value
