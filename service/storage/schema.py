"""All tables together: what a fresh database has after all migrations."""

from service.storage import (
    accounts,
    attachments,
    definitions,
    diagram_versions,
    history,
    letters,
    members,
    organisations,
    outbox,
    requests,
    transfers,
)
from service.storage.db import db

metadata = db.metadata
SUBJECTS = (
    accounts,
    attachments,
    definitions,
    diagram_versions,
    history,
    letters,
    members,
    organisations,
    outbox,
    requests,
    transfers,
)
