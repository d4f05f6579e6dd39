"""Who may change what in the tree, and what stands in the way (R-001, R-203–R-205, R-228)."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from service.domain.accounts.actors import Actor
from service.domain.errors import FieldError, Refused
from service.domain.organisations import tree
from service.domain.organisations.organisations import BRANCHES, Chain, Organisation, OrgStatus, OrgType, rank_of
from service.domain.profile import Profile

_ALL_BRANCHES = frozenset({OrgType.GENERAL_BRANCH, OrgType.DIRECT_BRANCH, OrgType.BRANCH})
_COMMITTEES = frozenset({OrgType.WORKING_COMMITTEE, OrgType.PRIMARY_COMMITTEE})
_BELOW: dict[OrgType, frozenset[OrgType]] = {
    OrgType.LOCAL_COMMITTEE: _ALL_BRANCHES | _COMMITTEES | {OrgType.LOCAL_COMMITTEE},
    OrgType.WORKING_COMMITTEE: _ALL_BRANCHES | _COMMITTEES | {OrgType.SECOND_LEVEL_COMMITTEE},
    OrgType.PRIMARY_COMMITTEE: _ALL_BRANCHES | {OrgType.PRIMARY_COMMITTEE, OrgType.SECOND_LEVEL_COMMITTEE},
    OrgType.SECOND_LEVEL_COMMITTEE: _ALL_BRANCHES,
    OrgType.GENERAL_BRANCH: frozenset({OrgType.BRANCH}),
    OrgType.DIRECT_BRANCH: frozenset({OrgType.BRANCH}),
}
"""Which types may stand directly below which (1.2, R-205)."""


class ChangeStatus(StrEnum):
    """Where an application for another superior stands."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


class BlockingTransfer(Protocol):
    """An unfinished transfer that locks an organisation."""

    @property
    def id(self) -> int: ...
    @property
    def member_name(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def target(self) -> str: ...


def types_below(org_type: OrgType) -> tuple[OrgType, ...]:
    """The types that may be created directly below this one, in the order of the glossary."""
    return tuple(each for each in OrgType if each in _BELOW.get(org_type, ()))


def require_in_reach(actor: Actor, chain: Chain) -> None:
    """Refuse E_FORBIDDEN for who administers nothing, E_ORG_OUT_OF_SCOPE for what is not his or below (R-018, R-039)."""
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    if not tree.contains(chain, actor.org):
        raise Refused("E_ORG_OUT_OF_SCOPE", detail_zh=f"“{chain[0].name}”", detail_en=chain[0].code)


def require_may_create(actor: Actor, superior: Chain, org_type: OrgType) -> None:
    """May the actor create an organisation of this type here? Refuses E_FORBIDDEN, E_FIELD_INVALID (R-205)."""
    require_in_reach(actor, superior)
    require_active(superior[0])
    possible = types_below(superior[0].org_type)
    if not possible:
        raise Refused(
            "E_FORBIDDEN",
            detail_zh=f"“{superior[0].name}”不能下设组织",
            detail_en=f"{superior[0].code} has no organisations below it",
        )
    if org_type not in possible:
        raise _wrong_type("org_type", org_type, superior[0])


def require_may_keep(actor: Actor, chain: Chain, profile: Profile) -> None:
    """May the actor edit or dissolve it? Refuses E_FORBIDDEN where only those above a branch may (R-228)."""
    require_in_reach(actor, chain)
    require_active(chain[0])
    keepers = profile.choice("org.branch_kept_by")
    if keepers == "superior" and chain[0].org_type in BRANCHES and _is_own(actor, chain):
        raise Refused("E_FORBIDDEN", detail_zh="由上级党组织维护", detail_en="the organisation above keeps its record")


def require_may_apply(actor: Actor, chain: Chain) -> None:
    """May the actor ask for another superior of it? The unit itself may, and whoever is above it (R-203)."""
    require_in_reach(actor, chain)
    require_active(chain[0])


def require_may_move(actor: Actor, former: Chain, wanted: Chain) -> None:
    """May the actor make it so? The organisation above both superiors, or one above that; else E_FORBIDDEN (R-203)."""
    if not actor.decides_for_org or actor.org is None or not tree.contains(decider(former, wanted), actor.org):
        above = decider(former, wanted)[0]
        raise Refused("E_FORBIDDEN", detail_zh=f"应由“{above.name}”办理", detail_en=f"{above.code} has to do it")


def decider(former: Chain, wanted: Chain) -> Chain:
    """up(d) of the organisation that decides: the lowest one above both superiors (R-203)."""
    return tree.lca_chain(former, wanted)


def check_superior(chain: Chain, wanted: Chain) -> None:
    """May it stand below that one? Refuses E_ORG_ROOT, E_ORG_CYCLE, E_FIELD_INVALID, E_FORBIDDEN (R-001)."""
    org, superior = chain[0], wanted[0]
    if len(chain) == 1:
        raise Refused("E_ORG_ROOT", field="superior")
    if tree.contains(wanted, org):
        raise Refused("E_ORG_CYCLE", field="superior", detail_zh=f"“{superior.name}”", detail_en=superior.code)
    if superior.code == chain[1].code:
        raise Refused(
            "E_FIELD_INVALID", field="superior", detail_zh="已是其上级组织", detail_en="it is the superior already"
        )
    if superior.status is OrgStatus.DISSOLVED:
        raise Refused("E_FIELD_INVALID", field="superior", detail_zh="该组织已撤销", detail_en="it is dissolved")
    if org.org_type not in types_below(superior.org_type):
        raise _wrong_type("superior", org.org_type, superior)


def check_dissolution(chain: Chain, *, members: int, subordinates: int) -> None:
    """May it end? Refuses E_ORG_ROOT, E_FORBIDDEN for a holding node, E_ORG_NOT_EMPTY (R-204)."""
    if len(chain) == 1:
        raise Refused("E_ORG_ROOT")
    if chain[0].is_holding_node:
        raise Refused("E_FORBIDDEN", detail_zh="临时组织节点不可撤销", detail_en="a holding node stays")
    if members or subordinates:
        raise Refused(
            "E_ORG_NOT_EMPTY",
            detail_zh=f"党员 {members} 名，下级组织 {subordinates} 个",
            detail_en=f"{members} members, {subordinates} organisations below it",
        )


def refuse_pending(blocking: Sequence[BlockingTransfer]) -> None:
    """Refuse E_ORG_HAS_PENDING_TRANSFERS with each transfer that stands in the way (R-202, R-207)."""
    if blocking:
        raise Refused("E_ORG_HAS_PENDING_TRANSFERS", fields=[_blocked_by(each) for each in blocking])


def ceiling(chain: Chain) -> int | None:
    """The rank that what stands below this chain may not outrank; None when no level is set (R-006)."""
    ranks = (rank_of(org.level) for org in chain if org.level)
    return next(ranks, None)


def require_active(org: Organisation) -> None:
    """Refuse E_ACTION_NOT_ALLOWED for an organisation that was dissolved (R-206)."""
    if org.status is OrgStatus.DISSOLVED:
        raise Refused("E_ACTION_NOT_ALLOWED", detail_zh=f"“{org.name}”已撤销", detail_en=f"{org.code} is dissolved")


def _is_own(actor: Actor, chain: Chain) -> bool:
    return actor.org is not None and actor.org.code == chain[0].code


def _wrong_type(field: str, org_type: OrgType, superior: Organisation) -> Refused:
    return Refused(
        "E_FIELD_INVALID",
        field=field,
        detail_zh=f"“{superior.name}”之下不能设 {org_type}",
        detail_en=f"{org_type} cannot stand below {superior.org_type}",
    )


def _blocked_by(transfer: BlockingTransfer) -> FieldError:
    way = f"{transfer.origin or '—'} → {transfer.target}"
    return FieldError(
        "E_ORG_HAS_PENDING_TRANSFERS",
        f"transfers/{transfer.id}",
        transfer.member_name,
        zh=f"{transfer.member_name} {way}",
        en=f"{transfer.member_name} {way}",
    )
