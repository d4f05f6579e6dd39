"""How a transfer outside ends: the receipt of the letter, its fields, its image, who reads it later (R-129–R-135, R-149)."""

from collections.abc import Iterator, Mapping
from datetime import date

from service.domain.accounts.actors import Actor
from service.domain.errors import FieldError, Refused
from service.domain.routes.hops import Hop, HopRole, HopState
from service.domain.routes.varieties import Variety
from service.domain.transfers.actions import Action
from service.domain.transfers.transfers import Transfer

Facts = Mapping[str, object]
FIELDS = ("letter_no", "receiving_committee", "receipt_date", "handler", "telephone", "remark")
"""What a receipt records (R-131)."""
CLOSING = frozenset({Action.RECORD_RECEIPT, Action.CONFIRM_OUTSIDE})
"""Actions that rest on the receipt of the paper letter."""


def date_faults(facts: Facts, *, issued_on: date | None, today: date) -> Iterator[FieldError]:
    """E_DATE_ORDER for a receipt older than its letter, E_DATE_FUTURE for one of a day to come (R-131)."""
    given = str(facts.get("receipt_date") or "")
    if not given:
        return
    if given > today.isoformat():
        yield FieldError("E_DATE_FUTURE", "receipt_date")
    elif issued_on is not None and given < issued_on.isoformat():
        yield FieldError(
            "E_DATE_ORDER", "receipt_date", zh=f"介绍信开具于 {issued_on}", en=f"the letter was issued on {issued_on}"
        )


def require_image(action: Action, *, has_image: bool) -> None:
    """Refuse E_RECEIPT_IMAGE_REQUIRED where the report-in outside is confirmed without the receipt (R-133)."""
    if action is Action.CONFIRM_OUTSIDE and not has_image:
        raise Refused("E_RECEIPT_IMAGE_REQUIRED", field="attachments")


def may_view(transfer: Transfer, actor: Actor) -> bool:
    """Whether "view receipt" is offered: a receipt was recorded, and by the actor's committee (R-132)."""
    is_recorded = any(hop.state is HopState.APPROVED for hop in _hops(transfer))
    return is_recorded and _is_recorder(transfer, actor)


def require_viewable(transfer: Transfer, actor: Actor) -> None:
    """Refuse E_FORBIDDEN to other organisations, E_TRANSFER_NOT_FINISHED while there is no receipt (R-132)."""
    if not _is_recorder(transfer, actor):
        raise Refused("E_FORBIDDEN")
    if not may_view(transfer, actor):
        raise Refused("E_TRANSFER_NOT_FINISHED")


def require_arrived(transfer: Transfer, *, has_arrived: bool) -> None:
    """May the receipt for the outside committee be printed? (R-149)

    Refuses E_ACTION_NOT_ALLOWED for a transfer that came from nowhere outside, E_TRANSFER_NOT_FINISHED before the member
    was taken in.
    """
    if transfer.variety is not Variety.INCOMING:
        raise Refused("E_ACTION_NOT_ALLOWED", detail_zh="仅省外转入有此回执", detail_en="incoming transfers only")
    if not has_arrived:
        raise Refused("E_TRANSFER_NOT_FINISHED")


def _hops(transfer: Transfer) -> tuple[Hop, ...]:
    return tuple(hop for hop in transfer.hops if hop.role is HopRole.RECORD_RECEIPT)


def _is_recorder(transfer: Transfer, actor: Actor) -> bool:
    codes = {hop.code for hop in _hops(transfer)}
    return actor.decides_for_org and actor.org is not None and actor.org.code in codes
