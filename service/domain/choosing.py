"""Whom an application is for: oneself, or the one an organisation chose (R-052, R-054, R-055, R-080)."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.actors import Actor
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.profile import Profile
from service.domain.roles import Role

MOST_AT_ONCE = 100
"""How many members one application may name: each becomes a transfer, and all of them one change."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The member that an organisation chose: by key, or by name and identity number (R-055)."""

    member_id: int | None = None
    name: str = ""
    id_number: str = ""

    @property
    def is_nobody(self) -> bool:
        """Whether nobody is named."""
        return self.member_id is None and not self.name.strip() and not self.id_number.strip()


HIMSELF = Chosen()
"""Nobody was chosen: the member acts for himself."""


def whom(chosen: Chosen, actor: Actor) -> Chosen:
    """Who is meant: the member himself by key, or the one chosen.

    Refuses E_FORBIDDEN for a member who names somebody else, E_NO_MEMBER_SELECTED, and E_REQUIRED_FIELD for a name
    without a number or a number without a name.
    """
    if actor.role is Role.MEMBER:
        names_other = chosen.member_id not in (None, actor.member_id) or chosen.name or chosen.id_number
        if actor.member_id is None or names_other:
            raise Refused("E_FORBIDDEN")
        return Chosen(actor.member_id)
    if chosen.is_nobody:
        raise Refused("E_NO_MEMBER_SELECTED", field="member_id")
    if chosen.member_id is None:
        typed = {"name": chosen.name, "id_number": chosen.id_number}
        refuse_fields([FieldError("E_REQUIRED_FIELD", field) for field, text in typed.items() if not text.strip()])
    return chosen


def several(chosen: Sequence[Chosen], profile: Profile) -> tuple[Chosen, ...]:
    """The members named in one application, each once.

    Refuses E_NO_MEMBER_SELECTED for none (R-054), E_FIELD_INVALID for more than one where `start.multi_member` does
    not hold, or for more than may go at once (R-080).
    """
    named = tuple(dict.fromkeys(each for each in chosen if not each.is_nobody))
    if not named:
        raise Refused("E_NO_MEMBER_SELECTED", field="members")
    most = MOST_AT_ONCE if profile.flag("start.multi_member") else 1
    if len(named) > most:
        raise Refused(
            "E_FIELD_INVALID",
            field="members",
            detail_zh=f"一次最多选择 {most} 名党员，所选 {len(named)} 名",
            detail_en=f"at most {most} at once, found {len(named)}",
        )
    return named
