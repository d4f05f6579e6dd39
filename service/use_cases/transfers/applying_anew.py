"""An application that is submitted again: what may be corrected in it, under the same rules as at first (R-077, R-076).

Its diagram stays what it is, so variety and kind of destination stay too; who wants another one voids it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.definitions.forms import Form
from service.domain.applying import applicants, applications, prefilled, starts
from service.domain.applying.applications import Circumstances
from service.domain.clock import local_date
from service.domain.routes.cases import RouteCase
from service.domain.transfers import judging, leaving_administrators
from service.domain.transfers.context import Context
from service.storage.accounts import offices
from service.storage.members.members import Person
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.transfers import asking, filled_in

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Returned:
    """A transfer that stands at its application step again; `known` is the application as it was accepted before."""

    stored: Stored
    context: Context
    person: Person
    known: Mapping[str, Any]
    form: Form
    now: datetime


def read_again(answers: Answers, returned: Returned) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Check an application again; return the clean facts of its form and the application as it is now.

    Refuses in the order of R-227: as `applicants.check_member` and `leaving_administrators.check_office`, as
    `starts.check_destination` for a new target, then all fields at fault together, then E_ATTESTATION_REQUIRED.
    """
    context, known = returned.context, returned.known
    profile, today = context.profile, local_date(returned.now)
    _check_person(returned)
    case = _case(context)
    if judging.changes_target(context):
        judging.check_new_target(context)
        starts.check_destination(case, profile)
    around = Circumstances.of(case, profile=profile, today=today, applied_on=str(known.get("application_date") or ""))
    system = _system_values(returned)
    person = prefilled.of_registered(returned.person.member) if context.lineage.origin is None else {}
    given = {**prefilled.without(known, system), "target": _target(context), **answers, **person}
    besides = tuple(prefilled.faults(answers, person))
    facts = filled_in.read(given, form=returned.form, around=around, system=system, besides=besides)
    told = {name: value for name, value in facts.items() if name != "id_number"}
    return told, {**known, **applications.kept(facts, around), "target": _target(context)}


def with_named_target(context: Context) -> Context:
    """The context in which a target inside the tree, named by its full name, is known; refuses as `targets.resolve`."""
    decision = context.decision
    if not decision.target_text or context.transfer.is_outside:
        return context
    found = asking.find_target(decision.target_text, may_leave=False)
    return replace(context, decision=replace(decision, target=found, target_text=""))


def _check_person(returned: Returned) -> None:
    lineage, person = returned.context.lineage, returned.person
    if lineage.origin is None:
        return
    by_member = lineage.starter is None
    profile = returned.context.profile
    applicants.check_member(person.member, home=lineage.origin, by_member=by_member, profile=profile)
    office = offices.of_member(person.member.id, person.member.branch_id, but=returned.stored.id)
    leaving_administrators.check_office(office, profile)


def _case(context: Context) -> RouteCase:
    if not judging.changes_target(context):
        return context.case
    return replace(context.case, target=context.decision.target, out_type=None)


def _target(context: Context) -> str:
    decision, target = context.decision, context.transfer.target
    if judging.changes_target(context):
        return decision.target[0].code if decision.target else decision.target_text
    return target.org.code if target.org else target.text


def _system_values(returned: Returned) -> prefilled.Values:
    lineage, known = returned.context.lineage, returned.known
    fixed = prefilled.of_transfer(returned.context.transfer, returned.stored.destination_kind)
    if lineage.origin is None:
        return {**fixed, **prefilled.of_incoming(lineage.starter or ())}
    values = prefilled.of_start(returned.person.member, lineage.origin, lineage.starter, local_date(returned.now))
    return {**fixed, **values, "transfer_out_date": str(known.get("transfer_out_date") or values["transfer_out_date"])}
