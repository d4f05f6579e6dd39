"""A program that raises workers, kills them at random, and raises others in their place.

`python -m tests.killed.nursery DATABASE_URL PLAN RECEIVER SHIFT_DAYS KILLS SEED` ends when four workers in a row found
nothing left to do, and prints as JSON how many were killed. It opens no database itself: its children inherit nothing.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role, admin_role
from service.domain.errors import Refused
from service.sending.short_messages import HttpGateway
from service.sending.web_hooks import WebHook
from service.storage.db import execute, reading
from service.storage.deadlines import deadlines
from service.storage.members import members
from service.storage.messages import outbox
from service.storage.organisations import organisations
from service.storage.transfers import transfers
from service.use_cases.deadlines.fire_deadlines import fire_deadlines
from service.use_cases.outbox.channels import Channels
from service.use_cases.outbox.deliver_messages import deliver_messages
from service.use_cases.outbox.dispatch import Dispatch
from service.use_cases.outbox.spread_notices import spread_notices
from service.use_cases.transfers.register_incoming import register_incoming
from service.use_cases.transfers.submit_transfer import Chosen, submit_transfer
from tests.killed.jobs import INCOMING, OUTSIDE, PROFILES, TREE, Job, Plan, wishes, world_of
from tests.reference.seeding import VAULT, World, id_number
from tests.reference.trees import TREES, chains
from tests.support.applications import storing
from tests.use_cases import walker
from tests.use_cases.walker import FORM, NOW, Played

WORKERS = 4
LEASE_SECONDS = 3
_INCOMING_SERIALS = 700_000


class Worker:
    """One process: decides as every officer would, tells, delivers, in random order until nothing is left."""

    def __init__(self, plan: Plan, receiver: str, shift: timedelta, seed: int) -> None:
        self.chance = random.Random(seed)
        self.plan = plan
        self.channels = Channels(
            sms=HttpGateway(f"{receiver}/sms"),
            event=WebHook(f"{receiver}/hook"),
            sms_per_minute=10**6,
            sms_per_hour_each=10**6,
        )
        self.began, self.shift = time.monotonic(), shift
        tree = chains(TREES[TREE])
        admins = {
            code: Actor(account, f"管理员{code}", admin_role(tree[code][0].org_type), tree[code][0])
            for code, account in plan.admins.items()
        }
        self.worlds = {profile: world_of(profile, tree, admins) for profile in PROFILES}

    @property
    def now(self) -> datetime:
        return NOW + self.shift + timedelta(seconds=time.monotonic() - self.began)

    def work(self) -> None:
        """Until all is done."""
        left = list(self.plan.jobs) if not self.shift else []
        while left or self._is_anything_due():
            if left:
                place = self.chance.randrange(len(left))
                if self._is_done(left[place]):
                    left[place] = left[-1]
                    left.pop()
            if not left or self.chance.random() < 0.1:
                self._round()

    def _round(self) -> None:
        rounds = (self._spread, self._fire, self._deliver)
        self.chance.choice(rounds)()

    def _spread(self) -> None:
        spread_notices(profile=self._world("fujian").deployment.profile, channels=self.channels, now=self.now, limit=20)

    def _fire(self) -> None:
        fire_deadlines(deployment=self._world("default").deployment, now=self.now, channels=self.channels, limit=10)

    def _deliver(self) -> None:
        dispatch = Dispatch(self.channels, VAULT)
        for kinds in self.channels.kinds:
            deliver_messages(deliver=dispatch, now=self.now, kinds=kinds, channels=self.channels)

    def _is_anything_due(self) -> bool:
        # What another worker holds is due again when that one is dead.
        held = timedelta(seconds=2 * LEASE_SECONDS)
        with reading():
            waiting = outbox.kinds_due(self.now + held)
            told = execute(transfers.table.select().where(transfers.table.c.timer_at <= self.now).limit(1)).first()
            found = bool(waiting) or told is not None
        if found:
            time.sleep(0.01)
        return found

    def _is_done(self, job: Job) -> bool:
        """Take one step of a job; answers whether there is none left."""
        world = self._world(job.profile)
        transfer_id = self._transfer_of(job)
        try:
            if transfer_id is None:
                self._start(job, world)
                return False
            with reading():
                stored = transfers.get(transfer_id)
            if stored.transfer.state.is_final or 0 <= job.steps < stored.version:
                return True
            member = Actor(job.account_id, "张样例", Role.MEMBER, None, job.member_id)
            keys = iter([f"{transfer_id}:{stored.version}"])
            Played(world, transfer_id, member, self.now, keys).forward()
        except (Refused, StopIteration):
            return False  # somebody else was first
        return False

    def _start(self, job: Job, world: World) -> None:
        actor = (
            world.admins[job.starter]
            if job.starter
            else Actor(job.account_id, "张样例", Role.MEMBER, None, job.member_id)
        )
        common = {"actor": actor, "key": f"start:{job.number}", "now": self.now, "deployment": world.deployment}
        if job.origin == INCOMING:
            register_incoming(self._person(job), **common)
            return
        where = {"target": job.target} if job.target else walker.OUTSIDE
        asked = {**FORM, **where, **wishes(job.profile, job.target or OUTSIDE)}
        submit_transfer(asked, chosen=Chosen(job.member_id), **common)

    def _person(self, job: Job) -> dict[str, object]:
        return {
            **{name: value for name, value in FORM.items() if name != "attestation"},
            "id_number": id_number(_INCOMING_SERIALS + job.number, region="429901"), "name": "孔样例", "sex": "MALE",
            "ethnicity": "汉族", "kind": "FULL", "in_type": "FROM_OTHER_PROVINCE", "via_exchange": False,
            "origin": "湖北省样例市样例县样例村党支部", "target": job.target,
            "committee_name": "中共样例镇委员会",
        }  # fmt: skip

    def _transfer_of(self, job: Job) -> int | None:
        with reading():
            member_id = job.member_id
            if job.origin == INCOMING:
                number = id_number(_INCOMING_SERIALS + job.number, region="429901")
                known = members.by_id_number(number, VAULT)
                member_id = known[0].member.id if known else 0
            query = transfers.table.select().where(transfers.table.c.member_id == member_id)
            row = execute(query).first()
        return row[0] if row else None

    def _world(self, profile: str) -> World:
        return self.worlds[profile]


def raise_worker(url: str, plan: Plan, receiver: str, shift: timedelta, seed: int) -> int:
    """Fork a worker and answer its process id; it ends with status 0 when nothing is left to do."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        deadlines.CLAIM_SECONDS = outbox.CLAIM_SECONDS = LEASE_SECONDS
        with storing(url):
            with reading():
                organisations.has_cities()
            Worker(plan, receiver, shift, seed).work()
        status = 0
    finally:
        os._exit(status)


def main(url: str, plan: str, receiver: str, shift_days: str, kills: str, seed: str) -> None:
    """Keep four workers, kill one after the other at random moments, wait for the rest."""
    chance, wanted, killed, faults = random.Random(int(seed)), int(kills), 0, 0
    known, shift = Plan.read(Path(plan)), timedelta(days=int(shift_days))

    def another() -> int:
        return raise_worker(url, known, receiver, shift, chance.randrange(2**32))

    alive = {another() for _ in range(WORKERS)}
    while alive:
        time.sleep(chance.uniform(0.02, 0.4))
        ended, status = os.waitpid(-1, os.WNOHANG)
        if ended:
            alive.discard(ended)
            if status:
                faults += 1
                alive.add(another())
                if faults > 3:
                    break
        elif killed < wanted:
            victim = chance.choice(sorted(alive))
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            alive.discard(victim)
            alive.add(another())
            killed += 1
    for each in alive:
        os.kill(each, signal.SIGKILL)
    sys.stdout.write(json.dumps({"killed": killed, "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])
