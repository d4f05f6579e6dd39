"""Turns chance into requests, right ones and wrong ones.

Each request has a chance of its own, seeded by one number that hypothesis draws; what is drawn never depends on how
the service answered. So a history can be drawn again, also where two actors race and either may win.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from random import Random

from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role
from service.domain.attachments import AttachmentKind
from service.domain.errors import Refused
from service.domain.transfers.actions import CITY_APPROVALS, NEGATIVE, ONWARD, Action
from service.storage.transfers.transfer_rows import Stored
from service.use_cases.transfers.show_transfer import show_transfer
from tests.random_play.model import LEFT
from tests.random_play.stage import Ask, Stage, TakeBack
from tests.random_play.worlds import Way
from tests.reference.seeding import id_number
from tests.use_cases.walker import FORM, OUTSIDE, answers_for

_KEYS = count(1)
_SERIALS = count(200_000)
_UNSUITED = (Role.AUDITOR, Role.SYSTEM_ADMIN, Role.MEMBER, Role.DATA_COLLECTOR)
_VARIETIES = ("INTRA_COUNTY", "IN_PROVINCE", "INTERNAL", "OUT_OF_PROVINCE")
_NEW_TARGET = frozenset({Action.CHANGE_TARGET, Action.ADJUST_RECEIVER})
_KEYS_OF = {Action.RECALL_LETTER: "outside.recall", Action.WITHDRAW_APPROVAL: "withdraw.approval"}
_DATED = {
    **dict.fromkeys((Action.CONFIRM_REPORT_IN, Action.REPORT_IN, Action.CONFIRM_OUTSIDE), "report_in_date"),
    Action.RECORD_RECEIPT: "receipt_date",
}
_INCOMER = {
    "name": "孔样例", "sex": "MALE", "ethnicity": "汉族", "kind": "FULL",
    "in_type": "FROM_OTHER_PROVINCE", "origin": "湖北省样例市样例县样例村党支部",
    "committee_name": "中共样例镇委员会",
}  # fmt: skip


class Asking:
    """Asks in the name of the people of one world; `ways` are starts that its rules permit."""

    def __init__(self, stage: Stage, ways: Sequence[Way]) -> None:
        self.stage = stage
        world = stage.world
        self.ways = ways
        self.chains = world.chains
        self.codes = sorted(world.chains)
        self._targets = [way.target for way in ways if way.target]
        self.branches = [code for code in self.codes if world.chains[code][0].is_branch]
        self.admins = [world.admins[code] for code in sorted(world.admins)]
        self.people = [world.people[code] for code in sorted(world.people)]

    def begin(self, chance: Random) -> Ask:
        """Somebody starts a transfer in a way that is permitted; the form is mostly right too."""
        places = self.stage.places()
        way = chance.choice(self.ways)
        if way.origin is None:
            return self._come_in(self._admin_of(way.starter or ""), way.target or "")
        there = [each for each in self.people if places[each.member_id or 0] == (way.origin, "ACTIVE")]
        person = chance.choice(there or self.people)
        actor = self._admin_of(way.starter) if way.starter else person
        answers: dict[str, object] = {**FORM, **({"target": way.target} if way.target else OUTSIDE)}
        if not way.target:
            answers["variety"] = "OUT_OF_PROVINCE"
        return Ask(actor, answers, _key(), member=person.member_id)

    def begin_oddly(self, chance: Random) -> Ask:
        """Somebody starts something, right or wrong."""
        if chance.random() < 0.2:
            return self._come_in(chance.choice(self.admins), chance.choice(self.codes))
        request = self.begin(chance)
        answers = {**request.answers}
        kind = chance.randrange(6)
        if kind == 0:
            answers["target"] = chance.choice(self.codes)
        elif kind == 1:
            answers["variety"] = chance.choice(_VARIETIES)
        elif kind == 2:
            answers.pop(chance.choice(sorted(answers)))
        elif kind == 3:
            answers["id_number"] = "429901198501010017"
        actor = chance.choice(self.admins) if kind > 3 else request.actor
        return replace(request, actor=actor, answers=answers)

    def forward(self, stored: Stored, chance: Random) -> Ask:
        """Whose turn it is takes the transfer on, as far as it can be told from what the page offers.

        Now and then somebody goes back instead: transfers pass those steps too fast to be met there by chance.
        """
        if chance.random() < 0.2 and (back := self._back(stored, chance)):
            return back
        actor = self._holder(stored)
        offered = self._offered(stored, actor)
        wrong = Action.APPROVE_IN_CITY if stored.transfer.is_outside else Action.APPROVE_OUT_OF_CITY
        onward = [each for each in offered if each in ONWARD and each is not wrong]
        target = stored.transfer.target.org
        if Action.ADJUST_RECEIVER in offered and target and target.code not in self.branches:
            # Who gets a letter written to a committee first says to which branch it goes.
            onward = [Action.ADJUST_RECEIVER]
        if Action.CHANGE_TARGET in offered and chance.random() < 0.1:
            onward = [Action.CHANGE_TARGET]
        return self._decision(stored, actor, chance.choice(onward or offered or (Action.APPROVE,)), chance)

    def anything(self, stored: Stored, chance: Random) -> Ask:
        """Somebody does something: the holder or anybody, what is offered or anything, as asked or otherwise."""
        actor = self._holder(stored) if chance.random() < 0.7 else self._anybody(stored, chance)
        offered = self._offered(stored, actor)
        action = chance.choice(offered if offered and chance.random() < 0.8 else tuple(Action))
        request = self._decision(stored, actor, action, chance)
        kind = chance.randrange(12)
        if kind == 0:
            return replace(request, version=request.version + chance.choice((-1, 1)))
        if kind == 1:
            return replace(request, answers={"decision": action.value})
        if kind == 2:
            return replace(request, answers={**request.answers, "branch": chance.choice(self.codes)})
        return request

    def take_back(self, chance: Random) -> TakeBack | None:
        """Somebody takes back one who has left, mostly at the branch he left; None where nobody has."""
        gone = [(key, code) for key, (code, status) in sorted(self.stage.places().items()) if status == LEFT]
        if not gone:
            return None
        member, left = chance.choice(gone)
        branch = left if left and chance.random() < 0.8 else chance.choice(self.branches)
        above = [self._admin_of(org.code) for org in self.chains[branch]]
        return TakeBack(chance.choice(above if chance.random() < 0.8 else self.admins), member, branch)

    def _back(self, stored: Stored, chance: Random) -> Ask | None:
        profile = self.stage.world.deployment.profile
        if stored.step == "confirm_report_in" and chance.random() < 0.7:
            return self._decision(stored, self._holder(stored), Action.OBJECT, chance)
        if stored.step == "report_in":
            above = self.chains[stored.transfer.hop.code or self.codes[0]][1:]
            return self._decision(stored, self._admin_of(chance.choice(above).code), Action.RETURN_UNREPORTED, chance)
        action = Action.RECALL_LETTER if stored.step == "record_receipt" else Action.WITHDRAW_APPROVAL
        done = [hop.code for hop in stored.transfer.hops[: stored.transfer.position] if hop.code]
        if not done or not profile.flag(_KEYS_OF[action]) or chance.random() < 0.5:
            return None
        return self._decision(stored, self._admin_of(done[-1]), action, chance)

    def _come_in(self, actor: Actor, target: str) -> Ask:
        form = {name: value for name, value in FORM.items() if name != "attestation"}
        number = id_number(next(_SERIALS), region="429901")
        answers = {**form, **_INCOMER, "target": target, "id_number": number}
        profile = self.stage.world.deployment.profile
        if profile.flag("incoming.exchange_question"):
            answers["via_exchange"] = False
        picture = AttachmentKind.LETTER_PHOTO if profile.flag("incoming.letter_photo_required") else None
        return Ask(actor, answers, _key(), picture=picture)

    def _decision(self, stored: Stored, actor: Actor, action: Action, chance: Random) -> Ask:
        answers: dict[str, object] = {"decision": action.value, **answers_for(action, stored.step)}
        if action in _NEW_TARGET or (action is Action.SUBMIT and chance.random() < 0.3):
            answers["target"] = self._new_target(stored, action, chance)
        if action is Action.RECEIVE:
            answers |= self._placing(stored, chance)
        if action in CITY_APPROVALS:
            answers |= _category(stored, action)
        if action in NEGATIVE or action in (Action.VOID, Action.REVOKE):
            answers["reason"] = "抬头有误"
        if action in _DATED:
            answers[_DATED[action]] = f"{self.stage.now:%Y-%m-%d}"
        picture = AttachmentKind.RECEIPT_IMAGE if action is Action.CONFIRM_OUTSIDE else None
        return Ask(actor, answers, _key(), transfer=stored.id, version=stored.version, picture=picture)

    def _new_target(self, stored: Stored, action: Action, chance: Random) -> str:
        if stored.transfer.is_outside:
            return "中共别处委员会"
        likely = self._below(stored) if action is Action.ADJUST_RECEIVER else self._targets
        return chance.choice(likely if likely and chance.random() < 0.8 else self.codes)

    def _placing(self, stored: Stored, chance: Random) -> dict[str, object]:
        target, below = stored.transfer.target.org, self._below(stored)
        by_letter = self.stage.world.deployment.profile.choice("receive.by").startswith("branch")
        chooses = below and not by_letter and not (target and target.code in self.branches)
        return {"branch": chance.choice(below)} if chooses else {}

    def _below(self, stored: Stored) -> list[str]:
        here = stored.transfer.hop.code
        return [code for code in self.branches if any(org.code == here for org in self.chains[code][1:])]

    def _holder(self, stored: Stored) -> Actor:
        transfer = stored.transfer
        ref = transfer.hop.org or transfer.starter
        return self._admin_of(ref.code) if ref else self._himself(stored)

    def _anybody(self, stored: Stored, chance: Random) -> Actor:
        choices = (
            self._himself(stored),
            replace(chance.choice(self.admins), role=chance.choice(_UNSUITED)),
            chance.choice(self.people),
            chance.choice(self.admins),
            chance.choice([self._admin_of(hop.code) for hop in stored.transfer.hops if hop.code]),
        )
        return chance.choice(choices)

    def _himself(self, stored: Stored) -> Actor:
        known = {each.member_id: each for each in self.people}
        member_id = stored.transfer.member_id
        return known.get(member_id) or replace(self.people[0], member_id=member_id)

    def _admin_of(self, code: str) -> Actor:
        return self.stage.world.admins.get(code) or self.admins[0]

    def _offered(self, stored: Stored, actor: Actor) -> tuple[Action, ...]:
        try:
            return show_transfer(stored.id, actor=actor, deployment=self.stage.world.deployment).actions
        except Refused:
            return ()


def _category(stored: Stored, action: Action) -> dict[str, object]:
    transfer = stored.transfer
    named = transfer.target.org if action is Action.APPROVE_IN_CITY else None
    category = transfer.out_type.value if transfer.out_type else "OTHER_PROVINCE"
    return {"out_type": category, **({"target": named.code} if named else {})}


def _key() -> str:
    return f"play-{next(_KEYS)}"
