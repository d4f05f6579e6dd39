"""Reads from an application what it asks for: the case of the route procedure (R-008, R-070, R-071)."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from service.domain.applying import targets
from service.domain.applying.targets import Named
from service.domain.names import normalised
from service.domain.organisations.organisations import Chain
from service.domain.routes.cases import RouteCase
from service.domain.routes.varieties import DestinationKind, OutType, Variety
from service.storage.organisations import organisations

Answers = Mapping[str, object]
_Code = TypeVar("_Code", bound=StrEnum)
_OUTSIDE = {kind.value: kind for kind in DestinationKind}
_MOST_NAMESAKES = 2


def read_case(answers: Answers, *, origin: Chain | None, starter: Chain | None, is_graduate: bool) -> RouteCase:
    """Build the case an application asks for; refuses as `targets.resolve`."""
    kind = destination_kind(answers) if origin is not None else None
    variety = _code(Variety, answers.get("variety"))
    outside = kind is not None or (origin is not None and variety is Variety.OUT_OF_PROVINCE)
    box = _box(answers.get("off_tree"))
    return RouteCase(
        origin=origin,
        target=find_target(target_text(answers), is_off_tree=box, is_nationwide=outside),
        starter=starter,
        destination_kind=kind,
        variety=variety,
        out_type=_code(OutType, answers.get("out_type")),
        off_tree=bool(box),
        is_graduate=is_graduate,
        has_cities=organisations.has_cities(),
    )


def find_target(
    text: str, *, is_off_tree: bool | None = None, is_nationwide: bool = False, may_leave: bool = True
) -> Chain | None:
    """The organisation that a target field names by code or by its full name; refuses as `targets.resolve`."""
    named = Named(
        text=text,
        may_leave=may_leave,
        by_code=organisations.chain(text) if targets.looks_like_code(text) else (),
        is_off_tree=is_off_tree,
        is_nationwide=is_nationwide,
    )
    if text and not named.by_code and not named.is_typed:
        same = organisations.chains(organisations.codes_of_name(normalised(text), limit=_MOST_NAMESAKES))
        named = replace(named, by_name=tuple(same.values()))
    return targets.resolve(named)


def destination_kind(answers: Answers) -> DestinationKind | None:
    """Where a transfer outside goes: said so, or by choosing one of its outgoing types (requirements 4.3)."""
    said = _code(DestinationKind, answers.get("destination_kind"))
    return said or _OUTSIDE.get(str(answers.get("out_type") or "").strip())


def target_text(answers: Answers) -> str:
    """What stands in the target field."""
    return str(answers.get("target") or "").strip()


def is_missing(answers: Answers) -> bool:
    """Whether no target is named, or one typed by hand is too short or too long (R-070)."""
    text = target_text(answers)
    return not text or (not targets.looks_like_code(text) and targets.is_too_short_or_long(text))


def is_true(value: object) -> bool:
    """Read a box of a form."""
    return value is True or str(value).lower() in ("true", "on", "1")


def _code(kind: type[_Code], value: object) -> _Code | None:
    # A word that is no code is named by the form, with all other fields.
    text = str(value or "").strip()
    return kind(text) if text in {each.value for each in kind} else None


def _box(value: object) -> bool | None:
    # A box that nobody touched is not a box that somebody unticked.
    return None if value in (None, "") else is_true(value)
