"""Organisations, their upkeep, and the audit log"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service.storage.organisations import organisation_search

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_audit_log()
    _extend_organisations()
    _make_search()
    _make_superior_changes()
    op.create_index("ix_transfers_origin", "transfers", ["origin_id"], **_where(_UNFINISHED))


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")


def _make_audit_log() -> None:
    op.create_table(
        "audit_events",
        sa.Column("seq", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("account_id", _ID, nullable=True),
        sa.Column("role", sa.String(length=24), nullable=True),
        sa.Column("acting_org", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("subject_kind", sa.String(length=24), nullable=False),
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("org_id", _ID, nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("chain_version", sa.SmallInteger(), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_audit_events_subject", "audit_events", ["subject_kind", "subject_key", "seq"])
    op.create_index("ix_audit_events_org", "audit_events", ["org_id", "seq"])
    op.create_index("ix_audit_events_account", "audit_events", ["account_id", "seq"])
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("last_seq", _ID, nullable=False),
        sa.Column("last_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for statement in _GUARDS[op.get_context().dialect.name]:
        op.execute(sa.text(statement))


def _extend_organisations() -> None:
    for column in (
        sa.Column("affiliation", sa.String(length=4), nullable=False, server_default=""),
        sa.Column("category", sa.String(length=8), nullable=False, server_default=""),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("unit_relation", sa.String(length=4), nullable=False, server_default=""),
        sa.Column("is_mainly_older", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_until", sa.Date(), nullable=True),
        sa.Column("fax", sa.Text(), nullable=False, server_default=""),
        sa.Column("postcode", sa.Text(), nullable=False, server_default=""),
        sa.Column("address", sa.Text(), nullable=False, server_default=""),
        sa.Column("sort_order", sa.Integer(), nullable=False, server_default="1000000000"),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("dissolved_on", sa.Date(), nullable=True),
    ):
        op.add_column("organisations", column)
    op.drop_index("ix_organisations_parent_id", table_name="organisations")
    op.create_index("ix_organisations_children", "organisations", ["parent_id", "sort_order", "id"])
    high = "authority_level <> 'BELOW_FIRST'"
    op.create_index("ix_organisations_levels", "organisations", ["authority_level", "path"], **_where(high))


def _make_search() -> None:
    is_sqlite = op.get_context().dialect.name == "sqlite"
    grams = sa.Text() if is_sqlite else postgresql.ARRAY(sa.Integer())
    op.create_table(
        "organisation_search",
        sa.Column("org_id", _ID, autoincrement=False, nullable=False),
        sa.Column("is_findable", sa.Boolean(), nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("grams", grams, nullable=False),
        sa.PrimaryKeyConstraint("org_id"),
    )
    if is_sqlite:
        for statement in _FTS:
            op.execute(sa.text(statement))
    else:
        op.create_index("ix_organisation_search_grams", "organisation_search", ["grams"], postgresql_using="gin")
    _fill_search()


def _fill_search() -> None:
    """Let the organisations be found that are there already, by the pieces that the program looks for."""
    connection = op.get_bind()
    query = sa.text("SELECT id, name, short_name, org_type, status FROM organisations")
    found = connection.execute(query, execution_options={"yield_per": 10_000})
    while rows := found.mappings().fetchmany(10_000):
        values = [organisation_search.row_of(row["id"], row) for row in rows]
        connection.execute(sa.insert(organisation_search.table), values)


def _make_superior_changes() -> None:
    organisations = [sa.Column(name, _ID, nullable=False) for name in _ORGANISATIONS]
    op.create_table(
        "superior_changes",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        *organisations,
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("applied_by", _ID, nullable=False),
        sa.Column("applied_at", sa.String(length=27), nullable=False),
        sa.Column("decided_by", _ID, nullable=True),
        sa.Column("decided_at", sa.String(length=27), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False, server_default=""),
        *(sa.ForeignKeyConstraint([name], ["organisations.id"]) for name in _ORGANISATIONS),
        *(sa.ForeignKeyConstraint([name], ["accounts.id"]) for name in ("applied_by", "decided_by")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_superior_changes_org_id", "superior_changes", ["org_id"])
    opened = "status = 'OPEN'"
    op.create_index("uq_superior_changes_open", "superior_changes", ["org_id"], unique=True, **_where(opened))
    op.create_index("ix_superior_changes_decider", "superior_changes", ["decider_id", "status", "id"])
    op.create_index("ix_superior_changes_applicant", "superior_changes", ["applicant_id", "status", "id"])


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


_FTS = (
    """CREATE VIRTUAL TABLE organisation_fts USING fts5
(grams, content='organisation_search', content_rowid='org_id', detail='none', columnsize=0, tokenize='ascii')""",
    """CREATE TRIGGER organisation_search_added AFTER INSERT ON organisation_search BEGIN
INSERT INTO organisation_fts(rowid, grams) VALUES (new.org_id, new.grams); END""",
    """CREATE TRIGGER organisation_search_removed AFTER DELETE ON organisation_search BEGIN
INSERT INTO organisation_fts(organisation_fts, rowid, grams) VALUES ('delete', old.org_id, old.grams); END""",
)
_UNFINISHED = "NOT (status IN ('COMPLETED','VOIDED','REVOKED'))"
_ORGANISATIONS = ("org_id", "from_id", "to_id", "decider_id", "applicant_id")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# The log is only ever added to. The function on PostgreSQL is that of the first schema.
_GUARDS = {
    "sqlite": tuple(
        f"CREATE TRIGGER audit_events_refuse_{verb} BEFORE {verb.upper()} ON audit_events "
        f"BEGIN SELECT RAISE(ABORT, 'E_IMMUTABLE audit_events\\: {verb}'); END"
        for verb in ("update", "delete")
    ),
    "postgresql": tuple(
        f"CREATE TRIGGER audit_events_refuse_{verb} BEFORE {verb.upper()} ON audit_events "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for verb in ("update", "delete", "truncate")
    ),
}
