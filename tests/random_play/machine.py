"""One history: people apply and decide, rightly and wrongly, two at once, and the service is restarted in between."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from service.domain.errors import Refused
from service.use_cases.history.replay_transfer import replay_transfer
from service.use_cases.transfers.answer import Answer
from tests.random_play.asking import Asking
from tests.random_play.model import Model
from tests.random_play.stage import Ask, Outcome, Stage, playing
from tests.random_play.worlds import PROFILES, Worlds

NUMBER = st.integers(0, 2**16)
RACERS = ThreadPoolExecutor(2)


class History(RuleBasedStateMachine):
    """Every request is judged by the model; at the end history must explain everything."""

    worlds: ClassVar[Worlds]
    trees: ClassVar[range] = range(3)
    seen: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.running = ExitStack()
        self.last: tuple[Ask, Answer] | None = None

    @initialize(profile=st.sampled_from(PROFILES), tree=NUMBER, starts=st.lists(NUMBER, min_size=2, max_size=4))
    def open(self, profile: str, tree: int, starts: list[int]) -> None:
        url, world, ways = self.running.enter_context(self.worlds.opened(profile, self.trees[tree % len(self.trees)]))
        self.stage: Stage = self.running.enter_context(playing(url, world, profile))
        self.asking = Asking(self.stage, ways)
        orgs = [chain[0] for chain in world.chains.values()]
        self.model = Model(
            branches=frozenset(org.code for org in orgs if org.is_branch),
            holding=frozenset(org.code for org in orgs if org.is_holding_node),
            places=self.stage.places(),
        )
        self.digest = self.stage.digest()
        for place, number in enumerate(starts):
            self.play(self.asking.begin(Random(f"{place} {number}")))

    @rule(number=NUMBER)
    def begin(self, number: int) -> None:
        chance = Random(number)
        oddly = chance.random() < 0.7
        self.play(self.asking.begin_oddly(chance) if oddly else self.asking.begin(chance))

    @rule(number=NUMBER, times=st.integers(1, 6))
    def go_on(self, number: int, times: int) -> None:
        self.take_on(Random(number), times)

    @rule(number=NUMBER)
    def go_to_the_end(self, number: int) -> None:
        self.take_on(Random(number), 12)
        if number % 2:
            self.return_of_one(Random(number))

    @rule(number=NUMBER, times=st.integers(1, 4))
    def do_something(self, number: int, times: int) -> None:
        chance = Random(number)
        for _ in range(times):
            if transfer_id := self.one(chance):
                self.play(self.asking.anything(self.stage.stored(transfer_id), chance))

    @rule(number=NUMBER)
    def two_at_once(self, number: int) -> None:
        chance = Random(number)
        if transfer_id := self.one(chance):
            stored = self.stage.stored(transfer_id)
            one = self.asking.forward(stored, chance)
            other = self.asking.anything(stored, chance)
            self.race(one, replace(other, version=one.version))

    @rule(number=NUMBER)
    def take_back(self, number: int) -> None:
        self.return_of_one(Random(number))

    @rule()
    def repeat(self) -> None:
        if self.last:
            request, answer = self.last
            found = self.stage.ask(request)
            assert isinstance(found, Answer), found
            assert (found.plain(), found.replayed) == (answer.plain(), True)
            found = self.stage.ask(replace(request, answers={**request.answers, "opinion": "另一件事"}))
            assert isinstance(found, Refused)
            self.nothing_changed()

    @rule()
    def restart(self) -> None:
        self.stage.restart()
        self.nothing_changed()

    @rule(days=st.integers(1, 20))
    def pass_time(self, days: int) -> None:
        self.stage.pass_time(days)

    def take_on(self, chance: Random, times: int) -> None:
        """Take one transfer on, step by step, as long as it goes on."""
        transfer_id = self.one(chance)
        for _ in range(times):
            if not transfer_id or self.model.transfers[transfer_id].is_ended:
                return
            if isinstance(self.play(self.asking.forward(self.stage.stored(transfer_id), chance)), Refused):
                return

    def return_of_one(self, chance: Random) -> None:
        """One who has left is taken back, if there is one."""
        if request := self.asking.take_back(chance):
            outcome = self.stage.take_back(request)
            if isinstance(outcome, Refused):
                self.seen[outcome.code] += 1
                self.nothing_changed()
                return
            self.seen["retrieve"] += 1
            self.digest = self.stage.digest()
            places = self.stage.places()
            self.model.take_back(request.member, outcome.transfer_id, places)
            self.model.agree(self.stage.versions(), places)

    def one(self, chance: Random) -> int | None:
        """One of the transfers there are, mostly one that is under way."""
        known = sorted(self.model.transfers)
        under_way = [each for each in known if not self.model.transfers[each].is_ended]
        chosen = under_way if under_way and chance.random() < 0.85 else known
        return chance.choice(chosen) if chosen else None

    def play(self, request: Ask) -> Outcome:
        request = self.attached(request)
        outcome = self.stage.ask(request)
        self.judge(request, outcome)
        return outcome

    def race(self, one: Ask, other: Ask) -> None:
        one, other = self.attached(one), self.attached(other)
        outcomes = list(RACERS.map(self.stage.ask_elsewhere, (one, other)))
        done = [pair for pair in zip((one, other), outcomes, strict=True) if isinstance(pair[1], Answer)]
        assert len(done) <= 1, "both decided on the same version"
        for request, outcome in done:
            self.judge(request, outcome)
        if not done:
            self.nothing_changed()

    def attached(self, request: Ask) -> Ask:
        """The request with its picture uploaded."""
        if request.picture is None:
            return request
        request = self.stage.attach(request)
        self.digest = self.stage.digest()
        return request

    def judge(self, request: Ask, outcome: Outcome) -> None:
        if isinstance(outcome, Refused):
            self.seen[outcome.code] += 1
            self.nothing_changed()
            return
        self.seen[str(request.answers.get("decision", "start"))] += 1
        self.last = (request, outcome)
        self.digest = self.stage.digest()
        places = self.stage.places()
        stored = self.stage.stored(outcome.transfer_id)
        told = self.model.begin if request.transfer is None else self.model.move
        told(stored.id, stored.transfer, stored.version, places)
        self.model.agree(self.stage.versions(), places)

    def nothing_changed(self) -> None:
        assert self.stage.digest() == self.digest, "what was refused has changed something"

    def teardown(self) -> None:
        with self.running:
            if hasattr(self, "model"):
                for transfer_id, known in self.model.transfers.items():
                    self.seen[known.state] += 1
                    self.explain(transfer_id)
                self.nothing_changed()

    def explain(self, transfer_id: int) -> None:
        """History is sound, and replayed it leads to where the transfer stands."""
        deployment = self.stage.world.deployment
        for with_functions in (False, True):
            found = replay_transfer(transfer_id, actor=None, with_functions=with_functions, deployment=deployment)
            assert found.is_sound, [str(each) for each in found.findings]
        assert found.steps[-1].transfer.state.value == self.model.transfers[transfer_id].state
