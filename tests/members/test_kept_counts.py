"""Counts of provinces are kept for minutes, those of what one looks after never (R-011, R-208)."""

from collections.abc import Iterator

import pytest

from service.storage.organisations import kept_counts
from tests.support.applications import storing

LARGE = kept_counts.KEPT_FROM


@pytest.fixture(autouse=True)
def database(migrated_sqlite_url: str) -> Iterator[None]:
    with storing(migrated_sqlite_url):
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(kept_counts.time, "monotonic", lambda: now[0])
    return now


def asked(answers: list[int], name: str = "counts", path: str = "1/") -> int:
    return kept_counts.kept(name, path, lambda _: answers.pop(0), lambda found: found)


@pytest.mark.requirement("R-011")
def test_a_small_organisation_is_counted_each_time(clock: list[float]) -> None:
    answers = [3, 4, LARGE - 1, 5]
    assert [asked(answers) for _ in range(4)] == [3, 4, LARGE - 1, 5]


@pytest.mark.requirement("R-011")
@pytest.mark.requirement("R-208")
def test_a_large_one_once_in_ten_minutes(clock: list[float]) -> None:
    answers = [LARGE, LARGE + 1]
    assert (asked(answers), asked(answers)) == (LARGE, LARGE)
    clock[0] += kept_counts.KEPT_SECONDS - 1
    assert asked(answers) == LARGE
    clock[0] += 1
    assert asked(answers) == LARGE + 1


def test_each_question_and_each_subtree_has_its_own(clock: list[float]) -> None:
    answers = [LARGE, LARGE + 1, LARGE + 2]
    assert [asked(answers, *key) for key in (("counts", "1/"), ("average", "1/"), ("counts", "1/2/"))] == [
        LARGE,
        LARGE + 1,
        LARGE + 2,
    ]


def test_not_more_than_so_many_are_kept(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_counts, "MOST", 2)
    for path in ("1/", "2/", "3/"):
        asked([LARGE], path=path)
    assert asked([LARGE + 7], path="1/") == LARGE + 7
    assert asked([], path="3/") == LARGE
