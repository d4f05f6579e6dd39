"""Fill an empty deployment with the demonstration: tree, members, log-ins, transfers.

Each stage is whole or absent, and knows whether it has been done: a demonstration that was interrupted goes on where
it stopped, and one that is complete is not touched. A database that holds anything else is refused.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role, admin_role
from service.domain.clock import local_date
from service.domain.errors import Refused
from service.domain.members.members import Member
from service.storage.accounts import accounts
from service.storage.db import reading, transaction
from service.storage.members import members
from service.storage.organisations import organisations
from service.use_cases.accounts.log_in import login_index
from service.use_cases.accounts.open_account import grant_role, open_account
from service.use_cases.demo import logins, people, rows, stories
from service.use_cases.demo.divisions import read_divisions
from service.use_cases.demo.local_organisations import local_organisations
from service.use_cases.demo.logins import Kept, LogIn
from service.use_cases.demo.unit_organisations import unit_organisations
from service.use_cases.deployment import Deployment
from service.use_cases.imports.defects import ImportReport
from service.use_cases.members.import_members import import_members
from service.use_cases.organisations.import_organisations import import_organisations
from service.use_cases.upkeep.keep_definitions import keep_definitions

PROVINCE = "35"
MEMBERS_PER_BRANCH = 5
MOST_BRANCHES = 600
_PEOPLED = ("35-", "350102", "350104", "350121")
"""Branches with members: three counties, and what stands directly under the province."""

Say = Callable[[str], None]


def is_empty() -> bool:
    """Whether there is neither an organisation nor an account."""
    with reading():
        return organisations.count() == 0 and accounts.count() == 0


def build_demo(*, data: Path, database: str, now: datetime, deployment: Deployment, say: Say) -> tuple[LogIn, ...]:
    """Build the demonstration, or finish it, and answer its log-ins.

    Refuses E_IMPORT_NOT_EMPTY for a database that holds other data.
    """
    kept = None if is_empty() else logins.read_kept(data, database=database)
    if kept and kept.is_finished:
        return kept.logins
    if not kept:
        if not is_empty():
            raise Refused("E_IMPORT_NOT_EMPTY")
        # Kept first: from now on the database is known to be a demonstration, finished or not.
        kept = Kept(logins.mark_of(database), False, tuple(logins.new_login(seat) for seat in logins.SEATS))
        logins.keep(data, kept)
    with transaction():
        keep_definitions(deployment, now=now)
    _enter_tree(deployment, now, say)
    _enter_members(deployment, now, say)
    opened = _open_accounts(kept.logins, deployment, say)
    _tell_stories(deployment, now, say)
    logins.keep(data, replace(kept, is_finished=True, logins=opened))
    return opened


def _enter_tree(deployment: Deployment, now: datetime, say: Say) -> None:
    with reading():
        if organisations.count():
            return
    local = [*local_organisations(read_divisions(PROVINCE))]
    file = io.StringIO()
    rows.write_rows([*local, *unit_organisations(local)], file)
    report = import_organisations(_lines(file), profile=deployment.profile, now=now)
    say(f"组织 / organisations: {_accepted(report)}")


def _enter_members(deployment: Deployment, now: datetime, say: Say) -> None:
    with reading():
        if members.count():
            return
    file = io.StringIO()
    people.write_members(
        people.invent_members(_peopled_branches(), per_branch=MEMBERS_PER_BRANCH, today=local_date(now)), file
    )
    report = import_members(_lines(file), deployment=deployment, now=now)
    say(f"党员 / members: {_accepted(report)}")


def _peopled_branches() -> list[str]:
    local = [*local_organisations(read_divisions(PROVINCE))]
    found = [
        row.code
        for row in (*unit_organisations(local), *local)
        if "BRANCH" in row.org_type and "GENERAL" not in row.org_type
    ]
    return [code for code in found if code.startswith(_PEOPLED)][:MOST_BRANCHES]


def _open_accounts(known: Iterable[LogIn], deployment: Deployment, say: Say) -> tuple[LogIn, ...]:
    by_seat = {each.seat: each for each in known}
    with transaction():
        opened = tuple(_open(seat, by_seat[seat.login], deployment) for seat in logins.SEATS)
    say(f"账号 / log-ins: {len(opened)}")
    return opened


def _open(seat: logins.Seat, known: LogIn, deployment: Deployment) -> LogIn:
    """Open the account of a seat unless it is open."""
    member = _member_at(seat.org, 0, deployment) if seat.role is Role.MEMBER else None
    login = member.id_number if member else seat.login
    title = f"{member.name}，{seat.title}" if member else seat.title
    if accounts.by_login(login_index(login, deployment)) is None:
        account = open_account(
            login,
            name=member.name if member else f"{seat.title}管理员" if seat.org else seat.title,
            password=known.password,
            member_id=member.id if member else None,
            deployment=deployment,
        )
        if member is None:
            org = organisations.chain(seat.org)[0].id if seat.org else None
            grant_role(account, logins.role_in(seat, deployment.profile), org_id=org)
    return replace(known, login=login, title=title)


def _tell_stories(deployment: Deployment, now: datetime, say: Say) -> None:
    seats = {seat.org: seat for seat in logins.SEATS if seat.org and seat.role is not Role.MEMBER}
    stage = stories.Stage(deployment, cache(partial(_actor_of, seats=seats, deployment=deployment)), now)
    with reading():
        cast = [_member_at(story.branch, story.place, deployment).id for story in stories.STORIES]
    told = [stories.tell(story, member_id, stage) for story, member_id in zip(stories.STORIES, cast, strict=True)]
    say(f"转接 / transfers: {sum(told)}")


def _actor_of(code: str, *, seats: dict[str, logins.Seat], deployment: Deployment) -> Actor:
    """The administrator of an organisation; where nobody has a log-in, an account without a password."""
    with transaction():
        org = organisations.chain(code)[0]
        login = seats[code].login if code in seats else f"demo-{code}"
        role = logins.role_in(seats[code], deployment.profile) if code in seats else admin_role(org.org_type)
        found = accounts.by_login(login_index(login, deployment))
        if found is None:
            name = f"{org.name}管理员"
            account_id = open_account(login, name=name, password=None, deployment=deployment)
            grant_role(account_id, role, org_id=org.id)
            return Actor(account_id, name, role, org)
        return Actor(found.id, found.name, role, org)


def _member_at(branch: str, place: int, deployment: Deployment) -> Member:
    """The nth member of a branch."""
    org = organisations.chain(branch)[0]
    found = members.of_branches(organisations.path_of(org.id), deployment.vault, limit=place + 1)
    return found[place].member


def _lines(file: io.StringIO) -> Iterable[str]:
    file.seek(0)
    return file


def _accepted(report: ImportReport) -> int:
    assert report.is_accepted, report.defects  # noqa: S101 - what was built is what an import takes
    return report.imported
