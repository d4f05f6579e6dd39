"""The answers of a record's form as facts that may be stored, with every field at fault named at once (R-223)."""

from collections.abc import Mapping
from typing import Any

from service.definitions import forms
from service.domain.errors import refuse_fields
from service.domain.organisations import organisation_records
from service.domain.organisations.organisation_records import Saving

FORM = ("organisation", "record")


def accepted(answers: Mapping[str, object], saving: Saving) -> dict[str, Any]:
    """Clean facts; refuses as the form does, then with the codes of `organisation_records.errors`."""
    form = forms.form(*FORM)
    read, faults = form.read(answers)
    facts = organisation_records.clean(read)
    wrong = {fault.field for fault in faults}
    rules = (each for each in organisation_records.errors(facts, saving) if each.field not in wrong)
    order = {name: place for place, name in enumerate(form.schema["properties"])}
    refuse_fields(sorted((*faults, *rules), key=lambda fault: order.get(fault.field or "", len(order))))
    return facts
