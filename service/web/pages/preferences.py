"""Language and size of type: two cookies that a browser keeps, nothing about the person."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from service.web.deployed import deployed
from service.web.guards import public
from service.web.pages.language import CHINESE, COOKIE, ENGLISH

SIZE_COOKIE = "zhuanjie_size"
_LARGE, _NORMAL = "large", "normal"
_CHOICES = {"language": (COOKIE, (CHINESE, ENGLISH)), "size": (SIZE_COOKIE, (_NORMAL, _LARGE))}
_YEAR = 365 * 24 * 3600

blueprint = Blueprint("preferences", __name__)


def is_large() -> bool:
    """Whether the person chose the large-type edition."""
    return request.cookies.get(SIZE_COOKIE) == _LARGE


@blueprint.post("/preferences")
@public
def keep() -> ResponseReturnValue:
    """Keep a choice and go back to the page it was made on."""
    response = redirect(local_address(request.form.get("next", "")), code=303)
    for name, (cookie, allowed) in _CHOICES.items():
        chosen = request.form.get(name)
        if chosen in allowed:
            secure = deployed().settings.secure_cookies
            response.set_cookie(cookie, chosen, max_age=_YEAR, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def local_address(wanted: str) -> str:
    """The wanted address if it lies on this site, else the first page: nobody is sent elsewhere."""
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_local else "/"
