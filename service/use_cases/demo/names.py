"""What the Party organisation of a division is called: full name, short name and letter heading."""

import re
from typing import NamedTuple

from service.use_cases.demo.divisions import Division


class Names(NamedTuple):
    """Full name, short name, and the name by which letters address it."""

    full: str
    short: str
    heading: str


_VILLAGE = re.compile(r"(村民委员会|村委会|牧民委员会|嘎查委员会)$")
_COMMUNITY = re.compile(r"(社区居民委员会|社区居委会|居民委员会|居委会)$")
_STREET = re.compile(r"街道(办事处)?$")


def is_street(name: str) -> bool:
    """Whether a township-level division is a sub-district (街道)."""
    return _STREET.search(name) is not None


def is_township(name: str) -> bool:
    """Whether it is a town or a township (镇, 乡, 苏木), not a farm or a development zone."""
    return name.endswith(("镇", "乡", "苏木"))


def names_of(division: Division, above: str) -> Names:
    """Name the organisation of a division; `above` is the name of the division that letters put in front."""
    if division.level == "village":
        short = f"{village(division.name)}党支部"
        return Names(f"{above}{short}", short, f"中共{above}{village(division.name)}支部委员会")
    if division.level == "township":
        base = _STREET.sub("街道", division.name)
        is_working = is_street(division.name)
        short = f"{base}党工委" if is_working else f"{base}党委"
        return Names(short, short, f"中共{above}{base}{'工作委员会' if is_working else '委员会'}")
    short = f"{division.name}委"
    return Names(f"中共{division.name}委员会", short, f"中共{above}{division.name}委员会组织部")


def village(name: str) -> str:
    """A village or community without the word for its committee: 军门社区居委会 becomes 军门社区."""
    bare = _COMMUNITY.sub("", name)
    if bare != name:
        return bare if bare.endswith("社区") else f"{bare}社区"
    bare = _VILLAGE.sub("", name)
    if bare != name:
        return bare if bare.endswith(("村", "嘎查")) else f"{bare}村"
    return name
