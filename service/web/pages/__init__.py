"""Server-rendered pages for people, in Chinese and in English; they decide nothing, the use cases do."""

from flask import Flask

from service.web import errors
from service.web.pages import (
    account,
    applications,
    incoming,
    letters,
    lists,
    log_in,
    notices,
    organisations,
    preferences,
    problems,
    surroundings,
    transfers,
)

_PARTS = (log_in, preferences, account, lists, transfers, applications, incoming, organisations, letters, notices)


def register(app: Flask) -> None:
    """Add the pages to an application."""
    for part in _PARTS:
        app.register_blueprint(part.blueprint)
    surroundings.install(app)
    errors.show_with(app, problems.show)
