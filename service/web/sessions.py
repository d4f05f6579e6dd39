"""The session behind a request: its token comes as a cookie from a browser, as a bearer token from a program."""

from flask import g, request
from werkzeug import Response

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.organisations.organisations import Organisation
from service.use_cases.accounts.opening import Session
from service.use_cases.accounts.who_acts import ActingSession, who_acts
from service.web.deployed import deployed

_BEARER = "Bearer "
_LONGEST = 128


def current() -> ActingSession:
    """The live session of this request, looked up once; refuses E_LOGIN_REQUIRED when there is none."""
    if "session" not in g:
        parts = deployed()
        g.session = who_acts(token(), now=parts.clock(), limits=parts.limits)
    return g.session  # type: ignore[no-any-return]


def actor() -> Actor:
    """Who acts; refuses E_LOGIN_REQUIRED."""
    return current().actor


def administered() -> Organisation:
    """The organisation for which the actor decides; refuses E_LOGIN_REQUIRED, E_FORBIDDEN to who administers none."""
    found = actor()
    if found.org is None or not found.decides_for_org:
        raise Refused("E_FORBIDDEN")
    return found.org


def token() -> str:
    """The token the request brings, empty when it brings none."""
    header = request.headers.get("Authorization", "")
    given = header.removeprefix(_BEARER) if comes_as_bearer() else request.cookies.get(cookie_name(), "")
    return given if given.isascii() and len(given) <= _LONGEST else ""


def comes_as_bearer() -> bool:
    """Whether a program says who it is; a browser never does so by itself, hence no forgery from another site."""
    return request.headers.get("Authorization", "").startswith(_BEARER)


def cookie_name() -> str:
    """The name of the cookie; the prefix makes browsers refuse one that was set without HTTPS."""
    return "__Host-zhuanjie" if deployed().settings.secure_cookies else "zhuanjie"


def hand_out(response: Response, session: Session) -> None:
    """Give the browser the token of a new session."""
    parts = deployed()
    response.set_cookie(
        cookie_name(),
        session.token,
        max_age=parts.limits.absolute,
        path="/",
        secure=parts.settings.secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def take_back(response: Response) -> None:
    """Make the browser forget its token."""
    response.delete_cookie(
        cookie_name(), path="/", secure=deployed().settings.secure_cookies, httponly=True, samesite="Lax"
    )
