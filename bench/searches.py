"""The searches of the whole nation on a small one: fifty thousand organisations and members on SQLite."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import national
from bench.measures import Measure
from service.config import Settings
from service.use_cases.upkeep.prepare_storage import prepare_storage

ROWS = 50_000


def measure() -> Iterator[Measure]:
    """Imports, target searches and pages of members, with the goals of the large one."""
    with tempfile.TemporaryDirectory(prefix="zhuanjie-bench-") as name:
        folder = Path(name)
        settings = Settings(data=folder, database_url=f"sqlite:///{folder}/zhuanjie.db", key_file=folder / "master.key")
        prepare_storage(database_url=settings.database_url, data=folder, key_file=settings.key_file)
        yield from national.figures(settings, ROWS, group="50,000 on SQLite", goal="")
