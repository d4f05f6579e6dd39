"""A small world for the benchmark of the server: two counties, a log-in for each organisation, members to move about."""

import io
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from service.bootstrap import build
from service.config import Settings
from service.domain.accounts.roles import admin_role
from service.domain.clock import local_date
from service.domain.organisations.organisations import AuthorityLevel, OrgType, Scope
from service.storage import standalone
from service.storage.db import reading, transaction
from service.storage.members import members
from service.storage.organisations import organisations
from service.use_cases.accounts.open_account import grant_role, open_account
from service.use_cases.demo.people import invent_members, write_members
from service.use_cases.demo.rows import OrganisationRow, write_rows
from service.use_cases.deployment import Deployment
from service.use_cases.members.import_members import import_members
from service.use_cases.organisations.import_organisations import import_organisations
from service.use_cases.upkeep.prepare_storage import prepare_storage

PROFILE = "shandong"
"""Each hop writes a new letter: the most that a completion can have to do."""
MEMBERS = 64
PASSWORD = secrets.token_urlsafe(12)


@dataclass(frozen=True, slots=True)
class World:
    """Where the database lies, and whom to move: member ids, who all begin in branch A1-T1-B1."""

    settings: Settings
    member_ids: tuple[int, ...]


def make_world(folder: Path, database_url: str) -> World:
    """Make key, schema, tree, members and log-ins in an empty database."""
    settings = Settings(
        data=folder, database_url=database_url, key_file=folder / "keys" / "master.key", profile=PROFILE
    )
    prepare_storage(database_url=database_url, data=folder, key_file=settings.key_file)
    deployment = build(settings)
    with standalone.opened(database_url):
        rows = _tree()
        file = io.StringIO()
        write_rows(rows, file)
        file.seek(0)
        assert import_organisations(file, profile=deployment.profile, now=datetime.now(UTC)).is_accepted
        _enter_members(deployment)
        with transaction():
            for row in rows:
                _open(row, deployment)
        with reading():
            path = organisations.path_of(organisations.chain("A1-T1-B1")[0].id)
            found = members.of_branches(path, deployment.vault, limit=MEMBERS)
    return World(settings, tuple(person.member.id for person in found))


def _enter_members(deployment: Deployment) -> None:
    now = datetime.now(UTC)
    file = io.StringIO()
    write_members(invent_members(["A1-T1-B1"], per_branch=MEMBERS, today=local_date(now)), file)
    file.seek(0)
    assert import_members(file, deployment=deployment, now=now).is_accepted


def _open(row: OrganisationRow, deployment: Deployment) -> None:
    org = organisations.chain(row.code)[0]
    account = open_account(row.code, name=row.name, password=PASSWORD, deployment=deployment)
    grant_role(account, admin_role(org.org_type), org_id=org.id)


def _tree() -> list[OrganisationRow]:
    return [
        _row("P", "", OrgType.LOCAL_COMMITTEE, AuthorityLevel.PROVINCIAL_COMMITTEE, Scope.NATIONAL),
        _row("C", "P", OrgType.LOCAL_COMMITTEE, AuthorityLevel.CITY_COMMITTEE, Scope.NATIONAL),
        *(row for county in ("A1", "A2") for row in _county(county)),
        _row("A1-T1-B1", "A1-T1", OrgType.BRANCH, AuthorityLevel.BELOW_FIRST, Scope.NONE),
        _row("A2-T1-G", "A2-T1", OrgType.GENERAL_BRANCH, AuthorityLevel.BELOW_FIRST, Scope.NONE),
        _row("A2-T1-G-B1", "A2-T1-G", OrgType.BRANCH, AuthorityLevel.BELOW_FIRST, Scope.NONE),
    ]


def _county(code: str) -> list[OrganisationRow]:
    return [
        _row(code, "C", OrgType.LOCAL_COMMITTEE, AuthorityLevel.COUNTY_COMMITTEE, Scope.NATIONAL),
        _row(f"{code}-T1", code, OrgType.PRIMARY_COMMITTEE, AuthorityLevel.FIRST_LEVEL, Scope.COUNTY),
    ]


def _row(code: str, above: str, org_type: OrgType, level: AuthorityLevel, scope: Scope) -> OrganisationRow:
    name = f"样例组织{code}"
    return OrganisationRow(
        code=code, parent_code=above, name=name, short_name=name, org_type=org_type, authority_level=level, scope=scope,
        auto_approve_children=False, letter_heading=f"中共{name}",
    )  # fmt: skip
