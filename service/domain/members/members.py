"""A member as far as the rules look at him (requirements 1.6, 2.4)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MemberKind(StrEnum):
    """Full or probationary member."""

    FULL = "FULL"
    PROBATIONARY = "PROBATIONARY"


class Sex(StrEnum):
    """Sex as the identity number states it."""

    MALE = "MALE"
    FEMALE = "FEMALE"


class MemberStatus(StrEnum):
    """State of a member; being in transfer is derived from the transfers, not stored."""

    ACTIVE = "ACTIVE"
    HIST_TRANSFERRED_OUT = "HIST_TRANSFERRED_OUT"
    HIST_DECEASED = "HIST_DECEASED"
    HIST_EXPELLED = "HIST_EXPELLED"
    MEMBERSHIP_SUSPENDED = "MEMBERSHIP_SUSPENDED"
    PROVISIONAL = "PROVISIONAL"

    @property
    def is_historical(self) -> bool:
        """Whether the person has left the members' list (R-046)."""
        return self.name.startswith("HIST_")


@dataclass(frozen=True, slots=True)
class Member:
    """A member; identity number and telephone are plain here and ciphertext wherever they are stored."""

    id: int
    name: str
    id_number: str
    sex: Sex
    birth_date: date
    kind: MemberKind
    branch_id: int | None
    status: MemberStatus = MemberStatus.ACTIVE
    ethnicity: str = ""
    joined_on: date | None = None
    full_on: date | None = None
    mobile: str = ""
    is_graduate: bool = False


def age(birth_date: date, today: date) -> int:
    """Full years on a day."""
    had_birthday = (today.month, today.day) >= (birth_date.month, birth_date.day)
    return today.year - birth_date.year - (0 if had_birthday else 1)
