"""Files that go with a transfer: kinds, limits, who adds, opens and removes them (R-195–R-197, R-098, R-133, R-143)."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain import judging
from service.domain.actors import Actor
from service.domain.context import Context
from service.domain.errors import Refused
from service.domain.hops import APPLICATION, HopRole, Side
from service.domain.profile import Profile
from service.domain.varieties import Variety

MEGABYTE = 1024 * 1024
MOST_OF_TRANSFER = 20
"""So many files a transfer may have, and so many a person may keep that belong to none yet."""
_PICTURES = frozenset({"jpg", "png", "gif", "bmp"})
_SCANS = _PICTURES | {"pdf"}
_PORTRAITS = frozenset({"jpg", "jpeg", "gif", "png"})
_PORTRAIT_MEGABYTES = 2


class AttachmentKind(StrEnum):
    """What a file shows (R-197)."""

    STUB_IMAGE = "stub_image"
    RECEIPT_IMAGE = "receipt_image"
    LETTER_PHOTO = "letter_photo"
    ID_CARD_PHOTO = "id_card_photo"
    OTHER = "other"


KIND_TITLES: dict[AttachmentKind, tuple[str, str]] = {
    AttachmentKind.STUB_IMAGE: ("介绍信存根联", "Stub of the letter"),
    AttachmentKind.RECEIPT_IMAGE: ("介绍信回执联", "Receipt of the letter"),
    AttachmentKind.LETTER_PHOTO: ("介绍信照片", "Photo of the paper letter"),
    AttachmentKind.ID_CARD_PHOTO: ("身份证照片", "Photo of the identity card"),
    AttachmentKind.OTHER: ("其他附件", "Other"),
}
"""What pages call them, in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may be: extensions in lower case, greatest size in bytes."""

    types: frozenset[str]
    most_bytes: int


PORTRAIT = Limits(_PORTRAITS, _PORTRAIT_MEGABYTES * MEGABYTE)
"""Portraits of members (R-196)."""

_TYPES_OF_KIND = {
    AttachmentKind.STUB_IMAGE: _SCANS,
    AttachmentKind.RECEIPT_IMAGE: _SCANS,
    AttachmentKind.LETTER_PHOTO: _PICTURES,
    AttachmentKind.ID_CARD_PHOTO: _PICTURES,
}


def limits(kind: AttachmentKind, profile: Profile) -> Limits:
    """What a file of this kind may be: the profile's types, of them only pictures or scans where one is wanted (R-195)."""
    types = frozenset(profile.choices("attachment.types"))
    megabytes = profile.number("attachment.max_mb") or 0
    return Limits(types & _TYPES_OF_KIND.get(kind, types), megabytes * MEGABYTE)


def kinds_of_start(profile: Profile, *, is_incoming: bool) -> tuple[AttachmentKind, ...]:
    """Kinds that go with an application."""
    if not is_incoming:
        return (AttachmentKind.OTHER,)
    reviews = profile.choice("incoming.id_check") == "real_name"
    photos = (AttachmentKind.ID_CARD_PHOTO,) if reviews else ()
    return (AttachmentKind.LETTER_PHOTO, *photos, AttachmentKind.OTHER)


def kinds_of_step(context: Context) -> tuple[AttachmentKind, ...]:
    """Kinds that go with the current hop, the one it is there for first."""
    transfer, profile = context.transfer, context.profile
    role = transfer.hop.role
    if role in APPLICATION:
        return kinds_of_start(profile, is_incoming=transfer.variety is Variety.INCOMING)
    if role in (HopRole.CONFIRM_OUTSIDE, HopRole.RECORD_RECEIPT):
        return (AttachmentKind.RECEIPT_IMAGE, AttachmentKind.OTHER)
    if _is_terminal(context) and profile.choice("outside.stub_image") == "optional":
        return (AttachmentKind.STUB_IMAGE, AttachmentKind.OTHER)
    return (AttachmentKind.OTHER,)


def require_addable(context: Context, actor: Actor, kind: AttachmentKind) -> None:
    """May this actor add such a file now? Refuses E_TRANSFER_FINISHED, E_NOT_CURRENT_HOP, E_ACTION_NOT_ALLOWED."""
    if context.transfer.state.is_final:
        raise Refused("E_TRANSFER_FINISHED")
    if not judging.is_holder(context, actor):
        raise Refused("E_NOT_CURRENT_HOP")
    permitted = kinds_of_step(context)
    if kind not in permitted:
        shown = ", ".join(permitted)
        raise Refused(
            "E_ACTION_NOT_ALLOWED", field="kind", detail_zh=f"此环节可上传：{shown}", detail_en=f"here: {shown}"
        )


def may_add(context: Context, actor: Actor) -> bool:
    """Whether this actor may add files to the transfer now."""
    return not context.transfer.state.is_final and judging.is_holder(context, actor)


def require_removable(context: Context, actor: Actor, *, added_in_version: int, version: int) -> None:
    """May this actor remove a file now? Refuses E_IMMUTABLE, E_NOT_CURRENT_HOP (R-197).

    Whatever has happened to the transfer since – `version` counts it – may rest on the file.
    """
    if context.transfer.state.is_final or version != added_in_version:
        raise Refused("E_IMMUTABLE", detail_zh="该环节已办理", detail_en="the step it belongs to is done")
    if not judging.is_holder(context, actor):
        raise Refused("E_NOT_CURRENT_HOP")


def _is_terminal(context: Context) -> bool:
    """Whether the current hop is the last of the home side of a transfer outside (R-098)."""
    transfer = context.transfer
    last = max((place for place, hop in enumerate(transfer.hops) if hop.side is Side.HOME), default=-1)
    return transfer.is_outside and transfer.position == last
