"""Registers people who come in from outside, with valid answers unless others are given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.members.real_names import Verdict
from service.storage import db
from service.storage.db import reading
from service.storage.members import members
from service.storage.transfers import history
from service.use_cases.transfers.register_incoming import register_incoming
from tests.reference.notation import written_hop
from tests.reference.seeding import VAULT, World, id_number
from tests.use_cases.attempts import rows
from tests.use_cases.walker import FORM, NOW, Played, upload

YANG, KONG, BAI = "359901196802290179", "429901198709090516", "139901199202290522"
SILENT = id_number(1, region="149901")
_KEYS = count(1)


def answers(world: World, starter: str, **given: object) -> dict[str, object]:
    """A valid registration of 孔样例, with the photo that the profile wants, but for what is given."""
    wanted = world.deployment.profile.flag("incoming.letter_photo_required") and "attachments" not in given
    photo = {"attachments": [upload(world, starter)]} if wanted else {}
    known = {name: value for name, value in FORM.items() if name != "attestation"}
    return {
        **known, "id_number": KONG, "name": "孔样例", "sex": "MALE", "ethnicity": "汉族", "kind": "FULL",
        "in_type": "FROM_OTHER_PROVINCE", "origin": "湖北省/样例市/样例县 样例村党支部", "target": "A1-T1-B1",
        "committee_name": "中共样例镇委员会",
        "receipt_heading": "中共样例县委组织部", "letter_no": "鄂〔2025〕第 7 号", **photo, **given,
    }  # fmt: skip


def register(world: World, starter: str = "A1", *, key: str = "", **given: object) -> Played:
    actor = world.admins[starter]
    answer = register_incoming(
        answers(world, starter, **given),
        actor=actor,
        key=key or f"coming-{next(_KEYS)}",
        now=NOW,
        deployment=world.deployment,
    )
    return Played(world, answer.transfer_id, actor)


def outcome(call: Callable[[], object]) -> str:
    before = rows()
    try:
        call()
    except Refused as refused:
        assert rows() == before
        return refused.code
    return "ok"


def held(world: World, node: str = "H-O") -> Actor:
    return world.newcomer(node, name="杨样例", id_number=YANG)


def entries(number: str) -> list[members.Person]:
    with reading():
        return list(members.by_id_number(number, VAULT))


def told(played: Played) -> dict[str, object]:
    with reading():
        return dict(history.of_transfer(played.id)[0].record)


@dataclass
class Listener:
    """A register that answers as the test wants, and hears whether a change was under way."""

    verdict: Verdict = Verdict.MATCHES
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, name: str, *, id_number: str) -> Verdict:
        assert db._current.get() is None, "the register is never asked inside a change or a reading"
        self.asked.append((name, id_number))
        return self.verdict


def listening(world: World, verdict: Verdict = Verdict.MATCHES) -> Listener:
    listener = Listener(verdict)
    world.deployment = replace(world.deployment, real_names=listener)
    return listener


def route(played: Played) -> str:
    return " > ".join(written_hop(hop) for hop in played.transfer.hops)
