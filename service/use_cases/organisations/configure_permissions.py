"""See and set the transfer permissions and the authority level of an organisation (R-006, R-013–R-018)."""

from collections.abc import Mapping
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.organisations import permissions
from service.domain.organisations.organisations import AuthorityLevel, Organisation, Scope, rank_of
from service.domain.organisations.permissions import Changes, Permission, Permissions, Value
from service.domain.plain import plain
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import reading, transaction
from service.storage.organisations import organisation_moves, organisation_records, organisations
from service.use_cases.organisations.chains import require_chain, require_record

NOT_SET = ""
"""How a form says that an organisation has no level."""
_BOOLEANS = {"true": True, "false": False, "on": True, "off": False, "1": True, "0": False}


def show_permissions(code: str, *, actor: Actor) -> Permissions:
    """What this person sees and may set there; refuses E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE."""
    with reading():
        return permissions.permissions_for(actor, require_chain(code))


def set_permissions(code: str, wanted: Mapping[str, object], *, actor: Actor, now: datetime) -> Permissions:
    """Set what differs from what is stored; transfers under way keep their hops (R-020).

    Refuses E_PERM_INVALID and E_LEVEL_INVALID, E_ORG_NOT_FOUND, E_FORBIDDEN, E_ORG_OUT_OF_SCOPE,
    E_PERM_BY_SUPERIOR_ONLY, E_PERM_NOT_EDITABLE, E_LEVEL_ABOVE_SUPERIOR.
    """
    changes = read_changes(wanted)
    with transaction():
        record, chain = require_record(code), require_chain(code)
        org = chain[0]
        permissions.check_changes(actor, chain, changes)
        new = {name: value for name, value in permissions.sound(changes, org).items() if value != _current(org, name)}
        _require_nobody_outranks(record.path, org, new)
        if new:
            organisation_records.configure(record, {name.value: _column(value) for name, value in new.items()})
            audit.append(
                "set_permissions",
                subject=Subject("organisation", code, record.id),
                actor=actor,
                now=now,
                before={name.value: plain(_current(org, name)) for name in new},
                after={name.value: plain(value) for name, value in new.items()},
            )
        seen = organisations.chain(code)
        return Permissions(seen[0], False, {}) if _is_level_only(changes) else permissions.permissions_for(actor, seen)


def read_changes(wanted: Mapping[str, object]) -> Changes:
    """Read what is to be set; refuses every field that says nothing: E_PERM_INVALID, E_LEVEL_INVALID."""
    faults, found = [], {}
    for name, given in wanted.items():
        try:
            found[Permission(name)] = _value(Permission(name), given)
        except (ValueError, KeyError):
            code = "E_LEVEL_INVALID" if name == Permission.AUTHORITY_LEVEL else "E_PERM_INVALID"
            shown = str(given)[:40]
            faults.append(FieldError(code, name, zh=shown, en=shown))
    refuse_fields(faults)
    if not found:
        raise Refused("E_PERM_INVALID")
    return found


def _value(name: Permission, given: object) -> Value:
    if name is Permission.AUTHORITY_LEVEL:
        return AuthorityLevel(str(given)) if given not in (None, NOT_SET) else None
    if name is Permission.SCOPE:
        return Scope[str(given)]
    return given if isinstance(given, bool) else _BOOLEANS[str(given)]


def _current(org: Organisation, name: Permission) -> object:
    return org.level if name is Permission.AUTHORITY_LEVEL else getattr(org, name.value)


def _column(value: Value) -> object:
    if isinstance(value, Scope):
        return int(value)
    return value.value if isinstance(value, AuthorityLevel) else value


def _require_nobody_outranks(path: str, org: Organisation, new: Changes) -> None:
    """Refuse E_LEVEL_ABOVE_SUPERIOR when a level would fall below that of an organisation under it (R-006)."""
    level = new.get(Permission.AUTHORITY_LEVEL)
    if not isinstance(level, AuthorityLevel) or rank_of(level) >= org.rank:
        return
    if higher := organisation_moves.outranking(path, rank_of(level), but=org.code):
        raise Refused(
            "E_LEVEL_ABOVE_SUPERIOR",
            field=Permission.AUTHORITY_LEVEL.value,
            detail_zh=f"下级 {higher} 的级别高于 {level}",
            detail_en=f"{higher}, below it, would outrank it",
        )


def _is_level_only(changes: Changes) -> bool:
    return set(changes) == {Permission.AUTHORITY_LEVEL}
