"""All checks of a start, in the order of R-227; nothing has been written when one of them refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.definitions.forms import Form
from service.domain import applicants, applications, classification, eligibility, routes
from service.domain.actors import Actor
from service.domain.applications import Circumstances
from service.domain.cases import RouteCase
from service.domain.clock import local_date
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.organisations import Chain
from service.domain.profile import Profile
from service.domain.roles import Role
from service.domain.routes import Route
from service.domain.varieties import OutType, Variety
from service.storage import organisations, transfers
from service.storage.members import Person
from service.use_cases.transfers import asking

Answers = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Checked:
    """An application that passed every check: its case, variety and type, and the clean facts of its form."""

    case: RouteCase
    variety: Variety
    out_type: OutType | None
    facts: Mapping[str, Any]


def starter_chain(actor: Actor) -> Chain | None:
    """up(s) of the acting organisation, None when the member acts for himself.

    Refuses E_START_NOT_ALLOWED for a role that does not decide for an organisation (R-050).
    """
    if actor.role is Role.MEMBER:
        return None
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_START_NOT_ALLOWED")
    return organisations.chain(actor.org.code)


def check_person(person: Person, *, case: RouteCase, profile: Profile) -> None:
    """Check the member himself, then that he has no unfinished transfer (R-046, R-051, R-056, R-057).

    Refuses E_NOT_SUBORDINATE, what `applicants.check_member` refuses, E_TRANSFER_IN_PROGRESS.
    """
    eligibility.check_subordinate(case, profile)
    applicants.check_member(person.member, by_member=case.starter is None, profile=profile)
    if transfers.unfinished_of(person.member.id) is not None:
        raise Refused("E_TRANSFER_IN_PROGRESS", member=person.member.name)


def check_application(answers: Answers, *, case: RouteCase, form: Form, profile: Profile, now: datetime) -> Checked:
    """Check target, variety, type, fields and tick-box; the person has been checked.

    Refuses as `eligibility.check_target`, E_VARIETY_MISMATCH, E_SCOPE_REQUIRED, E_OUT_TYPE_MISMATCH, then all
    fields at fault together, then E_ATTESTATION_REQUIRED.
    """
    if asking.is_missing(answers):
        _refuse_fields(answers, case, form, profile, now, FieldError("E_REQUIRED_FIELD", "target"))
    eligibility.check_target(case, profile)
    variety = classification.derive_variety(case, profile)
    classification.check_variety(case, variety)
    eligibility.check_scope(case, variety, profile)
    out_type = None if case.is_incoming else classification.settle_out_type(case, variety, profile)
    facts = _refuse_fields(answers, case, form, profile, now)
    return Checked(replace(case, variety=None if case.is_incoming else variety), variety, out_type, facts)


def plan(checked: Checked, profile: Profile) -> Route:
    """The last check: is there a route? Refuses E_ROUTE_NO_AUTHORITY."""
    return routes.plan_route(replace(checked.case, out_type=checked.out_type), profile)


def _refuse_fields(
    answers: Answers,
    case: RouteCase,
    form: Form,
    profile: Profile,
    now: datetime,
    *known: FieldError,
) -> Mapping[str, Any]:
    # Defects of form and of profile are listed together; the box is asked for only when there are none.
    facts, errors = form.read(answers)
    around = Circumstances(
        profile=profile,
        today=local_date(now),
        # Where no target is named yet, nothing says that the transfer leaves the system.
        is_outside=case.target is None and (case.destination_kind is not None or not asking.is_missing(answers)),
        is_incoming=case.is_incoming,
        is_graduate=case.is_graduate,
        by_member=case.starter is None,
    )
    found = [*known, *errors]
    try:
        applications.check(facts, around)
    except Refused as refusal:
        is_box = refusal.code == "E_ATTESTATION_REQUIRED"
        if is_box and not found:
            raise
        found += [] if is_box else refusal.fields
    refuse_fields(list({error.field: error for error in reversed(found)}.values())[::-1])
    return facts
