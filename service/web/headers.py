"""Headers of every answer: what a browser may load, and that nobody keeps a copy of personal data."""

from flask import Flask, Response, request

from service.web.requests import request_id

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
_ALWAYS = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
_HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000")


def install(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer of an application."""
    headers = (*_ALWAYS, _HTTPS_ONLY) if https else _ALWAYS

    @app.after_request
    def complete(response: Response) -> Response:
        response.headers.extend(headers)
        response.headers["X-Request-Id"] = request_id()
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
