"""Who stands at the door, as far as a request tells: address, program, known devices, certificate."""

from base64 import b64decode, encodebytes
from contextlib import suppress
from urllib.parse import unquote_to_bytes, urlsplit

from flask import g, request
from werkzeug import Response

from service.domain.accounts.certificates import Certificate
from service.domain.errors import Refused
from service.use_cases.accounts.caller import Caller, DoorRules
from service.use_cases.accounts.opening import Standing
from service.use_cases.accounts.passkeys import Site
from service.use_cases.accounts.reading_certificates import LARGEST, read_certificate
from service.web import proxies
from service.web.deployed import deployed, deployment
from service.web.requests import address

_MOST_DEVICES = 5
_LONGEST_TOKEN = 64
_LONGEST_COOKIE = 400
_YEAR_SECONDS = 365 * 24 * 3600
_MARK = b"-----BEGIN CERTIFICATE-----"


def caller(*, device: str = "") -> Caller:
    """Who asks; a program names its device itself, a browser by a cookie."""
    tokens = (device, *_cookie_devices()) if device else _cookie_devices()
    agent = request.headers.get("User-Agent", "")
    return Caller(address(), agent, tuple(each[:_LONGEST_TOKEN] for each in tokens), presented())


def rules() -> DoorRules:
    """What the settings ask of those who log in."""
    settings = deployed().settings
    return DoorRules(
        per_minute=settings.log_ins_per_minute,
        certificates=settings.certificates == "profile",
        second_factor=settings.second_factor,
    )


def standing() -> Standing:
    """Caller, rules and deployment together."""
    return Standing(caller(), rules(), deployment())


def remember(response: Response, device: str | None) -> None:
    """Give the browser the token of a new device, beside those of others who log in on it."""
    if device is None:
        return
    secure = deployed().settings.secure_cookies
    tokens = [device, *_cookie_devices()][:_MOST_DEVICES]
    response.set_cookie(
        _cookie(), ".".join(tokens), max_age=_YEAR_SECONDS, path="/", secure=secure, httponly=True, samesite="Lax"
    )


def presented() -> Certificate | None:
    """The certificate that a proxy of ours vouches for; None without one. A header from elsewhere is no proof (R-036)."""
    if "certificate" not in g:
        g.certificate = _presented()
    return g.certificate  # type: ignore[no-any-return]


def own_site() -> Site:
    """The site as browsers see it: what the settings say, else the address of this request."""
    origin = deployed().settings.address.rstrip("/") or f"{request.scheme}://{request.host}"
    return Site(urlsplit(origin).hostname or "", origin)


def _presented() -> Certificate | None:
    parts = deployed()
    name = parts.settings.certificate_header
    written = request.headers.get(name, "") if name else ""
    if not written or not proxies.vouch():
        return None
    with suppress(Refused):
        return read_certificate(_pem(written), parts.issuers)
    return None


def _pem(written: str) -> bytes:
    """PEM in percent signs, as nginx sends it, or DER between colons, as RFC 9440 does."""
    text = written[: 2 * LARGEST]
    if text.startswith(":") and text.endswith(":"):
        with suppress(ValueError):
            return _MARK + b"\n" + encodebytes(b64decode(text[1:-1], validate=True)) + b"-----END CERTIFICATE-----\n"
    return unquote_to_bytes(text)


def _cookie_devices() -> tuple[str, ...]:
    given = request.cookies.get(_cookie(), "")[:_LONGEST_COOKIE]
    return tuple(each for each in given.split(".")[:_MOST_DEVICES] if each) if given.isascii() else ()


def _cookie() -> str:
    return "__Host-zhuanjie-device" if deployed().settings.secure_cookies else "zhuanjie-device"
