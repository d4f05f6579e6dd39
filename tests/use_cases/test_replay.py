"""History explains how a transfer stands, and a replay finds what does not fit it (R-215–R-217)."""

import json
from dataclasses import replace
from itertools import product

import pytest
import sqlalchemy as sa

from service.definitions import diagrams
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.domain.transfers.events import event_hash
from service.storage.db import execute, is_sqlite, reading, transaction
from service.storage.transfers import all_transfers, history, transfers
from service.use_cases.history.replay_transfer import Replay, replay_transfer
from tests.reference.seeding import World
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import Played, come_in, submit

AUDITOR = Actor(1, "审计员", Role.AUDITOR)


def replayed(played: Played, *, actor: Actor | None = AUDITOR, with_functions: bool = False) -> Replay:
    return replay_transfer(played.id, actor=actor, with_functions=with_functions, deployment=played.world.deployment)


def several(world: World) -> list[Played]:
    """Running and ended, forwards and back, with changed targets, from inside and outside."""
    back = submit(world, "A1-T1-G-B1", "A2-T1-B1", starter="A1-T1-G-B1").forward().forward()
    back.act(Action.RETURN)
    given_up = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").act(Action.RETURN).act(Action.VOID)
    adjusted = submit(world, "A1-T1-B1", "A1-T1-G-B1", starter="A1-T1-B1")
    return [
        submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1"),
        submit(world, "A1-T1-B1", "U-G2-B1", starter="A1-T1-B1").to_end(),
        submit(world, "A1-T1-B1", "", starter="A1-T1-B1").to_end(),
        come_in(world, "A1-T2-B1", starter="A1")
        .act(Action.RETURN)
        .act(Action.ADJUST_RECEIVER, target="A1-T2-G-B1")
        .to_end(),
        back,
        given_up,
        adjusted,
    ]


@pytest.mark.requirement("R-215")
@pytest.mark.requirement("R-216")
def test_history_explains_how_a_transfer_stands(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    for played, with_functions in product(several(world), (False, True)):
        found = replayed(played, with_functions=with_functions)
        assert found.findings == ()
        assert [step.event.seq for step in found.steps] == sorted(step.event.seq for step in found.steps)
        assert len(found.steps) == played.stored.version
        assert found.steps[-1].transfer == played.transfer
        assert found.steps[-1].step == played.stored.step


@pytest.mark.requirement("R-215")
def test_a_replay_shows_where_the_transfer_stood_after_each_step(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    stood = [played.transfer]
    while not played.transfer.state.is_final:
        stood.append(played.forward().transfer)
    found = replayed(played)
    assert [step.transfer for step in found.steps] == stood
    assert all(step.path for step in found.steps)


@pytest.mark.requirement("R-215")
def test_a_replay_changes_nothing(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").forward()
    before = rows()
    assert replayed(played, with_functions=True).is_sound
    assert rows() == before


def rows() -> dict[str, list[str]]:
    with reading():
        return {
            name: sorted(map(str, execute(sa.select(table)).all()))
            for name, table in transfers.table.metadata.tables.items()
        }


@pytest.mark.requirement("R-216")
def test_a_replay_uses_profile_and_diagram_of_then(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").forward()
    known = world.deployment.catalogue
    process = played.transfer.variety.process_id
    drawn_anew = diagrams.load(
        known.diagram(process).xml + b"<!-- a later drawing -->", functions=known.diagram(process).functions
    )
    rules = replace(known.profile, values={**known.profile.values, "letter.per_hop": "single"})
    later = replace(known, profile=rules, profile_digest="0" * 64, diagrams={**known.diagrams, process: drawn_anew})
    world.deployment = replace(world.deployment, catalogue=later)
    assert replayed(played, with_functions=True).findings == ()


@pytest.mark.requirement("R-215")
def test_only_auditors_replay(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    for role in set(Role) - {Role.AUDITOR}:
        actor = replace(world.admins["A1"], role=role)
        with pytest.raises(Refused, match="E_FORBIDDEN"):
            replayed(played, actor=actor)
        with pytest.raises(Refused, match="E_FORBIDDEN"):
            replay_transfer(999_999, actor=actor, deployment=world.deployment)


@pytest.mark.requirement("R-217")
def test_an_auditor_reads_all_of_his_scope_and_nothing_else(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    voided = submit(world, "A1-T2-B1", "A1-T2-G-B1", starter="A1-T2-B1").act(Action.RETURN).act(Action.VOID)
    for code in ("P", "CA", "A1", "A1-T2", "A1-T2-G", "A1-T2-G-B1"):
        auditor = Actor(1, "审计员", Role.AUDITOR, world.chains[code][0])
        assert replayed(voided, actor=auditor).is_sound
        assert voided.view(auditor).actions == ()
    for code in ("A2", "U", "A1-T1"):
        stranger = Actor(1, "审计员", Role.AUDITOR, world.chains[code][0])
        with pytest.raises(Refused, match="E_NOT_FOUND"):
            replayed(voided, actor=stranger)
        with pytest.raises(Refused, match="E_NOT_FOUND"):
            voided.view(stranger)


@pytest.mark.requirement("R-217")
def test_an_auditor_decides_nothing(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    holder = played.holder()
    with pytest.raises(Refused, match="E_FORBIDDEN"):
        played.act(Action.APPROVE_AND_ISSUE, actor=replace(holder, role=Role.AUDITOR))


def forge(played: Played, seq: int, **changes: object) -> None:
    """Change an event as somebody could who has the database and knows how hashes are made: the whole chain anew."""
    with transaction():
        where = "" if is_sqlite() else " ON events"
        execute(sa.text(f"DROP TRIGGER IF EXISTS events_refuse_update{where}"))
        query = sa.select(history.table).where(history.table.c.transfer_id == played.id).order_by(history.table.c.seq)
        previous = history.GENESIS
        for row in [dict(found) for found in execute(query).mappings()]:
            values = {**row, **(changes if row["seq"] == seq else {}), "previous_hash": previous}
            del values["hash"]
            previous = event_hash(history._hashed(values))
            key = (history.table.c.transfer_id == played.id) & (history.table.c.seq == row["seq"])
            execute(sa.update(history.table).where(key).values({**values, "hash": previous}))
        execute(sa.update(transfers.table).where(transfers.table.c.id == played.id).values(last_hash=previous))


def record_of(played: Played, seq: int) -> dict:
    with reading():
        return json.loads(json.dumps(dict(history.of_transfer(played.id)[seq - 1].record)))


def forged_record(played: Played, seq: int, change: object) -> dict[str, str]:
    record = record_of(played, seq)
    change(record)
    return {"record": json.dumps(record)}


FORGERIES = {
    "the decision": lambda record: record["decision"].update(action="return"),
    "who decided": lambda record: record["decision"]["by"].update(code="A2"),
    "a call too few": lambda record: record["calls"].pop(),
    "a call twice": lambda record: record["calls"].append(record["calls"][-1]),
    "an effect": lambda record: record["calls"][0]["effects"].pop(),
    "an effect of today": lambda record: record["calls"][0]["effects"][0].update(effect="Unheard"),
    "a fact": lambda record: record["calls"][0]["facts"].update(stays=True),
    "the way": lambda record: record["path"].pop(),
    "the chains": lambda record: record.update(lineage="0" * 64),
    "an older record": lambda record: record.pop("decision"),
}


@pytest.mark.requirement("R-214")
def test_a_forged_history_does_not_replay(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    for what, change in FORGERIES.items():
        played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").forward().forward()
        assert replayed(played).is_sound
        forge(played, 2, **forged_record(played, 2, change))
        with reading():
            assert history.first_fault(played.id) is None
        found = replayed(played)
        assert found.findings, what
        assert found.findings[0].seq in (2, 3), what


@pytest.mark.requirement("R-214")
def test_a_forged_column_does_not_replay(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    for change in ({"action": "approve"}, {"to_state": "COMPLETED"}, {"from_state": "DRAFT"}):
        played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").forward().forward()
        forge(played, 2, **change)
        assert [finding.seq for finding in replayed(played).findings][:1] == [2]


UNEXPLAINED = {"status": "COMPLETED", "position": 1, "step": "close", "target": "别处", "version": 7}


@pytest.mark.requirement("R-214")
def test_a_transfer_that_history_does_not_explain_is_found(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    for column, value in UNEXPLAINED.items():
        played = submit(world, "A1-T1-B1", "", starter="A1-T1-B1").forward()
        with transaction():
            execute(sa.update(transfers.table).where(transfers.table.c.id == played.id).values({column: value}))
        found = replayed(played)
        assert found.findings, column
        assert len(found.steps) == 2


@pytest.mark.requirement("R-214")
def test_a_broken_chain_is_told_before_anything_is_replayed(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").forward()
    with transaction():
        execute(sa.update(transfers.table).where(transfers.table.c.id == played.id).values(last_hash="0" * 64))
    found = replayed(played)
    assert found.steps == ()
    assert "chain" in str(found.findings[0])


def test_all_transfers_are_gone_through_once(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world("shandong")
    ids = [submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").id for _ in range(5)]
    monkeypatch.setattr(all_transfers, "_AT_ONCE", 2)
    assert list(all_transfers.ids()) == ids
    assert all_transfers.number() == 5
