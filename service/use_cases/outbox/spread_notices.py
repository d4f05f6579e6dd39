"""Takes up what the rules wanted told: writes the notices, and the messages that follow from them (R-192, R-193).

All of it is one transaction with the mark that it is done, so a worker that dies in between leaves nothing half told
and nothing told twice. A message at fault is set aside and delays no other.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.clock import local_date
from service.domain.deadlines.notices import ABOUT_TO_DO, TOLD_TO_PERSONS, NoticeKind
from service.domain.profile import Profile
from service.storage.db import transaction
from service.storage.messages import notices, outbox, receivers
from service.storage.messages.notices import Notice
from service.storage.messages.outbox import Message
from service.storage.messages.receivers import Concerned, Office
from service.use_cases.outbox.channels import NOTICE, SMS, Channels
from service.use_cases.outbox.raise_alarm import raise_alarm

BATCH = 100
COMPLETED = "transfer_completed"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    """One message with all that is known of those it concerns; `office` None where the applicant has the item."""

    message: Message
    kind: NoticeKind
    concerned: Concerned
    office: Office | None
    at: datetime


def spread_notices(*, profile: Profile, channels: Channels, now: datetime, limit: int = BATCH) -> int:
    """Take up what is due, oldest first; answers how many there were."""
    try:
        with transaction():
            found = outbox.due(now=now, limit=limit, kinds=(NOTICE,))
            _spread(found, profile, channels, now)
            return len(found)
    except Exception:  # noqa: BLE001 - which of them is at fault is found out one by one
        _log.exception("a batch of notices failed")
        return _one_by_one(profile, channels, now, limit)


def _one_by_one(profile: Profile, channels: Channels, now: datetime, limit: int) -> int:
    for number in range(limit):
        found: Sequence[Message] = ()
        try:
            with transaction():
                found = outbox.due(now=now, limit=1, kinds=(NOTICE,))
                _spread(found, profile, channels, now)
        except Exception as error:
            if not found:
                raise
            _set_aside(found[0], error, channels, now)
        if not found:
            return number
    return limit


def _set_aside(message: Message, error: Exception, channels: Channels, now: datetime) -> None:
    tried = replace(message, attempts=message.attempts + 1)
    with transaction():
        if outbox.failed(tried, error=f"{type(error).__name__}: {error}", now=now):
            raise_alarm(NoticeKind.MESSAGE_DEAD, key=f"dead:{message.id}", now=now, channels=channels)


def _spread(found: Sequence[Message], profile: Profile, channels: Channels, now: datetime) -> None:
    told = _looked_up(found, now)
    admins = receivers.system_administrators(on=local_date(now)) if any(_has_nobody(each) for each in told) else ()
    wants_sms = channels.sms is not None and profile.flag("notify.sms_on_pending")
    notices.add(notice for each in told for notice in _notices(each, admins))
    outbox.add_once((message for each in told for message in _messages(each, wants_sms=wants_sms)), now=now)
    outbox.delivered([message.id for message in found], now=now)


def _looked_up(found: Sequence[Message], now: datetime) -> list[_Told]:
    codes = {code for message in found if (code := message.payload["org"])}
    keys = receivers.org_ids(codes)
    offices = receivers.offices(set(keys.values()), on=local_date(now))
    persons = receivers.concerned({message.payload["transfer"] for message in found})
    return [_told(message, keys, offices, persons, now) for message in found]


def _told(
    message: Message,
    keys: Mapping[str, int],
    offices: Mapping[int, Office],
    persons: Mapping[int, Concerned],
    now: datetime,
) -> _Told:
    code = message.payload["org"]
    return _Told(
        message=message,
        kind=NoticeKind(message.payload["about"]),
        concerned=persons[message.payload["transfer"]],
        office=offices[keys[code]] if code else None,
        at=message.created_at or now,
    )


def _has_nobody(told: _Told) -> bool:
    return told.office is not None and told.kind in ABOUT_TO_DO and not told.office.administrators


def _notices(told: _Told, admins: Sequence[int]) -> Iterator[Notice]:
    transfer_id, key = told.concerned.transfer_id, told.message.key
    blank = Notice(told.kind.value, transfer_id, told.at)
    orgs = [told.office.id] if told.office else []
    if told.kind in TOLD_TO_PERSONS:
        orgs += [told.concerned.starter_id] if told.concerned.starter_id else []
        for account in told.concerned.accounts:
            yield replace(blank, account_id=account, key=f"{key}:account:{account}")
    for org in dict.fromkeys(orgs):
        yield replace(blank, org_id=org, key=f"{key}:org:{org}")
    if _has_nobody(told):
        yield from _calls_for_help(told, admins)


def _calls_for_help(told: _Told, admins: Sequence[int]) -> Iterator[Notice]:
    # Nobody can act: the item stays, and those who can appoint somebody are told.
    assert told.office is not None  # noqa: S101 - asked before
    kind = NoticeKind.NO_ADMINISTRATOR
    blank = Notice(kind.value, told.concerned.transfer_id, told.at)
    for account in admins:
        yield replace(blank, account_id=account, key=f"{told.message.key}:{kind}:account:{account}")
    if superior := told.office.superior_id:
        yield replace(blank, org_id=superior, key=f"{told.message.key}:{kind}:org:{superior}")


def _messages(told: _Told, *, wants_sms: bool) -> Iterator[Message]:
    key, transfer_id = told.message.key, told.concerned.transfer_id
    member_id = told.concerned.member_id
    if told.kind is NoticeKind.COMPLETED:
        yield Message(f"{key}:event", COMPLETED, {"transfer": transfer_id, "member": member_id})
    if not wants_sms:
        return
    receivers_of_sms = [("account", each) for each in _reachable_officers(told)]
    if told.kind in TOLD_TO_PERSONS and told.concerned.is_member_reachable_by_sms_only:
        receivers_of_sms.append(("member", member_id))
    payload = {"about": told.kind.value, "transfer": transfer_id, "variety": told.concerned.variety.value}
    for who, number in receivers_of_sms:
        receiver = f"{who}:{number}"
        yield Message(f"{key}:{receiver}", SMS, {**payload, who: number}, receiver=receiver)


def _reachable_officers(told: _Told) -> list[int]:
    if told.office is None or told.kind not in ABOUT_TO_DO:
        return []
    return [account for account, has_telephone in told.office.administrators.items() if has_telephone]
