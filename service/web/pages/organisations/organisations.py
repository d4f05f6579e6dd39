"""Looking for an organisation by a part of its name or by its code; a fragment that htmx puts under the field."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.domain.errors import Refused
from service.use_cases.organisations.search_organisations import search_organisations
from service.web.pages.answers import plain_text

_MOST = 12
FIELD_ID = "field-"
"""What the id of a field begins with, before its name."""
_LONGEST = 50

blueprint = Blueprint("organisations", __name__)


@blueprint.get("/organisations/search")
def search() -> ResponseReturnValue:
    """Organisations that fit what stands in the field `into` names by its id; one of them is picked into it."""
    into = request.args.get("into", "")[:_LONGEST]
    text = plain_text(request.args.get(into.removeprefix(FIELD_ID), "").strip(), longest=_LONGEST)
    try:
        found = search_organisations(text, limit=_MOST)
    except Refused:
        found, text = (), ""  # who has typed one character only is still typing
    suggests = into == f"{FIELD_ID}target"
    return render_template("parts/found_organisations.html", found=found, into=into, text=text, suggests=suggests)
