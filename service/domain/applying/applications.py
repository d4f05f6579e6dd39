"""What an application must say, as far as the profile decides (R-059–R-064, R-075, R-142, R-223).

All defects of the fields are listed together; the tick-box is asked for after them (R-227).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from service.domain.applying import dues, newcomers
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.organisations import tree
from service.domain.profile import Profile
from service.domain.routes.cases import RouteCase

Facts = Mapping[str, object]

COMMITTEE_BLOCK = (
    "committee_name",
    "committee_contact",
    "committee_telephone",
    "committee_fax",
    "committee_postcode",
    "committee_address",
)
"""The origin's primary committee, as the letter prints it (R-064)."""
_OPTIONAL_FOR_INCOMING = frozenset({"committee_contact"})
_CODES = {"reason": "E_REASON_REQUIRED", "letter_heading": "E_HEADING_REQUIRED"}
_NOT_KEPT = frozenset({"decision", "opinion", "attestation", "id_number"})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an application is judged by besides its own fields.

    `today` is the date at the border; `applied_on` the date that an application submitted again bears already.
    `committee` is what the origin's primary committee is called on letters, "" where none can be derived.
    """

    profile: Profile
    today: date
    is_outside: bool
    is_incoming: bool = False
    is_graduate: bool = False
    by_member: bool = False
    committee: str = ""
    applied_on: str = ""

    @classmethod
    def of(cls, case: RouteCase, *, profile: Profile, today: date, applied_on: str = "") -> "Circumstances":
        """The circumstances of a case; where no target is named yet, nothing says that the transfer leaves."""
        above = next((org for org in case.origin or () if tree.is_committee(org)), None)
        return cls(
            profile=profile,
            today=today,
            is_outside=case.leaves_tree,
            is_incoming=case.is_incoming,
            is_graduate=case.is_graduate,
            by_member=case.starter is None,
            committee=(above.letter_heading or above.name) if above else "",
            applied_on=applied_on,
        )

    @property
    def first_date(self) -> str:
        """The application date that the system fills in (R-061)."""
        return self.applied_on or self.today.isoformat()


def check(facts: Facts, around: Circumstances) -> None:
    """Refuse with every field at fault, then E_ATTESTATION_REQUIRED where the box is not ticked.

    Fields: as `faults`.
    """
    refuse_fields([*faults(facts, around)])
    check_box(facts, around)


def faults(facts: Facts, around: Circumstances) -> Iterator[FieldError]:
    """Name every field at fault.

    E_REQUIRED_FIELD, E_REASON_REQUIRED, E_HEADING_REQUIRED, E_DUES_FUTURE, E_DUES_TOO_OLD, E_DUES_GRADUATE_FIXED,
    E_FIELD_READONLY, E_DATE_FUTURE; of somebody from outside also as `newcomers.faults`.
    """
    yield from _missing(facts, around)
    yield from _dues(facts, around)
    yield from _date(facts, around)
    if around.is_incoming:
        yield from newcomers.faults(facts, around.profile, around.today)


def check_box(facts: Facts, around: Circumstances) -> None:
    """Refuse E_ATTESTATION_REQUIRED where an outgoing start needs its box (R-075)."""
    if asks_attestation(around) and facts.get("attestation") is not True:
        raise Refused("E_ATTESTATION_REQUIRED", field="attestation")


def asks_attestation(around: Circumstances) -> bool:
    """Whether the box "checked against the person and the file" must be ticked (R-075, C-06)."""
    return around.profile.flag("start.attestation") and not around.is_incoming


def check_letter(written: Facts, around: Circumstances) -> None:
    """What is completed in a letter on the way obeys the same rules (R-053, R-059); refuses as `dues.faults`."""
    refuse_fields([*_dues(written, around)])


def required(around: Circumstances) -> tuple[str, ...]:
    """Name the mandatory fields, which the pages mark with * (R-223)."""
    names = list(newcomers.required(around.profile)) if around.is_incoming else []
    if not around.is_incoming and _asks_dues(around):
        names.append(dues.FIELD)
    if not around.is_incoming and around.profile.flag("start.reason_required"):
        names.append("reason")
    if _asks_heading(around):
        names.append("letter_heading")
    if around.profile.flag("start.committee_block"):
        optional = _OPTIONAL_FOR_INCOMING if around.is_incoming else frozenset()
        names += [name for name in COMMITTEE_BLOCK if name not in optional]
    return tuple(names)


def kept(facts: Facts, around: Circumstances) -> dict[str, object]:
    """What the transfer keeps of an accepted application, with what the system fills in (R-061, R-063, R-064).

    A typed identity number is not among it: it stands in the person's record, where it is shown masked (R-038).
    """
    found = {name: value for name, value in facts.items() if name not in _NOT_KEPT}
    if not takes_heading(around):
        found.pop("letter_heading", None)
    if around.is_incoming:
        return found
    # The member leaves on the day he applies, unless he says which day it really was.
    applied = found.get("application_date") or around.first_date
    found |= {"application_date": applied, "transfer_out_date": applied}
    if around.profile.flag("start.committee_block"):
        found.setdefault("committee_name", around.committee)
    return found


def takes_heading(around: Circumstances) -> bool:
    """Whether the applicant has a letter heading to give; else the field is hidden and its content dropped (R-063)."""
    return _asks_heading(around) or around.profile.choice("start.heading_input") == "form"


def not_asked(around: Circumstances) -> frozenset[str]:
    """Fields of the form that this profile never asks the applicant for; pages leave them out."""
    profile = around.profile
    names = {"letter_heading"} if not takes_heading(replace(around, is_outside=True)) else set()
    if not profile.flag("start.committee_block"):
        names |= set(COMMITTEE_BLOCK)
    if not profile.flag("start.application_date_editable"):
        names.add("application_date")
    return frozenset(names) if not around.is_incoming else frozenset()


def _missing(facts: Facts, around: Circumstances) -> Iterator[FieldError]:
    derived = {"committee_name": around.committee}
    for name in required(around):
        value = facts.get(name)
        # A box that says no is an answer too.
        if value is not False and not str(value or derived.get(name) or "").strip():
            yield FieldError(_CODES.get(name, "E_REQUIRED_FIELD"), name)


def _asks_dues(around: Circumstances) -> bool:
    # Where the branch completes the dues in its letter, its own start does not ask for them.
    completes_later = around.profile.choice("letter.per_hop") == "per_authority"
    return around.by_member or not completes_later


def _asks_heading(around: Circumstances) -> bool:
    outside_only = around.profile.choice("start.heading_input") == "outside_only"
    return outside_only and around.is_outside and not around.is_incoming


def _dues(facts: Facts, around: Circumstances) -> Iterator[FieldError]:
    return dues.faults(
        str(facts.get(dues.FIELD) or ""),
        profile=around.profile,
        today=around.today,
        is_graduate=around.is_graduate,
        is_incoming=around.is_incoming,
    )


def _date(facts: Facts, around: Circumstances) -> Iterator[FieldError]:
    given = str(facts.get("application_date") or "")
    if not given or given == around.first_date:
        return
    if not around.profile.flag("start.application_date_editable"):
        yield FieldError("E_FIELD_READONLY", "application_date")
    elif given > around.today.isoformat():
        yield FieldError("E_DATE_FUTURE", "application_date")
