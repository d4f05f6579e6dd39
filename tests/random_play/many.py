"""`python -m tests.random_play.many KIND HISTORIES SEED`: play so many histories in this process, and tell what was seen.

The same seed plays the same histories, but for who wins where two race. Exit status 1 when a history is not sound.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import ClassVar

import hypothesis.core
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.random_play.machine import History
from tests.random_play.worlds import Worlds
from tests.support.databases import Databases, databases

STEPS = 12
FEWEST_TREES, HISTORIES_PER_TREE = 4, 100
"""Each tree is a template in each profile, which takes as long to make as some histories to play."""


def play(
    made: Databases, kind: str, *, histories: int, steps: int, trees: range, config: settings | None = None
) -> Counter[str]:
    """Play on databases of one kind; raises what the first unsound history raises, made as short as can be."""

    class Played(History):
        worlds = Worlds(made, kind)
        seen: ClassVar[Counter[str]] = Counter()

    Played.trees = trees
    chosen = settings(
        config,
        max_examples=histories,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Played, settings=chosen)
    return Played.seen


def main(kind: str, histories: int, seed: int) -> None:
    """Play on trees of this seed, in a folder that is gone afterwards; in memory where there is such a place."""
    hypothesis.core.global_force_seed = seed
    memory = Path("/dev/shm")  # noqa: S108 - what survives a crash is none of this test's business
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        databases(Path(folder)) as made,
    ):
        config = settings(database=None, derandomize=False, print_blob=False)
        trees = max(FEWEST_TREES, histories // HISTORIES_PER_TREE)
        own_trees = range(seed * trees, seed * trees + trees)
        seen = play(made, kind, histories=histories, steps=STEPS, trees=own_trees, config=config)
    sys.stdout.write(json.dumps(seen) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
