"""Fills a database with a reference tree: its organisations, an administrator for each, a member in each branch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

import sqlalchemy as sa
from flask import Flask

from service.definitions import catalogue
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role, admin_role
from service.domain.members import identity_numbers
from service.domain.members.members import Member, MemberKind, Sex
from service.domain.organisations.organisations import Chain
from service.engine.runner import Engine
from service.sending.real_names import StandIn
from service.storage import bulk
from service.storage.db import execute, reading, transaction
from service.storage.members import members
from service.storage.organisations import organisation_search, organisations
from service.storage.vault import Vault
from service.use_cases.accounts.open_account import grant_role, open_account
from service.use_cases.deployment import Deployment
from service.use_cases.upkeep.keep_definitions import keep_definitions
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains, rows

VAULT = Vault(bytes(range(32)))
PASSWORD = "样例密码-2025"
_NUMBERS = count(1)


def deployment_of(profile: str) -> Deployment:
    """The real parts, with a key of the tests."""
    return Deployment(catalogue=catalogue.load(profile), engine=Engine(), vault=VAULT, real_names=StandIn())


@dataclass(slots=True)
class World:
    """A seeded database: chains by code, an actor per organisation and per member."""

    deployment: Deployment
    chains: dict[str, Chain]
    admins: dict[str, Actor] = field(default_factory=dict)
    people: dict[str, Actor] = field(default_factory=dict)
    app: Flask | None = None

    def newcomer(self, branch: str, **wishes: object) -> Actor:
        """A further member of a branch, with an account."""
        with transaction():
            return _add_member(self, branch, **wishes)

    def branch_of(self, actor: Actor) -> str | None:
        """To which branch a member belongs now; None once he has left."""
        person = members.by_id(actor.member_id or 0, VAULT)
        assert person is not None
        return None if person.member.status.is_historical else person.branch_code


def seed(
    profile: str,
    *,
    tree: str = "",
    with_passwords: bool = False,
    without_people: bool = False,
    changes: Mapping[str, Mapping[str, object]] | None = None,
) -> World:
    """Load the reference tree of a profile; `changes` overrides columns by code. Inside an application context.

    `without_people`: the tree alone; administrators and members are added by whoever asks for it.
    """
    text = TREES[tree or TREE_OF_PROFILE[profile]]
    world = World(deployment_of(profile), chains(text))
    with transaction():
        _add_tree(text, changes or {})
        keep_definitions(world.deployment, now=datetime(2025, 1, 1, tzinfo=UTC))
        if not without_people:
            _add_people(world, with_passwords=with_passwords)
    if changes:
        with reading():
            world.chains = dict(organisations.chains(world.chains))
    return world


def _add_people(world: World, *, with_passwords: bool) -> None:
    for code, chain in world.chains.items():
        if not chain[0].is_holding_node:
            world.admins[code] = add_admin(world, chain, with_passwords=with_passwords)
    for code, chain in world.chains.items():
        if chain[0].is_branch:
            world.people[code] = _add_member(world, code, with_passwords=with_passwords)


def _add_tree(text: str, changes: Mapping[str, Mapping[str, object]]) -> None:
    paths: dict[str, str] = {}
    ids: dict[str, int] = {}
    for org, parent in rows(text):
        paths[org.code] = (paths[parent] if parent else "") + organisations.segment(org.id)
        ids[org.code] = org.id
        values = {
            "id": org.id,
            "code": org.code,
            "parent_id": ids[parent] if parent else None,
            "path": paths[org.code],
            "name": org.name,
            "short_name": "",
            "org_type": org.org_type.value,
            "unit_kind": org.unit_kind.value,
            "authority_level": org.level,
            "scope": int(org.scope),
            "can_transfer": org.can_transfer,
            "auto_approve_children": org.auto_approve_children,
            "is_functional": org.is_functional,
            "letter_heading": org.letter_heading,
            "contact": "样例联系人",
            "telephone": "0530-1234567",
            "status": org.status.value,
        } | dict(changes.get(org.code, {}))
        execute(sa.insert(organisations.table).values(**values))
        organisation_search.refresh(org.id, values)
    bulk.continue_numbering(organisations.table)
    organisations.tree_changed()


def add_admin(world: World, chain: Chain, *, with_passwords: bool = False) -> Actor:
    """The administrator of an organisation, with an account of its code; inside a transaction."""
    org, role = chain[0], admin_role(chain[0].org_type)
    password = PASSWORD if with_passwords else None
    account = open_account(f"adm-{org.code}", name=f"管理员{org.code}", password=password, deployment=world.deployment)
    grant_role(account, role, org_id=org.id)
    return Actor(account, f"管理员{org.code}", role, org)


def _add_member(world: World, branch: str, *, with_passwords: bool = False, **wishes: object) -> Actor:
    number = id_number(next(_NUMBERS))
    values = {
        "id": 0, "name": "张样例", "id_number": number, "sex": identity_numbers.sex(number),
        "birth_date": identity_numbers.birth_date(number), "kind": MemberKind.FULL,
        "branch_id": world.chains[branch][0].id, "ethnicity": "汉族", "mobile": "13900000001",
    } | wishes  # fmt: skip
    member_id = members.add(Member(**values), VAULT)
    name = str(values["name"])
    password = PASSWORD if with_passwords else None
    account = open_account(
        str(values["id_number"]), name=name, password=password, member_id=member_id, deployment=world.deployment
    )
    return Actor(account, name, Role.MEMBER, None, member_id)


def id_number(serial: int, *, born: date = date(1985, 1, 1), sex: Sex = Sex.MALE, region: str = "379901") -> str:
    """An invented number of a prefecture that does not exist, with a right check character."""
    days, order = divmod(serial, 499)
    birth = date.fromordinal(born.toordinal() + days)
    body = f"{region}{birth:%Y%m%d}{order * 2 + (1 if sex is Sex.MALE else 0):03d}"
    return body + identity_numbers.check_character(body)
