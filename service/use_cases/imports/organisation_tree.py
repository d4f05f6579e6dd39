"""The tree that grows while an organisations file is read: one root, parents before children, levels that fit.

It keeps of each organisation only what its subordinates need, so that a whole country fits (R-001, R-006).
"""

from service.domain.organisations.organisations import AuthorityLevel, rank_of
from service.use_cases.imports.csv_lines import FORMAT
from service.use_cases.imports.defects import Defects
from service.use_cases.imports.organisation_lines import OrganisationPlace

_HIGHEST = 99
_NO_PARENT = 0
_LINE_FIELD = "parent_code"
_RANKS = {level.value: rank_of(level) for level in AuthorityLevel}


class GrowingTree:
    """Organisations by their number, 1 for the first of the file; entry 0 stands above the root."""

    def __init__(self, defects: Defects) -> None:
        self._defects = defects
        self._ids: dict[str, int] = {}
        self._lines = [0]
        self._parents = [_NO_PARENT]
        self._ceilings = [_HIGHEST]
        self._orphans: dict[int, str] = {}
        self._root = 0

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong so far: every organisation has found its superior, and nothing else is amiss."""
        return not self._orphans and not self._defects.found

    def place(self, line: OrganisationPlace) -> tuple[int, int | None]:
        """Give an organisation its number and that of its superior; what does not fit is a defect."""
        if (known := self._ids.get(line.code)) is not None:
            reason = f"与第 {self._lines[known]} 行重复 / stands on line {self._lines[known]} already"
            self._defects.add(line.number, "code", line.code, FORMAT, reason)
            return known, None
        mine = len(self._lines)
        self._ids[line.code] = mine
        parent = self._parent(line, mine)
        self._lines.append(line.number)
        self._parents.append(parent)
        self._ceilings.append(self._ceiling(line, parent))
        return mine, parent or None

    def finish(self) -> None:
        """Tell of superiors that came too late, never or in a circle, and of a missing root."""
        circles = self._circles()
        for child, parent_code in self._orphans.items():
            reason = self._why(parent_code, in_circle=child in circles)
            self._defects.add(self._lines[child], _LINE_FIELD, parent_code, *reason)
        if len(self._lines) > 1 and not self._root and not self._defects.found:
            self._defects.add(1, _LINE_FIELD, "", "E_ORG_ROOT", "没有根组织 / there is no root")

    def _parent(self, line: OrganisationPlace, mine: int) -> int:
        if line.parent_code:
            parent = self._ids.get(line.parent_code, mine)
            if parent == mine:
                self._orphans[mine] = line.parent_code
            return parent
        if self._root:
            reason = f"第 {self._lines[self._root]} 行已是根组织 / line {self._lines[self._root]} is the root already"
            self._defects.add(line.number, _LINE_FIELD, "", "E_ORG_ROOT", reason)
        else:
            self._root = mine
        return _NO_PARENT

    def _ceiling(self, line: OrganisationPlace, parent: int) -> int:
        """The rank that subordinates may not outrank: that of the nearest superior whose level is set."""
        above = self._ceilings[parent] if parent < len(self._ceilings) else _HIGHEST
        rank = _RANKS.get(line.level)
        if rank is None:
            return above
        if rank > above:
            reason = f"高于最近上级的级别（{above} 级）/ outranks the nearest set superior (rank {above})"
            self._defects.add(line.number, "authority_level", line.level, "E_LEVEL_ABOVE_SUPERIOR", reason)
        return rank

    def _why(self, parent_code: str, *, in_circle: bool) -> tuple[str, str]:
        parent = self._ids.get(parent_code)
        if parent is None:
            return "E_ORG_NOT_FOUND", "文件中没有该上级 / the file has no such superior"
        if in_circle:
            return "E_ORG_CYCLE", "上级关系成环 / the superiors form a circle"
        reason = (
            f"上级在第 {self._lines[parent]} 行，应在其前 / its superior stands later, on line {self._lines[parent]}"
        )
        return FORMAT, reason

    def _circles(self) -> set[int]:
        """Those whose way up comes back to them; none is passed twice, or a file upside down would take hours."""
        found: set[int] = set()
        seen: set[int] = set()
        for start in self._orphans:
            way: list[int] = []
            here = start
            while here and here not in seen:
                seen.add(here)
                way.append(here)
                here = self._ids.get(self._orphans[here], 0) if here in self._orphans else self._parents[here]
            if here in way:
                found.update(way[way.index(here) :])
        return found
