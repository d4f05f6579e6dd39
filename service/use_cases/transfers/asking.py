"""Reads from an application what it asks for: the case of the route procedure (R-008, R-070, R-071)."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from service.domain.cases import RouteCase
from service.domain.errors import Refused
from service.domain.organisations import Chain
from service.domain.varieties import DestinationKind, OutType, Variety
from service.storage import organisations

Answers = Mapping[str, object]
_Code = TypeVar("_Code", bound=StrEnum)
_CODE = re.compile(r"[A-Z0-9-]{1,32}")
_SHORTEST, _LONGEST = 2, 100


def read_case(answers: Answers, *, origin: Chain | None, starter: Chain | None, is_graduate: bool) -> RouteCase:
    """Build the case an application asks for.

    Refuses E_OFF_TREE_LOCKED, E_TARGET_MUST_BE_TEXT, E_OFF_TREE_FLAG_REQUIRED, E_ORG_NOT_FOUND.
    """
    kind = _code(DestinationKind, answers.get("destination_kind"))
    variety = _code(Variety, answers.get("variety"))
    outside = origin is not None and (kind is not None or variety is Variety.OUT_OF_PROVINCE)
    ticked = is_true(answers.get("off_tree"))
    if outside and answers.get("off_tree") not in (None, "") and not ticked:
        raise Refused("E_OFF_TREE_LOCKED", field="off_tree")
    text = target_text(answers)
    chain = organisations.chain(text) if _CODE.fullmatch(text) else ()
    if outside or ticked:
        if chain:
            raise Refused("E_TARGET_MUST_BE_TEXT", field="target")
    elif text and not chain:
        raise _unknown(text)
    return RouteCase(
        origin=origin,
        target=chain or None,
        starter=starter,
        destination_kind=kind,
        variety=variety,
        out_type=_code(OutType, answers.get("out_type")),
        off_tree=ticked,
        is_graduate=is_graduate,
        has_cities=organisations.has_cities(),
    )


def target_text(answers: Answers) -> str:
    """What stands in the target field."""
    return str(answers.get("target") or "").strip()


def is_missing(answers: Answers) -> bool:
    """Whether no target is named, or one typed by hand is too short or too long (R-070)."""
    text = target_text(answers)
    return not text or (not _CODE.fullmatch(text) and not _SHORTEST <= len(text) <= _LONGEST)


def is_true(value: object) -> bool:
    """Read a box of a form."""
    return value is True or str(value).lower() in ("true", "on", "1")


def _code(kind: type[_Code], value: object) -> _Code | None:
    # A word that is no code is named by the form, with all other fields.
    text = str(value or "").strip()
    return kind(text) if text in {each.value for each in kind} else None


def _unknown(text: str) -> Refused:
    if _CODE.fullmatch(text):
        return Refused("E_ORG_NOT_FOUND", field="target", detail_zh=text, detail_en=text)
    return Refused(
        "E_OFF_TREE_FLAG_REQUIRED",
        field="off_tree",
        detail_zh=f"“{text[:40]}”若为省内党组织，则不必勾选，请从查找结果中选择",
        detail_en=f'or, if "{text[:40]}" is in the province, choose it from what the search finds',
    )
