"""Deadlines of real transfers: planned with the change, told once, parked when they keep failing (R-125, R-190)."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from service.domain.accounts.roles import Role
from service.domain.clock import ZONE
from service.domain.deadlines.workdays import DayKind
from service.domain.errors import Refused
from service.domain.transfers.actions import Action
from service.sending.mail import log_mail
from service.storage import audit
from service.storage.db import execute, reading, transaction
from service.storage.deadlines import deadlines, workdays
from service.storage.messages import notices
from service.storage.transfers import transfers
from service.use_cases.accounts.open_account import grant_role, open_account
from service.use_cases.deadlines.change_workdays import change_day, warn_of_missing_years
from service.use_cases.deadlines.fire_deadlines import fire, fire_deadlines
from service.use_cases.deadlines.parked_transfers import list_parked, release_parked
from service.use_cases.deadlines.plan_deadlines import plan_deadlines
from service.use_cases.outbox.channels import Channels
from tests.reference.seeding import World
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import NOW, Played, submit

ALL_ORDINARY = NOW + timedelta(days=60)


def told(kind: str = "") -> Counter[tuple[str, int | None, int | None]]:
    """How often each receiver was told what, of deadlines."""
    with reading():
        rows = execute(sa.select(notices.table).where(notices.table.c.key.like("deadline:%"))).mappings().all()
    return Counter((row["kind"], row["org_id"], row["transfer_id"]) for row in rows if kind in ("", row["kind"]))


def run(world: World, at: datetime) -> None:
    while fire_deadlines(deployment=world.deployment, now=at):
        pass


def org(world: World, code: str) -> int:
    return world.chains[code][0].id


@pytest.mark.requirement("R-190")
def test_a_hop_is_planned_when_it_opens_and_no_more_when_it_is_finished(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    # Opened on Monday 10 March 2025: fifteen working days later it is the end of the 31st.
    assert played.stored.due_at == datetime(2025, 4, 1, tzinfo=ZONE)
    # The letter of fifteen days expires on the 25th: told from the 22nd on, before the reminder of the hop.
    assert played.stored.timer_at == datetime(2025, 3, 22, tzinfo=ZONE)
    played.now = datetime(2025, 4, 2, 2, 0, tzinfo=UTC)
    played.forward()
    assert played.stored.due_at == datetime(2025, 4, 25, tzinfo=ZONE), "the three days of Qingming do not count"
    played.to_end()
    assert (played.stored.due_at, played.stored.timer_at) == (None, None)


@pytest.mark.requirement("R-125")
@pytest.mark.requirement("R-190")
def test_what_is_due_is_told_once_and_to_whom_it_concerns(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    holder, issuer, above = org(world, "A1-T1"), org(world, "A1-T1-B1"), org(world, "A1")
    steps = [
        (datetime(2025, 3, 21, 23, 59, tzinfo=ZONE), []),
        (datetime(2025, 3, 22, tzinfo=ZONE), [("letter_expires", holder)]),
        (datetime(2025, 3, 26, 8, tzinfo=ZONE), [("letter_expired", holder), ("letter_expired", issuer)]),
        # The fifteenth day is the 31st; the third working day before it is the 26th, told together with the letter.
        (datetime(2025, 4, 1, 9, tzinfo=ZONE), [("overdue", holder), ("overdue", above)]),
        (datetime(2025, 6, 1, tzinfo=ZONE), []),
    ]
    expected: Counter[tuple[str, int | None, int | None]] = Counter()
    for at, news in steps:
        run(world, at)
        run(world, at)
        expected += Counter((kind, who, played.id) for kind, who in news)
        assert {key: number for key, number in told().items() if key[0] != "due_soon"} == expected, at
    assert told("due_soon") == {("due_soon", holder, played.id): 1}
    assert played.stored.timer_at is None


def test_a_worker_that_comes_late_tells_what_still_holds(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    run(world, ALL_ORDINARY)
    assert {kind for kind, *_ in told()} == {"letter_expired", "overdue"}
    assert set(told().values()) == {1}
    assert played.stored.timer_at is None


def test_a_decision_in_the_meantime_ends_the_old_deadline(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    with transaction():
        assert deadlines.claim(now=ALL_ORDINARY, limit=5) == [played.id]
    played.now = ALL_ORDINARY
    played.forward()
    assert fire(played.id, deployment=world.deployment, now=ALL_ORDINARY) == ()
    assert told() == {}
    assert played.stored.timer_at > ALL_ORDINARY


def test_a_claim_is_free_again_when_its_worker_must_be_dead(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    started = [submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1") for _ in range(3)]

    def claim(after: int) -> list[int]:
        with transaction():
            return list(deadlines.claim(now=ALL_ORDINARY + timedelta(seconds=after), limit=5))

    assert sorted(claim(0)) == [each.id for each in started]
    assert claim(deadlines.CLAIM_SECONDS - 1) == []
    assert sorted(claim(deadlines.CLAIM_SECONDS)) == [each.id for each in started]
    # Killed between claim and effect; whoever comes next tells it, and only once.
    run(world, ALL_ORDINARY + timedelta(minutes=5))
    assert set(told().values()) == {1}
    assert len(told("overdue")) == 2 * len(started)


def test_of_two_workers_that_saw_the_same_timer_one_gets_it(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    with transaction():
        taken = [deadlines._is_taken(played.id, ALL_ORDINARY) for _ in range(2)]
    assert taken == [True, False]


def test_many_workers_share_the_timers(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    started = [submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").id for _ in range(40)]
    barrier = Barrier(4)

    def claim() -> list[int]:
        taken: list[int] = []
        with world.app.app_context():
            barrier.wait()
            for _ in range(12):
                with transaction():
                    taken += deadlines.claim(now=ALL_ORDINARY, limit=4)
        return taken

    with ThreadPoolExecutor(4) as pool:
        found = [each for future in [pool.submit(claim) for _ in range(4)] for each in future.result()]
    assert sorted(found) == started


def test_one_broken_transfer_is_parked_with_an_alarm_and_delays_no_other(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    with transaction():
        root = open_account("root", name="系统管理员", password=None, deployment=world.deployment)
        grant_role(root, Role.SYSTEM_ADMIN, org_id=None)
    started = [submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1") for _ in range(6)]
    broken, *sound = started
    with transaction():
        update = sa.update(transfers.table).where(transfers.table.c.id == broken.id)
        execute(update.values(profile_digest="0" * 64, timer_at=NOW))
    channels = Channels(mail=log_mail)
    at = ALL_ORDINARY
    for turn in range(8):
        while fire_deadlines(deployment=world.deployment, now=at, channels=channels, limit=2):
            pass
        if turn == 0:
            assert {transfer_id for _, _, transfer_id in told("overdue")} == {each.id for each in sound}
        at += timedelta(seconds=deadlines.CLAIM_SECONDS)
    (parked,) = list_parked()
    assert (parked.transfer_id, parked.faults) == (broken.id, deadlines.MOST_FAULTS)
    with reading():
        alarms = notices.to_account(root, limit=9)
        assert [(each.kind, each.transfer_id) for each in alarms] == [("timer_parked", broken.id)]
        mail = execute(sa.text("SELECT count(*) FROM outbox WHERE kind = 'mail'")).scalar_one()
    assert mail == 1
    with transaction():
        execute(update.values(profile_digest=sound[0].stored.profile_digest))
    assert release_parked([broken.id], now=at) == 1
    run(world, at)
    assert len(told("overdue")) == 2 * len(started)
    assert list_parked() == []


def test_what_ends_its_worker_again_and_again_is_parked(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    at = ALL_ORDINARY
    for _ in range(deadlines.MOST_CLAIMS):
        with transaction():
            assert deadlines.claim(now=at, limit=5) == [played.id]
        at += timedelta(seconds=deadlines.CLAIM_SECONDS)
    assert fire_deadlines(deployment=world.deployment, now=at) == 0
    assert [each.transfer_id for each in list_parked()] == [played.id]


def test_a_day_off_moves_what_is_open(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    finished = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1").to_end()
    changed = change_day(date(2025, 3, 20), DayKind.HOLIDAY, name="样例", deployment=world.deployment, now=NOW)
    assert changed == 1
    with reading():
        (entry,) = execute(sa.select(audit.table.c.action, audit.table.c.subject_key)).all()
    assert tuple(entry) == ("change_workday", "2025-03-20")
    assert played.stored.due_at == datetime(2025, 4, 2, tzinfo=ZONE)
    assert finished.stored.due_at is None
    with pytest.raises(Refused, match="E_IMPORT_FORMAT"):
        change_day(date(2025, 3, 20), DayKind.WORKING, name="", deployment=world.deployment, now=NOW)


def test_what_was_planned_with_an_old_calendar_is_looked_at_again(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    at = datetime(2025, 4, 1, 9, tzinfo=ZONE)
    with transaction():
        # Another process entered it, and this plan was made before the process looked again.
        workdays.replace_day(date(2025, 3, 31), None)
        execute(workdays.table.insert().values(day=date(2025, 3, 31), kind="holiday", name="样例"))
    run(world, at)
    assert told("overdue") == {}
    assert played.stored.due_at == datetime(2025, 4, 2, tzinfo=ZONE)
    run(world, at + timedelta(days=1))
    assert len(told("overdue")) == 2


def test_what_an_upgrade_left_unplanned_is_planned(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    played = submit(world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
    planned = (played.stored.due_at, played.stored.timer_at)
    with transaction():
        execute(sa.update(transfers.table).values(due_at=None, timer_at=None))
    assert plan_deadlines(deployment=world.deployment, now=NOW, is_unplanned=True) == 1
    assert (played.stored.due_at, played.stored.timer_at) == planned
    assert plan_deadlines(deployment=world.deployment, now=NOW, is_unplanned=True) == 0


def test_a_missing_year_is_told_once_a_month_from_november_on(make_world: MakeWorld) -> None:
    world = make_world("shandong")
    with transaction():
        root = open_account("root", name="系统管理员", password=None, deployment=world.deployment)
        grant_role(root, Role.SYSTEM_ADMIN, org_id=None)
    expected = {(2026, 10): 0, (2026, 11): 1, (2026, 12): 2, (2027, 1): 3}
    for (year, month), number in expected.items():
        for day in (3, 20):
            warn_of_missing_years(now=datetime(year, month, day, tzinfo=UTC), channels=Channels())
        with reading():
            assert [each.kind for each in notices.to_account(root, limit=9)] == ["year_missing"] * number


@pytest.mark.scenario("S-76")
@pytest.mark.requirement("R-125")
def test_an_expired_letter_is_refused_until_a_new_one_is_written(make_world: MakeWorld) -> None:
    world = make_world("default")
    played = _before_the_branch(world)
    played.now = datetime(2025, 3, 26, 1, 0, tzinfo=UTC)
    with pytest.raises(Refused, match="E_LETTER_EXPIRED"):
        played.act(Action.RECEIVE)
    played.act(Action.RETURN, reason="介绍信已过期")
    assert played.transfer.hop.code == "A1-T1"
    played.act(Action.APPROVE_AND_ISSUE)
    played.act(Action.RECEIVE)
    with reading():
        assert world.branch_of(played.member) == "A1-T1-B2"


@pytest.mark.requirement("R-125")
def test_under_flag_an_expired_letter_only_shows(make_world: MakeWorld) -> None:
    played = _before_the_branch(make_world("shandong"))
    played.now = datetime(2025, 4, 26, 1, 0, tzinfo=UTC)
    assert played.stored.valid_until < date(2025, 4, 26)
    played.act(Action.RECEIVE)
    assert played.transfer.state.is_final


def _before_the_branch(world: World) -> Played:
    played = submit(world, "A1-T1-B1", "A1-T1-B2", starter="A1-T1-B1")
    while played.transfer.hop.code != "A1-T1-B2":
        played.forward()
    return played
