"""What each action asks for: its fields, those it cannot go without, its tick-boxes (R-091–R-094, R-102, R-117, 4.6).

Pages draw an offer, the interface lists it, `judge` holds an answer against it: all three from this one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from service.domain.errors import FieldError, Refused, refuse_fields
from service.domain.letters import letter_editing
from service.domain.letters.letter_editing import LETTER_FIELDS
from service.domain.routes.hops import APPLICATION, HopRole, Side
from service.domain.transfers import receiving
from service.domain.transfers.actions import APPROVALS, NEGATIVE, Action
from service.domain.transfers.context import Context

Facts = Mapping[str, object]

_REASON = ("reason",)
_TARGET = ("target", "reason")
_REPORT = ("report_in_date", "remark")
_FIELDS: dict[Action, tuple[str, ...]] = {
    Action.APPROVE_IN_CITY: ("out_type", "target"),
    Action.APPROVE_OUT_OF_CITY: ("out_type",),
    **dict.fromkeys(NEGATIVE, _REASON),
    Action.VOID: _REASON,
    Action.REVOKE: _REASON,
    Action.WITHDRAW_APPLICATION: _REASON,
    Action.WITHDRAW_APPROVAL: _REASON,
    Action.RECALL_LETTER: _REASON,
    Action.CHANGE_TARGET: _TARGET,
    Action.ADJUST_RECEIVER: _TARGET,
    Action.CONFIRM_REPORT_IN: _REPORT,
    Action.REPORT_IN: _REPORT,
    Action.CONFIRM_OUTSIDE: (*_REPORT, "attachments"),
    Action.RECORD_RECEIPT: (
        "letter_no",
        "receiving_committee",
        "receipt_date",
        "handler",
        "telephone",
        "remark",
        "attachments",
    ),
}
_REQUIRED: dict[Action, tuple[str, ...]] = {
    Action.APPROVE_IN_CITY: ("out_type", "target"),
    Action.APPROVE_OUT_OF_CITY: ("out_type",),
    Action.CHANGE_TARGET: ("target",),
    Action.ADJUST_RECEIVER: ("target",),
    # The branch that starts in Beijing leaves the dues to its letter.
    Action.SAVE_LETTER: ("dues_paid_to",),
    Action.RECORD_RECEIPT: ("letter_no", "receiving_committee", "receipt_date", "handler", "telephone"),
}
_ALWAYS = frozenset({"decision", "opinion", "attestation", "reported", "reviewed"})
"""What every form may hold: an opinion belongs to any step, and a tick too many does no harm."""
_SYSTEM_FILLED = frozenset(
    {"target", "off_tree", "variety", "destination_kind", "out_type", "branch", letter_editing.VALIDITY, *LETTER_FIELDS}
)
"""Fields with a value that stands already, written by the system or by somebody before."""
_DATES = ("transfer_in_date", "report_in_date")
"""What is told of as done has been done by today."""
_REPORTED = ("reported", "reviewed")
_REVIEWED = ("attestation",)


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that may be taken now: its fields in the order of asking, those it needs, the boxes to tick."""

    action: Action
    fields: tuple[str, ...]
    required: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()

    @property
    def needs_reason(self) -> bool:
        """Whether it is refused without a reason (R-102, C-22, C-27)."""
        return "reason" in self.required

    @property
    def needs_attestation(self) -> bool:
        """Whether boxes must be ticked (R-091, R-117)."""
        return bool(self.boxes)


def offer(action: Action, context: Context) -> Offer:
    """What the action asks for in this transfer and profile."""
    fields = _fields(action, context)
    says_more = action in (Action.RECEIVE, Action.RECORD_RECEIPT) or "reason" in fields
    return Offer(
        action, fields if says_more else (*fields, "opinion"), _required(action, context), _boxes(action, context)
    )


def takes_application(action: Action, context: Context) -> bool:
    """Whether the action submits the application anew, all its fields with it (R-077, R-107)."""
    return context.transfer.at_application and action in (Action.SUBMIT, Action.APPROVE_AND_ISSUE)


def takes_stub(context: Context) -> bool:
    """Whether the approval may carry the stub: the last one on the home side of a transfer outside (R-098)."""
    transfer = context.transfer
    rest = transfer.hops[transfer.position + 1 :]
    is_last = not any(hop.side is Side.HOME and hop.role is HopRole.APPROVE for hop in rest)
    return context.profile.choice("outside.stub_image") == "optional" and transfer.is_outside and is_last


def written_fields(action: Action, context: Context) -> tuple[str, ...]:
    """Fields of the application that the action corrects, as they stand in the letter."""
    asked = _fields(action, context)
    return tuple(name for name in LETTER_FIELDS if name in asked)


def judge(facts: Facts, context: Context, *, known: Facts, today: date) -> None:
    """Hold the answers against the offer; `known` are the values that stand already.

    Refuses E_LETTER_NOT_SAVED, then all fields at fault together (E_REQUIRED_FIELD, E_REASON_REQUIRED,
    E_FIELD_READONLY, E_FIELD_INVALID, E_DATE_FUTURE), then E_ATTESTATION_REQUIRED for each box (R-096, R-223, R-227).
    """
    action = context.decision.action
    asked = offer(action, context)
    foreign = _foreign(facts, asked, known) if not takes_application(action, context) else ()
    _require_saved(foreign, context)
    there = {**{name: known.get(name) for name in LETTER_FIELDS}, **facts}
    missing = [name for name in asked.required if not str(there.get(name) or "").strip()]
    early = [name for name in _DATES if str(facts.get(name) or "") > today.isoformat()]
    refuse_fields(
        [
            *(_missing(name) for name in missing),
            *(_not_asked(name) for name in foreign),
            *(FieldError("E_DATE_FUTURE", name) for name in early),
        ]
    )
    refuse_fields([FieldError("E_ATTESTATION_REQUIRED", box) for box in asked.boxes if facts.get(box) is not True])


def _fields(action: Action, context: Context) -> tuple[str, ...]:
    if action is Action.RECEIVE:
        chooses = receiving.chooses_branch(context)
        return (*(("branch",) if chooses else ()), "transfer_in_date", "telephone", "remark")
    found = _FIELDS.get(action, ())
    if action is Action.SAVE_LETTER or (action is Action.APPROVE_AND_ISSUE and not context.transfer.at_application):
        found = letter_editing.editable_fields(context.transfer, context.holder, context.profile)
    return (*found, "attachments") if action in APPROVALS and takes_stub(context) else found


def _required(action: Action, context: Context) -> tuple[str, ...]:
    profile = context.profile
    if action in NEGATIVE:
        return _REASON if profile.flag("reject.reason_required") else ()
    if action is Action.VOID:
        return _REASON if profile.flag("void.reason_required") else ()
    if action is not Action.RECEIVE:
        return _REQUIRED.get(action, ())
    # Where a committee places the member, it says when and who may be asked.
    placed = ("transfer_in_date", "telephone") if _places(context) else ()
    return ("branch", *placed) if receiving.needs_branch(context) else placed


def _boxes(action: Action, context: Context) -> tuple[str, ...]:
    if action is Action.RECEIVE and _places(context):
        return _REPORTED
    asks = context.profile.flag("approve.attestation")
    return _REVIEWED if asks and (action in APPROVALS or action is Action.RECEIVE) else ()


def _places(context: Context) -> bool:
    return context.profile.choice("receive.by") == "county_scope_holder"


def _foreign(facts: Facts, asked: Offer, known: Facts) -> tuple[str, ...]:
    mine = {*asked.fields, *_ALWAYS}
    return tuple(name for name, value in facts.items() if name not in mine and str(value) != str(known.get(name, "")))


def _require_saved(foreign: tuple[str, ...], context: Context) -> None:
    # Who may save the letter and approves with other words in it has forgotten to save.
    transfer = context.transfer
    if context.decision.action not in APPROVALS or transfer.hop.role in APPLICATION:
        return
    unsaved = sorted({*LETTER_FIELDS, letter_editing.VALIDITY} & set(foreign))
    if unsaved and letter_editing.saves_letter(transfer, context.holder, context.profile):
        raise Refused("E_LETTER_NOT_SAVED", field=unsaved[0])


def _missing(name: str) -> FieldError:
    return FieldError("E_REASON_REQUIRED" if name == "reason" else "E_REQUIRED_FIELD", name)


def _not_asked(name: str) -> FieldError:
    if name in _SYSTEM_FILLED:
        return FieldError("E_FIELD_READONLY", name)
    return FieldError("E_FIELD_INVALID", name, zh="此项不属于所选操作", en="it does not belong to this action")
