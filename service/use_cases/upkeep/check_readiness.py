"""Is the database there, and is it one this program can work with? Asked at the start and by whoever watches over it."""

from service.storage import health


def ask_database() -> None:
    """Ask the database for one value; raises what it raises when it cannot be reached."""
    health.ask()


def require_ready() -> None:
    """Refuse E_SCHEMA_VERSION unless the schema is that of this program."""
    health.require_schema()
