"""What a command works in: the settings, the open database and the deployment put together from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from service.bootstrap import build
from service.config import Settings
from service.domain.errors import Refused
from service.storage import standalone
from service.use_cases.deployment import Deployment

_SQLITE = "sqlite:///"


@contextmanager
def within(settings: Settings) -> Iterator[Deployment]:
    """Open the database; refuses E_SCHEMA_VERSION, and E_SETTING_INVALID where `init` has not been run."""
    require_made(settings)
    deployment = build(settings)
    with standalone.opened(settings.database_url):
        yield deployment


def require_made(settings: Settings) -> None:
    """Refuse E_SCHEMA_VERSION for an SQLite file that does not exist.

    Opening would create it: an empty file that looks like a database.
    """
    file = database_file(settings)
    if file is not None and not file.exists():
        raise Refused(
            "E_SCHEMA_VERSION",
            detail_zh=f"{file} 不存在，请运行 zhuanjie init",
            detail_en=f"{file} does not exist; run: zhuanjie init",
        )


def database_file(settings: Settings) -> Path | None:
    """The file of an SQLite database, None for PostgreSQL."""
    if not settings.database_url.startswith(_SQLITE):
        return None
    return Path(settings.database_url.removeprefix(_SQLITE)).absolute()
