"""All tables together: what a fresh database has after all migrations."""

from service.storage import (
    accounts,
    attachments,
    audit,
    definitions,
    diagram_versions,
    guards,
    history,
    letters,
    members,
    notices,
    organisations,
    outbox,
    requests,
    transfers,
    retrievals,
)
from service.storage.db import db

metadata = db.metadata
SUBJECTS = (
    accounts,
    attachments,
    audit,
    definitions,
    diagram_versions,
    history,
    letters,
    members,
    notices,
    organisations,
    outbox,
    requests,
    transfers,
)
"""The modules whose import declares the tables."""
    retrievals,

guards.attach(events=history.table, audit_events=audit.table)
guards.attach(definitions=definitions.table, letters=letters.table, transfers=transfers.table)
guards.attach(attachment_contents=attachments.contents)
