"""Whatever a person does to a transfer leaves exactly one event of his own in its history (R-214)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.storage.db import execute, reading
from service.storage.transfers import history, transfers
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import Played, come_in, submit

SCENES: dict[str, tuple[Action, ...]] = {
    "beijing": (Action.APPROVE, Action.SAVE_LETTER, Action.APPROVE_IN_CITY, Action.REJECT),
    "beijing outside": (
        Action.WITHDRAW_APPLICATION, Action.SUBMIT, Action.APPROVE, Action.SAVE_LETTER, Action.APPROVE_OUT_OF_CITY,
        Action.SAVE_LETTER, Action.RECALL_LETTER,
    ),
    "national": (Action.DISAPPROVE, Action.SUBMIT, Action.CHANGE_TARGET, Action.APPROVE, Action.RECEIVE),
    "national inside": (Action.RECEIVE, Action.RETURN_UNREPORTED, Action.RECEIVE, Action.REPORT_IN),
    "national outside": (Action.CLOSE,),
    "national revoked": (Action.APPROVE, Action.REVOKE),
    "fujian": (Action.APPROVE, Action.WITHDRAW_APPROVAL, Action.REJECT, Action.VOID),
    "fujian inside": (Action.APPROVE, Action.APPROVE, Action.APPROVE, Action.OBJECT),
    "fujian arrived": (Action.APPROVE, Action.APPROVE, Action.APPROVE, Action.CONFIRM_REPORT_IN),
    "fujian outside": (Action.APPROVE, Action.APPROVE, Action.APPROVE, Action.CONFIRM_OUTSIDE),
    "shandong": (Action.APPROVE_AND_ISSUE, Action.ADJUST_RECEIVER, Action.RETURN),
    "shandong outside": (Action.APPROVE_AND_ISSUE, Action.APPROVE_AND_ISSUE, Action.RECORD_RECEIPT),
    "incoming": (Action.APPROVE_AND_ISSUE, Action.RECEIVE),
}  # fmt: skip


def begin(make_world: MakeWorld, scene: str) -> Played:
    profile, _, kind = scene.partition(" ")
    world = make_world({"incoming": "shandong"}.get(profile, profile))
    if profile == "incoming":
        return come_in(world, "A1-T1-B1", starter="A1")
    origin, target, starter = {
        "beijing": ("XU-C1-B1", "XA-S1", ""),
        "national": ("GU-1-B1", "GU-2" if kind == "inside" else "RC1-T-B1", "GU-1"),
        "fujian": ("A1-T1-B1", "A1-T1-B2", ""),
        "shandong": ("A1-T1-B1", "A1-T2", "A1-T1-B1"),
    }[profile]
    wishes = {"variety": "OUT_OF_PROVINCE"} if scene == "national outside" else {}
    return submit(world, origin, "" if kind == "outside" else target, starter=starter, **wishes)


def wishes_of(played: Played, action: Action) -> tuple[str, dict[str, object]]:
    """Who takes the action where it is not the holder, and with which answers."""
    offices = {
        Action.RETURN_UNREPORTED: "GU-2",
        Action.WITHDRAW_APPROVAL: "A1-T1-B1",
        Action.RECALL_LETTER: "XU-C1",
        Action.REVOKE: "GU-1",
    }
    targets = {Action.CHANGE_TARGET: "GU-2", Action.ADJUST_RECEIVER: "A1-T2-B1"}
    answers: dict[str, object] = {"target": targets[action]} if action in targets else {}
    if (
        action is Action.RECEIVE
        and played.stored.step == "receive"
        and played.world.deployment.profile.name == "national"
    ):
        answers["branch"] = "GU-2-B1"
    return offices.get(action, ""), answers


@contextmanager
def one_more(action: Action, played: Played | None = None) -> Iterator[None]:
    """Expect one event of this action by a person more than before, and one version more."""
    before = told()
    yield
    after = told()
    assert after[: len(before)] == before, "what stood there stands there still"
    assert after[len(before) :] == [action.value]
    if played is not None:
        with reading():
            assert history.first_fault(played.id) is None
            assert played.stored.version == len(after)


def told() -> list[str]:
    query = sa.select(history.table.c.action).where(~history.table.c.is_automatic)
    with reading():
        return list(execute(query.order_by(history.table.c.transfer_id, history.table.c.seq)).scalars())


@pytest.mark.requirement("R-214")
@pytest.mark.parametrize("scene", SCENES)
def test_every_action_leaves_one_event_of_the_person(make_world: MakeWorld, scene: str) -> None:
    played = begin(make_world, scene)
    assert told() == ["submit"]
    for action in SCENES[scene]:
        code, answers = wishes_of(played, action)
        actor = played.world.admins[code] if code else None
        if action in (Action.WITHDRAW_APPLICATION, Action.VOID):
            actor = played.member
        with one_more(action, played):
            played.act(action, actor, **answers)


@pytest.mark.requirement("R-214")
def test_no_action_is_forgotten_here() -> None:
    assert {action for actions in SCENES.values() for action in actions} == set(Action)


@pytest.mark.requirement("R-214")
@pytest.mark.requirement("R-227")
def test_a_refusal_leaves_no_event_and_changes_nothing(make_world: MakeWorld) -> None:
    played = submit(make_world("shandong"), "A1-T1-B1", "A1-T2", starter="A1-T1-B1")
    before = stored_rows()
    for action in Action:
        for code in ("A1-T1", "A1-T2", "A1", "A1-T1-B1", "B1"):
            if action.value not in {each.value for each in played.view(played.world.admins["A1-T1"]).actions}:
                with pytest.raises(Refused):
                    played.act(action, played.world.admins[code])
    assert stored_rows() == before


def stored_rows() -> tuple[object, ...]:
    with reading():
        return tuple(execute(sa.select(transfers.table)).all()), tuple(execute(sa.select(history.table)).all())
