"""What is entered into a member's record after he has come in (R-150)."""

import sqlalchemy as sa

from service.domain.member_records import Record
from service.storage import members
from service.storage.db import execute
from service.storage.vault import Vault


def save(member_id: int, record: Record, *, person_key: bytes, vault: Vault) -> None:
    """Store what was entered; the telephone as ciphertext under his own key."""
    values = {
        "ethnicity": record.ethnicity,
        "joined_on": record.joined_on,
        "full_on": record.full_on,
        "mobile_sealed": vault.seal_text(person_key, record.mobile) if record.mobile else None,
        "mobile_index": vault.index(record.mobile) if record.mobile else None,
    }
    execute(sa.update(members.table).where(members.table.c.id == member_id).values(**values))
