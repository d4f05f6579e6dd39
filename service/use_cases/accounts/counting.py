"""Counting attempts before anything costly is done: per account or known device, per address, in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts import guessing
from service.domain.accounts.guessing import Limit
from service.domain.errors import Refused
from service.storage.accounts import devices, limits
from service.storage.db import reading
from service.use_cases.accounts.caller import Caller, DoorRules


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to log in: what it counts against; `device` is the digest of a device that knows the account."""

    own: Limit
    others: tuple[Limit, ...]
    device: str | None
    wants_captcha: bool


def look(login_index: str, caller: Caller, rules: DoorRules, *, now: datetime) -> Attempt:
    """What an attempt will count against; refuses E_RATE_LIMITED where there is no room, without writing anything."""
    with reading():
        device = devices.known(caller.devices, login_index)
        own = guessing.of_device(device) if device else guessing.of_account(login_index)
        # Whoever is known here must get in while strangers use up what is there for all.
        others = () if device else (guessing.of_address(caller.address), guessing.of_all(rules.per_minute))
        seen = limits.seen({each.subject: each.window for each in (own, *others)}, now=now)
    if any(seen[each.subject] >= each.most for each in (own, *others)):
        raise Refused("E_RATE_LIMITED")
    return Attempt(own, others, device, seen[own.subject] >= guessing.FAILURES_BEFORE_CAPTCHA)


def count(wanted: Sequence[Limit], *, now: datetime) -> None:
    """Count an attempt on each subject; refuses E_RATE_LIMITED, and then nothing is counted. Inside a change."""
    for each in wanted:
        if limits.count(each.subject, now=now, window=each.window) > each.most:
            raise Refused("E_RATE_LIMITED")


def forgive(attempt: Attempt) -> None:
    """Take back what was no failure; what strangers failed at before stays counted. Inside a change."""
    if attempt.device:
        limits.forget(attempt.own.subject)
        return
    for each in (attempt.own, *attempt.others):
        limits.uncount(each.subject)
