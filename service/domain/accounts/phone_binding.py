"""Binding a mobile number to an account: who may, and what a number looks like (R-032, R-033)."""

import re

from service.domain.accounts.actors import Actor
from service.domain.contacts import is_telephone
from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain

_MOBILE = re.compile(r"1\d{10}", re.ASCII)


def mobile(text: str) -> str:
    """A mobile number as it is stored; refuses E_PHONE_FORMAT, also for a landline: no code reaches it."""
    number = text.strip().replace(" ", "").replace("-", "").removeprefix("+86")
    if not _MOBILE.fullmatch(number):
        raise Refused(
            "E_PHONE_FORMAT", field="phone", detail_zh="应为 11 位手机号码", detail_en="expected a mobile of 11 digits"
        )
    return number


def is_landline(text: str) -> bool:
    """Whether a recorded number is one that can be cleared because no code reaches it."""
    return bool(text) and not _MOBILE.fullmatch(text) and (is_telephone(text) or not text.startswith("1"))


def require_may_bind_for(actor: Actor, chain: Chain) -> None:
    """May the actor bind the number of a member of this branch, with the code that the member reads out to him?

    `chain` is up(x) of the branch. An administrator of the branch or of an organisation above it may, as it is the
    member who proves that the telephone is his (R-033). Refuses E_MEMBER_NOT_FOUND for who is out of sight, E_FORBIDDEN.
    """
    if actor.org is None or all(org.code != actor.org.code for org in chain):
        raise Refused("E_MEMBER_NOT_FOUND")
    if not actor.decides_for_org:
        raise Refused("E_FORBIDDEN")


def masked(phone: str) -> str:
    """A number as it is shown: the first three and the last four digits."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > 7 else "*" * len(phone)  # noqa: PLR2004 - three and four
