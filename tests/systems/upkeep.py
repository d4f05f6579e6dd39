"""What other parts of the service do to organisations and roles, done directly where a scenario only needs that it was."""

from typing import Any

import sqlalchemy as sa

from service.domain.accounts.roles import admin_role
from service.storage.accounts import accounts, grants
from service.storage.db import execute, transaction
from service.storage.organisations import organisations
from service.use_cases.accounts.log_in import login_index
from service.use_cases.accounts.open_account import grant_role, open_account
from tests.systems.people import BY_NAME
from tests.systems.playing import Person, System


def set_organisation(system: System, code: str, **columns: Any) -> None:
    """Change what the record of an organisation holds."""
    with system.site.app.app_context(), transaction():
        execute(sa.update(organisations.table).where(organisations.table.c.code == code).values(**columns))
        organisations.tree_changed()


def authorise(system: System, name: str, code: str) -> None:
    """Make a named person administrator of an organisation."""
    org = system.site.world.chains[code][0]
    with system.site.app.app_context(), transaction():
        grant_role(_account(system, name), admin_role(org.org_type), org_id=org.id)


def relieve(system: System, name: str, code: str) -> None:
    """Take from a named person his role in an organisation."""
    org, held = system.site.world.chains[code][0], grants.table.c
    with system.site.app.app_context(), transaction():
        gone = (held.account_id == _account(system, name), held.org_id == org.id)
        acting = accounts.sessions.c.grant_id.in_(sa.select(held.id).where(*gone))
        execute(sa.delete(accounts.sessions).where(acting))
        execute(sa.delete(grants.table).where(*gone))


def second_administrator(system: System, code: str) -> Person:
    """A further administrator of an organisation, whom no scenario names."""
    org, login = system.site.world.chains[code][0], f"adm2-{code}"
    with system.site.app.app_context(), transaction():
        account = open_account(login, name=f"第二管理员{code}", password=None, deployment=system.site.world.deployment)
        grant_role(account, admin_role(org.org_type), org_id=org.id)
    system.site.open_log_ins()
    return Person(system, login, as_member=False)


def _account(system: System, name: str) -> int:
    account = accounts.by_login(login_index(BY_NAME[name].id_number, system.site.world.deployment))
    assert account is not None
    return account.id
