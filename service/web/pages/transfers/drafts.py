"""What the pages of one application and of several have in common: which fields stand first, what was entered, the box."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.definitions.forms import Form
from service.domain.clock import local_date
from service.use_cases.transfers.draft_application import Draft
from service.web.deployed import now
from service.web.pages import answers
from service.web.pages.answers import DrawnField

_MAIN = ("target", "destination_kind", "off_tree", "contact", "dues_paid_to", "reason")
_LATER = ("decision", "attestation", "opinion", "attachments")


def fields(draft: Draft, *, but: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    """Names of the fields everybody fills in, and of those that most leave alone."""
    first = {*_MAIN, *draft.required, *draft.required_outside, *(("variety",) if draft.chooses_variety else ())}
    left_out = {*_LATER, *draft.not_asked, *but}
    names = [each.name for each in draft.form.fields if not each.read_only and each.name not in left_out]
    return [name for name in names if name in first], [name for name in names if name not in first]


def entered(form: Form, given: Mapping[str, Any]) -> tuple[DrawnField, ...]:
    """What was filled in, to be read once more before it is confirmed."""
    names = [name for name in given if name not in _LATER]
    return answers.draw(form, names, answers.Wishes(given), today=local_date(now()))


def box(form: Form, given: Mapping[str, Any]) -> DrawnField | None:
    """The box that must be ticked before the application is sent (R-075)."""
    wishes = answers.Wishes(given, gates=("attestation",))
    return next(iter(answers.draw(form, ("attestation",), wishes, today=local_date(now()))), None)
