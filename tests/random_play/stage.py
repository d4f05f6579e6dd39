"""The service as the players meet it: its use cases on one database, and what lies in that database."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from service.domain.accounts.actors import Actor
from service.domain.attachments import AttachmentKind
from service.domain.errors import Refused
from service.storage import schema
from service.storage.db import execute, reading
from service.storage.definitions import definitions
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.transfers import transfers
from service.storage.transfers.transfer_rows import Stored
from service.uploads.examining import Upload
from service.use_cases.attachments.add_attachment import add_loose
from service.use_cases.deployment import Deployment
from service.use_cases.members.retrieve_member import Retrieved, retrieve_member
from service.use_cases.transfers import surroundings
from service.use_cases.transfers.answer import Answer
from service.use_cases.transfers.decide import decide
from service.use_cases.transfers.register_incoming import register_incoming
from service.use_cases.transfers.submit_transfer import Chosen, submit_transfer
from tests.reference.seeding import World, deployment_of
from tests.support.applications import storing
from tests.uploads import papers

BEGUN = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
Outcome = Answer | Refused


@dataclass(frozen=True, slots=True)
class Ask:
    """One request as a person sends it; `transfer` is None for a start, `member` None for somebody from outside.

    `picture` is what he uploads before and attaches.
    """

    actor: Actor
    answers: Mapping[str, object]
    key: str
    transfer: int | None = None
    version: int = 0
    member: int | None = None
    picture: AttachmentKind | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Somebody takes back a member who has left, at a branch."""

    actor: Actor
    member: int
    branch: str


@dataclass(slots=True)
class Stage:
    """One database, and the application and deployment that play on it at the moment."""

    url: str
    world: World
    profile: str
    now: datetime = BEGUN
    app: Any = None
    _running: ExitStack = field(default_factory=ExitStack)

    def open(self, deployment: Deployment) -> None:
        """Start the service: new application and engine, nothing remembered."""
        forget()
        self.world.deployment = deployment
        self.app = self._running.enter_context(storing(self.url))

    def close(self) -> None:
        """Stop the service."""
        self._running.close()

    def restart(self) -> None:
        """Stop it and start it again over the same database, with all definitions read anew."""
        self.close()
        self.open(deployment_of(self.profile))

    def ask(self, request: Ask) -> Outcome:
        """Send a request; a refusal is an answer, anything else that is raised is a fault."""
        known = {"key": request.key, "now": self.now, "deployment": self.world.deployment}
        try:
            if request.transfer is not None:
                version = request.version
                return decide(request.transfer, version=version, answers=request.answers, actor=request.actor, **known)
            if request.member is None:
                return register_incoming(request.answers, actor=request.actor, **known)
            chosen = Chosen() if request.actor.org is None else Chosen(request.member)
            return submit_transfer(request.answers, actor=request.actor, chosen=chosen, **known)
        except Refused as refusal:
            return refusal

    def take_back(self, request: TakeBack) -> Retrieved | Refused:
        """Take a member back by his identity number, which is on the paper that he shows."""
        deployment = self.world.deployment
        with reading():
            person = members.by_id(request.member, deployment.vault)
        assert person is not None
        number = person.member.id_number
        try:
            return retrieve_member(request.branch, number, actor=request.actor, now=self.now, deployment=deployment)
        except Refused as refusal:
            return refusal

    def attach(self, request: Ask) -> Ask:
        """Upload the picture that the request wants to attach, which is a change of its own; not all may."""
        if request.picture is None:
            return request
        upload = Upload("a.jpg", papers.image("jpg", size=(40, 30)))
        given = {"actor": request.actor, "now": self.now, "deployment": self.world.deployment}
        try:
            name = add_loose(request.picture, upload, **given).name
        except Refused:
            return replace(request, picture=None)
        return replace(request, picture=None, answers={**request.answers, "attachments": [name]})

    def ask_elsewhere(self, request: Ask) -> Outcome:
        """The same in another thread, which needs a context of its own."""
        with self.app.app_context():
            return self.ask(request)

    def pass_time(self, days: int) -> None:
        """Let days go by."""
        self.now += timedelta(days=days)

    def stored(self, transfer_id: int) -> Stored:
        """A transfer as it lies in the database."""
        with reading():
            return transfers.get(transfer_id)

    def versions(self) -> dict[int, tuple[int, str]]:
        """Version and state of every transfer."""
        table = transfers.table.c
        with reading():
            return {row[0]: (row[1], row[2]) for row in execute(sa.select(table.id, table.version, table.status))}

    def places(self) -> dict[int, tuple[str | None, str]]:
        """Branch and status of every member; None for one who stands nowhere."""
        table, orgs = members.table, organisations.table
        query = sa.select(table.c.id, orgs.c.code, table.c.status).select_from(
            table.outerjoin(orgs, orgs.c.id == table.c.branch_id)
        )
        with reading():
            return {row[0]: (row[1], row[2]) for row in execute(query)}

    def digest(self) -> str:
        """Of every row of every table."""
        found = sha256()
        with reading() as connection:
            # The driver itself is asked: this is done some twenty times in a history.
            driver: Any = connection.connection.driver_connection
            for name, statement in _EVERYTHING.items():
                rows = sorted(map(repr, driver.execute(statement).fetchall()))
                found.update(f"{name}{rows}".encode())
        return found.hexdigest()


_deployment = cache(deployment_of)
"""Reading the definitions is most of what opening costs; a restart does it in earnest."""


def _everything() -> Iterator[tuple[str, str]]:
    for table in schema.metadata.sorted_tables:
        # The content of a definition is what its key says; one look at them is enough.
        columns = "digest, kind" if table is definitions.table else "*"
        yield table.name, f"SELECT {columns} FROM {table.name}"


_EVERYTHING = dict(_everything())


def forget() -> None:
    """Empty what the modules of a process remember."""
    for remembered in (surroundings._lineage, surroundings._former_diagram, surroundings._former_profile):
        remembered.cache_clear()
    surroundings._former_forms.cache_clear()
    definitions._body.cache_clear()


@contextmanager
def playing(url: str, world: World, profile: str) -> Iterator[Stage]:
    """Open the service on a database."""
    stage = Stage(url, world, profile)
    stage.open(_deployment(profile))
    try:
        yield stage
    finally:
        stage.close()
