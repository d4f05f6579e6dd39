"""Sends codes by short message and checks them: eight digits, five tries, ten minutes, once (R-033, R-035)."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.accounts import codes as rules
from service.domain.accounts.codes import Purpose
from service.domain.accounts.guessing import Limit
from service.domain.deadlines.notices import NoticeKind
from service.domain.errors import Refused
from service.storage.accounts import codes, limits
from service.storage.db import transaction
from service.storage.messages import outbox
from service.storage.messages.outbox import Message
from service.use_cases.accounts import counting
from service.use_cases.deployment import Deployment
from service.use_cases.outbox.channels import NO_CHANNELS, SMS
from service.use_cases.outbox.raise_alarm import raise_alarm

SECRET = "sms"  # noqa: S105 - under which name it is sealed
_WRONG = Limit("sms:wrong", rules.WRONG_PER_MINUTE, timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Question:
    """What a code is to prove: that this telephone is in the hands of `who`, for one purpose."""

    purpose: Purpose
    who: str
    phone: str


def send_code(question: Question, *, now: datetime, deployment: Deployment) -> None:
    """Send a code, inside a change; refuses E_RATE_LIMITED after five on one day for a telephone or for somebody."""
    day = timedelta(days=1)
    phone, who = (
        deployment.vault.index(f"{kind}:{text}") for kind, text in (("p", question.phone), ("w", question.who))
    )
    counting.count([Limit(f"sms:{each[:60]}", rules.SMS_PER_DAY, day) for each in (phone, who)], now=now)
    code = "".join(secrets.choice("0123456789") for _ in range(rules.SMS_DIGITS))
    subject = _subject(question, deployment)
    codes.keep_sms(subject, _index(subject, code, deployment), expires_at=now + rules.SMS_GOOD_FOR)
    text = rules.sms_text(code, question.purpose)
    send_text(question.phone, text, now=now, deployment=deployment)


def send_text(phone: str, text: str, *, now: datetime, deployment: Deployment) -> None:
    """Let a short message go out, sealed until then; inside a change."""
    told = json.dumps({"phone": phone, "text": text}, ensure_ascii=False)
    sealed = deployment.vault.seal_secret(told, name=SECRET)
    receiver = deployment.vault.index(f"receiver:{phone}")[:32]
    message = Message(f"secret:{secrets.token_hex(16)}", SMS, {"sealed": sealed.hex()}, receiver=receiver)
    outbox.add_once([message], now=now)


def require_code(question: Question, code: str, *, now: datetime, deployment: Deployment) -> None:
    """Refuse E_SMS_CODE_INVALID for a wrong code, or one tried too often; E_SMS_CODE_EXPIRED to who has the right one.

    Each answer counts, whatever follows: it is a change of its own. A right one is good until it is used.
    """
    subject = _subject(question, deployment)
    with transaction():
        if limits.seen({_WRONG.subject: _WRONG.window}, now=now)[_WRONG.subject] >= _WRONG.most:
            raise Refused("E_RATE_LIMITED")
        sent = codes.try_sms(subject)
    given = _index(subject, rules.as_entered(code), deployment)
    is_right = sent is not None and sent.tries <= rules.SMS_TRIES and secrets.compare_digest(sent.code_index, given)
    if not is_right:
        _note_wrong(now)
        raise Refused("E_SMS_CODE_INVALID", field="sms_code")
    if sent is not None and sent.expires_at < now:
        raise Refused("E_SMS_CODE_EXPIRED", field="sms_code")


def use_code(question: Question, *, deployment: Deployment) -> None:
    """A code is good once; inside the change that rests on it."""
    codes.use_sms(_subject(question, deployment))


def _note_wrong(now: datetime) -> None:
    with transaction():
        if limits.count(_WRONG.subject, now=now, window=_WRONG.window) == _WRONG.most:
            raise_alarm(NoticeKind.CODES_GUESSED, key=f"codes:{now:%Y%m%d%H%M}", now=now, channels=NO_CHANNELS)


def _subject(question: Question, deployment: Deployment) -> str:
    return deployment.vault.index(f"sms:{question.purpose.value}:{question.who}:{question.phone}")


def _index(subject: str, code: str, deployment: Deployment) -> str:
    return deployment.vault.index(f"sms code:{subject}:{code}")
