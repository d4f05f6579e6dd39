"""New members on pages: the empty spreadsheet, its submission with a report of each line, its decision (R-043, R-044)."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.members.admissions import PRIMARY, AdmissionKind, Statement
from service.domain.members.identity_numbers import masked
from service.use_cases.members import admission_sheets
from service.use_cases.members.admit_members import (
    SheetReport,
    decide_admission,
    list_admissions,
    show_admission,
    submission_day,
    submit_admission,
)
from service.web import sessions, uploads
from service.web.deployed import deployment, now
from service.web.pages.answers import plain_text
from service.web.pages.members import sheets
from service.web.requests import LARGEST_ID

_LONGEST = 2000
_LONGEST_OPINION = 500
_PATH = f"/admissions/<int(max={LARGEST_ID}):admission_id>"
_DONE = frozenset({"submitted", "approved", "refused"})

blueprint = Blueprint("admissions", __name__)


@blueprint.get("/admissions")
def listed() -> ResponseReturnValue:
    """What the acting organisation submitted or decides; refuses E_FORBIDDEN."""
    found, org = list_admissions(actor=sessions.actor()), sessions.actor().org
    code = org.code if org else ""
    return render_template(
        "admissions.html",
        own=[each for each in found if each.org_code == code],
        deciding=[each for each in found if each.decider_code == code],
        submits=_submits(),
        day=submission_day(now()),
    )


@blueprint.get("/admissions/template.xlsx")
def template() -> Response:
    """The empty spreadsheet."""
    return sheets.workbook(admission_sheets.template(), "新增人员信息表")


@blueprint.get("/admissions/new")
def new() -> ResponseReturnValue:
    """The form in which one is submitted; refuses E_FORBIDDEN to whoever is no primary organisation."""
    if not _submits():
        raise Refused("E_FORBIDDEN", detail_zh="由基层党组织报送", detail_en="a primary organisation submits it")
    return _form()


@blueprint.post("/admissions")
@uploads.takes_files
def submit() -> ResponseReturnValue:
    """Submit one; a refusal, and what is wrong with its lines, is shown in the form."""
    kind = _kind()
    statement = Statement(_text("statement"), _text("reason"), _text("signed_by"))
    try:
        uploads.require_readable("file")
        content = uploads.sent("file").content
        report = submit_admission(content, kind, statement, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _form(refusal=refusal), refusal.status
    if report.admission_id is None:
        return _form(report=report), 422
    return redirect(url_for("admissions.show", admission_id=report.admission_id, done="submitted"), code=303)


@blueprint.get(_PATH)
def show(admission_id: int) -> ResponseReturnValue:
    """One spreadsheet with its people; refuses E_NOT_FOUND."""
    return _one(admission_id)


@blueprint.post(_PATH)
def decide(admission_id: int) -> ResponseReturnValue:
    """Let everybody of it in, or nobody; a refusal is shown on its page."""
    approves = request.form.get("go") == "approve"
    opinion = _text("opinion", longest=_LONGEST_OPINION)
    actor, parts = sessions.actor(), deployment()
    try:
        decide_admission(admission_id, approves=approves, opinion=opinion, actor=actor, now=now(), deployment=parts)
    except Refused as refusal:
        return _one(admission_id, refusal), refusal.status
    done = "approved" if approves else "refused"
    return redirect(url_for("admissions.show", admission_id=admission_id, done=done), code=303)


def _one(admission_id: int, refusal: Refused | None = None) -> str:
    admission, people = show_admission(admission_id, actor=sessions.actor(), deployment=deployment())
    org, done = sessions.actor().org, request.args.get("done", "")
    return render_template(
        "admission.html",
        admission=admission,
        people=[(each.line, each.member, masked(each.member.id_number)) for each in people],
        decides=org is not None and org.code == admission.decider_code,
        opinion=_text("opinion", longest=_LONGEST_OPINION),
        refusal=refusal,
        done=done if done in _DONE else "",
    )


def _form(*, refusal: Refused | None = None, report: SheetReport | None = None) -> str:
    day = submission_day(now())
    return render_template(
        "admission_form.html",
        refusal=refusal,
        faults={each.field: each for each in refusal.fields} if refusal else {},
        report=report,
        defects=sheets.drawn(report.defects) if report else (),
        kind=_kind(),
        values={name: _text(name) for name in ("statement", "reason", "signed_by")},
        day=day,
        is_day=day == local_date(now()),
    )


def _submits() -> bool:
    actor = sessions.actor()
    return actor.decides_for_org and actor.org is not None and actor.org.org_type in PRIMARY


def _kind() -> AdmissionKind:
    given = request.form.get("kind", "")
    return AdmissionKind(given) if given in set(AdmissionKind) else AdmissionKind.NEW


def _text(name: str, *, longest: int = _LONGEST) -> str:
    return plain_text(request.form.get(name, "").strip(), longest=longest)
