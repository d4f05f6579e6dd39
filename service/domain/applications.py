"""What an application must say, as far as the profile decides (R-059–R-065, R-142, R-223).

All defects of the fields are listed together; the tick-box is asked for after them (R-227).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.profile import Profile

Facts = Mapping[str, object]

_COMMITTEE_BLOCK = (
    "committee_contact",
    "committee_telephone",
    "committee_fax",
    "committee_postcode",
    "committee_address",
)
_INCOMING = ("id_number", "name", "sex", "ethnicity", "kind", "in_type", "origin", "dues_paid_to")
_OPTIONAL_FOR_INCOMING = frozenset({"committee_contact"})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an application is judged by besides its own fields; `today` is the date at the border."""

    profile: Profile
    today: date
    is_outside: bool
    is_incoming: bool = False
    is_graduate: bool = False
    by_member: bool = False


def check(facts: Facts, around: Circumstances) -> None:
    """Refuse with every field at fault, then E_ATTESTATION_REQUIRED where the box is not ticked.

    Fields: E_REQUIRED_FIELD, E_REASON_REQUIRED, E_HEADING_REQUIRED, E_DUES_FUTURE, E_DUES_TOO_OLD,
    E_DUES_GRADUATE_FIXED, E_FIELD_READONLY, E_DATE_FUTURE.
    """
    refuse_fields([*_missing(facts, around), *_dues(facts, around), *_date(facts, around)])
    needs_box = around.profile.flag("start.attestation") and not around.is_incoming
    if needs_box and facts.get("attestation") is not True:
        raise Refused("E_ATTESTATION_REQUIRED", field="attestation")


def required(around: Circumstances) -> tuple[str, ...]:
    """Name the mandatory fields, which the pages mark with * (R-223)."""
    names = list(_INCOMING) if around.is_incoming else []
    if not around.is_incoming and _asks_dues(around):
        names.append("dues_paid_to")
    if not around.is_incoming and around.profile.flag("start.reason_required"):
        names.append("reason")
    if _asks_heading(around):
        names.append("letter_heading")
    if around.profile.flag("start.committee_block"):
        optional = _OPTIONAL_FOR_INCOMING if around.is_incoming else frozenset()
        names += [name for name in _COMMITTEE_BLOCK if name not in optional]
    return tuple(names)


_CODES = {"reason": "E_REASON_REQUIRED", "letter_heading": "E_HEADING_REQUIRED"}


def _missing(facts: Facts, around: Circumstances) -> Iterator[FieldError]:
    for name in required(around):
        if not str(facts.get(name) or "").strip():
            yield FieldError(_CODES.get(name, "E_REQUIRED_FIELD"), name)


def _asks_dues(around: Circumstances) -> bool:
    # Where the branch completes the dues in its letter, its own start does not ask for them.
    completes_later = around.profile.choice("letter.per_hop") == "per_authority"
    return around.by_member or not completes_later


def _asks_heading(around: Circumstances) -> bool:
    outside_only = around.profile.choice("start.heading_input") == "outside_only"
    return outside_only and around.is_outside and not around.is_incoming


def _dues(facts: Facts, around: Circumstances) -> Iterator[FieldError]:
    given = str(facts.get("dues_paid_to") or "")
    if not given:
        return
    this_month = f"{around.today:%Y-%m}"
    fixed = around.profile.choice("dues.graduate_fixed_month")
    if around.is_graduate and fixed:
        if given != fixed:
            yield FieldError("E_DUES_GRADUATE_FIXED", "dues_paid_to", zh=f"应为 {fixed}", en=f"expected {fixed}")
        return
    if given > this_month:
        yield FieldError("E_DUES_FUTURE", "dues_paid_to")
    window = around.profile.number("dues.window_months")
    if window and not around.is_incoming and given < _months_before(around.today, window - 1):
        earliest = _months_before(around.today, window - 1)
        yield FieldError("E_DUES_TOO_OLD", "dues_paid_to", zh=f"最早 {earliest}", en=f"not before {earliest}")


def _date(facts: Facts, around: Circumstances) -> Iterator[FieldError]:
    given = str(facts.get("application_date") or "")
    if not given or given == around.today.isoformat():
        return
    if not around.profile.flag("start.application_date_editable"):
        yield FieldError("E_FIELD_READONLY", "application_date")
    elif given > around.today.isoformat():
        yield FieldError("E_DATE_FUTURE", "application_date")


def _months_before(today: date, months: int) -> str:
    index = today.year * 12 + today.month - 1 - months
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
