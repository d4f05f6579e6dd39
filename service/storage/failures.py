"""What a failure of the database means to people: no space left, or somebody else holds it."""

import sqlite3

from sqlalchemy.exc import DBAPIError

from service.domain.errors import Refused

WAIT_SECONDS = 5

# A limit on the size of files shows as a failed write, a full disk as SQLITE_FULL or a failed write of the index.
_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
_SQLITE_IN_USE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_PRIMARY_CODE = 0xFF
_SQLITE_READ_ONLY = sqlite3.SQLITE_READONLY
_POSTGRESQL_CODES = {
    "53100": "E_STORAGE_FULL",
    "55P03": "E_DATABASE_IN_USE",
    "40P01": "E_DATABASE_IN_USE",
    "25006": "E_FORBIDDEN",
}
_DETAILS = {
    "E_STORAGE_FULL": ("", ""),
    "E_FORBIDDEN": ("只读", "this role only reads"),
    "E_DATABASE_IN_USE": (f"等待 {WAIT_SECONDS} 秒后仍被占用", f"still locked after {WAIT_SECONDS} s"),
}


def refusal_of(error: BaseException) -> Refused | None:
    """The refusal for a failure of the database, None when it is a fault of the program.

    Gives E_STORAGE_FULL or E_DATABASE_IN_USE.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = _sqlite_code(cause) if isinstance(cause, sqlite3.Error) else _postgresql_code(cause)
    if code is None:
        return None
    zh, en = _DETAILS[code]
    return Refused(code, detail_zh=zh, detail_en=en)


def _sqlite_code(error: sqlite3.Error) -> str | None:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _SQLITE_FULL:
        return "E_STORAGE_FULL"
    if code == _SQLITE_READ_ONLY:
        return "E_FORBIDDEN"
    return "E_DATABASE_IN_USE" if code & _PRIMARY_CODE in _SQLITE_IN_USE else None


def _postgresql_code(error: BaseException | None) -> str | None:
    return _POSTGRESQL_CODES.get(getattr(error, "sqlstate", None) or "")
