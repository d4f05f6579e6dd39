"""Domain values as plain JSON values and back, for records that must be readable for years."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum, IntEnum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

Plain = dict[str, "Plain"] | list["Plain"] | str | int | bool | None
"""What a record may hold: no fractions, so that every writer writes the same bytes."""


def plain(value: object) -> Plain:
    """Turn a value into plain JSON: dataclasses by field name, enumerations by name or value."""
    kind: Any = type(value)
    if kind in _AS_THEY_ARE:
        return value  # type: ignore[return-value]
    return _writer(kind)(value)


_AS_THEY_ARE = frozenset({str, int, bool, NoneType})


@lru_cache
def _writer(kind: type) -> Callable[[Any], Plain]:
    """How values of this type are written; found once per type, as it is asked for very often."""
    if is_dataclass(kind):
        names = _field_names(kind)
        return lambda value: {name: plain(getattr(value, name)) for name in names}
    for base, write in _WRITERS.items():
        if issubclass(kind, base):
            return write
    raise TypeError(f"{kind.__name__} has no plain form")


_WRITERS: dict[type, Callable[[Any], Plain]] = {
    IntEnum: lambda value: str(value.name),
    Enum: lambda value: str(value.value),
    date: lambda value: str(value.isoformat()),
    tuple: lambda value: [plain(each) for each in value],
    list: lambda value: [plain(each) for each in value],
    frozenset: lambda value: [plain(each) for each in value],
    Mapping: lambda value: {str(key): plain(each) for key, each in value.items()},
    str: str,
    int: int,
}


def canonical(value: Plain) -> str:
    """Write plain JSON in the one canonical form (RFC 8785 for values without fractions)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=65_536)
def canonical_of(value: object) -> str:
    """Canonical text of an immutable domain value; remembered, as hops and organisations recur."""
    return canonical(plain(value))


def restore(kind: Any, value: Any) -> Any:
    """Rebuild a value of this type from what `plain` made of it."""
    if value is None:
        return None
    origin = get_origin(kind)
    if origin is UnionType:
        return restore(next(each for each in get_args(kind) if each is not NoneType), value)
    if origin is tuple:
        inner = get_args(kind)[0]
        return tuple(restore(inner, each) for each in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: restore(hints[name], each) for name, each in value.items()})
    if isinstance(kind, type) and issubclass(kind, IntEnum):
        return kind[value]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if kind is date:
        return date.fromisoformat(value)
    return value


@lru_cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@lru_cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
