"""The texts of a letter at the moment it is issued: an immutable snapshot, kept under the member's key (R-161, R-172)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.domain.letters.letters import last_valid_day
from service.domain.members.members import Member, age
from service.domain.organisations import tree
from service.domain.organisations.organisations import Organisation, OrgRef
from service.domain.transfers.context import Context
from service.domain.transfers.effects import LetterIssued, LetterPassed
from service.storage.organisations import organisations

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
    """Put together what the three parts of the letter print (4.7), but for the `committee_block`.

    `today` is the day of issue: a letter that is passed on keeps the day on which it was written.
    """
    transfer = context.transfer
    issuer = context.organisation(letter.issuer)
    return {
        "number": number,
        "name": member.name,
        "sex": member.sex.value,
        "age": int(application.get("age") or age(member.birth_date, today)),
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
        "receipt_heading": _receipt_heading(context, application),
    }


def committee_block(context: Context, application: Mapping[str, Any]) -> dict[str, str]:
    """Contact and address of the origin's primary committee (R-064).

    As the application says where the profile asks for it there, or the paper letter from outside does; else as the
    record of the committee does.
    """
    committee = _recorded_committee(context)
    if committee is None:
        return {name: str(application.get(f"committee_{name}", "")) for name in _BLOCK}
    known = organisations.details(committee.code) or {}
    return {name: str(known.get(name, "")) for name in _BLOCK}


def _receipt_heading(context: Context, application: Mapping[str, Any]) -> str:
    # The receipt goes back to the origin's primary committee; that of a paper letter from outside is typed.
    typed = (
        "" if _recorded_committee(context) else application.get("receipt_heading") or application.get("committee_name")
    )
    committee = _origin_committee(context)
    if typed or committee is None:
        return str(typed or "")
    return committee.letter_heading or committee.name


def _recorded_committee(context: Context) -> Organisation | None:
    asked = context.profile.flag("start.committee_block")
    return None if asked else _origin_committee(context)


def _origin_committee(context: Context) -> Organisation | None:
    origin = context.lineage.origin or ()
    return next((org for org in origin if tree.is_committee(org)), None)


def _addressee(addressee: OrgRef | None, context: Context, application: Mapping[str, Any]) -> str:
    if addressee is None:
        return str(application.get("letter_heading") or context.transfer.target.name)
    chain = context.lineage.chain(addressee.code)
    return (chain[0].letter_heading or chain[0].name) if chain else addressee.name
