"""Is the log of what was changed outside transfers whole? Each entry is bound to the one before by its hash (R-214)."""

from service.storage import audit
from service.storage.db import reading


def first_fault_of_log() -> int | None:
    """Number of the first entry that does not fit the chain, None when the whole log is sound."""
    with reading():
        return audit.first_fault()
