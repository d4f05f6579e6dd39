"""All tables together: what a fresh database has after all migrations."""

from service.storage import (
    accounts,
    admissions,
    attachments,
    audit,
    captchas,
    certificates,
    codes,
    deadlines,
    definitions,
    devices,
    diagram_versions,
    duties,
    grants,
    guards,
    history,
    letters,
    limits,
    member_details,
    members,
    notices,
    organisation_search,
    organisations,
    outbox,
    pending_transfers,
    record_keepers,
    requests,
    retrievals,
    second_factors,
    superior_changes,
    transfers,
    workdays,
)
from service.storage.backups import runs as backup_runs
from service.storage.db import db

metadata = db.metadata
SUBJECTS = (
    accounts,
    admissions,
    attachments,
    audit,
    backup_runs,
    captchas,
    certificates,
    codes,
    deadlines,
    definitions,
    devices,
    diagram_versions,
    duties,
    grants,
    history,
    letters,
    limits,
    member_details,
    members,
    notices,
    organisation_search,
    organisations,
    outbox,
    pending_transfers,
    record_keepers,
    requests,
    retrievals,
    second_factors,
    superior_changes,
    transfers,
    workdays,
)
"""The modules whose import declares the tables."""

guards.attach(events=history.table, audit_events=audit.table)
guards.attach(attachment_contents=attachments.contents)
guards.attach(definitions=definitions.table, letters=letters.table, transfers=transfers.table)
