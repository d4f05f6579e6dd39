"""Whom an application is for: oneself, or the one an organisation chose (R-052, R-054, R-055, R-080)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.profile import Profile

MOST_AT_ONCE = 50
"""How many members one application may name: each becomes a transfer, and all of them one change."""
OWN_FIELDS = ("age", "contact", "dues_paid_to")
"""What differs from member to member in one application for several."""


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


@dataclass(frozen=True, slots=True)
class Selected:
    """One of several members, with those answers that are his own and not the same for all (R-080)."""

    chosen: Chosen
    answers: Mapping[str, object] = field(default_factory=dict)


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


def several(selected: Iterable[Selected], profile: Profile) -> tuple[Selected, ...]:
    """The members named in one application, each once, in the order of their keys.

    Refuses E_NO_MEMBER_SELECTED for none (R-054), E_FIELD_INVALID for more than one where `start.multi_member` does
    not hold, for more than may go at once, and for an answer that is not each member's own (R-080).
    """
    named = {each.chosen: each for each in selected if not each.chosen.is_nobody}
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
    foreign = sorted({name for each in named.values() for name in each.answers} - set(OWN_FIELDS))
    refuse_fields(
        [FieldError("E_FIELD_INVALID", name, zh="此项为共同填写", en="it is the same for all") for name in foreign]
    )
    # Two who choose the same members take them in the same order, so that neither waits for the other for ever.
    return tuple(sorted(named.values(), key=lambda each: (each.chosen.member_id or 0, each.chosen.id_number)))
