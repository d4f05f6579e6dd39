"""A system of one profile with its people in it, who play through the JSON interface, and a clock that can be set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from service.domain.accounts.roles import Role
from service.domain.clock import ZONE, local_date
from service.storage.db import db, execute, reading, transaction
from service.storage.members import members
from service.storage.transfers import transfers
from service.use_cases.accounts.open_account import grant_role, open_account
from tests.reference.seeding import VAULT, id_number
from tests.support.databases import KINDS
from tests.systems.people import BY_NAME, Named, administrator
from tests.systems.persons import Person, Refusal, outside, refused, valid_form
from tests.systems.seen import Seen
from tests.web.programs import Site

__all__ = ["RECEIPT", "Person", "Refusal", "System", "on_both", "outside", "refused", "valid_form"]

_LEAVES_NO_TRACE = {"sessions", "login_failures", "requests"}
RECEIPT = {
    "receiving_committee": "中共样例镇委员会",
    "handler": "样例经办",
    "telephone": "0000-1234567",
}


@dataclass(slots=True)
class System:
    """A site with the named persons; `now` is the date of the scenario."""

    site: Site
    profile: str
    _persons: dict[tuple[str, bool], "Person"] = field(default_factory=dict)
    _serial: int = 500_000

    def at(self, moment: str) -> "System":
        """Set the clock: `2025-03-10` is nine in the morning, `2025-03-10 14:00` that hour, in Shanghai."""
        local = datetime.fromisoformat(moment if " " in moment else f"{moment} 09:00")
        self.site.now = local.replace(tzinfo=ZONE).astimezone(UTC)
        return self

    @property
    def today(self) -> str:
        return local_date(self.site.now).isoformat()

    def person(self, name: str) -> "Person":
        """A named person in his own role: administrator where he is one, else the member himself."""
        return self._acting(BY_NAME[name].id_number)

    def member(self, name: str) -> "Person":
        """A named person who acts as the member he is."""
        return self._acting(BY_NAME[name].id_number, as_member=True)

    def admin(self, code: str) -> "Person":
        """Whoever administers an organisation."""
        return self._acting(administrator(code, self.profile))

    def office(self, role: Role) -> Person:
        """Somebody with a role of the whole deployment, as the auditor."""
        login = f"office-{role.value}"
        with self.site.app.app_context(), transaction():
            account = open_account(login, name=role.value, password=None, deployment=self.site.world.deployment)
            grant_role(account, role, org_id=None)
        self.site.open_log_ins()
        return self._acting(login)

    def pass_on(self, seen: Seen, *codes: str) -> Seen:
        """Let organisations approve and issue, one after the other."""
        for code in codes:
            self.admin(code).does("approve_and_issue", seen)
        return seen

    def newcomer(self, name: str, branch: str, **wishes: object) -> Named:
        """A further member of a branch, whom no scenario names."""
        self._serial += 1
        person = Named(name, id_number(self._serial), branch)
        with self.site.app.app_context():
            self.site.world.newcomer(branch, name=name, id_number=person.id_number, **wishes)
        self.site.open_log_ins()
        return person

    def branch_of(self, name: str) -> str | None:
        """To which branch a named person belongs; None once he has left or before he came."""
        person = self._stored(name)
        return person.branch_code if person and not person.member.status.is_historical else None

    def status_of(self, name: str) -> str:
        person = self._stored(name)
        return person.member.status.value if person else ""

    def moves_of(self, name: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Decrease records and increase records of a person, as (organisation, date) (R-047)."""
        person = self._stored(name)
        assert person is not None
        with self.site.app.app_context(), reading():
            lost, gained = (members.moves(person.member.id, gained=each) for each in (False, True))
        return tuple([(each.org_code, each.on_date.isoformat()) for each in kind] for kind in (lost, gained))  # type: ignore[return-value]

    def trace(self) -> Mapping[str, int]:
        """How much every table holds, and how often the transfers changed: equal before and after a refusal."""
        with self.site.app.app_context(), reading():
            versions = execute(sa.select(sa.func.coalesce(sa.func.sum(transfers.table.c.version), 0))).scalar_one()
            return {"versions": versions} | {
                name: execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
                for name, table in db.metadata.tables.items()
                if name not in _LEAVES_NO_TRACE
            }

    def _stored(self, name: str) -> members.Person | None:
        with self.site.app.app_context(), reading():
            return next(iter(members.by_id_number(BY_NAME[name].id_number, VAULT)), None)

    def _acting(self, login: str, *, as_member: bool = False) -> "Person":
        return self._persons.setdefault((login, as_member), Person(self, login, as_member=as_member))


on_both = pytest.mark.parametrize("kind", KINDS, indirect=True)
"""Plays a scenario on SQLite and on PostgreSQL."""
