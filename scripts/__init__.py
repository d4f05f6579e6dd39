"""The Python functions that the script tasks of a diagram call, one module per process beside `common`."""

import importlib
import importlib.util
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType, ModuleType

from service.domain.transfers.functions import Function

_PROCESS_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")


@cache
def functions(process_id: str) -> Mapping[str, Function]:
    """All functions that a diagram of this process may name; its own module goes before `common`."""
    found = _declared_in(importlib.import_module("scripts.common"))
    if _PROCESS_ID.fullmatch(process_id) and importlib.util.find_spec(f"scripts.{process_id}"):
        found |= _declared_in(importlib.import_module(f"scripts.{process_id}"))
    return MappingProxyType(found)


def _declared_in(module: ModuleType) -> dict[str, Function]:
    return {value.name: value for value in vars(module).values() if isinstance(value, Function)}
