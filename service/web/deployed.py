"""What the application of this process works with, found again in every request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from flask import Flask, current_app

from service.config import Settings
from service.use_cases.accounts.reading_certificates import Issuers, load_issuers
from service.use_cases.accounts.who_acts import Limits
from service.use_cases.deployment import Deployment

_EXTENSION = "zhuanjie"


@dataclass(slots=True)
class Deployed:
    """Deployment, settings and the clock; a test may set the clock."""

    deployment: Deployment
    settings: Settings
    limits: Limits
    clock: Callable[[], datetime]
    issuers: Issuers = ()


def install(app: Flask, *, deployment: Deployment, settings: Settings) -> None:
    """Hand the parts to an application."""
    limits = Limits(
        idle=timedelta(minutes=settings.session_idle_minutes), absolute=timedelta(hours=settings.session_hours)
    )
    issuers = load_issuers(settings.certificate_issuers)
    app.extensions[_EXTENSION] = Deployed(deployment, settings, limits, lambda: datetime.now(UTC), issuers)


def deployed(app: Flask | None = None) -> Deployed:
    """The parts of this application."""
    return cast(Deployed, (app or current_app).extensions[_EXTENSION])


def deployment() -> Deployment:
    """Definitions, profile, engine and keys."""
    return deployed().deployment


def now() -> datetime:
    """The moment of this request, UTC."""
    return deployed().clock()
