"""Roles, duties and their grants"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_THREE = ("AUDITOR", "SECURITY_OFFICER", "SYSTEM_ADMIN")
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for column in (
        sa.Column("duty", sa.String(length=24), nullable=True),
        sa.Column("division", sa.Text(), server_default="", nullable=False),
        sa.Column("granted_by", _KEY, nullable=True),
        sa.Column("granted_at", sa.String(length=27), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
    ):
        op.add_column("role_grants", column)
    op.create_table(
        "separated_accounts",
        sa.Column("account_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id"),
    )
    # Who holds two of the three already keeps the first in the alphabet here; the other one no longer fits and is
    # found by `doctor`.
    op.execute(
        "INSERT INTO separated_accounts (account_id, role) SELECT account_id, min(role) FROM role_grants "
        "WHERE role IN ('AUDITOR', 'SECURITY_OFFICER', 'SYSTEM_ADMIN') GROUP BY account_id"
    )
    op.create_table(
        "member_duties",
        sa.Column("member_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("org_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("duty", sa.String(length=24), nullable=False),
        sa.Column("recorded_by", _KEY, nullable=False),
        sa.Column("recorded_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"]),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"]),
        sa.PrimaryKeyConstraint("member_id", "org_id"),
    )
    op.create_index(op.f("ix_member_duties_org_id"), "member_duties", ["org_id"], unique=False)
    for statement in _APART[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")


_NAMES = ", ".join(f"'{name}'" for name in _THREE)
_CONDITION = (
    f"NEW.role IN ({_NAMES}) AND NOT EXISTS (SELECT 1 FROM separated_accounts s "  # noqa: S608 - names of ours
    "WHERE s.account_id = NEW.account_id AND s.role = NEW.role)"
)
_APART = {
    "sqlite": tuple(
        f"CREATE TRIGGER role_grants_separated_{verb} BEFORE {verb.upper()} ON role_grants WHEN {_CONDITION} "
        "BEGIN SELECT RAISE(ABORT, 'E_FORBIDDEN separated administrators'); END"
        for verb in ("insert", "update")
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION keep_separated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF "
            f"{_CONDITION} THEN RAISE EXCEPTION 'E_FORBIDDEN separated administrators' USING ERRCODE = '23514'; "
            "END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER role_grants_separated BEFORE INSERT OR UPDATE ON role_grants "
            "FOR EACH ROW EXECUTE FUNCTION keep_separated()"
        ),
    ),
}
