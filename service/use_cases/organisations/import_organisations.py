"""Take over a whole organisation tree from a file: all of it or nothing (R-001, R-003, R-006; format: docs/operating.md)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from typing import NamedTuple

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.profile import Profile
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import is_sqlite, transaction
from service.storage.organisations import organisation_load
from service.storage.organisations.organisation_load import NewOrganisation, PackedOrganisations, packed
from service.use_cases.imports.csv_lines import FORMAT, read_lines
from service.use_cases.imports.defects import Defects, ImportReport, Rejected
from service.use_cases.imports.organisation_lines import HEADER, read_line, read_place
from service.use_cases.imports.organisation_tree import GrowingTree
from service.use_cases.imports.spreading import prepared

_CHUNK = 5_000

Progress = Callable[[int], None]
"""Is told from time to time how many lines have been read."""


_Placed = tuple[int, Sequence[str], int, int | None, str]
"""A line by number and cells, with the number of the organisation, that of its superior, and its path.

No class of its own: five million of them go to another process.
"""


class _Prepared(NamedTuple):
    lines: int
    report: ImportReport
    organisations: PackedOrganisations | None


def import_organisations(
    text: Iterable[str],
    *,
    profile: Profile,
    now: datetime,
    actor: Actor | None = None,
    progress: Progress = lambda _: None,
    processes: int = 0,
) -> ImportReport:
    """Load the tree, or report what is wrong with the file and change nothing; `actor` is None on the command line.

    The log says how many there are and who brought them (R-214). `processes` further ones prepare what is stored.

    Refuses E_IMPORT_NOT_EMPTY where there is a tree already and E_IMPORT_FORMAT for another header.
    """
    defects = Defects()
    lines = read_lines(text, HEADER, defects)
    try:
        with transaction():
            prepare = partial(_prepare, initial=profile.flag("auto_approve.initial"), for_sqlite=is_sqlite())
            imported = _load(_Growing(lines, defects), partial(prepared, prepare, processes=processes), progress)
            audit.append(
                "import", subject=Subject("import", "organisations"), actor=actor, now=now, after={"imported": imported}
            )
    except Rejected:
        return defects.report()
    return ImportReport(imported)


def _load(
    growing: "_Growing", made: Callable[[Iterable[Sequence[_Placed]]], Iterator[_Prepared]], progress: Progress
) -> int:
    if organisation_load.begin():
        raise Refused("E_IMPORT_NOT_EMPTY")
    read = 0
    for chunk in made(growing.chunks()):
        growing.defects.join(chunk.report)
        if chunk.organisations is not None and growing.is_sound:
            organisation_load.load(chunk.organisations)
        read += chunk.lines
        progress(read)
    growing.finish(read)
    if growing.defects.found:
        raise Rejected
    organisation_load.finish()
    return read


class _Growing:
    """The lines of a file, each placed in the tree; what needs all lines is done here, in their order."""

    def __init__(self, lines: Iterator[tuple[int, list[str]]], defects: Defects) -> None:
        self.defects = defects
        self._lines = lines
        self._tree = GrowingTree(defects)
        self._paths = organisation_load.Paths()

    @property
    def is_sound(self) -> bool:
        """Whether what was read so far may be stored; after the first defect the others are still looked for."""
        return self._tree.is_sound

    def chunks(self) -> Iterator[Sequence[_Placed]]:
        """All lines."""
        while chunk := [self._place(number, cells) for number, cells in islice(self._lines, _CHUNK)]:
            yield chunk

    def finish(self, read: int) -> None:
        """Look at what only the end of the file shows."""
        self._tree.finish()
        if not read and not self.defects.found:
            self.defects.add(1, "", "", FORMAT, "文件没有数据行 / the file holds no line")

    def _place(self, number: int, cells: list[str]) -> _Placed:
        mine, parent = self._tree.place(read_place(number, cells))
        return number, cells, mine, parent, self._paths.add(parent) if self.is_sound else ""


def _prepare(chunk: Sequence[_Placed], *, initial: bool, for_sqlite: bool) -> _Prepared:
    """What one line alone can tell: its values, and what it is found by."""
    defects = Defects()
    new = [
        NewOrganisation(mine, parent, path, cells[0], _values(number, cells, defects, initial=initial))
        for number, cells, mine, parent, path in chunk
    ]
    report = defects.report()
    is_whole = report.is_accepted and all(path for *_, path in chunk)
    return _Prepared(len(chunk), report, packed(new, for_sqlite=for_sqlite) if is_whole else None)


def _values(number: int, cells: Sequence[str], defects: Defects, *, initial: bool) -> dict[str, object]:
    values = read_line(number, cells, defects)
    if values.get("auto_approve_children", False) is None:
        values["auto_approve_children"] = initial
    return values
