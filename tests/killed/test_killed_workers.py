"""Transfers of all varieties and profiles, four workers on PostgreSQL, killed at random: every effect exactly once.

What must have happened is read from the history, which each decision wrote in its own transaction: each letter,
membership and notice recorded there exists once, and none besides. Deadlines are compared with the rules.
"""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.domain.deadlines import deadlines as rules
from service.domain.deadlines.deadlines import Mark
from service.domain.routes.varieties import Variety
from service.storage.db import execute, reading
from service.storage.deadlines import deadlines
from service.storage.members import members
from service.storage.messages import dead_messages, notices, outbox, receivers
from service.storage.transfers import history, letters, transfers
from service.use_cases.outbox.channels import EVENTS, NOTICE, SMS
from tests.architecture.sources import ROOT
from tests.killed.jobs import PROFILES, Plan, make_plan
from tests.sending.machines import Receiver, receiving
from tests.support.applications import storing
from tests.support.databases import Databases
from tests.use_cases.walker import NOW

SHIFT_DAYS = 60
RECORDED = {"LetterIssued": letters.table, "MembershipMoved": members.increases, "NoticeWanted": outbox.table}


@dataclass(frozen=True, slots=True)
class Size:
    """How many transfers under which profiles, and how many workers die while they move and while deadlines come."""

    transfers: int
    kills: tuple[int, int]
    profiles: tuple[str, ...]


@pytest.mark.requirement("R-047")
@pytest.mark.requirement("R-192")
def test_a_few_transfers_and_a_few_deaths(databases_of_session: Databases, tmp_path: Path) -> None:
    play(databases_of_session, tmp_path, Size(36, kills=(8, 4), profiles=("national", "shandong")), seed=7)


@pytest.mark.slow
@pytest.mark.requirement("R-047")
@pytest.mark.requirement("R-192")
def test_a_thousand_transfers_and_four_workers_killed_at_random(
    databases_of_session: Databases, tmp_path: Path
) -> None:
    play(databases_of_session, tmp_path, Size(1000, kills=(200, 40), profiles=PROFILES), seed=random.randrange(10**9))


def play(made: Databases, folder: Path, size: Size, *, seed: int) -> None:
    with made.migrated("postgresql") as url, receiving() as receiver:
        with storing(url):
            plan = make_plan(size.transfers, size.profiles, chance=random.Random(seed))
        plan.write(folder / "plan.json")
        for shift, wanted in zip((0, SHIFT_DAYS), size.kills, strict=True):
            killed = raise_and_kill(url, folder / "plan.json", receiver, shift, wanted, seed)
            assert killed["faults"] == 0, killed
            assert killed["killed"] >= wanted // 2, "too few were killed to prove anything"
        with storing(url), reading():
            every_job_was_played(plan)
            every_recorded_effect_exists_once()
            every_notice_was_taken_up_once()
            every_message_left_once_by_its_key(receiver)
            every_deadline_was_told_once()
            nothing_is_left_behind()


def raise_and_kill(url: str, plan: Path, receiver: Receiver, shift: int, kills: int, seed: int) -> dict[str, int]:
    words = [url, str(plan), receiver.url, str(shift), str(kills), str(seed)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.killed.nursery", *words],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout)) | ({"stderr": done.stderr[-3000:]} if done.stderr else {})


def every_job_was_played(plan: Plan) -> None:
    table = transfers.table
    started = Counter(execute(sa.select(table.c.member_id)).scalars())
    assert set(started.values()) == {1}
    own = {job.member_id for job in plan.jobs if job.origin != "incoming"}
    assert own <= set(started)
    varieties = set(execute(sa.select(table.c.variety).distinct()).scalars())
    assert varieties == {each.value for each in Variety}
    unfinished = set(execute(sa.select(table.c.member_id).where(table.c.finished_at.is_(None))).scalars())
    assert not unfinished & {job.member_id for job in plan.jobs if job.steps < 0}


def every_recorded_effect_exists_once() -> None:
    recorded = {kind: Counter[int]() for kind in RECORDED}
    for transfer_id, record in execute(sa.select(history.table.c.transfer_id, history.table.c.record)):
        for call in json.loads(record).get("calls", ()):
            for effect in call["effects"]:
                if effect["effect"] in recorded:
                    recorded[effect["effect"]][transfer_id] += 1
    for kind, table in RECORDED.items():
        assert Counter(_transfers_of(table)) == recorded[kind], kind
    numbers = list(execute(sa.select(letters.table.c.number)).scalars())
    assert sorted(int(each[6:]) for each in numbers if each.startswith("202503")) == list(range(1, len(numbers) + 1))
    for transfer_id in set(execute(sa.select(transfers.table.c.id)).scalars()):
        assert history.first_fault(transfer_id) is None


def _transfers_of(table: sa.Table) -> Iterator[int]:
    if table is not outbox.table:
        yield from execute(sa.select(table.c.transfer_id)).scalars()
        return
    for payload in execute(sa.select(table.c.payload).where(table.c.kind == NOTICE)).scalars():
        yield json.loads(payload)["transfer"]


def every_notice_was_taken_up_once() -> None:
    told = {row.key: row for row in execute(sa.select(outbox.table).where(outbox.table.c.kind == NOTICE))}
    assert all(row.delivered_at for row in told.values())
    kept = execute(sa.select(notices.table).where(notices.table.c.key.not_like("deadline:%"))).all()
    parents = Counter(row.key.rsplit(":", 2)[0] for row in kept)
    assert set(parents) == set(told)
    wanted = {key for key, row in told.items() if json.loads(row.payload)["org"]}
    codes = {json.loads(row.payload)["org"] for row in told.values()} - {None}
    ids = receivers.org_ids(codes)
    keys = {row.key for row in kept}
    assert {f"{key}:org:{ids[json.loads(told[key].payload)['org']]}" for key in wanted} <= keys


def every_message_left_once_by_its_key(receiver: Receiver) -> None:
    sent = [(post.path, str(post.body["key"]), post.raw) for post in receiver.posts]
    for path, kinds in (("/sms", {SMS}), ("/hook", EVENTS)):
        query = sa.select(outbox.table.c.key).where(outbox.table.c.kind.in_(kinds))
        assert {key for where, key, _ in sent if where == path} == set(execute(query).scalars()), path
    # A worker killed between sending and noting sends again: the same key, the same words.
    assert len({(key, raw) for _, key, raw in sent}) == len({key for _, key, _ in sent})


def every_deadline_was_told_once() -> None:
    rows = execute(sa.select(notices.table).where(notices.table.c.key.like("deadline:%"))).all()
    told = Counter((row.transfer_id, row.kind, row.org_id) for row in rows)
    expected = set()
    for transfer_id in execute(sa.select(transfers.table.c.id)).scalars().all():
        stored = transfers.get(transfer_id)
        transfer = stored.transfer
        holder = None if transfer.state.is_final else transfer.hop.org or transfer.starter
        if holder is None:
            continue
        assert stored.due_at is not None
        assert stored.due_at < NOW + timedelta(days=SHIFT_DAYS)
        expected |= {(transfer_id, Mark.OVERDUE.value, each) for each in (holder.id, receivers.superior_of(holder.id))}
        if any(m.mark is Mark.LETTER_EXPIRED for m in _ahead(stored)):
            issuer = transfer.letter.issuer.id
            expected |= {(transfer_id, Mark.LETTER_EXPIRED.value, each) for each in (holder.id, issuer)}
    assert expected
    expected = {each for each in expected if each[2] is not None}
    assert told == Counter(expected)


def _ahead(stored: transfers.Stored) -> list[rules.Moment]:
    known = rules.moments(stored.transfer, due=None, valid_until=stored.valid_until, calendar=rules.Calendar())
    return [each for each in known if each.at <= NOW + timedelta(days=SHIFT_DAYS)]


def nothing_is_left_behind() -> None:
    assert execute(sa.select(sa.func.count()).select_from(deadlines.claims)).scalar_one() == 0
    assert dead_messages.count() == 0
    waiting = execute(sa.select(outbox.table.c.key).where(outbox.table.c.due_at.is_not(None))).scalars().all()
    assert waiting == []
