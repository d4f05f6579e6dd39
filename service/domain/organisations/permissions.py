"""Transfer permissions and authority levels: what each holds, who may set it, what is locked and why (R-006, R-013–R-018)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.organisations import tree
from service.domain.organisations.organisation_changes import ceiling, require_active, require_in_reach
from service.domain.organisations.organisations import (
    RANK_OF_FIRST_LEVEL,
    AuthorityLevel,
    Chain,
    Organisation,
    OrgType,
    Scope,
    rank_of,
)


class Permission(StrEnum):
    """What can be set."""

    CAN_TRANSFER = "can_transfer"
    SCOPE = "scope"
    AUTO_APPROVE_CHILDREN = "auto_approve_children"
    AUTHORITY_LEVEL = "authority_level"


@dataclass(frozen=True, slots=True)
class Lock:
    """Why a permission cannot be set here: the refusal it would get, and the reason in both languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Permissions:
    """The permissions of an organisation as one person sees them; what `locks` does not name he may set.

    `national` and `province` are the two ticks of the manual: they say one scope.
    """

    organisation: Organisation
    is_own: bool
    locks: Mapping[Permission, Lock]

    @property
    def national(self) -> bool:
        """Whether it may exchange members nationwide."""
        return self.organisation.scope is Scope.NATIONAL

    @property
    def province(self) -> bool:
        """Whether it may exchange members in the whole province; a wider scope is shown by its own tick."""
        return self.organisation.scope >= Scope.PROVINCE


Value = bool | Scope | AuthorityLevel | None
"""A truth value, a scope, a level, or None for "no level set"."""
Changes = Mapping[Permission, Value]
"""What is to be set."""

_SYSTEM_SCOPE = Lock("E_PERM_NOT_EDITABLE", "转接范围由系统默认", "the scope is system data")
_WITH_SCOPE = Lock(
    "E_PERM_NOT_EDITABLE", "具有全省或全国转接权限的组织必有转接权限", "who has scope PROVINCE or NATIONAL can transfer"
)
_BY_SUPERIOR = Lock("E_PERM_BY_SUPERIOR_ONLY", "由上级党组织配置", "an organisation above sets it")
_BY_ITSELF = Lock("E_FORBIDDEN", "由该党组织自行设置", "the organisation sets it itself")
_HOLDING = Lock("E_PERM_NOT_EDITABLE", "临时组织节点不参与转接", "a holding node takes no part in transfers")


def permissions_for(actor: Actor, chain: Chain) -> Permissions:
    """What this person sees and may set; refuses as `require_configurable`."""
    require_configurable(actor, chain)
    org = chain[0]
    is_own = actor.org is not None and actor.org.code == org.code
    if actor.role is Role.SYSTEM_ADMIN:
        return Permissions(org, is_own, _locks_of_system(org))
    return Permissions(org, is_own, _locks(org, is_own=is_own))


def require_configurable(actor: Actor, chain: Chain) -> None:
    """Refuse E_FORBIDDEN, and E_ORG_OUT_OF_SCOPE for what this person does not configure (R-018).

    A primary committee or lower configures itself and everything below; a local committee, and a working committee
    above the first level, itself and the next level only.
    """
    if actor.role is Role.SYSTEM_ADMIN:
        return
    require_in_reach(actor, chain)
    assert actor.org is not None
    own = tree.upwards(chain, to=actor.org)
    if len(own) > 2 and _sees_one_level(own[-1]):  # noqa: PLR2004 - itself and the next level
        raise Refused("E_ORG_OUT_OF_SCOPE", detail_zh=f"“{chain[0].name}”", detail_en=chain[0].code)


def check_changes(actor: Actor, chain: Chain, changes: Changes) -> None:
    """May these be set? Refuses with the code of the first lock in the way, then E_LEVEL_ABOVE_SUPERIOR.

    That nobody below is outranked is for who can ask the whole subtree.
    """
    if set(changes) == {Permission.AUTHORITY_LEVEL} and actor.role is not Role.SYSTEM_ADMIN:
        require_in_reach(actor, chain)  # any superior may set a level, at whatever distance
        locks: Mapping[Permission, Lock] = _locks(chain[0], is_own=False)
    else:
        locks = permissions_for(actor, chain).locks
    require_active(chain[0])
    for permission in changes:
        if lock := locks.get(permission):
            raise Refused(lock.code, field=permission.value, detail_zh=lock.zh, detail_en=lock.en)
    level = changes.get(Permission.AUTHORITY_LEVEL)
    if isinstance(level, AuthorityLevel):
        check_level(level, chain[1:])


def check_level(level: AuthorityLevel | None, superiors: Chain) -> None:
    """Refuse E_LEVEL_ABOVE_SUPERIOR when it outranks the nearest superior whose level is set (R-006)."""
    highest = ceiling(superiors)
    if level is not None and highest is not None and rank_of(level) > highest:
        above = next(org for org in superiors if org.level)
        raise Refused(
            "E_LEVEL_ABOVE_SUPERIOR",
            field=Permission.AUTHORITY_LEVEL.value,
            detail_zh=f"“{above.name}”为 {highest} 级",
            detail_en=f"{above.code} has rank {highest}",
        )


def sound(changes: Changes, org: Organisation) -> Changes:
    """The changes with what follows from them: whoever holds PROVINCE or NATIONAL can transfer (R-015)."""
    scope = changes.get(Permission.SCOPE, org.scope)
    if isinstance(scope, Scope) and scope >= Scope.PROVINCE:
        return {**changes, Permission.CAN_TRANSFER: True}
    return changes


def _locks(org: Organisation, *, is_own: bool) -> dict[Permission, Lock]:
    locks = {Permission.SCOPE: _SYSTEM_SCOPE}
    if org.is_holding_node:
        return dict.fromkeys(Permission, _HOLDING)
    if is_own:
        locks[Permission.CAN_TRANSFER] = _BY_SUPERIOR
    elif org.scope >= Scope.PROVINCE:
        locks[Permission.CAN_TRANSFER] = _WITH_SCOPE
    if not is_own:
        locks[Permission.AUTO_APPROVE_CHILDREN] = _BY_ITSELF
    return locks


def _locks_of_system(org: Organisation) -> dict[Permission, Lock]:
    """The system administrator keeps the system data and nothing else."""
    locks = {
        Permission.CAN_TRANSFER: _BY_SUPERIOR,
        Permission.AUTO_APPROVE_CHILDREN: _BY_ITSELF,
        Permission.AUTHORITY_LEVEL: _BY_SUPERIOR,
    }
    return locks | ({Permission.SCOPE: _HOLDING} if org.is_holding_node else {})


def _sees_one_level(org: Organisation) -> bool:
    high_working = org.org_type is OrgType.WORKING_COMMITTEE and org.rank > RANK_OF_FIRST_LEVEL
    return org.org_type is OrgType.LOCAL_COMMITTEE or high_working
