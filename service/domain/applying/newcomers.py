"""Somebody comes in from outside: is he known, may he be claimed, what must be said of him? (R-138–R-144, R-147)"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.domain.accounts.actors import Actor
from service.domain.applying import applicants, origins
from service.domain.errors import FieldError, Refused
from service.domain.members import identity_numbers
from service.domain.members.members import Member, MemberStatus
from service.domain.names import normalised
from service.domain.organisations.organisations import Organisation
from service.domain.profile import Profile
from service.domain.routes.varieties import InType, Variety
from service.domain.transfers.transfers import Transfer

Facts = Mapping[str, object]
_ALWAYS = ("id_number", "name", "sex", "ethnicity", "kind", "origin", "dues_paid_to")
USUAL_TYPE = InType.FROM_OTHER_PROVINCE
"""What an incoming transfer is where the system does not ask for its type."""


class Standing(StrEnum):
    """How a person who comes in stands to the system.

    UNKNOWN: new, or gone before. HELD: in a holding node, to be claimed back. ENTERED: entered for a registration that
    came to nothing.
    """

    UNKNOWN = "UNKNOWN"
    HELD = "HELD"
    ENTERED = "ENTERED"


@dataclass(frozen=True, slots=True)
class Known:
    """Whom an identity number belongs to: `home` is the organisation he stands in, `unfinished` his transfer, if any."""

    member: Member
    home: Organisation | None = None
    unfinished: Transfer | None = None


def stand(known: Known | None, actor: Actor, profile: Profile) -> Standing:
    """How he stands, if he may come in at all (R-046, R-138, R-139).

    Refuses E_ALREADY_CLAIMED, E_TRANSFER_IN_PROGRESS, and as `applicants.check_newcomer`. None of them tells the name:
    who asks may know the number only.
    """
    if known is None or known.member.status is MemberStatus.HIST_TRANSFERRED_OUT:
        return Standing.UNKNOWN
    if known.unfinished is not None:
        raise Refused(
            "E_ALREADY_CLAIMED" if _is_claimed(known.unfinished, actor, profile) else "E_TRANSFER_IN_PROGRESS"
        )
    if known.member.status is MemberStatus.PROVISIONAL:
        return Standing.ENTERED
    is_held = known.home is not None and known.home.is_holding_node
    applicants.check_newcomer(known.member, profile=profile, is_held=is_held)
    return Standing.HELD


def check_claim(known: Known | None, standing: Standing, *, name: str, claims: bool) -> None:
    """Does what was typed fit what was found? Refuses E_MEMBER_NOT_FOUND, E_ID_MISMATCH (R-139)."""
    if claims and standing is not Standing.HELD:
        raise Refused("E_MEMBER_NOT_FOUND", field="id_number")
    is_held = known is not None and standing is Standing.HELD
    if is_held and name and known is not None and normalised(name) != normalised(known.member.name):
        raise Refused("E_ID_MISMATCH", field="name")


def required(profile: Profile) -> tuple[str, ...]:
    """The mandatory fields of a registration besides the committee's block (R-140, R-142, R-144, R-147)."""
    asked = {
        "in_type": profile.flag("incoming.type_chosen"),
        "reason": profile.flag("start.reason_required"),
        "via_exchange": profile.flag("incoming.exchange_question"),
    }
    return (*_ALWAYS, *(name for name, is_asked in asked.items() if is_asked))


def faults(facts: Facts, profile: Profile, today: date) -> Iterator[FieldError]:
    """What is wrong besides what is missing: E_ID_MISMATCH, E_FIELD_READONLY, E_DATE_FUTURE, and as `origins.faults`."""
    yield from origins.faults(facts, profile)
    number, sex = str(facts.get("id_number") or "").upper(), facts.get("sex")
    if len(number) == identity_numbers.LENGTH and sex and sex != identity_numbers.sex(number):
        yield FieldError("E_ID_MISMATCH", "sex")
    given = str(facts.get("transfer_in_date") or "")
    if given and given != today.isoformat():
        if not profile.flag("start.application_date_editable"):
            yield FieldError("E_FIELD_READONLY", "transfer_in_date")
        elif given > today.isoformat():
            yield FieldError("E_DATE_FUTURE", "transfer_in_date")


def photo_faults(profile: Profile, *, has_letter_photo: bool) -> Iterator[FieldError]:
    """E_LETTER_PHOTO_REQUIRED where the paper letter must be shown (R-143)."""
    if profile.flag("incoming.letter_photo_required") and not has_letter_photo:
        yield FieldError("E_LETTER_PHOTO_REQUIRED", "attachments")


def require_no_exchange(facts: Facts, profile: Profile) -> None:
    """Refuse E_EXCHANGE_DISABLED for a person who comes through a zone that is not there (R-147, R-211)."""
    through = facts.get("via_exchange") is True or str(facts.get("via_exchange")).lower() in ("true", "on", "1")
    if through and not profile.flag("exchange.enabled"):
        raise Refused("E_EXCHANGE_DISABLED", field="via_exchange")


def _is_claimed(unfinished: Transfer, actor: Actor, profile: Profile) -> bool:
    """Whether another organisation has claimed him back already."""
    starter = unfinished.starter.code if unfinished.starter else None
    own = actor.org.code if actor.org else None
    return profile.flag("incoming.claim_back") and unfinished.variety is Variety.INCOMING and starter != own
