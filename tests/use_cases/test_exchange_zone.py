"""Without an exchange zone a nationwide transfer runs as two separate halves (R-211, R-147)."""

import pytest
import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.transfers.transfers import TransferState
from service.storage.db import execute, reading
from service.storage.members import members
from service.storage.messages import outbox
from service.storage.transfers import transfers
from tests.reference.seeding import VAULT
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import come_in, submit


def number_of_transfers() -> int:
    with reading():
        return int(execute(sa.select(sa.func.count()).select_from(transfers.table)).scalar_one())


@pytest.mark.requirement("R-211")
@pytest.mark.scenario("S-57")
@pytest.mark.parametrize(
    ("profile", "starter", "target"),
    [("national", "GU", "GU-1"), ("shandong", "A1", "A1-T1-B1"), ("fujian", "A1", "A1-T1-B1")],
)
def test_nobody_comes_in_through_a_zone_that_is_not_there(
    make_world: MakeWorld, profile: str, starter: str, target: str
) -> None:
    world = make_world(profile)
    with pytest.raises(Refused, match="E_EXCHANGE_DISABLED"):
        come_in(world, target, starter=starter, via_exchange=True)
    assert number_of_transfers() == 0
    come_in(world, target, starter=starter, via_exchange=False)


@pytest.mark.requirement("R-211")
def test_who_is_closed_out_leaves_by_the_paper_letter_alone_and_comes_in_by_another_transfer(
    make_world: MakeWorld,
) -> None:
    world = make_world("national")
    played = submit(world, "GU-1-B1", "", starter="GU-1", variety="OUT_OF_PROVINCE").to_end()
    assert played.transfer.state is TransferState.COMPLETED
    with reading():
        kinds = set(execute(sa.select(outbox.table.c.kind)).scalars())
        person = members.by_id(played.member.member_id or 0, VAULT)
    assert not any("exchange" in kind for kind in kinds), kinds
    assert person is not None
    again = come_in(world, "GU-2", starter="GU", id_number=person.member.id_number, name=person.member.name).to_end()
    assert again.id != played.id
    assert number_of_transfers() == 2
