"""Take a member back who was closed out by mistake: branch, identity number, confirm (R-128)."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.use_cases.members.retrieve_member import Retrieved, retrieve_member
from service.use_cases.organisations.search_organisations import name_of
from service.web import sessions
from service.web.deployed import deployment, now
from service.web.pages import answers

_LONGEST = 40

blueprint = Blueprint("retrievals", __name__)


@blueprint.get("/retrievals")
def show() -> ResponseReturnValue:
    """The form; refuses E_FORBIDDEN, E_ACTION_NOT_ALLOWED where nobody is retrieved."""
    _require_offered()
    actor = sessions.actor()
    own = actor.org.code if actor.org and actor.org.is_branch else ""
    return _page(branch=request.args.get("branch", own)[:_LONGEST])


@blueprint.post("/retrievals")
def retrieve() -> ResponseReturnValue:
    """Take him back; a refusal is shown in the form."""
    branch, number = (
        answers.plain_text(request.form.get(name, ""), longest=_LONGEST) for name in ("branch", "id_number")
    )
    try:
        done = retrieve_member(branch.strip(), number, actor=sessions.actor(), now=now(), deployment=deployment())
    except Refused as refusal:
        return _page(branch=branch, number=number, refusal=refusal), refusal.status
    return _page(branch=branch, done=done)


def is_offered() -> bool:
    """Whether the acting role may retrieve members at all."""
    return sessions.actor().decides_for_org and deployment().profile.flag("outside.retrieve")


def _require_offered() -> None:
    if not sessions.actor().decides_for_org:
        raise Refused("E_FORBIDDEN")
    if not is_offered():
        raise Refused("E_ACTION_NOT_ALLOWED")


def _page(*, branch: str = "", number: str = "", refusal: Refused | None = None, done: Retrieved | None = None) -> str:
    return render_template(
        "retrieve.html",
        branch=branch,
        picked=name_of(branch) if branch else "",
        number=number,
        refusal=refusal,
        done=done,
    )
