"""Reads the profiles: the rules in which deployments differ, as files beside their schema (requirements 3, R-222).

A profile file holds flat quoted keys; `inherits = "other"` takes over what it leaves out from another file.
"""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from service.domain.errors import Refused
from service.domain.profile import Profile, ProfileKey, build_profile

_SCHEMA = "schema"
_INHERITS = "inherits"


@cache
def schema() -> tuple[ProfileKey, ...]:
    """List every key a profile may hold, in the order of the conflict table."""
    return tuple(_key(name, entry) for name, entry in _read(_SCHEMA).items())


@cache
def names() -> tuple[str, ...]:
    """Name the shipped profiles, sorted."""
    files = (entry.name for entry in resources.files("profiles").iterdir())
    stems = (name.removesuffix(".toml") for name in files if name.endswith(".toml"))
    return tuple(sorted(stem for stem in stems if stem != _SCHEMA))


@cache
def profile(name: str) -> Profile:
    """Read, complete and check one profile; refuses E_PROFILE_INVALID for an unknown name, key or value."""
    return build_profile(name, _with_inherited(name, ()), schema())


def _with_inherited(name: str, heirs: tuple[str, ...]) -> dict[str, object]:
    if name not in names():
        raise _unknown(name)
    if name in heirs:
        raise _circle((*heirs, name))
    values = _read(name)
    parent = values.pop(_INHERITS, None)
    inherited = {} if parent is None else _with_inherited(str(parent), (*heirs, name))
    return {**inherited, **values}


def _read(name: str) -> dict[str, object]:
    text = resources.files("profiles").joinpath(f"{name}.toml").read_text("utf-8")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(
            "E_PROFILE_INVALID",
            field=name,
            detail_zh=f"{name}.toml 不是有效的 TOML（{error}）",
            detail_en=f"{name}.toml is not well-formed TOML ({error})",
        ) from error


def _key(name: str, entry: Any) -> ProfileKey:
    given: dict[str, Any] = {word: tuple(value) if isinstance(value, list) else value for word, value in entry.items()}
    return ProfileKey(name=name, **({"default": None} | given))


def _unknown(name: str) -> Refused:
    known = ", ".join(names())
    return Refused(
        "E_PROFILE_INVALID",
        field="profile",
        detail_zh=f"没有名为 {name!r} 的配置，现有：{known}",
        detail_en=f"there is no profile {name!r}; there are {known}",
    )


def _circle(chain: tuple[str, ...]) -> Refused:
    way = " → ".join(chain)
    return Refused(
        "E_PROFILE_INVALID",
        field=_INHERITS,
        detail_zh=f"配置互相继承：{way}",
        detail_en=f"the profiles inherit from each other: {way}",
    )
