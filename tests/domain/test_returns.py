"""Where a transfer goes that is sent back, on routes that no profile of ours makes but a new one may (R-104, R-108)."""

import pytest

from service.domain.organisations.organisations import OrgRef
from service.domain.routes.hops import Fill, Hop, HopRole, HopState, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers import returns
from service.domain.transfers.transfers import Target, Transfer, TransferState


def standing_at(position: int, *hops: tuple[str, Fill, HopState]) -> Transfer:
    """A transfer that stands at this hop, of hops given by code, fill and state."""
    route = tuple(
        Hop(OrgRef(number, code, code), HopRole.APPROVE, Side.HOME, fill, state=state)
        for number, (code, fill, state) in enumerate(hops, start=1)
    )
    return Transfer(
        Variety.IN_PROVINCE, 1, None, Target(), None, state=TransferState.IN_PROGRESS, position=position, hops=route
    )


START = ("A", Fill.NORMAL, HopState.APPROVED)
FILLED = ("A-B", Fill.AUTO_FILLED, HopState.AUTO_FILLED)
AUTOMATIC = ("C", Fill.AUTO, HopState.AUTO_APPROVED)
OPEN = ("D", Fill.NORMAL, HopState.PENDING)


@pytest.mark.requirement("R-108")
def test_a_return_passes_over_what_was_filled_in() -> None:
    assert returns.previous(standing_at(2, START, FILLED, OPEN)) == 0
    assert returns.previous(standing_at(3, START, FILLED, FILLED, OPEN)) == 0


@pytest.mark.requirement("R-108")
def test_a_return_stops_where_the_system_approved() -> None:
    assert returns.previous(standing_at(2, START, AUTOMATIC, OPEN)) == 1


@pytest.mark.requirement("R-104")
def test_from_the_first_it_goes_to_where_it_was_applied_for() -> None:
    assert returns.previous(standing_at(1, START, OPEN)) == 0
    assert returns.previous(standing_at(1, FILLED, OPEN)) == 0


@pytest.mark.requirement("R-097")
def test_the_last_decision_of_a_person_is_neither_filled_in_nor_automatic() -> None:
    assert returns.last_decided_by_person(standing_at(3, START, AUTOMATIC, FILLED, OPEN)) == 0
    assert returns.last_decided_by_person(standing_at(2, FILLED, AUTOMATIC, OPEN)) == -1
