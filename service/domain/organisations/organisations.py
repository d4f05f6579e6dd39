"""Organisations of the Party tree, their types, authority levels and scopes (requirements 1.2–1.4)."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class OrgType(StrEnum):
    """What kind of organisation it is (requirements 1.2)."""

    LOCAL_COMMITTEE = "LOCAL_COMMITTEE"
    WORKING_COMMITTEE = "WORKING_COMMITTEE"
    PRIMARY_COMMITTEE = "PRIMARY_COMMITTEE"
    SECOND_LEVEL_COMMITTEE = "SECOND_LEVEL_COMMITTEE"
    GENERAL_BRANCH = "GENERAL_BRANCH"
    BRANCH = "BRANCH"
    DIRECT_BRANCH = "DIRECT_BRANCH"
    HOLDING_UNKNOWN = "HOLDING_UNKNOWN"
    HOLDING_OUTSIDE = "HOLDING_OUTSIDE"
    HOLDING_TEMP = "HOLDING_TEMP"


BRANCHES = frozenset({OrgType.BRANCH, OrgType.DIRECT_BRANCH})
HOLDING_NODES = frozenset({OrgType.HOLDING_UNKNOWN, OrgType.HOLDING_OUTSIDE, OrgType.HOLDING_TEMP})


class UnitKind(StrEnum):
    """The kind of unit, which decides some outgoing types (requirements 1.2)."""

    TOWNSHIP = "TOWNSHIP"
    STREET = "STREET"
    DIRECT_UNIT = "DIRECT_UNIT"
    OTHER = "OTHER"


class AuthorityLevel(StrEnum):
    """Authority level of an organisation (requirements 1.3); unset is None and ranks 1 (R-007)."""

    PROVINCIAL_COMMITTEE = "PROVINCIAL_COMMITTEE"
    PROVINCIAL_DIRECT = "PROVINCIAL_DIRECT"
    CITY_COMMITTEE = "CITY_COMMITTEE"
    CITY_DIRECT = "CITY_DIRECT"
    COUNTY_COMMITTEE = "COUNTY_COMMITTEE"
    FIRST_LEVEL = "FIRST_LEVEL"
    BELOW_FIRST = "BELOW_FIRST"


RANK_OF_FIRST_LEVEL = 2
_RANKS = {
    AuthorityLevel.PROVINCIAL_COMMITTEE: 7,
    AuthorityLevel.PROVINCIAL_DIRECT: 6,
    AuthorityLevel.CITY_COMMITTEE: 5,
    AuthorityLevel.CITY_DIRECT: 4,
    AuthorityLevel.COUNTY_COMMITTEE: 3,
    AuthorityLevel.FIRST_LEVEL: RANK_OF_FIRST_LEVEL,
    AuthorityLevel.BELOW_FIRST: 1,
}


def rank_of(level: AuthorityLevel | None) -> int:
    """Rank of a level, 1 (lowest, and unset) to 7."""
    return _RANKS[level] if level else 1


class Scope(IntEnum):
    """How far an organisation may exchange members directly; a wider scope includes the narrower."""

    NONE = 0
    COUNTY = 1
    PROVINCE = 2
    NATIONAL = 3


class OrgStatus(StrEnum):
    """Whether an organisation exists still (requirements 1.7)."""

    ACTIVE = "ACTIVE"
    DISSOLVED = "DISSOLVED"


@dataclass(frozen=True, slots=True)
class OrgRef:
    """An organisation as a record names it: key in the database, immutable code, name at that time."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation as far as the rules look at it; the rules know it by its immutable code (R-003)."""

    id: int
    code: str
    name: str
    org_type: OrgType
    level: AuthorityLevel | None = None
    scope: Scope = Scope.NONE
    can_transfer: bool = True
    auto_approve_children: bool = False
    unit_kind: UnitKind = UnitKind.OTHER
    is_functional: bool = False
    status: OrgStatus = OrgStatus.ACTIVE
    letter_heading: str = ""
    has_seal: bool = True

    @property
    def rank(self) -> int:
        """Rank of the authority level, 1 (lowest, and unset) to 7."""
        return rank_of(self.level)

    @property
    def ref(self) -> OrgRef:
        """The organisation as a record names it."""
        return OrgRef(self.id, self.code, self.name)

    @property
    def is_branch(self) -> bool:
        """Whether members belong to it directly."""
        return self.org_type in BRANCHES

    @property
    def is_plain_general_branch(self) -> bool:
        """Whether it is a general branch that writes no letters of its own (A-25)."""
        return self.org_type is OrgType.GENERAL_BRANCH and self.scope is Scope.NONE

    @property
    def is_holding_node(self) -> bool:
        """Whether it only holds persons without a branch (R-009)."""
        return self.org_type in HOLDING_NODES


Chain = tuple[Organisation, ...]
"""up(x) of requirements 4.2: the organisation first, then each superior, the root last; never empty."""
