"""Who keeps the records of members, and which states a membership may take (R-045, R-046, R-210)."""

from datetime import date

from service.domain.accounts.actors import Actor
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.members.members import Member, MemberKind, MemberStatus
from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain, OrgType

_NEXT = {
    MemberStatus.ACTIVE: frozenset(
        {MemberStatus.MEMBERSHIP_SUSPENDED, MemberStatus.HIST_DECEASED, MemberStatus.HIST_EXPELLED}
    ),
    MemberStatus.MEMBERSHIP_SUSPENDED: frozenset(
        {MemberStatus.ACTIVE, MemberStatus.HIST_DECEASED, MemberStatus.HIST_EXPELLED}
    ),
}


def next_states(status: MemberStatus) -> tuple[MemberStatus, ...]:
    """The states a membership may take from this one, in the order of `MemberStatus`."""
    possible = _NEXT.get(status, frozenset())
    return tuple(each for each in MemberStatus if each in possible)


def require_seen(actor: Actor, home: Chain) -> None:
    """Refuse E_FORBIDDEN to who administers nothing, E_NOT_FOUND where the member is none of his (R-039)."""
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    if not home or not tree.contains(home, actor.org):
        raise Refused("E_NOT_FOUND")


def may_edit(actor: Actor, *, is_authorised: bool) -> bool:
    """Committees, general and directly affiliated branches may; a branch once it is authorised."""
    if not actor.decides_for_org or actor.org is None:
        return False
    return actor.org.org_type is not OrgType.BRANCH or is_authorised


def require_may_edit(actor: Actor, home: Chain, *, is_authorised: bool) -> None:
    """Refuse as `require_seen`, then E_FORBIDDEN to a branch that nobody has authorised (R-210)."""
    require_seen(actor, home)
    if not may_edit(actor, is_authorised=is_authorised):
        raise Refused("E_FORBIDDEN", detail_zh="党支部须经上级授权", detail_en="a branch needs to be authorised")


def require_may_authorise(actor: Actor, chain: Chain) -> None:
    """Only what stands above a branch authorises it; refuses E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, E_FIELD_INVALID."""
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    if not tree.contains(chain, actor.org):
        raise Refused("E_ORG_OUT_OF_SCOPE", detail_zh=f"“{chain[0].name}”", detail_en=chain[0].code)
    if actor.org.code == chain[0].code:
        raise Refused("E_FORBIDDEN", detail_zh="由上级党组织授权", detail_en="the organisation above authorises it")
    if chain[0].org_type is not OrgType.BRANCH:
        raise Refused("E_FIELD_INVALID", field="code", detail_zh="不是党支部", detail_en="it is no branch")


def check_full(member: Member, full_on: date | None, today: date) -> None:
    """May a probationary member become full on this day? (R-045)

    Refuses E_MEMBER_HISTORICAL, E_MEMBER_SUSPENDED, E_ACTION_NOT_ALLOWED for a full member, then E_REQUIRED_FIELD,
    E_DATE_FUTURE, E_DATE_ORDER.
    """
    require_active(member)
    if member.kind is MemberKind.FULL:
        raise Refused("E_ACTION_NOT_ALLOWED", detail_zh="已是正式党员", detail_en="he is a full member already")
    errors = [FieldError("E_REQUIRED_FIELD", "full_on")] if full_on is None else []
    if member.joined_on is None:
        errors.append(FieldError("E_REQUIRED_FIELD", "joined_on"))
    if full_on is not None and full_on > today:
        errors.append(FieldError("E_DATE_FUTURE", "full_on"))
    if full_on and member.joined_on and full_on <= member.joined_on:
        errors.append(FieldError("E_DATE_ORDER", "full_on", zh="应晚于入党日期", en="it lies after the joining date"))
    refuse_fields(errors)


def require_active(member: Member) -> None:
    """Refuse E_MEMBER_HISTORICAL, E_MEMBER_SUSPENDED."""
    if member.status.is_historical:
        raise Refused("E_MEMBER_HISTORICAL", member=member.name)
    if member.status is MemberStatus.MEMBERSHIP_SUSPENDED:
        raise Refused("E_MEMBER_SUSPENDED", member=member.name)


def check_status(member: Member, wanted: MemberStatus, on: date, today: date) -> None:
    """May the membership take this state? Who has left is gone, and to leave for elsewhere takes a transfer (R-229).

    Refuses E_MEMBER_HISTORICAL, E_ACTION_NOT_ALLOWED, E_DATE_FUTURE.
    """
    if member.status.is_historical:
        raise Refused("E_MEMBER_HISTORICAL", member=member.name)
    if wanted not in _NEXT.get(member.status, ()):
        raise Refused("E_ACTION_NOT_ALLOWED", field="status", detail_zh=wanted.value, detail_en=wanted.value)
    if on > today:
        raise Refused("E_DATE_FUTURE", field="on")
