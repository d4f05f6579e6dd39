"""What a proxy of ours says of a request is believed; what anybody else says of himself is not (R-036, R-037)."""

from collections.abc import Iterable
from contextlib import suppress
from ipaddress import ip_address, ip_network
from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from service.config import Settings


def install(app: Flask, settings: Settings) -> None:
    """Take address, scheme and host from the proxies that the settings count, where they connect from their networks."""
    if not (number := settings.proxies):
        return
    plain = app.wsgi_app
    behind = ProxyFix(plain, x_for=number, x_proto=number, x_host=number)

    def choose(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # Who reaches the service past the proxy chooses no address for himself.
        is_ours = is_inside(settings.proxy_networks, str(environ.get("REMOTE_ADDR", "")))
        return (behind if is_ours else plain)(environ, start_response)

    app.wsgi_app = choose  # type: ignore[method-assign]


def vouch() -> bool:
    """Whether this request came through a proxy of ours."""
    return "werkzeug.proxy_fix.orig" in request.environ


def is_inside(networks: tuple[str, ...], place: str) -> bool:
    """Whether an address lies in one of these networks."""
    with suppress(ValueError):
        parsed = ip_address(place)
        mapped = getattr(parsed, "ipv4_mapped", None)
        return any((mapped or parsed) in ip_network(each) for each in networks)
    return False
