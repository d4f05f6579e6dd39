"""Who may give whom which role: superiors, security officers, the limits on candidates (R-025–R-031, R-034).

Where administrators come from is a matter of the profile (`admin.roles`). What an organisation's own administrators may
not do is make further ones: that is for the next higher organisation.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.accounts.actors import Actor
from service.domain.accounts.duties import Duty
from service.domain.accounts.roles import ORG_ADMINS, SEPARATED, Role, admin_role
from service.domain.errors import Refused
from service.domain.organisations.organisations import Chain, Organisation
from service.domain.profile import Profile

MOST_CONTACTS = 2
"""Party-affairs contacts of one organisation (R-027)."""
_BY_SUPERIOR = frozenset({"superior", "liaison"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who is to get a role: `chain` is up(x) of his branch, () for an account that is no member's (R-031)."""

    account_id: int
    name: str
    chain: Chain
    is_virtual: bool
    has_phone: bool


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role that somebody holds for the organisation in question."""

    account_id: int
    role: Role


def require_may_grant(actor: Actor, chain: Chain, profile: Profile, *, administered: Collection[str]) -> None:
    """May the actor give and take roles of this organisation?

    `administered` are the codes among its superiors that have an administrator: those between an actor and the
    organisation must have none, as the next higher organisation authorises (R-027). Refuses E_FORBIDDEN,
    E_ORG_OUT_OF_SCOPE.
    """
    ways = set(profile.choices("admin.roles"))
    if actor.role is Role.SECURITY_OFFICER:
        if "security_officer" not in ways:
            raise Refused("E_FORBIDDEN")
        _require_in_scope(actor, chain)
        return
    if not actor.decides_for_org or actor.org is None or not ways & _BY_SUPERIOR:
        raise Refused("E_FORBIDDEN")
    nearer = _below(actor.org, chain)
    if any(org.code in administered for org in nearer):
        raise _out_of_scope(chain[0])


def require_may_record_duty(actor: Actor, chain: Chain, profile: Profile) -> None:
    """May the actor record duties in this organisation? Those above it may (R-026). Refuses as above."""
    if "by_duty" not in profile.choices("admin.roles") and "liaison" not in profile.choices("admin.roles"):
        raise Refused("E_FORBIDDEN")
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    _below(actor.org, chain)


def possible_roles(org: Organisation, actor: Actor, profile: Profile) -> tuple[Role, ...]:
    """The roles that this actor may give for an organisation, the usual one first (R-027, R-030, R-034)."""
    ways = profile.choices("admin.roles")
    if "liaison" in ways:
        return (Role.LIAISON,)
    usual = admin_role(org.org_type)
    if actor.role is Role.SECURITY_OFFICER:
        return (usual, Role.DATA_COLLECTOR)
    if {"by_duty", "superior"} <= set(ways) and not org.is_branch:
        return (usual, Role.PARTY_AFFAIRS_CONTACT)
    return (usual,)


def require_candidate(
    candidate: Candidate, role: Role, org: Organisation, profile: Profile, *, held: Sequence[HeldRole]
) -> None:
    """May this person get this role here? `held` are the roles given for the organisation.

    Refuses E_ROLE_DUPLICATE, E_CANDIDATE_NOT_IN_BRANCH, E_CANDIDATE_NOT_MEMBER, E_ADMIN_LIMIT, E_PHONE_NOT_ACTIVATED.
    """
    if any(each.account_id == candidate.account_id and each.role is role for each in held):
        raise Refused("E_ROLE_DUPLICATE")
    if role in ORG_ADMINS and org.is_branch and profile.flag("admin.branch_admin_must_be_member"):
        _require_member_of(candidate, org, "E_CANDIDATE_NOT_IN_BRANCH", is_branch_itself=True)
    if role is Role.PARTY_AFFAIRS_CONTACT:
        _require_member_of(candidate, org, "E_CANDIDATE_NOT_MEMBER", is_branch_itself=False)
        if sum(each.role is role for each in held) >= MOST_CONTACTS:
            raise Refused("E_ADMIN_LIMIT", detail_zh=f"最多 {MOST_CONTACTS} 名", detail_en=f"at most {MOST_CONTACTS}")
    if role is Role.LIAISON and not candidate.is_virtual and not candidate.has_phone:
        raise Refused("E_PHONE_NOT_ACTIVATED")


def require_eligible(
    candidate: Candidate, actor: Actor, *, holds: Collection[Role] = (), is_reported: bool = False
) -> None:
    """May this actor give this person anything at all? `holds` are the roles he has, wherever.

    Nobody gives himself rights: he would decide below himself, which is for others (R-039). Nobody hands rights to
    whoever he would not find (R-028), nor to one of those who keep the system, its rights and its log. A security
    officer also gives to whom he has brought in: `is_reported` (R-034). Refuses E_FORBIDDEN, E_CANDIDATE_NOT_MEMBER.
    """
    if candidate.account_id == actor.account_id:
        raise Refused("E_FORBIDDEN", detail_zh="不能授权给自己", detail_en="nobody gives rights to himself")
    if not SEPARATED.isdisjoint(holds):
        raise Refused("E_FORBIDDEN", detail_zh="三员不兼任其他角色", detail_en="one of the three has no other role")
    if candidate.is_virtual or actor.org is None or (is_reported and actor.role is Role.SECURITY_OFFICER):
        return
    if all(org.code != actor.org.code for org in candidate.chain):
        raise Refused("E_CANDIDATE_NOT_MEMBER")


def require_validity(valid_until: date | None, *, today: date) -> None:
    """Refuse E_FIELD_INVALID for a grant that would be over before it begins."""
    if valid_until is not None and valid_until < today:
        raise Refused(
            "E_FIELD_INVALID", field="valid_until", detail_zh=f"不早于 {today}", detail_en=f"{today} or later"
        )


def role_of_duty(duty: Duty, org: Organisation, profile: Profile) -> Role | None:
    """The role that a duty confers, None where a duty confers none (R-026, R-027, R-030).

    A branch: secretary and committee members. Above it: secretary and deputies.
    """
    if "by_duty" not in profile.choices("admin.roles"):
        return None
    conferring = {Duty.SECRETARY, Duty.DEPUTY_SECRETARY} | ({Duty.COMMITTEE_MEMBER} if org.is_branch else set())
    return admin_role(org.org_type) if duty in conferring else None


def may_reset_password(actor: Actor, chain: Chain, profile: Profile, *, administered: Collection[str]) -> bool:
    """Whether the actor may reset passwords of this organisation's administrators: who grants, may (R-029)."""
    try:
        require_may_grant(actor, chain, profile, administered=administered)
    except Refused:
        return False
    return True


def _require_in_scope(actor: Actor, chain: Chain) -> None:
    """A security officer without an organisation has the whole deployment as management scope (R-034)."""
    if actor.org is not None and all(org.code != actor.org.code for org in chain):
        raise _out_of_scope(chain[0])


def _below(org: Organisation, chain: Chain) -> Chain:
    """The organisations between a superior and the first of a chain; refuses E_ORG_OUT_OF_SCOPE for who is none."""
    for place, each in enumerate(chain[1:], start=1):
        if each.code == org.code:
            return chain[1:place]
    raise _out_of_scope(chain[0])


def _require_member_of(candidate: Candidate, org: Organisation, code: str, *, is_branch_itself: bool) -> None:
    places = candidate.chain[:1] if is_branch_itself else candidate.chain
    if all(each.code != org.code for each in places):
        raise Refused(code, detail_zh=f"“{candidate.name}”", detail_en=candidate.name)


def _out_of_scope(org: Organisation) -> Refused:
    return Refused("E_ORG_OUT_OF_SCOPE", detail_zh=f"“{org.name}”", detail_en=org.code)
