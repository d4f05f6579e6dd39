"""Accounts, roles, sessions"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NOT_VIRTUAL = sa.text("phone_index IS NOT NULL AND member_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("accounts", sa.Column("phone_index", sa.String(length=64), nullable=True))
    op.create_index(
        "uq_accounts_phone",
        "accounts",
        ["phone_index"],
        unique=True,
        sqlite_where=_NOT_VIRTUAL,
        postgresql_where=_NOT_VIRTUAL,
    )


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")
