"""Permission configuration: the organisations in reach on one side, what one of them may do on the other."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.organisations.permissions import Permission
from service.storage.organisations.organisation_lists import Filter
from service.use_cases.organisations.configure_permissions import set_permissions, show_permissions
from service.use_cases.organisations.list_subordinates import list_subordinates
from service.use_cases.organisations.search_organisations import name_of
from service.use_cases.organisations.show_organisation import show_organisation
from service.web import sessions
from service.web.deployed import now
from service.web.pages.answers import plain_text, whole_number
from service.web.pages.organisations.organisation_titles import LEVELS, SCOPES

_PER_PAGE = 50
_LONGEST = 64

blueprint = Blueprint("permissions", __name__)


@blueprint.get("/permissions")
def first() -> ResponseReturnValue:
    """The permissions of the acting organisation, a system administrator says of which; refuses E_FORBIDDEN to others."""
    if sessions.actor().role is Role.SYSTEM_ADMIN:
        return _choice()
    return redirect(url_for("permissions.show", code=sessions.administered().code), code=303)


@blueprint.get("/organisations/<string:code>/permissions")
def show(code: str) -> ResponseReturnValue:
    """What it may do, what is locked and why; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE."""
    return _page(code)


@blueprint.post("/organisations/<string:code>/permissions")
def save(code: str) -> ResponseReturnValue:
    """Set what the form left open; a refusal is shown above it."""
    seen = show_permissions(code, actor=sessions.actor())
    names = [each.value for each in Permission if each not in seen.locks]
    wanted = {name: request.form[name][:40] for name in names if name in request.form}
    try:
        set_permissions(code, wanted, actor=sessions.actor(), now=now())
    except Refused as refusal:
        return _page(code, refusal), refusal.status
    return redirect(url_for("permissions.show", code=code, done="saved"), code=303)


def _choice() -> ResponseReturnValue:
    code = plain_text(request.args.get("organisation", "").strip(), longest=_LONGEST)
    if code and name_of(code):
        return redirect(url_for("permissions.show", code=code), code=303)
    return render_template("organisation_choose.html", about="permissions", code=code, is_unknown=bool(code))


def _page(code: str, refusal: Refused | None = None) -> str:
    actor = sessions.actor()
    seen = show_permissions(code, actor=actor)
    page = whole_number(request.args.get("page", "1")) or 1
    below = list_subordinates(code, Filter(), actor=actor, page=page, per_page=_PER_PAGE) if actor.org else None
    return render_template(
        "permissions.html",
        seen=seen,
        chain=show_organisation(code),
        found=below,
        last=max(1, -(-below.total // _PER_PAGE)) if below else 1,
        opens=_opens(code),
        levels=LEVELS,
        scopes=SCOPES,
        refusal=refusal,
        done=request.args.get("done") == "saved",
    )


def _opens(code: str) -> bool:
    """Whether the level below this organisation can be configured by the acting one (R-018)."""
    actor = sessions.actor()
    below = list_subordinates(code, Filter(), actor=actor, per_page=1).items if actor.org else ()
    if not below:
        return False
    try:
        show_permissions(below[0].code, actor=actor)
    except Refused:
        return False
    return True
