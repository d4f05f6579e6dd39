"""Which fields of a step's form stand beside which action, and how its button looks; what is offered, rules decide."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.definitions.forms import Form
from service.domain.actions import APPROVALS, NEGATIVE, Action
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
_LETTER = ("validity_days", "letter_heading", "dues_paid_to", "contact", "opinion")
_REPORT = ("report_in_date", "remark", "opinion")
_FIELDS: dict[Action, tuple[str, ...]] = {
    Action.SUBMIT: _APPLICATION,
    Action.APPROVE_IN_CITY: ("target", "opinion"),
    Action.APPROVE_AND_ISSUE: ("validity_days", "opinion"),
    Action.SAVE_LETTER: _LETTER,
    Action.CHANGE_TARGET: ("target", "reason"),
    Action.ADJUST_RECEIVER: ("target", "reason"),
    Action.RECEIVE: ("branch", "transfer_in_date", "telephone", "remark"),
    Action.CONFIRM_REPORT_IN: _REPORT,
    Action.REPORT_IN: _REPORT,
    Action.CONFIRM_OUTSIDE: _REPORT,
    Action.RECORD_RECEIPT: ("letter_no", "receiving_committee", "receipt_date", "handler", "telephone", "remark"),
}
_BOXES = (("reported", "reviewed"), ("attestation",))
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


@dataclass(frozen=True, slots=True)
class Decision:
    """One action that is offered: its fields, those without which it cannot be sent, and its icon."""

    action: Action
    fields: tuple[str, ...]
    required: tuple[str, ...]
    gates: tuple[str, ...]

    @property
    def icon(self) -> str:
        """The icon on its button."""
        return _ICONS.get(self.action, "check-lg")

    @property
    def goes_on(self) -> bool:
        """Whether it carries the transfer forward."""
        return self.action not in _ICONS


def decisions(view: TransferView, form: Form) -> tuple[Decision, ...]:
    """The actions offered to this person, those that carry the transfer forward first."""
    found = [_decision(action, view, form) for action in view.actions]
    return tuple(sorted(found, key=lambda each: not each.goes_on))


def chosen(offered: Iterable[Decision], wanted: str) -> Decision | None:
    """The action whose form is open: the wanted one, else the first."""
    known = {each.action.value: each for each in offered}
    return known.get(wanted) or next(iter(known.values()), None)


def _decision(action: Action, view: TransferView, form: Form) -> Decision:
    has = {field.name for field in form.fields}
    attests = view.needs_attestation and (action in APPROVALS or action is Action.RECEIVE)
    boxes = next((names for names in _BOXES if has.issuperset(names)), ()) if attests else ()
    asks_why = view.needs_reason and action in NEGATIVE
    fields = _FIELDS.get(action, ("opinion",) if action in APPROVALS or action is Action.CLOSE else ("reason",))
    return Decision(
        action=action,
        fields=tuple(name for name in (*fields, *boxes) if name in has),
        required=("reason",) if asks_why else (),
        gates=tuple(boxes),
    )
