"""Whatever is played on whatever tree: nobody is lost, nothing ended moves, a refusal changes nothing, history explains."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom

import pytest
from hypothesis import settings

from service.domain.transfers.actions import Action
from service.domain.transfers.transfers import TransferState
from tests.random_play.many import play
from tests.random_play.trees import random_tree
from tests.reference import trees
from tests.support.databases import Databases

ROOT = Path(__file__).parent.parent.parent
FAST = 200
SHARES = {"sqlite": 9000, "postgresql": 1000}
PARTS = 8
GIVEN = tuple((kind, share // PARTS, seed) for seed in range(PARTS) for kind, share in SHARES.items())
"""Kind of database, number of histories, seed: ten thousand, in parts that run side by side."""
PROVED = ("R-048", "R-057", "R-099", "R-214", "R-215", "R-216", "R-227")


def proving(test):
    """Mark what every history proves."""
    for number in PROVED:
        test = pytest.mark.requirement(number)(test)
    return test


@proving
def test_two_hundred_histories(databases_of_session: Databases) -> None:
    same_each_time = settings(derandomize=True, database=None)
    seen = play(databases_of_session, "sqlite", histories=FAST, steps=6, trees=range(2), config=same_each_time)
    assert seen["start"] > FAST
    assert min(seen[state] for state in ("COMPLETED", "VOIDED", "RETURNED_TO_APPLICANT")) > 0
    assert sum(number for what, number in seen.items() if what.startswith("E_")) > FAST // 4


@proving
@pytest.mark.slow
@pytest.mark.parametrize(("kind", "histories", "seed"), GIVEN)
def test_the_same_ten_thousand_histories_each_time(kind: str, histories: int, seed: int) -> None:
    """What guards a change must not depend on luck: the seeds are given."""
    side_by_side([(kind, histories, seed)])


@proving
@pytest.mark.hunt
@pytest.mark.parametrize("kind", SHARES)
def test_ten_thousand_new_histories(kind: str) -> None:
    """As many processes as there are processors, with new seeds; the command of one that failed plays the same again."""
    processes, chance = os.cpu_count() or 1, SystemRandom()
    seen = side_by_side([(kind, SHARES[kind] // processes, chance.getrandbits(32)) for _ in range(processes)])
    if kind == "sqlite":
        assert {"retrieve", *(action.value for action in Action)} - set(seen) == set()
        assert {state.value for state in TransferState} - set(seen) == {"DRAFT"}


def side_by_side(plays: Sequence[tuple[str, int, int]]) -> Counter[str]:
    """Play in a process each; answers what was seen in all of them."""
    commands = [[sys.executable, "-m", "tests.random_play.many", *map(str, each)] for each in plays]
    children = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for command in commands
    ]
    told = [child.communicate()[0] for child in children]
    for command, child, text in zip(commands, children, told, strict=True):
        assert child.returncode == 0, f"{' '.join(command[1:])}\n{text[-6000:]}"
    return sum((Counter(json.loads(text.splitlines()[-1])) for text in told), Counter())


def test_random_trees_are_trees() -> None:
    for number in range(50):
        chains = trees.chains(random_tree(number))
        assert sum(len(chain) == 1 for chain in chains.values()) == 1
        assert any(chain[0].is_branch for chain in chains.values())
        for org, *above in chains.values():
            assert not org.level or all(org.rank <= each.rank for each in above if each.level)
    assert len({random_tree(number) for number in range(50)}) == 50
