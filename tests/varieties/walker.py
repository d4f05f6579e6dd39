"""A walker: carries a transfer through its real diagram, each hop by the administrator it names, without a database."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from scripts import functions
from service.definitions import diagrams
from service.definitions.profiles import profile
from service.domain.accounts.actors import Actor
from service.domain.accounts.roles import Role, admin_role
from service.domain.errors import Refused
from service.domain.organisations.organisations import AuthorityLevel, Chain
from service.domain.profile import Profile
from service.domain.routes.cases import RouteCase
from service.domain.routes.hops import HopRole
from service.domain.routes.routes import preview_route
from service.domain.routes.varieties import Variety
from service.domain.transfers import judging, offers
from service.domain.transfers.actions import CITY_APPROVALS, NEGATIVE, ONWARD, Action
from service.domain.transfers.context import Context, Decision, Lineage
from service.domain.transfers.effects import LetterIssued, MembershipLeft, MembershipMoved
from service.domain.transfers.transfers import Target, Transfer
from service.engine.runner import Engine
from tests.reference.trees import TREE_OF_PROFILE, TREES, chains

MEMBER_ID = 7
TODAY = date(2025, 3, 10)
SAMPLES = {
    "dues_paid_to": "2025-03",
    "handler": "样例经办",
    "letter_no": "20250300001",
    "receipt_date": "2025-03-10",
    "receiving_committee": "中共样例镇委员会",
    "telephone": "0530-1234567",
    "transfer_in_date": "2025-03-10",
}
ENGINE = Engine()


@cache
def diagram_of(variety: Variety) -> diagrams.Diagram:
    """Load the shipped diagram of a variety."""
    process = variety.process_id
    xml = resources.files("bpmn").joinpath(f"{process}.bpmn").read_bytes()
    return diagrams.load(xml, functions=functions(process))


@dataclass
class Walk:
    """A transfer under way, with all effects it has caused."""

    context: Context
    chains: dict[str, Chain]
    state: bytes = b""
    step: str = ""
    effects: list[object] = field(default_factory=list)

    def decide_at(self, code: str, action: Action, **wishes: Any) -> "Walk":
        """Take an action as the administrator of an organisation."""
        return self.decide(self.admin(code), action, **wishes)

    def judge(self, decision: Decision, facts: Mapping[str, object]) -> None:
        """Only judge these answers."""
        context = replace(self.context, decision=decision)
        judging.judge_answers(context, facts, known=self.known, today=TODAY)

    @property
    def known(self) -> dict[str, object]:
        """What stands already, as far as a test sends it again."""
        target = self.transfer.target
        return {"target": target.org.code if target.org else target.text}

    @property
    def transfer(self) -> Transfer:
        return self.context.transfer

    def begin(self) -> "Walk":
        progress = ENGINE.start(diagram_of(self.transfer.variety), facts={}, context=self.context)
        return self._take(progress)

    def decide(
        self,
        actor: Actor,
        action: Action,
        *,
        attested: bool = True,
        more: Mapping[str, object] = {},
        **wanted: Any,
    ) -> "Walk":
        """Take an action with valid answers unless others are wanted; `more` is sent whether it belongs there or not."""
        given = {"reason": "理由", "target": "", "branch": "", "out_type": None, "validity_days": None} | wanted
        if action in CITY_APPROVALS:
            given["target"] = given["target"] or (self.transfer.target.org.code if self.transfer.target.org else "")
            given["out_type"] = given["out_type"] or self.transfer.out_type
        decision = Decision(
            action,
            actor.org.ref if actor.org else None,
            target=self.chains.get(given["target"]),
            branch=self.chains.get(given["branch"]),
            target_text=str(more.get("target", "")),
            validity_days=given["validity_days"],
            out_type=given["out_type"],
        )
        context = replace(self.context, decision=decision)
        judging.require_offered(context, actor)
        facts = answers(context, given, attested=attested) | more
        judging.judge_answers(context, facts, known=self.known, today=TODAY)
        progress = ENGINE.complete(
            diagram_of(self.transfer.variety),
            state=self.state,
            element=self.step,
            facts={"decision": action.value},
            context=context,
        )
        self._take(progress)
        self._remember(context)
        return self

    def _remember(self, decided: Context) -> None:
        lineage, decision = self.context.lineage, decided.decision
        if judging.changes_target(decided):
            lineage = lineage.with_target(decision.target)
        if decision.branch:
            lineage = lineage.with_branch(decision.branch)
        self.context = replace(self.context, lineage=lineage)

    def _take(self, progress: object) -> "Walk":
        self.context, self.state = progress.context, progress.state
        self.step = progress.open_tasks[0].element if progress.open_tasks else ""
        for call in progress.calls:
            self.effects += call.effects
        return self

    def actor(self) -> Actor:
        """The one who holds the current hop."""
        ref = self.transfer.hop.org or self.transfer.starter
        if ref is None:
            return Actor(1, "本人", Role.MEMBER, member_id=MEMBER_ID)
        return self.admin(ref.code)

    def admin(self, code: str) -> Actor:
        org = self.chains[code][0]
        return Actor(org.id + 100, f"adm-{code}", admin_role(org.org_type), org)

    def forward(self) -> "Walk":
        """Take the affirmative action that the hop offers; where no branch can be had, give up the transfer."""
        actor = self.actor()
        offered = judging.offered(self.context, actor)
        action = self._affirmative(offered)
        if action is not Action.RECEIVE or self.transfer.hop.role is not HopRole.RECEIVE:
            return self.decide(actor, action)
        with contextlib.suppress(Refused):
            return self.decide(actor, action)
        below = self._branches_below(self.transfer.hop.code)
        if Action.ADJUST_RECEIVER in offered and below:
            return self.decide(actor, Action.ADJUST_RECEIVER, target=below[0])
        for branch in below:
            with contextlib.suppress(Refused):
                return self.decide(actor, action, branch=branch)
        return self._give_up(actor, offered)

    def _give_up(self, actor: Actor, offered: tuple[Action, ...]) -> "Walk":
        while not self.transfer.at_application:
            actor = self.actor()
            negative = [a for a in judging.offered(self.context, actor) if a in NEGATIVE]
            self.decide(actor, negative[0])
        actor = self.actor()
        stops = [a for a in judging.offered(self.context, actor) if a in (Action.VOID, Action.REVOKE)]
        return self.decide(actor, stops[0])

    def _affirmative(self, offered: tuple[Action, ...]) -> Action:
        outside = self.transfer.variety is Variety.OUT_OF_PROVINCE
        if Action.APPROVE_OUT_OF_CITY in offered and outside:
            return Action.APPROVE_OUT_OF_CITY
        for action in offered:
            if action in ONWARD:
                return action
        raise AssertionError(offered)

    def _branches_below(self, code: str | None) -> list[str]:
        return [
            each
            for each, chain in self.chains.items()
            if chain[0].is_branch and each != code and any(org.code == code for org in chain)
        ]

    def to_end(self) -> "Walk":
        for _ in range(60):
            if self.transfer.state.is_final:
                return self
            self.forward()
        raise AssertionError("the walk does not end")

    @property
    def letters(self) -> list[LetterIssued]:
        return [effect for effect in self.effects if isinstance(effect, LetterIssued)]

    @property
    def memberships(self) -> list[object]:
        return [e for e in self.effects if isinstance(e, MembershipMoved | MembershipLeft)]


def own_actions(walk: Walk) -> set[Action]:
    """What whoever is at turn may do."""
    return set(judging.offered(walk.context, walk.actor()))


def answers(context: Context, given: dict[str, object], *, attested: bool = True) -> dict[str, object]:
    """What the offer asks for: valid samples, the boxes ticked or not, and what is given goes before."""
    asked = offers.offer(context.decision.action, context)
    needed = {name: SAMPLES[name] for name in asked.required if name in SAMPLES}
    boxes = dict.fromkeys(asked.boxes, attested)
    return needed | boxes | {name: value for name, value in given.items() if value and name in asked.fields}


def begun(
    name: str,
    origin: str,
    target: str = "",
    *,
    by: str = "",
    keys: Mapping[str, object] | None = None,
    changes: Mapping[str, Mapping[str, object]] | None = None,
) -> Walk:
    """Start a transfer on the reference tree of a profile, as its usual starter does, or `by` an organisation.

    Without an origin somebody comes in; without a target he leaves. `keys` changes the profile, `changes` organisations.
    """
    tree = {
        code: tuple(replace(org, **(changes or {}).get(org.code, {})) for org in chain)
        for code, chain in chains(TREES[TREE_OF_PROFILE[name]]).items()
    }
    usual = {"shandong": origin, "default": origin, "national": tree[origin][1].code if origin else ""}.get(name, "")
    starter = tree.get(by or usual)
    has_cities = any(chain[0].level is AuthorityLevel.CITY_COMMITTEE for chain in tree.values())
    case = RouteCase(tree.get(origin), tree.get(target), starter, has_cities=has_cities, is_graduate=False)
    known = profile(name)
    return walk_of(case, name, tree, rules=Profile(name, {**known.values, **(keys or {})}))


def walk_of(case: RouteCase, name: str, chains: dict[str, Chain], *, rules: Profile | None = None) -> Walk:
    """Submit a case: check, plan and start it."""
    rules = rules or profile(name)
    route = preview_route(case, rules)
    transfer = Transfer(
        variety=route.variety,
        member_id=MEMBER_ID,
        origin=case.origin[0].ref if case.origin else None,
        target=Target(case.target[0].ref) if case.target else Target(text="中共样例市委组织部"),
        starter=case.starter[0].ref if case.starter else None,
        out_type=route.out_type,
    )
    by = case.starter[0].ref if case.starter else None
    context = Context(
        transfer,
        Lineage(case.origin, case.target, case.starter, case.has_cities),
        rules,
        profile_digest=name,
        decision=Decision(Action.SUBMIT, by),
        is_graduate=case.is_graduate,
        destination_kind=case.destination_kind,
    )
    return Walk(context, chains).begin()
