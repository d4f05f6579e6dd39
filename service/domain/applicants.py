"""May this person be transferred? The checks on the member himself (R-046, R-051, R-057; order of R-227)."""

from service.domain.errors import Refused
from service.domain.members import Member, MemberStatus
from service.domain.profile import Profile


def check_member(member: Member, *, by_member: bool, profile: Profile) -> None:
    """Refuse E_MEMBER_HISTORICAL, E_MEMBER_SUSPENDED, E_PROBATIONARY_SELF_START."""
    if member.status.is_historical:
        raise Refused("E_MEMBER_HISTORICAL", member=member.name)
    if member.status is MemberStatus.MEMBERSHIP_SUSPENDED:
        raise Refused("E_MEMBER_SUSPENDED", member=member.name)
    if by_member and member.kind.value not in profile.choices("start.self_member_kinds"):
        raise Refused("E_PROBATIONARY_SELF_START", member=member.name)


def check_newcomer(known: Member | None, *, profile: Profile, is_held: bool) -> None:
    """May a person with this identity number come in from outside? (R-138, R-042)

    `is_held`: the person stands in a holding node. Refuses E_MEMBER_IN_PROVINCE, E_MEMBER_SUSPENDED and,
    for one who has died or was expelled, E_MEMBER_HISTORICAL. None of them tells the name: who asks may know the
    number only.
    """
    if known is None or known.status is MemberStatus.HIST_TRANSFERRED_OUT:
        return
    if known.status.is_historical:
        raise Refused("E_MEMBER_HISTORICAL")
    if is_held and profile.flag("incoming.claim_back"):
        return
    if known.status is MemberStatus.MEMBERSHIP_SUSPENDED:
        raise Refused("E_MEMBER_SUSPENDED")
    raise Refused("E_MEMBER_IN_PROVINCE")
