"""Reads a filled-in application: the form, the rules of the profile and what the system fills in, judged together (R-223)."""

from collections.abc import Mapping
from typing import Any

from service.definitions.forms import Form
from service.domain.applying import applications, prefilled
from service.domain.applying.applications import Circumstances
from service.domain.errors import FieldError, refuse_fields

Answers = Mapping[str, object]


def read(
    answers: Answers,
    *,
    form: Form,
    around: Circumstances,
    system: prefilled.Values,
    besides: tuple[FieldError, ...] = (),
) -> Mapping[str, Any]:
    """Return the clean facts.

    Refuses all fields at fault together, with those found `besides`: as `Form.accept`, `applications.faults` and
    `prefilled.faults`; then, when there are none, E_ATTESTATION_REQUIRED.
    """
    facts, errors = form.read(prefilled.without(answers, system))
    found = [*besides, *errors, *applications.faults(facts, around), *prefilled.faults(answers, system)]
    # Of each field the first thing that is wrong with it.
    first: dict[str | None, FieldError] = {}
    for error in found:
        first.setdefault(error.field, error)
    refuse_fields(list(first.values()))
    applications.check_box(facts, around)
    return facts
