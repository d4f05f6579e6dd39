"""A mobile number is bound to an account by the code sent to it: by its holder, or by an administrator (R-032, R-033).

One number activates one regular account: another that had it lets go of it without being asked; both owners are told,
and the log keeps it. A virtual account may share the number of a regular one.
"""

from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts import phone_binding
from service.domain.accounts.actors import Actor
from service.domain.accounts.codes import Purpose
from service.domain.deadlines.notices import NoticeKind
from service.domain.errors import Refused
from service.storage import audit
from service.storage.accounts import accounts, phones
from service.storage.accounts.accounts import Account
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.members import members
from service.storage.messages import notices
from service.storage.messages.notices import Notice
from service.storage.organisations import organisations
from service.use_cases.accounts.fresh_proof import require_proof
from service.use_cases.accounts.log_in import login_index
from service.use_cases.accounts.reset_password import require_not_above
from service.use_cases.accounts.sms_codes import Question, require_code, send_code, use_code
from service.use_cases.accounts.who_acts import ActingSession
from service.use_cases.deployment import Deployment


@dataclass(frozen=True, slots=True)
class Answered:
    """A number with the code that was sent to it."""

    phone: str
    code: str


def send_own_code(phone: str, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Send a code to a number that the actor wants bound to his own account; refuses E_PHONE_FORMAT, E_RATE_LIMITED."""
    number = phone_binding.mobile(phone)
    with transaction():
        send_code(_question(actor.account_id, number), now=now, deployment=deployment)


def bind_own_phone(
    given: Answered, *, proof: str, acting: ActingSession, now: datetime, deployment: Deployment
) -> None:
    """Bind it, in place of an older one.

    Refuses E_SMS_CODE_INVALID, E_SMS_CODE_EXPIRED, E_PHONE_FORMAT; E_LOGIN_FAILED, E_RATE_LIMITED without fresh proof:
    the number bound opens the account, so a stolen session would be the account for good.
    """
    phone_binding.mobile(given.phone)
    require_proof(proof, acting=acting, now=now, deployment=deployment)
    _bind(acting.account.id, given, acting.actor, now, deployment)


def clear_own_phone(*, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Clear a landline, which no code reaches, from the actor's own record.

    Refuses E_ACTION_NOT_ALLOWED where there is none: a mobile is replaced, not cleared.
    """
    with transaction():
        person = members.by_id(actor.member_id, deployment.vault) if actor.member_id else None
        if person is None or not phone_binding.is_landline(person.member.mobile):
            raise Refused("E_ACTION_NOT_ALLOWED")
        phones.clear_recorded(person.member.id)
        subject = Subject("member", str(person.member.id), person.member.branch_id)
        audit.append("clear_phone", subject=subject, actor=actor, now=now)


def send_member_code(member_id: int, phone: str, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Send a code to the telephone of a member, who reads it out to the administrator.

    Refuses E_MEMBER_NOT_FOUND, E_FORBIDDEN, for who holds a role that the actor could not take back also
    E_ORG_OUT_OF_SCOPE, E_PHONE_FORMAT, E_RATE_LIMITED.
    """
    number = phone_binding.mobile(phone)
    with transaction():
        account_id = _account_of_member(member_id, actor, deployment).id
        send_code(_question(account_id, number), now=now, deployment=deployment)


def bind_member_phone(member_id: int, given: Answered, *, actor: Actor, now: datetime, deployment: Deployment) -> None:
    """Bind it to the account of the member; refuses as above, E_SMS_CODE_INVALID, E_SMS_CODE_EXPIRED."""
    with transaction():
        account_id = _account_of_member(member_id, actor, deployment).id
    _bind(account_id, given, actor, now, deployment)


def bound_phone(account_id: int, deployment: Deployment) -> str:
    """The bound number, masked; empty where there is none."""
    with reading():
        return phone_binding.masked(phones.of_account(account_id, deployment.vault))


def has_landline(actor: Actor, deployment: Deployment) -> bool:
    """Whether the actor's own record holds a number that he can clear."""
    with reading():
        person = members.by_id(actor.member_id, deployment.vault) if actor.member_id else None
    return person is not None and phone_binding.is_landline(person.member.mobile)


def rebind(account_id: int, phone: str, *, actor: Actor | None, now: datetime, deployment: Deployment) -> None:
    """Bind a proven number, inside a change; whoever had it lets go of it, and both are told (R-032)."""
    account = accounts.by_id(account_id)
    is_regular = account is not None and account.member_id is not None
    others = [each for each in phones.regular_holders(phone, deployment.vault) if each != account_id]
    for other in others if is_regular else ():
        phones.unbind(other)
        told = ((other, NoticeKind.PHONE_UNBOUND), (account_id, NoticeKind.PHONE_BOUND))
        notices.add(Notice(kind.value, None, now, account_id=who) for who, kind in told)
    phones.bind(account_id, phone, deployment.vault)
    for other in others if is_regular else ():
        audit.append("unbind_phone", subject=Subject("account", str(other)), actor=actor, now=now)
    audit.append("bind_phone", subject=Subject("account", str(account_id)), actor=actor, now=now)


def _bind(account_id: int, given: Answered, actor: Actor, now: datetime, deployment: Deployment) -> None:
    number = phone_binding.mobile(given.phone)
    question = _question(account_id, number)
    require_code(question, given.code, now=now, deployment=deployment)
    with transaction():
        use_code(question, deployment=deployment)
        rebind(account_id, number, actor=actor, now=now, deployment=deployment)


def _account_of_member(member_id: int, actor: Actor, deployment: Deployment) -> Account:
    person = members.by_id(member_id, deployment.vault)
    if person is None or person.member.status.is_historical:
        raise Refused("E_MEMBER_NOT_FOUND")
    phone_binding.require_may_bind_for(actor, organisations.chain(person.branch_code or ""))
    found = accounts.of_member(member_id)
    if found is not None:
        # Codes to open the account go to the number bound: it would open every role that he has.
        require_not_above(found.id, actor, deployment)
        return found
    member = person.member
    index = login_index(member.id_number, deployment)
    account_id = accounts.add(login_index=index, name=member.name, password_hash=None, member_id=member.id)
    return Account(account_id, member.name, member.id, None)


def _question(account_id: int, number: str) -> Question:
    return Question(Purpose.BINDING, str(account_id), number)
