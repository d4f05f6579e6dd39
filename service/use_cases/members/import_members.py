"""Take over members from a file: all of it or nothing (R-041, R-042; format: docs/operating.md)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.members import identity_numbers
from service.domain.members.members import Member
from service.domain.organisations.organisations import BRANCHES, HOLDING_NODES
from service.storage import audit, bulk
from service.storage.audit import Subject
from service.storage.db import is_sqlite, transaction
from service.storage.members import member_load, members
from service.storage.members.member_load import Branch
from service.storage.vault import Vault
from service.use_cases.deployment import Deployment
from service.use_cases.imports.csv_lines import FORMAT, read_lines
from service.use_cases.imports.defects import Defects, ImportReport, Rejected
from service.use_cases.imports.member_lines import HEADER, INVALID, MemberLine, MemberReader
from service.use_cases.imports.spreading import prepared

_CHUNK = 5_000
_BRANCH = HEADER.index("branch_code")

Progress = Callable[[int], None]


class _Chunk(NamedTuple):
    """Lines as they were written, with the organisations that they name."""

    lines: Sequence[tuple[int, list[str]]]
    branches: Mapping[str, Branch]


_Present = tuple[int, str, str]
"""Whom a line says to be a member now: line, keyed index of the number, the number as it is shown.

No class of its own: five million of them come from another process.
"""


class _Prepared(NamedTuple):
    lines: int
    report: ImportReport
    present: Sequence[_Present]
    rows: bulk.Packed | None


def import_members(
    text: Iterable[str],
    *,
    deployment: Deployment,
    now: datetime,
    actor: Actor | None = None,
    progress: Progress = lambda _: None,
    processes: int = 0,
) -> ImportReport:
    """Load the members, or report what is wrong with the file and change nothing; `actor` is None on the command line.

    The log says how many came and who brought them, not who they are (R-214). `processes` further ones prepare what
    is stored; they read the key file themselves.

    Refuses E_IMPORT_FORMAT for another header.
    """
    defects = Defects()
    lines = read_lines(text, HEADER, defects, is_personal=True)
    vault = deployment.vault
    try:
        with transaction():
            member_load.begin(vault)
            prepare = partial(_prepare, vault=vault, today=local_date(now), for_sqlite=is_sqlite())
            imported = _load(prepared(prepare, _chunks(lines), processes=processes), defects, progress)
            audit.append(
                "import", subject=Subject("import", "members"), actor=actor, now=now, after={"imported": imported}
            )
    except Rejected:
        return defects.report()
    return ImportReport(imported)


def _chunks(lines: Iterator[tuple[int, list[str]]]) -> Iterator[_Chunk]:
    branches: Mapping[str, Branch] = {}
    while chunk := tuple(islice(lines, _CHUNK)):
        codes = {cells[_BRANCH].strip() for _, cells in chunk}
        # Files go branch by branch as a rule: those of the lines before are known, more are not worth their room.
        known = {code: branches[code] for code in codes if code in branches}
        branches = {**known, **member_load.branches(sorted(codes - known.keys()))}
        yield _Chunk(chunk, branches)


def _load(chunks: Iterable[_Prepared], defects: Defects, progress: Progress) -> int:
    once = _Once(defects)
    read = 0
    for chunk in chunks:
        defects.join(chunk.report)
        once.check(chunk.present)
        if chunk.rows is not None and not defects.found:
            member_load.load(chunk.rows)
        read += chunk.lines
        progress(read)
    if not read and not defects.found:
        defects.add(1, "", "", FORMAT, "文件没有数据行 / the file holds no line")
    if defects.found:
        raise Rejected
    member_load.finish()
    return read


class _Once:
    """Nobody is a member twice: neither in this file nor with those who are there already (R-042)."""

    def __init__(self, defects: Defects) -> None:
        self._defects = defects
        self._lines: dict[str, int] = {}

    def check(self, people: Sequence[_Present]) -> None:
        """Note whoever is one already."""
        there = member_load.present([index for _, index, _ in people])
        for line, index, shown in people:
            first = self._lines.setdefault(index, line)
            if first != line:
                self._note(line, shown, f"与第 {first} 行重复 / stands on line {first} already")
            elif index in there:
                self._note(line, shown, "已是党员 / is a member already")

    def _note(self, line: int, shown: str, reason: str) -> None:
        self._defects.add(line, "id_number", shown, "E_MEMBER_EXISTS", reason)


def _prepare(chunk: _Chunk, *, vault: Vault, today: date, for_sqlite: bool) -> _Prepared:
    """What a line and the branch it names can tell; the numbers sealed."""
    defects = Defects()
    reader = MemberReader(defects, today=today)
    present: list[_Present] = []
    rows: list[Mapping[str, Any]] = []
    for number, cells in chunk.lines:
        line = reader.read(number, cells)
        index = vault.index(line.id_number) if line.id_number else ""
        branch = _branch(line, chunk.branches.get(line.branch_code), defects)
        if index and line.status and not line.status.is_historical:
            present.append((number, index, identity_numbers.masked(line.id_number or "")))
        if not defects.found and branch is not None:
            rows.append(members.row_of(_member(line, branch), vault, index=index))
    report = defects.report()
    packed = member_load.packed(rows, for_sqlite=for_sqlite) if report.is_accepted else None
    return _Prepared(len(chunk.lines), report, present, packed)


def _member(line: MemberLine, branch: Branch) -> Member:
    """The member a sound line tells of."""
    assert line.id_number and line.sex and line.kind and line.status  # noqa: S101, PT018 - else there is a defect
    return Member(
        id=0,
        name=line.name,
        id_number=line.id_number,
        sex=line.sex,
        birth_date=identity_numbers.birth_date(line.id_number),
        kind=line.kind,
        branch_id=branch.id,
        status=line.status,
        ethnicity=line.ethnicity,
        joined_on=line.joined_on,
        full_on=line.full_on,
        mobile=line.mobile,
        is_graduate=line.is_graduate,
    )


def _branch(line: MemberLine, branch: Branch | None, defects: Defects) -> Branch | None:
    code = line.branch_code
    is_former = line.status is not None and line.status.is_historical
    if branch is None:
        if code:
            _note(line, "E_ORG_NOT_FOUND", "没有该组织 / there is no such organisation", defects)
    elif branch.org_type not in BRANCHES | HOLDING_NODES:
        _note(line, INVALID, f"不是党支部 / is no branch: {branch.org_type}", defects)
    elif not branch.is_active and not is_former:
        _note(line, INVALID, "该组织已撤销 / the organisation is dissolved", defects)
    return branch


def _note(line: MemberLine, code: str, reason: str, defects: Defects) -> None:
    defects.add(line.number, "branch_code", line.branch_code, code, reason)
