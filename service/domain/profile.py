"""A profile: the rules in which the five systems differ, as a flat map of keys (requirements 3, R-222)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from service.domain.errors import Refused

ProfileValue = bool | int | str | tuple[str, ...] | tuple[int, ...] | None
"""What a key may hold; None stands for "not set"."""


@dataclass(frozen=True, slots=True)
class ProfileKey:
    """One key of the schema: its type, permitted values, default and the row it comes from."""

    name: str
    type: Literal["flag", "choice", "choices", "number", "numbers", "text"]
    default: ProfileValue
    row: str
    permitted: tuple[str, ...] = ()
    optional: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """A checked, complete profile; asking for a key that does not exist is a fault of the program."""

    name: str
    values: Mapping[str, ProfileValue]

    def flag(self, key: str) -> bool:
        """Value of a yes/no key."""
        value = self.values[key]
        assert isinstance(value, bool), key
        return value

    def choice(self, key: str) -> str:
        """Value of a key with enumerated values, or of a text key; "" when not set."""
        value = self.values[key]
        assert value is None or isinstance(value, str), key
        return value or ""

    def choices(self, key: str) -> tuple[str, ...]:
        """Values of a key that holds a set."""
        value = self.values[key]
        assert isinstance(value, tuple), key
        return tuple(str(each) for each in value)

    def number(self, key: str) -> int | None:
        """Value of a number key, None when there is no limit."""
        value = self.values[key]
        assert value is None or (isinstance(value, int) and not isinstance(value, bool)), key
        return value

    def numbers(self, key: str) -> tuple[int, ...]:
        """Values of a key that holds several numbers."""
        value = self.values[key]
        assert isinstance(value, tuple), key
        return tuple(int(each) for each in value)


def build_profile(name: str, values: Mapping[str, object], schema: Sequence[ProfileKey]) -> Profile:
    """Complete the values with the defaults and check every one; refuses E_PROFILE_INVALID (R-222)."""
    keys = {key.name: key for key in schema}
    for given in values:
        if given not in keys:
            raise _invalid(name, given, values[given], "没有这个配置项", "there is no such key")
    checked: dict[str, ProfileValue] = {}
    for key in schema:
        value = values.get(key.name, key.default)
        value = tuple(value) if isinstance(value, list) else value
        if value == "" and key.optional:
            value = None
        _check(name, key, value)
        checked[key.name] = value  # type: ignore[assignment]  # _check proved the type
    profile = Profile(name, checked)
    _refuse_contradictions(profile)
    return profile


def _check(name: str, key: ProfileKey, value: object) -> None:
    if value is None:
        if not key.optional:
            raise _invalid(name, key.name, value, "不能为空", "a value is needed")
        return
    if not _TYPE_CHECKS[key.type](value):
        raise _invalid(name, key.name, value, f"类型应为 {key.type}", f"expected a {key.type}")
    for each in value if isinstance(value, tuple) else (value,):
        if key.permitted and str(each) not in key.permitted:
            permitted = ", ".join(key.permitted)
            raise _invalid(name, key.name, each, f"可选值：{permitted}", f"permitted: {permitted}")


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_TYPE_CHECKS: dict[str, Callable[[object], bool]] = {
    "flag": lambda value: isinstance(value, bool),
    "choice": lambda value: isinstance(value, str),
    "text": lambda value: isinstance(value, str),
    "number": _is_number,
    "choices": lambda value: isinstance(value, tuple) and all(isinstance(v, str) for v in value),
    "numbers": lambda value: isinstance(value, tuple) and all(_is_number(v) for v in value),
}


def _refuse_contradictions(profile: Profile) -> None:
    keeps = profile.choice("start.below_initiator") == "keep"
    if keeps and profile.choice("start.counts_as_approval") == "always":
        # START would stand in the middle of the route.
        raise _invalid(
            profile.name,
            "start.below_initiator",
            "keep",
            "不能与 start.counts_as_approval=always 同时使用",
            "cannot be combined with start.counts_as_approval=always",
        )
    default = profile.number("letter.validity_default")
    if default is not None and default not in profile.numbers("letter.validity_options"):
        raise _invalid(profile.name, "letter.validity_default", default, "不在可选有效期内", "is not among the options")


def _invalid(profile: str, key: str, value: object, zh: str, en: str) -> Refused:
    return Refused(
        "E_PROFILE_INVALID",
        field=key,
        detail_zh=f"profile={profile} {key}={value!r} {zh}",
        detail_en=f"profile={profile} {key}={value!r} {en}",
    )
