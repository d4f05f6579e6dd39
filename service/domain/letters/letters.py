"""Introduction letters: states, numbers, validity and wording of numerals (requirements 1.7, R-160–R-165)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.domain.errors import Refused
from service.domain.organisations.organisations import Organisation, OrgRef
from service.domain.profile import Profile

LAST_SEQUENCE_OF_MONTH = 99_999


class LetterState(StrEnum):
    """State of a letter; that it has expired is derived from its last valid day."""

    DRAFT = "DRAFT"
    ISSUED = "ISSUED"
    RETURNED = "RETURNED"
    SUPERSEDED = "SUPERSEDED"
    RECALLED = "RECALLED"
    VOID = "VOID"
    RECEIPTED = "RECEIPTED"


@dataclass(frozen=True, slots=True)
class OpenLetter:
    """The letter that travels with a transfer now: who wrote it in which hop, to whom, in which state."""

    position: int
    issuer: OrgRef
    addressee: OrgRef | None
    state: LetterState = LetterState.ISSUED


def number_scope(issuer: OrgRef, profile: Profile) -> str:
    """Within what letters are numbered: those of one issuer, or those of the whole system (R-163)."""
    return f"issuer:{issuer.id}" if profile.choice("letter.number_scope") == "issuer" else "system"


def may_sign(org: Organisation, profile: Profile) -> bool:
    """Whether the organisation has the seal that the profile wants on its letters (C-44)."""
    return org.has_seal or not profile.flag("letter.seal_required")


def letter_number(month: date, sequence: int) -> str:
    """Write a number as YYYYMM and five digits; refuses E_LETTER_NO_EXHAUSTED beyond 99999 (R-163)."""
    if sequence > LAST_SEQUENCE_OF_MONTH:
        raise Refused("E_LETTER_NO_EXHAUSTED")
    return f"{month:%Y%m}{sequence:05d}"


def last_valid_day(issued_on: date, validity_days: int) -> date:
    """The last day, to its end at 24:00, on which the letter is valid (R-165)."""
    return issued_on + timedelta(days=validity_days)


def choose_validity(chosen: int | None, profile: Profile, *, is_outside: bool) -> int:
    """Take the chosen days or the profile's default; refuses E_VALIDITY_NOT_ALLOWED (R-165)."""
    options = profile.numbers("letter.validity_options")
    if chosen is None:
        key = "letter.validity_outside" if is_outside else "letter.validity_default"
        return profile.number(key) or options[0]
    if chosen not in options:
        raise Refused(
            "E_VALIDITY_NOT_ALLOWED",
            field="validity_days",
            detail_zh=f"可选：{_listed(options)}，所选：{chosen}",
            detail_en=f"permitted: {_listed(options)}, found {chosen}",
        )
    return chosen


def _listed(options: Sequence[int]) -> str:
    return ", ".join(str(option) for option in options)
