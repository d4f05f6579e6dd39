"""What the system fills in itself: sent back as it was it is taken, sent otherwise it is refused (R-058, R-066).

So a program may send back the whole form it was shown, and nobody can write another sex, origin or issuer into it.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from service.domain.errors import FieldError
from service.domain.members.members import Member
from service.domain.organisations.organisations import Chain
from service.domain.routes.varieties import DestinationKind, Variety
from service.domain.transfers.transfers import Transfer

Values = Mapping[str, str]
"""Field → what stands in it; "" where the record says nothing."""


def of_start(member: Member, home: Chain, starting: Chain | None, today: date) -> Values:
    """What an application takes from the member's record and from the acting organisation; `home` is up(o)."""
    issuer = (starting or home)[0]
    return {
        "name": member.name,
        "sex": member.sex.value,
        "ethnicity": member.ethnicity,
        "kind": member.kind.value,
        "origin": home[0].name,
        "issuer": issuer.letter_heading or issuer.name,
        "transfer_out_date": today.isoformat(),
    }


def of_incoming(starting: Chain) -> Values:
    """What the registration of somebody from outside takes from the acting organisation (R-144)."""
    return {"issuer": starting[0].letter_heading or starting[0].name}


def of_claimed(member: Member) -> Values:
    """What the registration of somebody who is in the records takes from his record, where it says something (R-139)."""
    known = {
        "name": member.name,
        "sex": member.sex.value,
        "ethnicity": member.ethnicity,
        "kind": member.kind.value,
    }
    return {name: value for name, value in known.items() if value}


def of_registered(member: Member) -> Values:
    """What cannot change about a person whose registration is submitted again: it is he, and no other (R-076)."""
    return {**of_claimed(member), "id_number": member.id_number}


def of_transfer(transfer: Transfer, destination_kind: DestinationKind | None) -> Values:
    """What an application that is submitted again cannot change: its diagram stays what it is (R-076)."""
    return {
        "variety": transfer.variety.value,
        "destination_kind": destination_kind.value if destination_kind else "",
        "out_type": transfer.out_type.value if transfer.out_type else "",
        "off_tree": _written(transfer.target.org is None),
    }


def faults(answers: Mapping[str, object], values: Values) -> Iterator[FieldError]:
    """E_FIELD_READONLY for each answer that differs; E_OFF_TREE_LOCKED for the box of a transfer outside (R-070)."""
    for name, value in values.items():
        given = _written(answers.get(name))
        if given and given != value:
            locked = name == "off_tree" and values.get("variety") == Variety.OUT_OF_PROVINCE
            yield FieldError("E_OFF_TREE_LOCKED" if locked else "E_FIELD_READONLY", name)


def without(answers: Mapping[str, object], values: Values) -> dict[str, object]:
    """The answers that people give."""
    return {name: value for name, value in answers.items() if name not in values}


_TRUTHS = {"true": "true", "on": "true", "1": "true", "false": "false", "off": "false", "0": "false"}


def _written(value: object) -> str:
    text = "" if value is None else str(value).strip()
    return _TRUTHS.get(text.lower(), text)
