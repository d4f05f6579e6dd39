"""All tables together: what a fresh database has after all migrations."""

from service.storage import audit, guards
from service.storage.accounts import (
    accounts,
    captchas,
    certificates,
    codes,
    devices,
    duties,
    grants,
    limits,
    second_factors,
)
from service.storage.backups import runs as backup_runs
from service.storage.db import db
from service.storage.deadlines import deadlines, workdays
from service.storage.definitions import definitions, diagram_versions
from service.storage.members import admissions, member_details, members, record_keepers
from service.storage.messages import notices, outbox
from service.storage.organisations import organisation_search, organisations, superior_changes
from service.storage.transfers import attachments, history, letters, pending_transfers, requests, retrievals, transfers

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
