"""Files that go with a transfer: kinds, limits, who adds, opens and removes them (R-195–R-197, R-098, R-133, R-143)."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import Refused
from service.domain.profile import Profile
from service.domain.routes.hops import APPLICATION, HopRole
from service.domain.routes.varieties import Variety
from service.domain.transfers import offers
from service.domain.transfers.context import Context

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
    if role is HopRole.APPROVE and offers.takes_stub(context):
        return (AttachmentKind.STUB_IMAGE, AttachmentKind.OTHER)
    return (AttachmentKind.OTHER,)


def require_addable(context: Context, kind: AttachmentKind, *, holds: bool) -> None:
    """May a file of this kind be added now? `holds`: whether the actor is at turn.

    Refuses E_TRANSFER_FINISHED, E_NOT_CURRENT_HOP, E_ACTION_NOT_ALLOWED.
    """
    if context.transfer.state.is_final:
        raise Refused("E_TRANSFER_FINISHED")
    if not holds:
        raise Refused("E_NOT_CURRENT_HOP")
    require_kind(kind, kinds_of_step(context))


def require_kind(kind: AttachmentKind, permitted: tuple[AttachmentKind, ...]) -> None:
    """Refuse E_ACTION_NOT_ALLOWED for a kind that has no business here."""
    if kind not in permitted:
        shown = ", ".join(permitted)
        raise Refused(
            "E_ACTION_NOT_ALLOWED", field="kind", detail_zh=f"此处可上传：{shown}", detail_en=f"here: {shown}"
        )


def require_room(number: int) -> None:
    """Refuse E_ATTACHMENT_SIZE where there are as many files as there may be."""
    if number >= MOST_OF_TRANSFER:
        most = MOST_OF_TRANSFER
        raise Refused("E_ATTACHMENT_SIZE", field="file", detail_zh=f"最多 {most} 个", detail_en=f"at most {most} files")


def is_settled(context: Context, *, added_in: int | None, version: int) -> bool:
    """Whether something may rest on a file already: the transfer has changed since it was added (R-197).

    `added_in` and `version` count the changes of the transfer, then and now.
    """
    return context.transfer.state.is_final or version != added_in


def require_removable(context: Context, *, added_in: int | None, version: int, holds: bool) -> None:
    """May a file be removed now? Refuses E_IMMUTABLE, E_NOT_CURRENT_HOP (R-197)."""
    if is_settled(context, added_in=added_in, version=version):
        raise Refused("E_IMMUTABLE", detail_zh="该环节已办理", detail_en="the step it belongs to is done")
    if not holds:
        raise Refused("E_NOT_CURRENT_HOP")
