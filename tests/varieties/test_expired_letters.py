"""A letter that has expired (requirements 2.10, R-125)."""

from datetime import timedelta

import pytest

from service.domain.errors import Refused
from service.domain.letters.letters import LetterState
from service.domain.transfers import judging
from service.domain.transfers.actions import Action
from service.domain.transfers.context import Decision
from tests.varieties.walker import TODAY, Walk, begun, own_actions


def check_expiry(walk: Walk, action: Action, *, days_over: int) -> None:
    context = walk.context
    decided = type(context)(
        **{name: getattr(context, name) for name in context.__slots__} | {"decision": Decision(action)}
    )
    judging.check_expiry(decided, valid_until=TODAY, today=TODAY + timedelta(days=days_over))


@pytest.mark.requirement("R-125")
@pytest.mark.scenario("S-76")
def test_an_expired_letter_blocks_approving_and_receiving_until_a_new_one_is_issued() -> None:
    walk = begun("default", "A1-T1-B1", "B1-S1-B1")
    check_expiry(walk, Action.APPROVE_AND_ISSUE, days_over=0)
    with pytest.raises(Refused, match="E_LETTER_EXPIRED"):
        check_expiry(walk, Action.APPROVE_AND_ISSUE, days_over=1)
    check_expiry(walk, Action.RETURN, days_over=1)
    while walk.transfer.hop.code != "B1-S1":
        walk.forward()
    for action in (Action.RECEIVE, Action.APPROVE_AND_ISSUE):
        with pytest.raises(Refused, match="E_LETTER_EXPIRED"):
            check_expiry(walk, action, days_over=1)
    walk.decide_at("B1-S1", Action.RETURN)
    check_expiry(walk, Action.APPROVE_AND_ISSUE, days_over=30)  # B1 issues anew


@pytest.mark.requirement("R-125")
@pytest.mark.parametrize(
    ("name", "origin", "target"),
    [
        ("beijing", "XU-C1-B1", "XA-S1"),
        ("beijing-cuc", "XU-C1-B1", "XA-S1"),
        ("national", "GU-1-B1", "RC1-T-B1"),
        ("fujian", "A1-T1-B1", "B1-S1-B1"),
        ("shandong", "A1-T1-B1", "B1-S1-B1"),
    ],
)
def test_elsewhere_an_expired_letter_is_only_shown(name: str, origin: str, target: str) -> None:
    walk = begun(name, origin, target)
    for action in own_actions(walk):
        check_expiry(walk, action, days_over=365)


@pytest.mark.requirement("R-125")
def test_one_travelling_letter_that_expired_and_came_back_is_written_anew() -> None:
    walk = begun("fujian", "A1-T1-B1", "B1-S1-B1", keys={"letter.on_expiry": "block"}).forward().forward()
    walk.decide_at("B1-S1", Action.REJECT).decide_at("A1-T1", Action.APPROVE)
    assert len(walk.letters) == 2
    flagging = begun("fujian", "A1-T1-B1", "B1-S1-B1").forward().forward()
    flagging.decide_at("B1-S1", Action.REJECT).decide_at("A1-T1", Action.APPROVE)
    assert len(flagging.letters) == 1
    assert flagging.transfer.letter is not None
    assert flagging.transfer.letter.state is LetterState.ISSUED
