"""Files that an application or a decision brings along, named in its answers (R-098, R-133, R-143, R-197)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.domain import attachments as rules
from service.domain.accounts.actors import Actor
from service.domain.attachments import AttachmentKind
from service.domain.errors import FieldError, Refused
from service.domain.transfers import offers, receipts
from service.domain.transfers.actions import APPROVALS
from service.domain.transfers.context import Context
from service.storage.transfers import attachments
from service.storage.transfers.attachments import Attachment, Place
from service.storage.transfers.transfer_rows import Stored
from service.storage.vault import Vault

FIELD = "attachments"


@dataclass(frozen=True, slots=True)
class Step:
    """The step that a decision is taken at; `owner` is the wrapped key of the transfer's member."""

    stored: Stored
    context: Context
    actor: Actor
    owner: bytes
    vault: Vault


def named(answers: Mapping[str, object]) -> tuple[str, ...]:
    """The names of files in the answers."""
    given = answers.get(FIELD) or ()
    items = given if isinstance(given, list | tuple) else (given,)
    return tuple(dict.fromkeys(str(each).strip() for each in items if str(each).strip()))


def find_loose(names: Iterable[str], *, actor: Actor, permitted: tuple[AttachmentKind, ...]) -> tuple[Attachment, ...]:
    """The actor's own uploads of these names; refuses E_FIELD_INVALID, E_ACTION_NOT_ALLOWED for a kind out of place."""
    found = []
    for name in names:
        each = attachments.by_name(name)
        if each is None or not each.is_loose or each.account_id != actor.account_id:
            raise _unknown(name)
        rules.require_kind(AttachmentKind(each.kind), permitted)
        found.append(each)
    return tuple(found)


def attach(found: Iterable[Attachment], place: Place, *, owner: bytes, vault: Vault) -> tuple[Attachment, ...]:
    """Let these files belong to a transfer; `owner` is the wrapped key of its member."""
    return tuple(
        attachments.attach(each, place, key_sealed=vault.hand_over(each.key_sealed, owner=owner)) for each in found
    )


def take_along(facts: Mapping[str, object], step: Step) -> tuple[Attachment, ...]:
    """The files that a decision rests on: those named in it, and those added at this step before.

    Nothing is asked of the database where a decision names none and rests on none. Refuses as `find_loose`, and
    E_RECEIPT_IMAGE_REQUIRED.
    """
    action = step.context.decision.action
    names = named(facts)
    takes_stub = action in APPROVALS and offers.takes_stub(step.context)
    if not names and not takes_stub and action not in receipts.CLOSING:
        return ()
    stored = step.stored
    known = attachments.of_transfer(stored.id)
    here = {each.name for each in known}
    permitted = rules.kinds_of_step(step.context)
    loose = find_loose((name for name in names if name not in here), actor=step.actor, permitted=permitted)
    if loose:
        rules.require_room(len(known) + len(loose) - 1)
    place = Place(stored.id, stored.transfer.position, stored.version)
    added = attach(loose, place, owner=step.owner, vault=step.vault)
    rests_on = (*(each for each in known if each.version == stored.version), *added)
    receipts.require_image(action, has_image=has_kind(rests_on, AttachmentKind.RECEIPT_IMAGE))
    return rests_on


def recorded(found: Iterable[Attachment]) -> dict[str, object]:
    """What history says of them (R-214); nothing where there are none."""
    lines = [{"name": each.name, "kind": each.kind, "digest": each.content_digest} for each in found]
    return {FIELD: lines} if lines else {}


def has_kind(found: Sequence[Attachment], kind: AttachmentKind) -> bool:
    """Whether one of them is of this kind."""
    return any(each.kind == kind for each in found)


def _unknown(name: str) -> Refused:
    shown = name[:8]
    fault = FieldError("E_FIELD_INVALID", FIELD, zh=f"没有附件 {shown}…", en=f"there is no upload {shown}…")
    return Refused("E_FIELD_INVALID", fields=(fault,))
