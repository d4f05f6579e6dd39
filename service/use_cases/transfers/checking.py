"""The checks of an application for somebody who may be transferred: target, variety, fields, box, route (R-227).

Nothing has been written when one of them refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.definitions.forms import Form
from service.domain import attachments
from service.domain.applying import applications, newcomers, prefilled, starts
from service.domain.applying.applications import Circumstances
from service.domain.attachments import AttachmentKind
from service.domain.errors import FieldError
from service.domain.routes import routes
from service.domain.routes.cases import RouteCase
from service.domain.routes.routes import Route
from service.domain.routes.varieties import OutType, Variety
from service.storage.transfers.attachments import Attachment
from service.use_cases.transfers import asking, attaching, filled_in
from service.use_cases.transfers.identifying import Applicant
from service.use_cases.transfers.newcoming import Newcomer
from service.use_cases.transfers.opening import Opened

Answers = Mapping[str, object]
_COMMON = "common"
_STEP = "apply"


@dataclass(frozen=True, slots=True)
class Checked:
    """An application that passed every check.

    Its case, variety and type, the clean facts of its form, of those what the transfer keeps, and the files that go
    with it.
    """

    case: RouteCase
    variety: Variety
    out_type: OutType | None
    facts: Mapping[str, Any]
    application: Mapping[str, Any]
    route: Route
    attached: tuple[Attachment, ...] = ()


def form_of_start(opened: Opened, *, is_incoming: bool = False) -> Form:
    """The form in which a start is asked for."""
    process = Variety.INCOMING.process_id if is_incoming else _COMMON
    return opened.deployment.catalogue.form(process, _STEP)


def check_outgoing(answers: Answers, applicant: Applicant, opened: Opened) -> Checked:
    """Check the application of a member who may be transferred; refuses as `_check`, then as `attaching.find_loose`."""
    member = applicant.person.member
    case = asking.read_case(answers, origin=applicant.home, starter=opened.starting, is_graduate=member.is_graduate)
    system = prefilled.of_start(member, applicant.home, opened.starting, opened.today)
    checked = _check(answers, case, system, opened)
    permitted = attachments.kinds_of_start(opened.profile, is_incoming=False)
    named = attaching.named(answers)
    return replace(checked, attached=attaching.find_loose(named, actor=opened.actor, permitted=permitted))


def check_incoming(answers: Answers, newcomer: Newcomer, opened: Opened) -> Checked:
    """Check the registration of somebody who may come in; refuses as `_check`."""
    assert opened.starting is not None  # noqa: S101 - nobody registers himself
    given = _completed(answers, newcomer, opened)
    case = asking.read_case(given, origin=None, starter=opened.starting, is_graduate=False)
    has_photo = attaching.has_kind(newcomer.attached, AttachmentKind.LETTER_PHOTO)
    besides = (
        *newcomers.photo_faults(opened.profile, has_letter_photo=has_photo),
        *prefilled.faults(answers, newcomer.values),
    )
    checked = _check(given, case, prefilled.of_incoming(opened.starting), opened, besides)
    return replace(checked, attached=newcomer.attached)


def _completed(answers: Answers, newcomer: Newcomer, opened: Opened) -> Answers:
    """The answers with what the records say of the person, and with the usual type where none is asked for (R-144)."""
    usual = {} if opened.profile.flag("incoming.type_chosen") else {"in_type": newcomers.USUAL_TYPE.value}
    return {**usual, **{name: each for name, each in answers.items() if each not in ("", None)}, **newcomer.values}


def _check(
    answers: Answers,
    case: RouteCase,
    system: prefilled.Values,
    opened: Opened,
    besides: tuple[FieldError, ...] = (),
) -> Checked:
    """Groups 6 to 10.

    Refuses as `starts.check_destination`, all fields at fault together, E_ATTESTATION_REQUIRED, E_ROUTE_NO_AUTHORITY.
    Where no target is named there is nothing to judge yet: it is one of the fields that are missing.
    """
    around = Circumstances.of(case, profile=opened.profile, today=opened.today)
    form = form_of_start(opened, is_incoming=case.is_incoming)
    if asking.is_missing(answers):
        besides = (FieldError("E_REQUIRED_FIELD", "target"), *besides)
        filled_in.read(answers, form=form, around=around, system=system, besides=besides)
    variety, out_type = starts.check_destination(case, opened.profile)
    facts = filled_in.read(answers, form=form, around=around, system=system, besides=besides)
    settled = replace(case, variety=None if case.is_incoming else variety, out_type=out_type)
    return Checked(
        case=replace(settled, out_type=case.out_type),
        variety=variety,
        out_type=out_type,
        facts=facts,
        application=applications.kept(facts, around) | ({"target": case.target[0].code} if case.target else {}),
        route=routes.plan_route(settled, opened.profile),
    )
