"""The site of the access matrix: who asks, what is asked for, and how a request is made and undone."""

import re
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from service.app import create_app
from service.config import Settings
from service.domain.accounts.roles import Role
from service.storage.accounts import grants
from service.storage.accounts.grants import NewGrant
from service.storage.db import db, execute, reading, transaction
from service.storage.members import members
from service.storage.organisations import organisations
from service.use_cases.accounts.open_account import open_account
from service.use_cases.organisations.change_superior import Verdict, Wanted, apply_for_superior, move_organisation
from tests.access.oracle import NOTHING, Thing, Up, Who
from tests.access.rows import Row
from tests.reference.seeding import VAULT, deployment_of, seed
from tests.use_cases.walker import NOW, Played, submit
from tests.web.programs import API, Program, Site

MOVED_UNIT = "A1-D-B1"
_SAFE = ("GET",)


@dataclass(slots=True)
class Place:
    """The site, the programs by who asks, the things by concern, and the tree as it is."""

    site: Site
    database: Path
    up: Up
    programs: dict[Who, Program] = field(default_factory=dict)
    things: dict[str, list[Thing]] = field(default_factory=dict)
    parts: dict[Thing, dict[str, object]] = field(default_factory=dict)

    @property
    def operations(self) -> dict[str, tuple[str, str]]:
        """Method and path of every operation that the application says it has."""
        document: dict[str, Any] = self.site.stranger().get("/openapi.json").json
        return {
            operation["operationId"]: (method.upper(), path.removeprefix(API))
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if method != "parameters"
        }

    def things_of(self, concern: str) -> list[Thing]:
        return self.things.get(concern, [NOTHING])

    def ask(self, who: Who, operation: tuple[str, str], row: Row, thing: Thing) -> tuple[int, str]:
        """Status and body of the answer; what the request changed is undone."""
        method, path = operation
        parts = {**_ABSENT, **self.parts.get(thing, {})}
        address = re.sub(r"{(\w+)}", lambda found: str(parts[found[1]]), path)
        answer = self.programs[who].ask(method, address, **_written(row, parts))
        if method not in _SAFE and answer.status_code < 400:
            self.restore()
        return answer.status_code, re.sub(r'"request_id": ?"[^"]*"', "", answer.get_data().decode(errors="replace"))

    def keep(self) -> None:
        self._close()
        shutil.copyfile(self.database, self.database.with_suffix(".kept"))

    def restore(self) -> None:
        self._close()
        shutil.copyfile(self.database.with_suffix(".kept"), self.database)
        with self.site.app.app_context(), transaction():
            organisations.tree_changed()

    def _close(self) -> None:
        """The last connection that is closed takes the journal with it."""
        with self.site.app.app_context():
            db.engine.dispose()
        assert not self.database.with_name(f"{self.database.name}-wal").exists()


_ABSENT = {
    "key": "0" * 16, "name": "0" * 32, "fingerprint": "0" * 64, "factor_id": 9_999_999, "process": "apply", "step": "x",
    "transfer_id": 9_999_999, "member_id": 9_999_999, "letter_id": 9_999_999, "change_id": 9_999_999, "code": "X",
    "account_id": 9_999_999, "grant_id": 9_999_999, "version": 0, "admission_id": 9_999_999, "superior": "A2",
}  # fmt: skip


def _written(row: Row, parts: dict[str, object]) -> dict[str, Any]:
    if row.form is not None:
        return {"data": {**row.form, "file": (BytesIO(row.file), "a.jpg")}}
    if isinstance(row.body, dict):
        return {"json": {name: _filled(value, parts) for name, value in row.body.items()}}
    return {"query_string": row.query}


def _filled(value: Any, parts: dict[str, object]) -> Any:
    """A value that is one part in braces is that part."""
    found = re.fullmatch(r"{(\w+)}", value) if isinstance(value, str) else None
    return parts[found[1]] if found else value


def furnish(url: str, stack: ExitStack, folder: Path) -> Place:
    """Seed the tree T1, move a unit and a member, and leave a transfer and an application open."""
    settings = Settings(data=folder, database_url=url, profile="fujian", certificates="off", second_factor="off")
    app = create_app(settings, deployment=deployment_of("fujian"))
    with app.app_context():
        stack.callback(db.engine.dispose)
        world = seed("fujian")
        site = Site(app, world)
        whole = Verdict(approves=True, as_a_whole=True)
        by = {"actor": world.admins["A1"], "now": NOW, "deployment": world.deployment}
        move_organisation(Wanted(MOVED_UNIT, "A1-T2"), whole, **by)
        people = {
            "moved": submit(world, "A1-T1-B1", "A2-T1-B1").to_end(),
            "open": submit(world, "A1-T1-B1", "A2-T1-B1"),
            "foreign": submit(world, "A2-T2-B1", "B1-S1-B1").to_end(),
        }
        change = apply_for_superior(Wanted("A1-T2-B1", "A1-T1", "样例"), **{**by, "actor": world.admins["A1-T2"]})
        officers = _officers(site)
        with reading():
            up = {code: tuple(org.code for org in chain) for code, chain in organisations.chains(world.chains).items()}
    site.open_log_ins()
    place = Place(site, Path(url.removeprefix("sqlite:///")), up)
    with app.app_context(), reading():
        _things(place, people, change)
    _programs(place, people, officers)
    place.keep()
    return place


_OFFICERS = {
    "liaison": (Role.LIAISON, "A1-T1"),
    "security": (Role.SECURITY_OFFICER, "A1-T1"),
    "system": (Role.SYSTEM_ADMIN, ""),
    "auditor": (Role.AUDITOR, "A1-T1"),
    "designer": (Role.PROCESS_DESIGNER, ""),
    # what stands nowhere stands above nothing
    "homeless": (Role.VIRTUAL_ADMIN, ""),
    "homeless liaison": (Role.LIAISON, ""),
    "homeless admin": (Role.LOCAL_ADMIN, ""),
}
_NO_ROLE = "no role"


def _officers(site: Site) -> dict[str, tuple[Role, str]]:
    with transaction():
        for name, (role, code) in _OFFICERS.items():
            account = open_account(f"off-{name}", name=name, password=None, deployment=site.world.deployment)
            org_id = site.world.chains[code][0].id if code else None
            grants.add(NewGrant(account, role, org_id, is_default=True))
        open_account(f"off-{_NO_ROLE}", name=_NO_ROLE, password=None, deployment=site.world.deployment)
    return _OFFICERS


def _programs(place: Place, people: dict[str, Played], officers: dict[str, tuple[Role, str]]) -> None:
    site = place.site
    place.programs[Who("nobody", "")] = site.stranger()
    for name, code in {"branch": "A1-T1-B1", "committee": "A1-T1", "county": "A1", "new home": "A2-T1-B1"}.items():
        actor = site.world.admins[code]
        who = Who(name, actor.role.value, code, is_local=actor.role is Role.LOCAL_ADMIN)
        place.programs[who] = site.admin(code)
    for name, (role, code) in officers.items():
        place.programs[Who(name, role.value, code)] = site.program(f"off-{name}")
    place.programs[Who(_NO_ROLE, "MEMBER")] = site.program(f"off-{_NO_ROLE}")
    for name in ("open", "moved"):
        member = people[name].member.member_id or 0
        with site.app.app_context(), reading():
            person = members.by_id(member, VAULT)
        assert person is not None
        place.programs[Who(f"{name} member", "MEMBER", member=member)] = site.program(person.member.id_number)


def _things(place: Place, people: dict[str, Played], change: int) -> None:
    world = place.site.world
    for code in ("A1", "A1-T1", "A1-T1-B1", "A1-T1-B2", "A1-T2", "A2-T1-B1", MOVED_UNIT):
        account = world.admins[code].account_id
        grant = execute(sa.select(grants.table.c.id).where(grants.table.c.account_id == account)).scalar_one()
        member = world.people[code].member_id if code in world.people else world.people["A1-T1-B1"].member_id
        parts = {"code": code, "account_id": account, "grant_id": grant, "member_id": member}
        _add(place, "organisation", Thing(code, code), parts)
    homes = {"open": "A1-T1-B1", "moved": "A2-T1-B1", "foreign": "A2-T2-B1"}
    for name, played in people.items():
        member = played.member.member_id or 0
        _add(place, "member", Thing(name, homes[name], member), {"member_id": member})
        hops = "SELECT o.code FROM transfer_hops h JOIN organisations o ON o.id = h.org_id WHERE h.transfer_id = :id"
        turn = "SELECT o.code FROM transfers t JOIN organisations o ON o.id = t.holder_id WHERE t.id = :id"
        letter = "SELECT min(id) FROM letters WHERE transfer_id = :id"
        asked = {"id": played.id}
        parties = tuple(code for (code,) in execute(sa.text(hops), asked))
        holder = execute(sa.text(turn), asked).scalar() or ""
        ends = ("A2-T2-B1", "B1-S1-B1") if name == "foreign" else ("A1-T1-B1", "A2-T1-B1")
        thing = Thing(name, "", member, ends, parties, holder)
        number = execute(sa.text(letter), asked).scalar()
        parts = {"transfer_id": played.id, "version": played.stored.version}
        _add(place, "transfer", thing, {**parts, **({"letter_id": number} if number else {})})
        if number:
            _add(place, "letter", thing, {**parts, "letter_id": number})
    applied = Thing("change", "A1-T2-B1", parties=("A1-T2",), holder="A1")
    _add(place, "change", applied, {"change_id": change})


def _add(place: Place, concern: str, thing: Thing, parts: dict[str, object]) -> None:
    place.things.setdefault(concern, []).append(thing)
    place.parts[thing] = parts
