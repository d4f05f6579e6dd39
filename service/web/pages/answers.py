"""Forms on pages: drawn from their definition with what was entered before, and read back as they were sent."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request

from service.definitions.forms import Field, Form, Group
from service.domain.errors import FieldError, Refused
from service.use_cases.organisations.search_organisations import name_of
from service.web.pages.language import said, t

_LONGEST = 10_000
_LONGEST_NUMBER = 9
_LONGEST_KEY = 100
_MONTHS = 24
_TICKED = (True, "true", "on", "1")
_ORGANISATION_WIDGETS = ("org", "org_or_text")


@dataclass(frozen=True, slots=True)
class DrawnField:
    """A field as a page shows it: what stands in it, what is wrong with it.

    `is_gate`: the form can be sent only once this box is ticked. `picked` is the name of the organisation whose code
    stands in it. `note` says when a field that is not always mandatory is.
    """

    field: Field
    value: Any
    is_required: bool = False
    is_gate: bool = False
    faults: tuple[FieldError, ...] = ()
    picked: str = ""
    months: tuple[str, ...] = ()
    note: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a page wants of a form: mandatory fields, boxes that gate it, and what the last attempt left."""

    values: Mapping[str, Any]
    required: Iterable[str] = ()
    required_outside: Iterable[str] = ()
    gates: Iterable[str] = ()
    refusal: Refused | None = None


def draw(form: Form, names: Iterable[str], wishes: Wishes, *, today: date) -> tuple[DrawnField, ...]:
    """The fields of these names that the form has, in the order of the names."""
    known = {field.name: field for field in form.fields}
    return tuple(_drawn(known[name], wishes, today) for name in dict.fromkeys(names) if name in known)


def grouped(form: Form, drawn: Iterable[DrawnField]) -> tuple[tuple[Group, tuple[DrawnField, ...]], ...]:
    """The fields under the headings of their form; headings without fields are left out."""
    fields = tuple(drawn)
    parts = ((group, tuple(each for each in fields if each.field.group == group.name)) for group in form.groups)
    return tuple((group, found) for group, found in parts if found)


def posted(form: Form) -> dict[str, object]:
    """What was sent for the fields of a form; anything else in the request is none of its business."""
    names = form.schema["properties"]
    found = {name: plain_text(request.form.get(name, ""), longest=_LONGEST) for name in names}
    return {name: text for name, text in found.items() if text}


def plain_text(text: str, *, longest: int) -> str:
    """A text as it may go to the database: of bounded length, without NUL, which not every database can hold."""
    return text.replace("\x00", "")[:longest]


def request_key() -> str:
    """The key that the form was drawn with; a form without one gets its own."""
    return plain_text(request.form.get("key", ""), longest=_LONGEST_KEY).strip() or secrets.token_urlsafe()


def fields_of(form: Form) -> Mapping[str, Field]:
    """The fields of a form by name, for what a refusal says about them."""
    return {field.name: field for field in form.fields}


def fields_by_name(drawn: Iterable[DrawnField]) -> Mapping[str, Field]:
    """The fields that a page shows, by name."""
    return {each.field.name: each.field for each in drawn}


def option_title(field: Field, value: object) -> str:
    """A value as people read it: the title of the chosen option, yes for a ticked box, else the text itself."""
    if field.widget == "checkbox":
        return t("是") if value in _TICKED else t("否")
    known = {option.value: said(option.title, option.title_en) for option in field.options}
    return known.get(str(value), str(value))


def whole_number(text: str) -> int | None:
    """Read a number from an address or a hidden field."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def recent_months(today: date) -> tuple[str, ...]:
    """The last months, this one first, as YYYY-MM."""
    index = today.year * 12 + today.month - 1
    return tuple(f"{each // 12:04d}-{each % 12 + 1:02d}" for each in range(index, index - _MONTHS, -1))


def _drawn(field: Field, wishes: Wishes, today: date) -> DrawnField:
    value = wishes.values.get(field.name, "")
    is_organisation = field.widget in _ORGANISATION_WIDGETS
    outside = field.name in tuple(wishes.required_outside)
    return DrawnField(
        field=field,
        value=value,
        is_required=field.name in tuple(wishes.required),
        is_gate=field.name in tuple(wishes.gates),
        faults=tuple(each for each in wishes.refusal.fields if each.field == field.name) if wishes.refusal else (),
        picked=name_of(str(value)) if is_organisation and value else "",
        months=_with(str(value), recent_months(today)) if field.widget == "month" else (),
        note=("转往本系统之外时必填", "Mandatory when leaving this system") if outside else None,
    )


def _with(value: str, months: tuple[str, ...]) -> tuple[str, ...]:
    return months if not value or value in months else (*months, value)
