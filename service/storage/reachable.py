"""A database that cannot be reached is a matter for the operator, not a fault of the program."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from service.domain.errors import Refused
from service.storage.failures import refusal_of


@contextmanager
def reached() -> Iterator[None]:
    """Refuse E_SETTING_INVALID when a database cannot be opened; what fails later, in a statement, passes through."""
    try:
        yield
    except (DBAPIError, sqlite3.DatabaseError) as error:
        if refusal := refusal_of(error):
            raise refusal from error
        # SQLite tells only with the first statements on a connection that a file is no database.
        if getattr(error, "statement", None) is not None:
            raise
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0][:300]
        raise Refused(
            "E_SETTING_INVALID",
            field="DATABASE_URL",
            detail_zh=f"无法连接数据库：{reason}",
            detail_en=f"the database cannot be reached: {reason}",
        ) from error
