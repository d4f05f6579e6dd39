"""Whether the process answers and may be sent requests; for whoever watches over it. Nothing else is told."""

from flask import Blueprint

from service.use_cases.upkeep.check_readiness import ask_database, require_ready
from service.web.guards import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> dict[str, str]:
    """The database answers; the process need not be restarted."""
    ask_database()
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> dict[str, str]:
    """The database has the schema of this program: requests may be sent here."""
    require_ready()
    return {"status": "ok"}
