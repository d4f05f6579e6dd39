"""Every request passes here first: nothing but what is marked public is shown without a session."""

import hmac
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request

from service.domain.accounts import certificates, passwords, restrictions
from service.domain.accounts.restrictions import Awaited
from service.domain.accounts.roles import Role
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.storage.db import only_reads
from service.use_cases.accounts.who_acts import ActingSession
from service.web import callers, proxies, sessions
from service.web.deployed import deployed
from service.web.requests import address, is_safe, refuse_packed_bodies

CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
_MARK = "is_public"
_OWN = "is_own_session"
_WHILE = "is_open_while"
_View = TypeVar("_View", bound=Callable[..., Any])


def public(view: _View) -> _View:
    """Mark a view that answers without a session; it stands nearest to the function."""
    setattr(view, _MARK, True)
    return view


def own_session(view: _View) -> _View:
    """Mark a view that changes nothing but the caller's own session; it stands nearest to the function."""
    setattr(view, _OWN, True)
    return view


def open_while(*awaited: Awaited) -> Callable[[_View], _View]:
    """Mark a view that is open to a session of which this is still awaited."""

    def mark(view: _View) -> _View:
        setattr(view, _WHILE, frozenset(awaited))
        return view

    return mark


def is_public(endpoint: str, app: Flask) -> bool:
    """Whether this endpoint answers without a session."""
    return endpoint == "static" or is_marked_public(app.view_functions.get(endpoint))


def is_marked_public(view: object) -> bool:
    """Whether this view, or what wraps it, bears the mark."""
    return bool(getattr(view, _MARK, False))


def admit() -> None:
    """Let a request in.

    Refuses E_LOGIN_REQUIRED (also to who is inside when the initial passwords run out), E_CSRF, E_MEDIA_TYPE; what is
    awaited of the session (`restrictions`); E_CERT_REQUIRED without the certificate it was opened with (R-036);
    E_FORBIDDEN for officers outside of their networks (R-037).
    """
    endpoint = request.endpoint
    if endpoint is None:
        return  # no such address: the router says so
    refuse_packed_bodies()
    if not is_safe() and not sessions.comes_as_bearer():
        _require_same_site()
    if is_public(endpoint, current_app):
        return
    session = sessions.current()
    _require_open_account(session)
    if not is_safe() and not sessions.comes_as_bearer():
        _require_token(session.csrf)
    view = current_app.view_functions[endpoint]
    is_own = bool(getattr(view, _OWN, False))
    _require_whole(session, view)
    if session.actor.role is not Role.MEMBER and not is_own:
        _require_network()
    if session.actor.role is Role.AUDITOR and not is_own:
        # Whatever a view does by mistake: the database takes nothing from an auditor.
        g.limits = ExitStack()
        g.limits.enter_context(only_reads())


def release(_fault: BaseException | None = None) -> None:
    """Let the thread that served a request write again for the next one."""
    if limits := g.pop("limits", None):
        limits.close()


def _require_open_account(session: ActingSession) -> None:
    # Who was inside when the initial passwords ran out goes through the door once more, where he is told why.
    account, today = session.account, local_date(deployed().clock())
    profile = deployed().deployment.profile
    if passwords.is_closed(account.password_kind, account.activated_at, profile, today=today):
        raise Refused("E_LOGIN_REQUIRED")


def _require_whole(session: ActingSession, view: Callable[..., Any]) -> None:
    awaited = restrictions.awaited(session.awaits, session.account.password_kind, deployed().deployment.profile)
    if awaited is not None and awaited not in getattr(view, _WHILE, ()):
        raise restrictions.refusal(awaited)
    if session.certificate is not None:
        shown = callers.presented()
        if shown is None or shown.fingerprint != session.certificate:
            raise Refused("E_CERT_REQUIRED")
        certificates.require_valid(shown, now=deployed().clock())


def _require_network() -> None:
    networks = deployed().settings.admin_networks
    if networks and not proxies.is_inside(networks, address()):
        raise Refused("E_FORBIDDEN", detail_zh="管理功能仅限内部网络使用", detail_en="only from the internal network")


def _require_token(expected: str) -> None:
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise Refused("E_CSRF")


def _require_same_site() -> None:
    """Browsers say from where a form was sent; also logging in must not be done from elsewhere."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = site not in ("same-origin", "none") if site else bool(origin) and urlsplit(origin).netloc != request.host
    if foreign:
        raise Refused("E_CSRF")
