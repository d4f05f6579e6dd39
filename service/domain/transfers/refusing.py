"""Which refusal an action gets that is not offered (R-076–R-078, R-089, R-097, R-111, R-134, R-135, R-217, 4.6).

Whoever is at turn hears E_ACTION_NOT_ALLOWED, everybody else E_NOT_CURRENT_HOP; where a rule names a code of its own,
those whom the rule concerns hear that one.
"""

from collections.abc import Callable, Sequence

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.letters.letter_editing import has_draft
from service.domain.letters.letters import LetterState
from service.domain.profile import Profile
from service.domain.routes.hops import HopRole
from service.domain.transfers import bystanders
from service.domain.transfers.actions import APPROVALS, Action
from service.domain.transfers.context import Context
from service.domain.transfers.transfers import Transfer

_READERS = frozenset({Role.AUDITOR, Role.SYSTEM_ADMIN})
"""Roles that see transfers of others and decide nothing (R-217)."""
_OUT_OF_USE = frozenset({LetterState.RECALLED, LetterState.VOID})


def refusal(context: Context, actor: Actor, *, holds: bool, offered: Sequence[Action]) -> Refused:
    """The refusal of the decision's action; `holds`: whether the actor is at turn, `offered`: what he may do instead."""
    if actor.role in _READERS:
        return Refused("E_FORBIDDEN")
    special = _SPECIAL.get(context.decision.action)
    code = special(context, actor) if special else None
    if code:
        return Refused(code)
    if context.transfer.state.is_final:
        return Refused("E_TRANSFER_FINISHED")
    if not holds:
        return _not_at_turn(context.transfer)
    if has_draft(context.transfer) and context.decision.action in APPROVALS:
        return Refused("E_LETTER_NOT_SAVED")
    possible = ", ".join(offered) or "-"
    action = context.decision.action
    return Refused(
        "E_ACTION_NOT_ALLOWED",
        detail_zh=f"可办理：{possible}，所选：{action}",
        detail_en=f"possible: {possible}, found {action}",
    )


def _submit(context: Context, actor: Actor) -> str | None:
    # What was confirmed is not edited any more, not by the one who confirmed it either.
    transfer = context.transfer
    is_running = not transfer.state.is_final and not transfer.at_application
    return "E_TRANSFER_LOCKED" if is_running and bystanders.is_applicant(transfer, actor) else None


def _withdraw_application(context: Context, actor: Actor) -> str | None:
    transfer = context.transfer
    if transfer.state.is_final or not _withdraws_applications(context.profile):
        return None
    if not bystanders.is_applicant(transfer, actor):
        return "E_FORBIDDEN"
    return None if transfer.at_application else "E_WITHDRAW_TOO_LATE"


def _withdraw_approval(context: Context, actor: Actor) -> str | None:
    if context.transfer.state.is_final or not context.profile.flag("withdraw.approval"):
        return None
    return "E_WITHDRAW_TOO_LATE" if bystanders.has_handled(context.transfer, actor) else "E_FORBIDDEN"


def _void(context: Context, actor: Actor) -> str | None:
    transfer = context.transfer
    if transfer.state.is_final or transfer.at_application or not context.profile.flag("void.at_application"):
        return None
    return "E_VOID_NOT_ALLOWED" if bystanders.is_applicant(transfer, actor) else None


def _revoke(context: Context, _: Actor) -> str | None:
    return None if context.transfer.state.is_final else "E_REVOKE_NOT_ALLOWED"


def _recall_letter(context: Context, actor: Actor) -> str | None:
    if not context.profile.flag("outside.recall"):
        return None
    return "E_RECALL_NOT_ALLOWED" if bystanders.has_handled(context.transfer, actor) else None


def _record_receipt(context: Context, actor: Actor) -> str | None:
    letter = context.transfer.letter
    if letter is None or not _records(context.transfer, actor):
        return None
    if letter.state is LetterState.RECEIPTED:
        return "E_RECEIPT_EXISTS"
    return "E_LETTER_VOID" if letter.state in _OUT_OF_USE else None


_SPECIAL: dict[Action, Callable[[Context, Actor], str | None]] = {
    Action.SUBMIT: _submit,
    Action.WITHDRAW_APPLICATION: _withdraw_application,
    Action.WITHDRAW_APPROVAL: _withdraw_approval,
    Action.VOID: _void,
    Action.REVOKE: _revoke,
    Action.RECALL_LETTER: _recall_letter,
    Action.RECORD_RECEIPT: _record_receipt,
}


def _withdraws_applications(profile: Profile) -> bool:
    return profile.choice("withdraw.application") != "false"


def _records(transfer: Transfer, actor: Actor) -> bool:
    recorders = {hop.code for hop in transfer.hops if hop.role is HopRole.RECORD_RECEIPT}
    return actor.decides_for_org and actor.org is not None and actor.org.code in recorders


def _not_at_turn(transfer: Transfer) -> Refused:
    holder = transfer.hop.org.name if transfer.hop.org else "申请人"
    return Refused(
        "E_NOT_CURRENT_HOP",
        detail_zh=f"当前由“{holder}”办理",
        detail_en=f"the current step is that of {transfer.hop.code or 'the applicant'}",
    )
