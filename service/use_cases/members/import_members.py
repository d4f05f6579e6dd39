"""Take over members from a file: all of it or nothing (R-041, R-042; format: docs/operating.md)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from service.domain.accounts.actors import Actor
from service.domain.clock import local_date
from service.domain.members import identity_numbers
from service.domain.members.members import Member
from service.domain.organisations.organisations import BRANCHES, HOLDING_NODES
from service.storage import audit
from service.storage.audit import Subject
from service.storage.db import transaction
from service.storage.members import member_load, members
from service.storage.vault import Vault
from service.use_cases.deployment import Deployment
from service.use_cases.imports.csv_lines import FORMAT, read_lines
from service.use_cases.imports.defects import Defects, ImportReport, Rejected
from service.use_cases.imports.member_lines import HEADER, INVALID, MemberLine, MemberReader

_BATCH = 5_000

Progress = Callable[[int], None]


def import_members(
    text: Iterable[str],
    *,
    deployment: Deployment,
    now: datetime,
    actor: Actor | None = None,
    progress: Progress = lambda _: None,
) -> ImportReport:
    """Load the members, or report what is wrong with the file and change nothing; `actor` is None on the command line.

    The log says how many came and who brought them, not who they are (R-214).

    Refuses E_IMPORT_FORMAT for another header.
    """
    defects = Defects()
    lines = read_lines(text, HEADER, defects, is_personal=True)
    reader = MemberReader(defects, today=local_date(now))
    read = (reader.read(number, cells) for number, cells in lines)
    try:
        with transaction():
            imported = _load(_Checks(defects, deployment.vault), read, progress)
            audit.append(
                "import", subject=Subject("import", "members"), actor=actor, now=now, after={"imported": imported}
            )
    except Rejected:
        return defects.report()
    return ImportReport(imported)


def _load(checks: "_Checks", lines: Iterator[MemberLine], progress: Progress) -> int:
    member_load.begin(checks.vault)
    imported = seen = 0
    while batch := tuple(islice(lines, _BATCH)):
        sound = checks.passed(batch)
        if not checks.defects.found:
            imported += member_load.load(sound)
        seen += len(batch)
        progress(seen)
    if not seen and not checks.defects.found:
        checks.defects.add(1, "", "", FORMAT, "文件没有数据行 / the file holds no line")
    if checks.defects.found:
        raise Rejected
    member_load.finish()
    return imported


class _Checks:
    """The checks that need more than one line: the branch exists, the person occurs once."""

    def __init__(self, defects: Defects, vault: Vault) -> None:
        self.defects = defects
        self.vault = vault
        self._branches: dict[str, member_load.Branch] = {}
        self._lines: dict[str, int] = {}

    def passed(self, batch: Sequence[MemberLine]) -> list[Mapping[str, Any]]:
        """Check a batch and return the rows of those who may be stored."""
        unknown = {line.branch_code for line in batch if line.branch_code} - self._branches.keys()
        self._branches.update(member_load.branches(sorted(unknown)))
        indexes = [self.vault.index(line.id_number) if line.id_number else "" for line in batch]
        present = member_load.present([index for index in indexes if index])
        rows = (self._row(line, index, present) for line, index in zip(batch, indexes, strict=True))
        return [row for row in rows if row is not None]

    def _row(self, line: MemberLine, index: str, present: set[str]) -> Mapping[str, Any] | None:
        branch = self._branch(line)
        self._check_once(line, index, present)
        if self.defects.found or branch is None or not (line.id_number and line.sex and line.kind and line.status):
            return None
        member = Member(
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
        return members.row_of(member, self.vault, index=index)

    def _branch(self, line: MemberLine) -> member_load.Branch | None:
        branch, code = self._branches.get(line.branch_code), line.branch_code
        is_former = line.status is not None and line.status.is_historical
        if branch is None:
            if code:
                self._note(line, "branch_code", code, "E_ORG_NOT_FOUND", "没有该组织 / there is no such organisation")
        elif branch.org_type not in BRANCHES | HOLDING_NODES:
            self._note(line, "branch_code", code, INVALID, f"不是党支部 / is no branch: {branch.org_type}")
        elif not branch.is_active and not is_former:
            self._note(line, "branch_code", code, INVALID, "该组织已撤销 / the organisation is dissolved")
        return branch

    def _check_once(self, line: MemberLine, index: str, present: set[str]) -> None:
        if not index or line.status is None or line.status.is_historical:
            return
        first = self._lines.setdefault(index, line.number)
        if first != line.number:
            reason = f"与第 {first} 行重复 / stands on line {first} already"
            self._note_person(line, reason)
        elif index in present:
            self._note_person(line, "已是党员 / is a member already")

    def _note_person(self, line: MemberLine, reason: str) -> None:
        self._note(line, "id_number", identity_numbers.masked(line.id_number or ""), "E_MEMBER_EXISTS", reason)

    def _note(self, line: MemberLine, field: str, value: str, code: str, reason: str) -> None:
        self.defects.add(line.number, field, value, code, reason)
