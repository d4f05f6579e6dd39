"""Carries stored transfers from application to their end through the use cases, each hop by its administrator."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from service.domain.accounts.actors import Actor
from service.domain.attachments import AttachmentKind
from service.domain.routes.hops import HopRole
from service.domain.routes.varieties import Variety
from service.domain.transfers.actions import APPROVALS, ONWARD, Action
from service.domain.transfers.transfers import Transfer
from service.storage.db import reading
from service.storage.transfers import transfers
from service.storage.transfers.transfer_rows import Stored
from service.uploads.examining import Upload
from service.use_cases.attachments.add_attachment import add_loose
from service.use_cases.transfers.decide import decide
from service.use_cases.transfers.register_incoming import register_incoming
from service.use_cases.transfers.show_transfer import TransferView, show_transfer
from service.use_cases.transfers.submit_transfer import Chosen, submit_transfer
from tests.reference.seeding import World, id_number
from tests.uploads import papers

NOW = datetime(2025, 3, 10, 1, 0, tzinfo=UTC)
_KEYS = count(1)
_SERIALS = count(100_000)
FORM = {
    "dues_paid_to": "2025-03", "contact": "13900000001", "reason": "工作调动", "attestation": True,
    "committee_contact": "样例联系人", "committee_telephone": "0530-1234567", "committee_fax": "0530-1234568",
    "committee_postcode": "250000", "committee_address": "样例路1号",
}  # fmt: skip
OUTSIDE = {
    "target": "中共样例市委组织部",
    "off_tree": True,
    "letter_heading": "中共样例市委组织部",
    "destination_kind": "OTHER_PROVINCE",
}
RECEIPT = {
    "letter_no": "20250300001",
    "receiving_committee": "中共样例镇委员会",
    "receipt_date": "2025-03-10",
    "handler": "样例经办",
    "telephone": "0530-1234567",
}


@dataclass(slots=True)
class Played:
    """A transfer under way in a seeded world."""

    world: World
    id: int
    member: Actor
    now: datetime = NOW
    keys: Iterator[object] = _KEYS

    @property
    def stored(self) -> Stored:
        with reading():
            return transfers.get(self.id)

    @property
    def transfer(self) -> Transfer:
        return self.stored.transfer

    def view(self, actor: Actor) -> TransferView:
        return show_transfer(self.id, actor=actor, deployment=self.world.deployment)

    def holder(self) -> Actor:
        """Who holds the current hop."""
        transfer = self.transfer
        ref = transfer.hop.org or transfer.starter
        return self.world.admins[ref.code] if ref else self.member

    def act(self, action: Action, actor: Actor | None = None, **answers: object) -> "Played":
        """Take an action with valid answers unless others are given."""
        stored = self.stored
        self.now += timedelta(minutes=1)
        if action is Action.CONFIRM_OUTSIDE and "attachments" not in answers:
            answers["attachments"] = [_upload(self.world, actor or self.holder(), AttachmentKind.RECEIPT_IMAGE)]
        decide(
            self.id,
            version=stored.version,
            answers={"decision": action.value, **answers_for(action, stored.step), **self._category(action), **answers},
            actor=actor or self.holder(),
            key=f"key-{next(self.keys)}",
            now=self.now,
            deployment=self.world.deployment,
        )
        return self

    def _category(self, action: Action) -> dict[str, object]:
        """What an approval in Beijing names besides: the category, and in-city the target committee."""
        transfer = self.transfer
        if action is Action.APPROVE_OUT_OF_CITY:
            return {"out_type": transfer.out_type or "OTHER_PROVINCE"}
        if action is Action.APPROVE_IN_CITY and transfer.target.org:
            return {"out_type": transfer.out_type, "target": transfer.target.org.code}
        return {}

    def forward(self) -> "Played":
        actor = self.holder()
        offered = self.view(actor).actions
        outside = self.transfer.variety is Variety.OUT_OF_PROVINCE
        if Action.APPROVE_OUT_OF_CITY in offered and outside:
            return self.act(Action.APPROVE_OUT_OF_CITY)
        action = next(each for each in offered if each in ONWARD)
        return self.act(action, **self._branch(action))

    def to_end(self) -> "Played":
        for _ in range(60):
            if self.transfer.state.is_final:
                return self
            self.forward()
        raise AssertionError("the transfer does not end")

    def _branch(self, action: Action) -> dict[str, object]:
        transfer = self.transfer
        if action is not Action.RECEIVE or transfer.hop.role is not HopRole.RECEIVE:
            return {}
        here = transfer.hop.code
        assert here is not None
        target = transfer.target.org
        if self.world.chains[here][0].is_branch or (target and self.world.chains[target.code][0].is_branch):
            return {}
        below = [
            c for c, chain in self.world.chains.items() if chain[0].is_branch and here in {o.code for o in chain[1:]}
        ]
        return {"branch": below[0]}


def answers_for(action: Action, step: str) -> dict[str, object]:
    """Answers that every profile accepts."""
    given: dict[str, object] = {}
    if action is Action.RECORD_RECEIPT:
        return dict(RECEIPT)
    if step == "receive" and action is Action.RECEIVE:
        given = {"transfer_in_date": "2025-03-10", "telephone": "0530-1234567", "reported": True, "reviewed": True}
    if action in (*APPROVALS, Action.SUBMIT):
        given["attestation"] = True
    if action in (
        Action.REJECT,
        Action.RETURN,
        Action.DISAPPROVE,
        Action.OBJECT,
        Action.RETURN_UNREPORTED,
        Action.VOID,
    ):
        given["reason"] = "抬头有误"
    return given


def submit(world: World, origin: str, target: str, *, starter: str = "", **answers: object) -> Played:
    """Submit a transfer of a new member of `origin`; `starter` "" is the member himself; target "" is outside."""
    member = world.newcomer(origin)
    actor = world.admins[starter] if starter else member
    asked = {**FORM, **({"target": target} if target else OUTSIDE), **answers}
    answer = submit_transfer(
        asked,
        actor=actor,
        chosen=Chosen(member.member_id),
        key=f"key-{next(_KEYS)}",
        now=NOW,
        deployment=world.deployment,
    )
    return Played(world, answer.transfer_id, member)


def upload(
    world: World, uploader: str, *, kind: AttachmentKind = AttachmentKind.LETTER_PHOTO, name: str = "a.jpg"
) -> str:
    """Upload a picture that belongs to nothing yet, and return its random name."""
    return _upload(world, world.admins[uploader], kind, name)


def _upload(world: World, actor: Actor, kind: AttachmentKind, name: str = "a.jpg") -> str:
    picture = Upload(name, papers.image("jpg", size=(40 + next(_KEYS) % 50, 30)))
    return add_loose(kind, picture, actor=actor, now=NOW, deployment=world.deployment).name


def _what_the_profile_wants(world: World, starter: str, answers: Mapping[str, object]) -> dict[str, object]:
    profile = world.deployment.profile
    wanted: dict[str, object] = {"via_exchange": False} if profile.flag("incoming.exchange_question") else {}
    if profile.flag("incoming.letter_photo_required") and "attachments" not in answers:
        wanted["attachments"] = [upload(world, starter)]
    return wanted


def come_in(world: World, target: str, *, starter: str, **answers: object) -> Played:
    """Register a person from outside whom nobody knows."""
    number = id_number(next(_SERIALS), region="429901")
    asked = {
        **{name: value for name, value in FORM.items() if name != "attestation"},
        "id_number": number, "name": "孔样例", "sex": "MALE", "ethnicity": "汉族", "kind": "FULL",
        "in_type": "FROM_OTHER_PROVINCE", "origin": "湖北省样例市样例县样例村党支部", "target": target,
        "committee_name": "中共样例镇委员会",
        **_what_the_profile_wants(world, starter, answers), **answers,
    }  # fmt: skip
    answer = register_incoming(
        asked, actor=world.admins[starter], key=f"key-{next(_KEYS)}", now=NOW, deployment=world.deployment
    )
    played = Played(world, answer.transfer_id, world.admins[starter])
    played.member = replace(played.member, member_id=played.transfer.member_id)
    return played
