"""Another superior: a unit applies, the organisation above decides, everything below moves along."""

import threading
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from service.domain.organisations.organisation_changes import ChangeStatus
from service.domain.organisations.organisations import AuthorityLevel
from service.storage.db import db, execute, reading, transaction
from service.storage.organisations import organisation_records, organisations
from service.storage.organisations.organisations import segment, table
from service.storage.organisations.tree_memory import TreeMemory
from service.use_cases.organisations.chains import require_record
from service.use_cases.organisations.change_superior import (
    Verdict,
    Wanted,
    apply_for_superior,
    decide_superior,
    withdraw_superior,
)
from service.use_cases.organisations.list_superior_changes import list_superior_changes, show_superior_change
from service.use_cases.transfers import surroundings
from tests.organisations.conftest import BRANCH, Upkeep
from tests.storage.conftest import organisation_row
from tests.support.refusals import refused
from tests.support.statements import noting
from tests.use_cases.walker import NOW, submit

YES = Verdict(approves=True, as_a_whole=True)


def apply(upkeep: Upkeep, code: str, *, below: str, by: str, reason: str = "机构改革") -> int:
    return apply_for_superior(
        Wanted(code, below, reason), actor=upkeep.world.admins[by], now=upkeep.now, deployment=upkeep.world.deployment
    )


def decide(upkeep: Upkeep, change: int, verdict: Verdict, *, by: str) -> ChangeStatus:
    return decide_superior(
        change, verdict, actor=upkeep.world.admins[by], now=upkeep.now, deployment=upkeep.world.deployment
    )


@pytest.mark.requirement("R-203")
def test_a_unit_applies_and_the_organisation_above_makes_it_so(university: Upkeep) -> None:
    change = apply(university, "XU-C1-B1", below="XU-C2", by="XU-C1-B1")
    assert university.superiors("XU-C1-B1")[1] == "XU-C1"
    with refused("E_ATTESTATION_REQUIRED", "as_a_whole"):
        decide(university, change, Verdict(approves=True), by="XU")
    assert decide(university, change, YES, by="XU") is ChangeStatus.APPROVED
    assert university.superiors("XU-C1-B1") == ["XU-C1-B1", "XU-C2", "XU", "XM-E", "XM"]
    assert [entry.action for entry in university.log()] == ["apply_superior", "change_superior", "decide_superior"]
    moved = university.log()[1]
    assert (moved.before, moved.after) == ({"superior": "XU-C1"}, {"superior": "XU-C2", "organisations": 1})


@pytest.mark.requirement("R-203")
def test_only_the_organisation_above_both_decides(university: Upkeep) -> None:
    change = apply(university, "XU-C1-B1", below="XU-C2", by="XU-C1")
    for by, code in (
        ("XU-C1", "E_FORBIDDEN"),
        ("XM-E", "E_FORBIDDEN"),
        ("XU-C2", "E_NOT_FOUND"),
        ("XA", "E_NOT_FOUND"),
    ):
        with refused(code):
            decide(university, change, YES, by=by)
    for by, code in (("XU-C1", "E_FORBIDDEN"), ("XU-C2", "E_ORG_OUT_OF_SCOPE"), ("XA", "E_ORG_OUT_OF_SCOPE")):
        with refused(code):
            university.move("XU-C1-B1", below="XU-C2", by=by)
    for by in ("XU-C2", "XA-S1"):
        with refused("E_ORG_OUT_OF_SCOPE"):
            apply(university, "XU-C1-B1", below="XU-C2", by=by)


@pytest.mark.requirement("R-203")
def test_an_application_is_refused_with_a_reason_withdrawn_or_decided_once(university: Upkeep) -> None:
    first = apply(university, "XU-C1-B1", below="XU-C2", by="XU-C1")
    with refused("E_ACTION_NOT_ALLOWED"):
        apply(university, "XU-C1-B1", below="XU-G1", by="XU-C1")
    with refused("E_REASON_REQUIRED", "opinion"):
        decide(university, first, Verdict(approves=False), by="XU")
    assert decide(university, first, Verdict(approves=False, opinion="暂缓"), by="XU") is ChangeStatus.REFUSED
    with refused("E_ALREADY_DECIDED"):
        decide(university, first, YES, by="XU")
    with refused("E_REASON_REQUIRED", "reason"):
        apply(university, "XU-C1-B1", below="XU-G1", by="XU-C1", reason=" ")
    second = apply(university, "XU-C1-B1", below="XU-G1", by="XU-C1")
    with refused("E_FORBIDDEN"):
        withdraw_superior(second, actor=university.world.admins["XU"], now=university.now)
    withdraw_superior(second, actor=university.world.admins["XU-C1"], now=university.now)
    with refused("E_ALREADY_DECIDED"):
        decide(university, second, YES, by="XU")
    assert university.superiors("XU-C1-B1")[1] == "XU-C1"


@pytest.mark.requirement("R-203")
def test_each_sees_the_applications_that_concern_him(university: Upkeep) -> None:
    change = apply(university, "XU-C1-B1", below="XU-C2", by="XU-C1")
    admins = university.world.admins
    to_decide = list_superior_changes(actor=admins["XU"]).to_decide
    assert [(each.id, each.org.code, each.former.code, each.wanted.code) for each in to_decide] == [
        (change, "XU-C1-B1", "XU-C1", "XU-C2")
    ]
    assert [each.id for each in list_superior_changes(actor=admins["XU-C1"]).own] == [change]
    assert list_superior_changes(actor=admins["XU-C2"]).to_decide == []
    assert show_superior_change(change, actor=admins["XU-C1-B1"]).reason == "机构改革"
    for stranger in (admins["XU-C2"], university.world.people["XU-C1-B1"]):
        with refused("E_NOT_FOUND"):
            show_superior_change(change, actor=stranger)
    decide(university, change, YES, by="XU")
    seen = list_superior_changes(actor=admins["XU"])
    assert ([each.id for each in seen.to_decide], [each.id for each in seen.decided]) == ([], [change])


@pytest.mark.requirement("R-001")
def test_no_circle_no_second_root(university: Upkeep) -> None:
    for code, below, refusal in (
        ("XU", "XU-C1", "E_ORG_CYCLE"), ("XU", "XU", "E_ORG_CYCLE"), ("XM", "XU", "E_ORG_ROOT"),
    ):  # fmt: skip
        with refused(refusal, "superior"):
            university.move(code, below=below, by="XM")
    with refused("E_ORG_NOT_FOUND"):
        university.move("XU", below="NONE", by="XM")


@pytest.mark.requirement("R-006")
def test_nothing_that_moves_outranks_its_new_superior(make_upkeep: Callable[..., Upkeep]) -> None:
    upkeep = make_upkeep("fujian")
    upkeep.set("A1-D", org_type="PRIMARY_COMMITTEE")
    upkeep.set("A2-T1", authority_level=AuthorityLevel.BELOW_FIRST.value)
    with refused("E_LEVEL_ABOVE_SUPERIOR"):
        upkeep.move("A1-D", below="A2-T1", by="CA")
    upkeep.set("A1-D", authority_level=None)
    upkeep.set("A1-D-B1", authority_level=AuthorityLevel.FIRST_LEVEL.value)
    with refused("E_LEVEL_ABOVE_SUPERIOR"):
        upkeep.move("A1-D", below="A2-T1", by="CA")
    upkeep.set("A1-D-B1", authority_level=AuthorityLevel.BELOW_FIRST.value)
    upkeep.move("A1-D", below="A2-T1", by="CA")
    assert upkeep.superiors("A1-D-B1")[:4] == ["A1-D-B1", "A1-D", "A2-T1", "A2"]


@pytest.mark.requirement("R-203")
def test_a_running_transfer_below_locks_the_whole_unit(make_upkeep: Callable[..., Upkeep]) -> None:
    upkeep = make_upkeep("beijing-cuc")
    upkeep.now = NOW
    submit(upkeep.world, "XU-C1-B1", "XA-S1", dues_paid_to="2025-03")
    for attempt in (
        lambda: apply(upkeep, "XU-C1", below="XM-E", by="XU-C1"),
        lambda: apply(upkeep, "XA-S1", below="XM", by="XA-S1"),
    ):
        with refused("E_ORG_HAS_PENDING_TRANSFERS"):
            attempt()


@pytest.mark.requirement("R-020")
@pytest.mark.requirement("R-203")
def test_without_the_lock_a_running_transfer_keeps_the_lineage_it_was_begun_with(
    make_upkeep: Callable[..., Upkeep],
) -> None:
    upkeep = make_upkeep("shandong")
    values = upkeep.world.deployment.profile.values
    assert isinstance(values, dict)
    played = submit(upkeep.world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    before = played.stored
    route = [hop.code for hop in played.transfer.hops]
    values["org.lock_on_pending"] = False
    try:
        upkeep.move("A1-T1", below="A2", by="CA")
    finally:
        values["org.lock_on_pending"] = True
    assert upkeep.superiors("A1-T1-B1")[:3] == ["A1-T1-B1", "A1-T1", "A2"]
    played.forward()
    assert played.stored.lineage_digest == before.lineage_digest
    assert [hop.code for hop in played.transfer.hops] == route
    with reading():
        origin = surroundings.lineage_of(before.lineage_digest).origin
    assert origin is not None
    assert [org.code for org in origin][:3] == ["A1-T1-B1", "A1-T1", "A1"]
    played.to_end()


@pytest.mark.requirement("R-001")
def test_everything_below_moves_along_in_one_statement(university: Upkeep) -> None:
    university.set("XU-C1", org_type="PRIMARY_COMMITTEE", authority_level=None)
    with noting(db.engine) as statements:
        university.move("XU-C1", below="XM-E", by="XM")
    rewriting = [text for text in statements if text.startswith("UPDATE organisations SET path")]
    assert len(rewriting) == 1
    assert university.superiors("XU-C1-B2") == ["XU-C1-B2", "XU-C1", "XM-E", "XM"]
    assert university.superiors("XU-C2-B1") == ["XU-C2-B1", "XU-C2", "XU", "XM-E", "XM"]
    with reading():
        paths = dict(execute(sa.select(table.c.id, table.c.path)).all())
        parents = dict(execute(sa.select(table.c.id, table.c.parent_id)).all())
    for key, path in paths.items():
        assert path == (paths[parents[key]] if parents[key] else "") + segment(key)


def test_another_process_sees_the_new_superior_at_once(university: Upkeep, monkeypatch: pytest.MonkeyPatch) -> None:
    with reading():
        assert organisations.chain("XU-C1-B1")[1].code == "XU-C1"
    here = organisations._memory
    assert here.chains
    # What another process remembers is another memory, made from the same version of the tree.
    monkeypatch.setattr(organisations, "_memory", TreeMemory(None, 0))
    university.move("XU-C1-B1", below="XU-C2", by="XU")
    monkeypatch.setattr(organisations, "_memory", here)
    assert university.superiors("XU-C1-B1")[1] == "XU-C2"


@pytest.mark.requirement("R-001")
def test_what_is_created_while_a_superior_moves_moves_along(university: Upkeep) -> None:
    def move() -> None:
        with university.world.app.app_context():  # type: ignore[union-attr]
            university.move("XU", below="XM", by="XM")

    mover = threading.Thread(target=move)
    with transaction():
        parent = require_record("XU-C1")
        mover.start()
        time.sleep(1)  # long enough for the move to begin, and to wait for this change
        key, code = organisation_records.add(
            BRANCH, parent_id=parent.id, parent_path=parent.path, auto_approve_children=False
        )
    mover.join()
    assert university.superiors(code) == [code, "XU-C1", "XU", "XM"]
    assert university.column(code, "path") == f"{university.column('XU-C1', 'path')}{segment(key)}"


def test_what_is_moved_comes_last_in_its_new_place(university: Upkeep) -> None:
    university.set("XU-C1-B1", sort_order=1)
    university.move("XU-C1-B1", below="XU-C2", by="XU")
    assert university.column("XU-C1-B1", "sort_order") == organisations.UNSORTED


@pytest.mark.slow
def test_a_hundred_thousand_organisations_move_in_seconds(university: Upkeep) -> None:
    with transaction():
        above = str(execute(sa.select(table.c.path).where(table.c.code == "XU-C1")).scalar_one())
        parent = university.world.chains["XU-C1"][0].id
        rows = [organisation_row(key, f"M{key}", parent, above + segment(key)) for key in range(1000, 101_000)]
        for start in range(0, len(rows), 5_000):
            execute(sa.insert(table), rows[start : start + 5_000])
    university.set("XU-C1", org_type="PRIMARY_COMMITTEE", authority_level=None)
    begun = time.monotonic()
    university.move("XU-C1", below="XM-E", by="XM")
    assert time.monotonic() - begun < 30
    assert university.superiors("M100999")[2:] == ["XM-E", "XM"]
