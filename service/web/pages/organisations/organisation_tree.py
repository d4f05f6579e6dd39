"""The organisation tree: one organisation and its next level, each of which opens in place; and the list below it."""

import secrets
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.domain.organisations.organisations import OrgType
from service.printing.spreadsheets import MEDIA_TYPE
from service.storage.organisations.organisation_lists import Filter
from service.use_cases.members.list_completeness import list_completeness
from service.use_cases.organisations.list_subordinates import export_subordinates, list_subordinates
from service.use_cases.organisations.order_subordinates import export_order, import_order, shift_order
from service.use_cases.organisations.show_organisation import show_organisation
from service.web import sessions
from service.web.deployed import now
from service.web.pages.answers import plain_text, whole_number

LEVEL_PAGE = 50
"""So many organisations of one level are shown at once; the rest opens on demand."""
_LONGEST = 100
_YES = {"yes": True, "no": False}

blueprint = Blueprint("organisation_tree", __name__)


@blueprint.get("/organisations")
def first() -> ResponseReturnValue:
    """The tree of the acting organisation; refuses E_FORBIDDEN to who administers none."""
    return redirect(url_for("organisation_tree.show", code=sessions.administered().code), code=303)


@blueprint.get("/organisations/<string:code>/tree")
def show(code: str) -> ResponseReturnValue:
    """One organisation with its next level; the level alone where a part of the page asks for it."""
    found = list_subordinates(code, Filter(), actor=sessions.actor(), page=_page(), per_page=LEVEL_PAGE)
    last = max(1, -(-found.total // found.per_page))
    if request.headers.get("HX-Request"):
        return render_template("parts/tree_level.html", found=found, last=last, code=code)
    chain = show_organisation(code)
    return render_template("organisation_tree.html", found=found, last=last, code=code, chain=chain)


@blueprint.get("/organisations/<string:code>/list")
def listed(code: str) -> ResponseReturnValue:
    """What stands below, filtered, page by page."""
    return _listed(code)


@blueprint.get("/organisations/<string:code>/completeness")
def completeness(code: str) -> ResponseReturnValue:
    """How complete the members' records are, below the organisation and in it (R-209); to a list, its cells alone.

    Refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_NOT_FOUND.
    """
    found = list_completeness(code, actor=sessions.actor(), page=_page(), wanted=_wanted())
    if request.headers.get("HX-Request"):
        return render_template("parts/completeness_cells.html", found=found)
    last = max(1, -(-found.total // found.per_page))
    chain, kept = show_organisation(code), _kept()
    return render_template("completeness.html", found=found, last=last, code=code, chain=chain, kept=kept)


@blueprint.get("/organisations/<string:code>/list.xlsx")
def export(code: str) -> ResponseReturnValue:
    """The same list as a file; refuses E_EXPORT_LIMIT."""
    return _file(export_subordinates(code, _wanted(), actor=sessions.actor()), f"{code}-list")


@blueprint.get("/organisations/<string:code>/order.xlsx")
def order_file(code: str) -> ResponseReturnValue:
    """The next level in its order, as a file that can be imported again."""
    return _file(export_order(code, actor=sessions.actor()), f"{code}-order")


@blueprint.post("/organisations/<string:code>/order")
def order(code: str) -> ResponseReturnValue:
    """Move one line up or down, or take the order of a file over; a refusal is shown above the list."""
    try:
        if "file" in request.files:
            import_order(code, request.files["file"].read(), actor=sessions.actor(), now=now())
        else:
            by = 1 if request.form.get("go") == "down" else -1
            moved = plain_text(request.form.get("code", ""), longest=_LONGEST)
            shift_order(code, moved, by=by, actor=sessions.actor(), now=now())
    except Refused as refusal:
        return _listed(code, refusal), refusal.status
    page = whole_number(request.form.get("page", "")) or 1
    return redirect(url_for("organisation_tree.listed", code=code, page=page), code=303)


def _listed(code: str, refusal: Refused | None = None) -> str:
    wanted = _wanted()
    found = list_subordinates(code, wanted, actor=sessions.actor(), page=_page())
    kept = _kept()
    return render_template(
        "organisation_list.html",
        found=found,
        last=max(1, -(-found.total // found.per_page)),
        wanted=wanted,
        code=code,
        chain=show_organisation(code),
        kept=kept,
        types=[each for each in OrgType if not each.startswith("HOLDING")],
        refusal=refusal,
        can_order=not kept,
        key=secrets.token_urlsafe(),
    )


def _kept() -> dict[str, str]:
    """What the address filters by, for the addresses of other pages of the same list."""
    return {name: value for name, value in request.args.items() if name != "page" and value}


def _wanted() -> Filter:
    kind = request.args.get("type", "")
    return Filter(
        text=plain_text(request.args.get("text", "").strip(), longest=_LONGEST),
        deep=request.args.get("deep") == "yes",
        org_type=OrgType(kind) if kind in set(OrgType) else None,
        is_mainly_older=_YES.get(request.args.get("older", "")),
        dissolved=request.args.get("dissolved") == "yes",
    )


def _page() -> int:
    return whole_number(request.args.get("page", "1")) or 0


def _file(content: bytes, name: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return Response(content, mimetype=MEDIA_TYPE, headers={"Content-Disposition": disposition})
