"""May this person be transferred? The checks on the member himself (R-044, R-046, R-051, R-055–R-057; order of R-227)."""

from dataclasses import dataclass

from service.domain.applying import eligibility
from service.domain.errors import Refused
from service.domain.members.members import Member, MemberStatus
from service.domain.names import normalised
from service.domain.organisations.organisations import Chain
from service.domain.profile import Profile
from service.domain.transfers import leaving_administrators
from service.domain.transfers.leaving_administrators import NO_OFFICE, Office


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who is to be transferred, as the checks of a start look at him.

    `home` is up(o), () for a person without a branch; `typed_name` the name that somebody typed beside his identity
    number, empty where he was chosen otherwise; `office` what he administers.
    """

    member: Member
    home: Chain
    typed_name: str = ""
    is_in_transfer: bool = False
    office: Office = NO_OFFICE


def check_candidate(candidate: Candidate, starting: Chain | None, profile: Profile) -> None:
    """Everything that is asked of the person, in order; `starting` is up(s), None when he applies himself.

    Refuses E_NOT_SUBORDINATE, E_ID_MISMATCH, what `check_member` refuses, E_TRANSFER_IN_PROGRESS, and what
    `leaving_administrators.check_office` refuses.
    """
    member = candidate.member
    eligibility.check_subordinate(candidate.home, starting, profile)
    # Only now is anything said of him: who types a number must not learn whose it is.
    if candidate.typed_name and normalised(candidate.typed_name) != normalised(member.name):
        raise Refused("E_ID_MISMATCH", field="name")
    check_member(member, home=candidate.home, by_member=starting is None, profile=profile)
    if candidate.is_in_transfer:
        raise Refused("E_TRANSFER_IN_PROGRESS", member=member.name)
    leaving_administrators.check_office(candidate.office, profile)


def check_member(member: Member, *, home: Chain, by_member: bool, profile: Profile) -> None:
    """Refuse E_MEMBER_HISTORICAL, E_USE_INCOMING, E_MEMBER_SUSPENDED, E_PROBATIONARY_SELF_START.

    Who stands in a holding node, or nowhere, is a member of no branch yet: he comes in, he is not moved (R-044).
    """
    if member.status.is_historical:
        raise Refused("E_MEMBER_HISTORICAL", member=member.name)
    if not home or home[0].is_holding_node or member.status is MemberStatus.PROVISIONAL:
        raise Refused("E_USE_INCOMING", member=member.name)
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
