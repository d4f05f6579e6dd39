"""Where somebody comes from, chosen on a page: province, city, county and the name of the branch (R-142)."""

from collections.abc import Mapping
from typing import Any

from flask import request

from service.domain.applying import origins
from service.domain.applying.origins import Origin
from service.web.deployed import deployment
from service.web.pages.answers import plain_text

FIELD = "origin"
_PARTS = ("province", "city", "county", "branch")
_LONGEST = 60
_BETWEEN = "/"


def is_chosen() -> bool:
    """Whether this profile lets choose; otherwise the origin is one field like any other."""
    return deployment().profile.flag("incoming.origin_by_region")


def posted() -> dict[str, str]:
    """The origin put together from its parts; nothing where they were not sent, as from the page before the start."""
    text = _given().text if _are_given() else ""
    return {FIELD: text} if text else {}


def shown(values: Mapping[str, Any]) -> Origin | None:
    """What stands in the parts; None where there are none."""
    if not is_chosen():
        return None
    # As they were sent: what was put together without its province does not come apart again.
    return _given() if _are_given() else origins.parts(str(values.get(FIELD, "")))


def _are_given() -> bool:
    return is_chosen() and any(f"{FIELD}_{name}" in request.form for name in _PARTS)


def _given() -> Origin:
    given = {name: plain_text(request.form.get(f"{FIELD}_{name}", ""), longest=_LONGEST) for name in _PARTS}
    region = {name: "".join(text.replace(_BETWEEN, " ").split()) for name, text in given.items() if name != "branch"}
    return Origin(**region, branch=" ".join(given["branch"].split()))
