"""Take over a whole organisation tree from a file: all of it or nothing (R-001, R-003, R-006; format: docs/operating.md)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.profile import Profile
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.organisations import organisation_load
from service.use_cases.imports.csv_lines import FORMAT, read_lines
from service.use_cases.imports.defects import Defects, ImportReport, Rejected
from service.use_cases.imports.organisation_lines import HEADER, OrganisationLine, read_line
from service.use_cases.imports.organisation_tree import GrowingTree

_REPORT_EVERY = 5_000

Progress = Callable[[int], None]
"""Is told from time to time how many lines have been read."""


def import_organisations(
    text: Iterable[str],
    *,
    profile: Profile,
    now: datetime,
    actor: Actor | None = None,
    progress: Progress = lambda _: None,
) -> ImportReport:
    """Load the tree, or report what is wrong with the file and change nothing; `actor` is None on the command line.

    The log says how many there are and who brought them (R-214).

    Refuses E_IMPORT_NOT_EMPTY where there is a tree already and E_IMPORT_FORMAT for another header.
    """
    defects = Defects()
    lines = _counted(read_lines(text, HEADER, defects), progress)
    try:
        with transaction():
            imported = _load(lines, defects, initial=profile.flag("auto_approve.initial"))
            audit.append(
                "import", subject=Subject("import", "organisations"), actor=actor, now=now, after={"imported": imported}
            )
    except Rejected:
        return defects.report()
    return ImportReport(imported)


def _load(lines: Iterable[tuple[int, list[str]]], defects: Defects, *, initial: bool) -> int:
    if organisation_load.begin():
        raise Refused("E_IMPORT_NOT_EMPTY")
    imported = organisation_load.load(_rows(lines, defects, initial=initial))
    if not imported and not defects.found:
        defects.add(1, "", "", FORMAT, "文件没有数据行 / the file holds no line")
    if defects.found:
        raise Rejected
    organisation_load.finish()
    return imported


def _rows(
    lines: Iterable[tuple[int, list[str]]], defects: Defects, *, initial: bool
) -> Iterator[organisation_load.NewOrganisation]:
    """Check all lines; from the first defect on nothing more is stored, but all others are still found."""
    tree = GrowingTree(defects)
    for number, cells in lines:
        line = read_line(number, cells, defects)
        mine, parent = tree.place(line)
        if tree.is_sound:
            yield organisation_load.NewOrganisation(mine, parent, line.code, _values(line, initial=initial))
    tree.finish()


def _values(line: OrganisationLine, *, initial: bool) -> dict[str, object]:
    values = line.values
    if values["auto_approve_children"] is None:
        values["auto_approve_children"] = initial
    return values


def _counted(lines: Iterable[tuple[int, list[str]]], progress: Progress) -> Iterator[tuple[int, list[str]]]:
    count = 0
    for count, line in enumerate(lines, start=1):
        yield line
        if not count % _REPORT_EVERY:
            progress(count)
    progress(count)
