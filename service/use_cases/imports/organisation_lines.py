"""One line of an organisations file: its cells as values, or what is wrong with them (R-002, R-003, R-013)."""

import re
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from service.domain.names import invisible, normalised
from service.domain.organisations.organisations import AuthorityLevel, OrgStatus, OrgType, Scope, UnitKind
from service.use_cases.imports.csv_lines import FORMAT
from service.use_cases.imports.defects import Defects, among

HEADER = (
    "code", "parent_code", "name", "short_name", "org_type", "unit_kind", "authority_level", "scope", "can_transfer",
    "auto_approve_children", "is_functional", "letter_heading", "contact", "telephone", "status",
)  # fmt: skip
_CODE = re.compile(r"[A-Z0-9-]{1,32}")
_LONGEST_NAME = 200
_BOOLEANS: Mapping[str, bool | None] = {"true": True, "false": False}
_WORDS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "org_type": ("E_FIELD_INVALID", {each.value: each.value for each in OrgType}),
    "unit_kind": ("E_FIELD_INVALID", {each.value: each.value for each in UnitKind} | {"": UnitKind.OTHER.value}),
    "authority_level": ("E_LEVEL_INVALID", {each.value: each.value for each in AuthorityLevel} | {"": None}),
    "scope": ("E_PERM_INVALID", {each.name: int(each) for each in Scope} | {"": int(Scope.NONE)}),
    "can_transfer": ("E_PERM_INVALID", {**_BOOLEANS, "": True}),
    "auto_approve_children": ("E_PERM_INVALID", {**_BOOLEANS, "": None}),
    "is_functional": ("E_FIELD_INVALID", {**_BOOLEANS, "": False}),
    "status": ("E_FIELD_INVALID", {each.value: each.value for each in OrgStatus} | {"": OrgStatus.ACTIVE.value}),
}
"""Fields that hold one of a few words: code of the refusal, and what each word stands for."""
_TEXTS = ("name", "short_name", "letter_heading", "contact", "telephone")
_WORDS_AT = tuple((HEADER.index(name), name, *_WORDS[name]) for name in _WORDS)
_texts = itemgetter(*map(HEADER.index, _TEXTS))
_place = itemgetter(*map(HEADER.index, ("code", "parent_code", "authority_level")))
# What nearly all names are made of has but one form, and nothing in it is invisible.
_PLAIN = re.compile("[0-9A-Za-z\u4e00-\u9fa5-]*")


class OrganisationPlace(NamedTuple):
    """What a line says of the place of an organisation, as it is written."""

    number: int
    code: str
    parent_code: str
    level: str


def read_place(number: int, cells: Sequence[str]) -> OrganisationPlace:
    """Where a line belongs."""
    return OrganisationPlace(number, *_place(cells))


def read_line(number: int, cells: Sequence[str], defects: Defects) -> dict[str, object]:
    """Turn all but the superior into values; every defect is noted and its value left out."""
    values: dict[str, object] = {}
    for at, name, code, words in _WORDS_AT:
        cell = cells[at]
        if cell in words:
            values[name] = words[cell]
        elif cell:
            defects.add(number, name, cell, code, among(word for word in words if word))
        else:
            defects.add(number, name, cell, "E_REQUIRED_FIELD", "不能为空 / must not be empty")
    texts = _texts(cells)
    if _PLAIN.fullmatch("".join(texts)) and max(map(len, texts)) <= _LONGEST_NAME:
        values.update(zip(_TEXTS, texts, strict=True))
    else:
        for name, text in zip(_TEXTS, texts, strict=True):
            values[name] = _text(number, name, text, defects) if text else ""
    if not values["name"] and not cells[HEADER.index("name")].strip():
        defects.add(number, "name", "", "E_REQUIRED_FIELD", "不能为空 / must not be empty")
    if not _CODE.fullmatch(cells[0]):
        defects.add(number, "code", cells[0], FORMAT, "应为 1–32 位 A–Z、0–9、- / expected 1–32 of A–Z, 0–9, -")
    return values


def _text(number: int, name: str, cell: str, defects: Defects) -> str:
    text = normalised(cell)
    # Private code points are let in: the official table of divisions itself has two such names.
    if bad := invisible(text):
        reason = f"含有不可见字符 {bad} / holds a character nobody can see, {bad}"
        defects.add(number, name, cell, FORMAT, reason)
        return ""
    if len(text) > _LONGEST_NAME:
        defects.add(number, name, cell, FORMAT, f"最多 {_LONGEST_NAME} 字 / at most {_LONGEST_NAME} characters")
        return ""
    return text
