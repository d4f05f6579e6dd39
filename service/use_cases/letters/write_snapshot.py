"""The texts of a letter at the moment it is issued: an immutable snapshot, kept under the member's key (R-161, R-172)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.domain.context import Context
from service.domain.effects import LetterIssued, LetterPassed
from service.domain.letters import last_valid_day
from service.domain.members import Member
from service.domain.organisations import OrgRef

_BLOCK = ("contact", "telephone", "fax", "postcode", "address")


def write_snapshot(
    letter: LetterIssued | LetterPassed,
    *,
    number: str,
    validity_days: int,
    context: Context,
    member: Member,
    application: Mapping[str, Any],
    today: date,
) -> dict[str, Any]:
    """Put together what the three parts of the letter print (4.7)."""
    transfer = context.transfer
    issuer = context.lineage.organisation(letter.issuer)
    return {
        "number": number,
        "name": member.name,
        "sex": member.sex.value,
        "age": int(application.get("age") or _age(member.birth_date, today)),
        "ethnicity": member.ethnicity,
        "kind": member.kind.value,
        "id_number": member.id_number,
        "issuer": issuer.letter_heading or issuer.name,
        "addressee": _addressee(letter.addressee, context, application),
        "from": transfer.origin.name if transfer.origin else str(application.get("origin", "")),
        "to": transfer.target.name,
        "dues_paid_to": str(application.get("dues_paid_to", "")),
        "validity_days": validity_days,
        "issued_on": today.isoformat(),
        "valid_until": last_valid_day(today, validity_days).isoformat(),
        "contact": str(application.get("contact") or member.mobile),
        "committee": {name: str(application.get(f"committee_{name}", "")) for name in _BLOCK},
        "receipt_heading": str(application.get("receipt_heading", "")),
    }


def _addressee(addressee: OrgRef | None, context: Context, application: Mapping[str, Any]) -> str:
    if addressee is None:
        return str(application.get("letter_heading") or context.transfer.target.name)
    chain = context.lineage.chain(addressee.code)
    return (chain[0].letter_heading or chain[0].name) if chain else addressee.name


def _age(birth_date: date, today: date) -> int:
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if had_birthday else 1)
