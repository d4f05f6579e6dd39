"""Organisations, their upkeep, and the audit log"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_audit_log()


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
