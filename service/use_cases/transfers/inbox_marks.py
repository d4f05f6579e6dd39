"""How a line of a list stands today: whether its step is overdue, and how its letter is (R-125, R-190)."""

from dataclasses import dataclass
from datetime import datetime

from service.domain.clock import local_date
from service.domain.deadlines.deadlines import LetterMark, letter_mark
from service.domain.profile import Profile
from service.storage.transfers.inbox import InboxRow


@dataclass(frozen=True, slots=True)
class Marks:
    """`letter_mark` None where nothing travels any more."""

    is_overdue: bool
    letter_mark: LetterMark | None


def marks_of(row: InboxRow, *, profile: Profile, now: datetime) -> Marks:
    """The marks of a line; a finished transfer has none."""
    overdue = row.due_at is not None and row.due_at <= now
    mark = letter_mark(row.valid_until, today=local_date(now), profile=profile) if row.step else None
    return Marks(overdue, mark)
