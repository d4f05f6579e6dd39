"""Whether a transfer is still what the person saw, and what became of it if not (R-099)."""

from service.domain.accounts.actors import Actor
from service.domain.clock import ZONE
from service.domain.errors import Refused
from service.domain.transfers.actions import action_titles
from service.storage.accounts import accounts
from service.storage.transfers import history
from service.storage.transfers.history import Event
from service.storage.transfers.transfer_rows import Stored


def require_version(stored: Stored, version: int, actor: Actor) -> None:
    """Refuse a decision on another version than the stored one.

    Refuses E_ALREADY_DECIDED with name, time and action where somebody else took the decision that lay before the
    actor, E_STALE where he took it himself or never saw such a version.
    """
    if stored.version == version:
        return
    if version > stored.version or version < 1:
        raise _stale(f"应为 {stored.version}，所见为 {version}", f"expected {stored.version}, found {version}")
    change = _change_after(stored, version)
    at = f"{change.at.astimezone(ZONE):%Y-%m-%d %H:%M}"
    zh, en = action_titles(change.action)
    if change.account_id == actor.account_id:
        raise _stale(f"您已于 {at} 办理“{zh}”", f'you did "{en}" at {at}')
    other = accounts.by_id(change.account_id)
    name = other.name if other else "?"
    raise Refused("E_ALREADY_DECIDED", detail_zh=f"{name} 已于 {at} 办理“{zh}”", detail_en=f'"{en}" by {name} at {at}')


def _change_after(stored: Stored, version: int) -> Event:
    # Each version is left by one event of a person; those of the system belong to it.
    changes = [event for event in history.of_transfer(stored.id) if not event.is_automatic]
    return changes[min(version, len(changes) - 1)]


def _stale(zh: str, en: str) -> Refused:
    return Refused("E_STALE", field="version", detail_zh=zh, detail_en=en)
