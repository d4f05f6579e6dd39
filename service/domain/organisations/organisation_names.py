"""How the organisations of a deployment are to be called (R-004).

A pattern holds words as they must stand and places in angle brackets, each for at least one character:
`中国共产党<单位><院系><名称>支部委员会`.
"""

import re
from collections.abc import Iterator

from service.domain.errors import FieldError
from service.domain.organisations.organisations import BRANCHES, OrgType
from service.domain.profile import Profile

_PLACES = re.compile(r"((?:<[^<>]+>)+)")
_PLACE = re.compile(r"<[^<>]+>")
_GENERAL = "总"


def name_errors(org_type: OrgType, *, name: str, short_name: str, profile: Profile) -> Iterator[FieldError]:
    """What is wrong with the names of an organisation of this type: E_ORG_NAME_FORMAT with the pattern."""
    if org_type not in BRANCHES:
        return
    for field, text in (("name", name), ("short_name", short_name)):
        pattern = profile.choice(f"org.branch_{field}_pattern")
        if text and not fits(text, pattern):
            yield FieldError("E_ORG_NAME_FORMAT", field, zh=f"应为“{pattern}”", en=f'expected "{pattern}"')


def fits(text: str, pattern: str) -> bool:
    """Whether a branch's name follows a pattern; no pattern asks for nothing."""
    if not pattern:
        return True
    # 总支部 names a general branch, whose names end like those of branches.
    parts = (_filled(part) if _PLACE.match(part) else re.escape(part) for part in _PLACES.split(pattern) if part)
    return re.fullmatch("".join(parts), text) is not None


def _filled(places: str) -> str:
    return f".{{{len(_PLACE.findall(places))},}}(?<!{_GENERAL})"
