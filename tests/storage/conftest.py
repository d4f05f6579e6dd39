"""A migrated database, open, with the least that other rows hang on: an account, three organisations, a member."""

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from flask import Flask

from service.domain.members.members import Member, MemberKind, Sex
from service.domain.organisations.organisations import OrgRef
from service.domain.routes.hops import Hop, HopRole, Side
from service.domain.routes.varieties import OutType, Variety
from service.domain.transfers.transfers import Target, Transfer, TransferState
from service.storage.accounts import accounts
from service.storage.db import execute, transaction
from service.storage.members import members
from service.storage.organisations import organisations
from service.storage.transfers import transfer_rows
from service.storage.vault import Vault
from tests.support.applications import storing

NOW = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
ID_NUMBERS = ("379901198501010017", "379901199002150028", "379901197811300031")


@pytest.fixture
def app(migrated_url: str) -> Iterator[Flask]:
    """The migrated database, open in this thread."""
    with storing(migrated_url) as made:
        yield made


@pytest.fixture
def sqlite_app(migrated_sqlite_url: str) -> Iterator[Flask]:
    """As `app`, for what concerns SQLite alone."""
    with storing(migrated_sqlite_url) as made:
        yield made


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(range(32)))


def organisation_row(org_id: int, code: str, parent_id: int | None, path: str, **values: object) -> dict[str, object]:
    return {
        "id": org_id, "code": code, "parent_id": parent_id, "path": path, "name": f"中共{code}委员会",
        "org_type": "BRANCH", "unit_kind": "OTHER", "scope": 0, "can_transfer": True,
        "auto_approve_children": False, "is_functional": False, "status": "ACTIVE",
    } | values  # fmt: skip


@pytest.fixture
def world(app: Flask, vault: Vault) -> SimpleNamespace:
    """Root R with the branches A and B, one account, and a way to make members and transfers."""
    segment = organisations.segment
    rows = [
        organisation_row(1, "R", None, segment(1), org_type="LOCAL_COMMITTEE", authority_level="CITY_COMMITTEE"),
        organisation_row(2, "A", 1, segment(1) + segment(2)),
        organisation_row(3, "B", 1, segment(1) + segment(3)),
    ]
    with transaction():
        for row in rows:
            execute(organisations.table.insert().values(**row))
        organisations.tree_changed()
        account = accounts.add(login_index="adm", name="管理员", password_hash=None)
    made = SimpleNamespace(app=app, vault=vault, account=account, now=NOW)
    numbers = itertools.cycle(ID_NUMBERS)
    made.member = lambda: add_member(vault, next(numbers))
    made.transfer = lambda member_id: new_transfer(account, member_id)
    return made


def add_member(vault: Vault, id_number: str) -> int:
    with transaction():
        return members.add(
            Member(
                id=0, name="张样例", id_number=id_number, sex=Sex.MALE, birth_date=date(1985, 1, 1),
                kind=MemberKind.FULL, branch_id=2, mobile="13900000001",
            ),
            vault,
        )  # fmt: skip


def new_transfer(account: int, member_id: int) -> transfer_rows.Stored:
    """A transfer from A to B that stands before A."""
    origin, target = OrgRef(2, "A", "中共A支部"), OrgRef(3, "B", "中共 B 支部")
    route = (Hop(origin, HopRole.APPROVE, Side.HOME), Hop(target, HopRole.RECEIVE, Side.RECEIVING))
    value = Transfer(
        Variety.INTERNAL, member_id, origin, Target(target), None, OutType.SAME_SYSTEM,
        state=TransferState.IN_PROGRESS, position=0, hops=route,
    )  # fmt: skip
    return transfer_rows.Stored(
        id=0, version=1, transfer=value, step="decide_home", state=b"\x01engine", diagram_digest="d" * 64,
        profile_digest="p" * 64, lineage_digest="l" * 64, applicant_account_id=account, opened_at=NOW, created_at=NOW,
    )  # fmt: skip
