"""Column types that mean the same on SQLite and on PostgreSQL."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, String, Text, types

Id = BigInteger().with_variant(Integer, "sqlite")
"""A key; SQLite numbers rows only in columns it calls INTEGER."""

Code = String(32).with_variant(String(32, collation="C"), "postgresql")
Digest = String(64).with_variant(String(64, collation="C"), "postgresql")
"""A keyed index in hex."""

Binary = Text().with_variant(Text(collation="C"), "postgresql")
"""Text compared byte by byte, as ranges over a path need it; an index over it is built in a quarter of the time."""


class Instant(types.TypeDecorator[datetime]):
    """An aware moment in UTC; text on SQLite, so that it sorts and reads the same everywhere."""

    impl = types.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write it with microseconds and Z."""
        return None if value is None else written(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read it as an aware moment."""
        return None if value is None else datetime.fromisoformat(value)


def written(moment: datetime) -> str:
    """A moment as it is stored and hashed: 2025-03-10T01:00:00.000000Z."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
