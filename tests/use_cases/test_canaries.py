"""No identity number and no telephone lies anywhere in plain: database, journal, log, backup, temporary folder (R-038).

Numbers that nobody else has are moved through the service as any others, and then looked for byte by byte.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from service.app import create_app
from service.config import Settings
from service.domain.accounts.roles import Role
from service.domain.transfers.actions import Action
from service.storage.accounts import grants
from service.storage.accounts.grants import NewGrant
from service.storage.db import db, reading, transaction
from service.storage.members import members
from service.use_cases.accounts.open_account import open_account
from service.use_cases.imports.member_lines import HEADER
from service.use_cases.outbox.channels import NO_CHANNELS
from service.use_cases.outbox.deliver_messages import deliver_messages
from service.use_cases.outbox.dispatch import Dispatch
from service.use_cases.outbox.spread_notices import spread_notices
from service.use_cases.transfers.submit_transfer import Chosen, submit_transfer
from service.use_cases.upkeep.back_up import Database, back_up
from service.web import logs
from tests.reference.seeding import VAULT, deployment_of, id_number, seed
from tests.support.databases import Databases
from tests.use_cases.walker import FORM, NOW, Played
from tests.web.programs import Program, Site

pytestmark = pytest.mark.requirement("R-038")
_MOVED = 12
_RUN = re.compile(rb"\d{11,}")
_NUMBER, _PHONE = 17, 11
"""What is looked for of an identity number leaves its check character out, which may be a letter."""


@dataclass(frozen=True, slots=True)
class Canary:
    number: str
    phone: str
    branch: str


@dataclass(slots=True)
class Cage:
    """A site, the folder that holds all its files, and its canaries."""

    site: Site
    folder: Path
    database: Path
    canaries: list[Canary]


def canaries(many: int) -> list[Canary]:
    branches = ("A1-T1-B1", "A1-T1-B2", "A2-T1-B1")
    return [
        Canary(id_number(500_000 + each, region="379977"), f"1987{each * 7_919 % 10_000_000:07d}", branches[each % 3])
        for each in range(many)
    ]


@pytest.fixture(params=[300, pytest.param(10_000, marks=pytest.mark.slow)])
def cage(
    request: pytest.FixtureRequest,
    databases_of_session: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Cage]:
    """On SQLite, where every file is at hand; temporary files go into a folder that is searched with the others."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with ExitStack() as stack:
        url = stack.enter_context(databases_of_session.migrated("sqlite"))
        settings = Settings(data=tmp_path, database_url=url, profile="fujian", certificates="off", second_factor="off")
        app = create_app(settings, deployment=deployment_of("fujian"))
        stack.enter_context(app.app_context())
        stack.callback(db.engine.dispose)
        world = seed("fujian")
        with transaction():
            account = open_account("platform", name="系统管理员", password=None, deployment=world.deployment)
            grants.add(NewGrant(account, Role.SYSTEM_ADMIN, None, is_default=True))
        yield Cage(
            Site(app, world).open_log_ins(), tmp_path, Path(url.removeprefix("sqlite:///")), canaries(request.param)
        )


def test_no_number_lies_anywhere_in_plain(
    cage: Cage, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    imported(cage)
    moved(cage)
    asked_in_vain(cage)
    told_everybody(cage)
    backups = cage.folder / "backups"
    backups.mkdir()
    assert back_up(Database("", cage.database), backups, vault=VAULT, now=NOW).stat().st_size > 0
    told = capfd.readouterr()
    (cage.folder / "service.log").write_text(told.out + told.err + caplog.text)
    assert "log-in refused" in told.err
    assert '"fault"' in told.err
    assert "membership_moved" in caplog.text, "so does every event, where nothing else takes it"
    assert (cage.database.with_name(cage.database.name + "-wal")).stat().st_size > 0
    assert found_in(cage) == []


def test_what_lies_in_plain_is_found(tmp_path: Path) -> None:
    (canary,) = canaries(1)
    for name, planted in {"a": canary.number, "b": f"x{canary.phone}0"}.items():
        (tmp_path / name).write_bytes(b"\0" + planted.encode())
    (tmp_path / "c").write_bytes(canary.number.encode("utf-16"))
    assert {each.name for each in files(tmp_path) if hits(each.read_bytes(), sought([canary]))} == {"a", "b", "c"}


def imported(cage: Cage) -> None:
    lines = [
        f"{each.number},云样例,,FULL,{each.branch},汉族,2006-07-01,2007-07-01,{each.phone},ACTIVE,false"
        for each in cage.canaries
    ]
    body = "\n".join((",".join(HEADER), *lines)).encode()
    platform = cage.site.program("platform")
    assert _sent(platform, body) == 201
    assert _sent(platform, body) == 422, "the same file again: each line is refused, none told in full"


def _sent(program: Program, body: bytes) -> int:
    return program.ask("POST", "/imports/members", data=body, content_type="text/csv").status_code


def moved(cage: Cage) -> None:
    """Applications with letters, decisions and returns, of as many as make every kind of row."""
    world = cage.site.world
    for place, canary in enumerate(cage.canaries[:_MOVED]):
        with reading():
            (person,) = members.by_id_number(canary.number, VAULT)
        branch = world.admins[canary.branch]
        target = "A2-T1-B1" if canary.branch.startswith("A1") else "A1-T1-B1"
        answers = {**FORM, "target": target, "contact": canary.phone}
        chosen = Chosen(person.member.id)
        given = {"actor": branch, "key": f"canary-{place}", "now": NOW, "deployment": world.deployment}
        answer = submit_transfer(answers, chosen=chosen, **given)
        played = Played(world, answer.transfer_id, branch)
        if place % 4 == 3:
            played.act(next(each for each in played.view(played.holder()).actions if each in _RETURNS))
        else:
            played.to_end()
            officer = cage.site.admin(canary.branch)
            for letter in officer.get(f"/transfers/{played.id}").json["letters"]:
                assert canary.number in officer.get(f"/letters/{letter['id']}").text


_RETURNS = (Action.REJECT, Action.RETURN, Action.DISAPPROVE)


def asked_in_vain(cage: Cage) -> None:
    """Log-ins that fail, searches, and requests that are refused while they name a number."""
    stranger, county, browser = cage.site.stranger(), cage.site.admin("A1"), cage.site.app.test_client()
    for canary in cage.canaries[-8:]:
        stranger.post("/session", {"login_name": canary.number, "password": canary.phone})
        browser.post("/log-in", data={"login": canary.number, "password": canary.phone})
        with cage.site.app.test_request_context("/"):
            logs.fault(ValueError(f"{canary.number} {canary.phone}"))
        stranger.post("/activation/codes", {"id_number": canary.number, "name": "云样例", "phone": canary.phone})
        county.post("/not-reported/search", {"id_number": canary.number})
        county.post("/incoming/lookup", {"id_number": canary.number})
        county.post("/incoming", {"answers": {"id_number": canary.number, "contact": canary.phone, "name": "云样例"}})
        county.post("/transfers", {"answers": {"contact": canary.phone}, "nonsense": canary.number})
        county.post("/account/phone/codes", {"phone": canary.phone})
        county.get("/organisations", query_string={"query": canary.number})


def told_everybody(cage: Cage) -> None:
    """Notices are spread and every message is delivered: events go to the log."""
    profile, channels = cage.site.world.deployment.profile, NO_CHANNELS
    later = NOW + timedelta(days=1)
    while spread_notices(profile=profile, channels=channels, now=later):
        pass
    for kinds in channels.kinds:
        while deliver_messages(deliver=Dispatch(channels, VAULT), now=later, kinds=kinds, channels=channels):
            pass


def sought(of: list[Canary]) -> set[bytes]:
    return {each.number[:_NUMBER].encode() for each in of} | {each.phone.encode() for each in of}


def hits(content: bytes, wanted: set[bytes]) -> set[bytes]:
    """Which of these stand in a file, in one byte a digit or in two."""
    runs = [*_RUN.findall(content), *_RUN.findall(content.replace(b"\0", b""))]
    pieces = (run[place : place + length] for run in runs for length in (_PHONE, _NUMBER) for place in range(len(run)))
    return {each for each in pieces if each in wanted}


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def found_in(cage: Cage) -> list[str]:
    wanted = sought(cage.canaries)
    searched = {*files(cage.folder), *files(cage.database.parent)}
    return [f"{each.name}: {len(found)}" for each in searched if (found := hits(each.read_bytes(), wanted))]
