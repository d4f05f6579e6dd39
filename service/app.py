"""Makes the web application: database, deployment, guards, interface and pages, put together once per process."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from service.bootstrap import build
from service.config import Settings
from service.storage.db import configure, db, transaction
from service.storage.members import members
from service.storage.reachable import reached
from service.use_cases.deployment import Deployment
from service.use_cases.upkeep.check_readiness import require_ready
from service.use_cases.upkeep.keep_definitions import keep_definitions
from service.web import api, deployed, errors, guards, headers, health, logs, pages, proxies, uploads
from service.web.json_format import Json


class _Application(Flask):
    """Asks no view whether it is a coroutine: none is, and Flask would ask each of them with every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is."""
        return func


def create_app(settings: Settings, *, deployment: Deployment | None = None) -> Flask:
    """Make the application; refuses E_SCHEMA_VERSION, E_PROFILE_INVALID, E_BPMN_INVALID, E_SETTING_INVALID.

    A test hands over a deployment of its own.
    """
    app = _Application("zhuanjie", root_path=_folder(), static_folder="static", template_folder="templates")
    app.request_class = uploads.RequestInMemory
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=uploads.LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=uploads.LARGEST_REQUEST,
    )
    app.json = Json(app)
    logs.configure(settings.log_level)
    deployed.install(app, deployment=deployment or build(settings), settings=settings)
    proxies.install(app, settings)
    _open_database(app)
    app.before_request(guards.admit)
    app.teardown_request(guards.release)
    headers.install(app, https=settings.secure_cookies)
    errors.install(app)
    app.register_blueprint(health.blueprint)
    api.register(app)
    pages.register(app)
    return app


def _open_database(app: Flask) -> None:
    db.init_app(app)
    with app.app_context(), reached():
        configure(db.engine)
        require_ready()
        with transaction():
            members.require_fitting_key(deployed.deployment().vault)
            keep_definitions(deployed.deployment(), now=datetime.now(UTC))


def _folder() -> str:
    return str(next(iter(pages.__path__)).removesuffix("/pages"))
