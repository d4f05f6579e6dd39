"""A program that moves transfers until there is no room left, goes on trying, gets room again, and looks at all of it.

`python -m tests.killed.filling DATABASE_URL BALLAST LIMIT_BYTES`: BALLAST is a file whose removal makes room; with a
LIMIT the files of this process may not grow by more than so many bytes, until the limit is lifted.
"""

import json
import resource
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from service.domain.errors import Refused
from service.storage.db import db, execute, reading
from service.storage.transfers import history, requests, transfers
from tests.reference.seeding import World, seed
from tests.support.applications import storing
from tests.use_cases.walker import Played, submit

REFUSALS_WANTED = 25
MOST_CHANGES = 5000
AFTERWARDS = 10


class Filling:
    """Counts what was acknowledged: the version of each transfer as the last answer said it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.versions: dict[int, int] = {}
        self.changes = 0
        self.refused = Counter[str]()
        self._under_way: list[Played] = []

    def change(self, number: int) -> bool:
        """Start a transfer, or take the next step of one; answers whether it was acknowledged."""
        try:
            if number % 4 == 0 or not self._under_way:
                played = submit(self.world, "A1-T1-B1", "A2-T1-B1", starter="A1-T1-B1")
                self._under_way.append(played)
                self.versions[played.id] = 1
            else:
                played = self._under_way[number % len(self._under_way)]
                played.forward()
                self.versions[played.id] += 1
        except Refused as refusal:
            self.refused[refusal.code] += 1
            return False
        except (sa.exc.DBAPIError, RuntimeError) as fault:
            # The database itself went down: whether this one was stored nobody was told.
            self.refused[type(fault).__name__] += 1
            return False
        self.changes += 1
        with reading():
            if transfers.get(played.id).transfer.state.is_final:
                self._under_way.remove(played)
        return True


def main(url: str, ballast: str, limit: str) -> None:
    """Fill, make room, go on, tell what was found."""
    with storing(url):
        filling = Filling(seed("shandong"))
        _leave_little_room(Path(ballast), int(limit), url)
        number = 0
        while sum(filling.refused.values()) < REFUSALS_WANTED and number < MOST_CHANGES:
            filling.change(number)
            number += 1
        if db.engine.dialect.name == "postgresql":
            # It may be down for want of room: whoever restarts it looks.
            told = {"versions": filling.versions, "changes": filling.changes, "refused": filling.refused}
            sys.stdout.write(json.dumps(told))
            return
        before = filling.changes
        found = look(filling.versions, filling.changes)
        _make_room(Path(ballast))
        went_on = sum(filling.change(4 * each) for each in range(AFTERWARDS))
        found_later = look(filling.versions, filling.changes)
        sys.stdout.write(
            json.dumps({
                "acknowledged": before, "refused": filling.refused, "full": found,
                "went_on": went_on, "afterwards": found_later, "engine": db.engine.dialect.name,
            })
        )  # fmt: skip


def _leave_little_room(ballast: Path, limit: int, url: str) -> None:
    if limit:
        database = Path(url.removeprefix("sqlite:///"))
        largest = max(each.stat().st_size for each in database.parent.iterdir())
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest + limit, resource.RLIM_INFINITY))
        return
    free = shutil.disk_usage(ballast.parent).free - 8_000_000
    with ballast.open("wb") as file:
        for _ in range(free // 1_000_000):
            file.write(b"\x00" * 1_000_000)


def _make_room(ballast: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    ballast.unlink(missing_ok=True)


def look(versions: Mapping[int, int], acknowledged: int) -> dict[str, object]:
    """Compare what is stored with what was acknowledged."""
    with reading():
        stored = {row.id: row.version for row in execute(sa.select(transfers.table.c.id, transfers.table.c.version))}
        ranges = execute(
            sa.select(requests.table.c.transfer_id, requests.table.c.first_event, requests.table.c.last_event)
        )
        events = Counter(execute(sa.select(history.table.c.transfer_id)).scalars())
        of_changes = Counter[int]()
        changes = 0
        for transfer_id, first, last in ranges:
            of_changes[transfer_id] += last - first + 1
            changes += 1
        sound = not db.engine.dialect.name.startswith("sqlite") or (
            execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
        )
        return {
            "lost": {str(key): version for key, version in versions.items() if stored.get(key, 0) < version},
            "besides": sum(version - versions.get(key, 0) for key, version in stored.items()),
            "changes_missing": max(0, acknowledged - changes),
            "events_are_changes": events == of_changes,
            "chains_hold": all(history.first_fault(each) is None for each in stored),
            "sound": sound,
        }


if __name__ == "__main__":
    main(*sys.argv[1:])
