"""Is this person who he is said to be? What the real-name register answers, and what then (R-141)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from service.domain.errors import Refused


class Verdict(StrEnum):
    """What the register says of a name and an identity number; nothing is an answer too."""

    MATCHES = "MATCHES"
    DIFFERS = "DIFFERS"
    UNANSWERED = "UNANSWERED"


class Register(Protocol):
    """Asks the register; it never raises, and it answers within seconds."""

    def __call__(self, name: str, *, id_number: str) -> Verdict:
        """Ask whether the two belong together."""
        ...


def nobody(name: str, *, id_number: str) -> Verdict:  # noqa: ARG001 - nobody listens
    """The register of a deployment that has none: every person is reviewed by hand."""
    return Verdict.UNANSWERED


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody does about an identity that the register did not confirm: he looks himself.

    `has_photo`: a photo of the identity card is there; `is_confirmed`: he says that he has checked the person.
    """

    is_wanted: bool = False
    has_photo: bool = False
    is_confirmed: bool = False


def settle(verdict: Verdict, review: Review) -> bool:
    """Whether the identity rests on a review by hand; what the register confirms needs none.

    Refuses E_REAL_NAME_FAILED, E_ID_PHOTO_REQUIRED, E_ATTESTATION_REQUIRED, in this order.
    """
    if verdict is Verdict.MATCHES:
        return False
    if not review.is_wanted:
        zh, en = _WHY[verdict]
        raise Refused("E_REAL_NAME_FAILED", field="manual_review", detail_zh=zh, detail_en=en)
    if not review.has_photo:
        raise Refused("E_ID_PHOTO_REQUIRED", field="attachments")
    if not review.is_confirmed:
        raise Refused("E_ATTESTATION_REQUIRED", field="identity_checked")
    return True


_WHY = {
    Verdict.DIFFERS: ("姓名与身份证号不一致", "name and identity number do not belong together"),
    Verdict.UNANSWERED: ("实名认证服务没有答复", "the register did not answer"),
}
