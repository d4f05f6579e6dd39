"""Random organisation trees, in the notation of the reference trees: a province, a university city, anything between."""

from random import Random

_SCOPES = ("COUNTY", "PROVINCE", "NATIONAL")
HOLDING_NODES = ("UNKNOWN", "OUTSIDE", "TEMP")


def random_tree(number: int) -> str:
    """The tree of this number; the same number gives the same tree, a smaller one tends to give a smaller tree."""
    grower = _Grower(Random(f"tree {number}"))
    grower.province(size=1 + min(number, 2))
    return "\n".join(grower.lines)


class _Grower:
    """Writes one line per organisation, superiors first; levels never rise downwards."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self.lines: list[str] = []

    def province(self, *, size: int) -> None:
        self._line(0, "P", "LOCAL", "PROVINCIAL_COMMITTEE", "NATIONAL")
        for number in range(self._between(0, size)):
            self._working_committee(f"D{number}")
        for number in range(self._between(0, size)):
            self._city(f"C{number}", size)
        for number in range(self._between(1, 2)):
            self._county(f"X{number}", 1, size)
        for kind in HOLDING_NODES:
            self.lines.append(f" H-{kind[0]} 保管{kind[0]} HOLDING_{kind} - NONE T-")

    def _working_committee(self, code: str) -> None:
        self._line(1, code, "WORKING", "PROVINCIAL_DIRECT", self._among("PROVINCE", "NATIONAL"))
        self._committee(f"{code}-U", 2)

    def _city(self, code: str, size: int) -> None:
        self._line(1, code, "LOCAL", "CITY_COMMITTEE", "NATIONAL")
        if self._maybe(0.4):
            self._line(2, f"{code}-D", "WORKING", "CITY_DIRECT", self._among("COUNTY", "PROVINCE"))
            self._committee(f"{code}-DC", 3)
        for number in range(self._between(0, size)):
            self._county(f"{code}-X{number}", 2, size)

    def _county(self, code: str, depth: int, size: int) -> None:
        self._line(depth, code, "LOCAL", "COUNTY_COMMITTEE", "NATIONAL")
        for number in range(self._between(1, size)):
            self._committee(f"{code}-T{number}", depth + 1)

    def _committee(self, code: str, depth: int) -> None:
        level = "-" if self._maybe(0.1) else "FIRST_LEVEL"
        unit = self._among("TOWNSHIP", "STREET", "DIRECT_UNIT", "")
        self._line(depth, code, self._among("PRIMARY", "PRIMARY", "WORKING"), level, self._among(*_SCOPES), unit)
        if self._maybe(0.5):
            self._line(depth + 1, f"{code}-G", "GENERAL", "BELOW_FIRST", self._among("NONE", "NONE", "COUNTY"))
            self._branches(f"{code}-G", depth + 2, self._between(1, 2))
        if self._maybe(0.3):
            self._line(depth + 1, f"{code}-S", "SECOND", "FIRST_LEVEL", self._among(*_SCOPES))
            self._branches(f"{code}-S", depth + 2, self._between(1, 2))
        if self._maybe(0.2):
            self._line(depth + 1, f"{code}-DB", "DIRECT_BRANCH", "BELOW_FIRST", "NONE")
        self._branches(code, depth + 1, self._between(1, 2))

    def _branches(self, above: str, depth: int, wanted: int) -> None:
        for number in range(wanted):
            self.lines.append(f"{' ' * depth}{above}-B{number} 支部{above}-B{number}")

    def _line(self, depth: int, code: str, kind: str, level: str, scope: str, unit: str = "") -> None:
        marks = [unit, "AUTO" if self._maybe(0.3) else "", "T-" if depth and self._maybe(0.1) else ""]
        words = [code, f"组织{code}", kind, level, scope, *filter(None, marks)]
        self.lines.append(" " * depth + " ".join(words))

    def _between(self, least: int, most: int) -> int:
        return self._chance.randint(least, most)

    def _among(self, *choices: str) -> str:
        return self._chance.choice(choices)

    def _maybe(self, share: float) -> bool:
        return self._chance.random() < share
