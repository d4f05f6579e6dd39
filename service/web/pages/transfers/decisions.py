"""How the offers of a transfer are drawn: their fields beside each other, their buttons; what they ask for, rules decide."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.transfers.actions import NEGATIVE, Action
from service.domain.transfers.offers import Offer
from service.use_cases.transfers.show_transfer import TransferView

_APPLICATION = (
    "target",
    "destination_kind",
    "off_tree",
    "contact",
    "dues_paid_to",
    "letter_heading",
    "reason",
)
_ICONS = {
    **dict.fromkeys(NEGATIVE, "arrow-return-left"),
    Action.WITHDRAW_APPLICATION: "arrow-counterclockwise",
    Action.WITHDRAW_APPROVAL: "arrow-counterclockwise",
    Action.RECALL_LETTER: "arrow-counterclockwise",
    Action.VOID: "ban",
    Action.REVOKE: "x-circle",
    Action.CHANGE_TARGET: "signpost-split",
    Action.ADJUST_RECEIVER: "signpost-split",
}
_CAUTIONS: dict[Action, tuple[str, str]] = {
    Action.REVOKE: ("撤销后不可恢复！", "What is revoked cannot be restored."),
    Action.VOID: ("作废后即成为历史记录，不可恢复。", "What is void is history and cannot be restored."),
    Action.CLOSE: ("是否确认在本党组织办结该组织关系转接？", "Finish this transfer in this organisation?"),
}
_NOT_DRAWN = frozenset({"attachments"})


@dataclass(frozen=True, slots=True)
class Decision:
    """One action that is offered: the fields its form shows, those without which it is refused, its boxes and icon."""

    offer: Offer
    fields: tuple[str, ...]

    @property
    def action(self) -> Action:
        """The action."""
        return self.offer.action

    @property
    def required(self) -> tuple[str, ...]:
        """Fields that are marked with *."""
        return self.offer.required

    @property
    def gates(self) -> tuple[str, ...]:
        """Boxes without which the form is not sent."""
        return self.offer.boxes

    @property
    def caution(self) -> tuple[str, str] | None:
        """What is asked before it is done, as it cannot be undone (R-111, R-127)."""
        return _CAUTIONS.get(self.action)

    @property
    def icon(self) -> str:
        """The icon on its button."""
        return _ICONS.get(self.action, "check-lg")

    @property
    def goes_on(self) -> bool:
        """Whether it carries the transfer forward."""
        return self.action not in _ICONS


def decisions(view: TransferView) -> tuple[Decision, ...]:
    """The actions offered to this person, those that carry the transfer forward first."""
    has = {field.name for field in view.form.fields} - _NOT_DRAWN
    found = [Decision(offer, tuple(name for name in _fields(offer, view) if name in has)) for offer in view.offers]
    return tuple(sorted(found, key=lambda each: not each.goes_on))


def chosen(offered: Iterable[Decision], wanted: str) -> Decision | None:
    """The action whose form is open: the wanted one, else the first."""
    known = {each.action.value: each for each in offered}
    return known.get(wanted) or next(iter(known.values()), None)


def _fields(offer: Offer, view: TransferView) -> tuple[str, ...]:
    again = view.transfer.at_application and offer.action in (Action.SUBMIT, Action.APPROVE_AND_ISSUE)
    issues = ("validity_days",) if offer.action is Action.APPROVE_AND_ISSUE else ()
    return (*((*_APPLICATION, *issues) if again else offer.fields), *offer.boxes)
