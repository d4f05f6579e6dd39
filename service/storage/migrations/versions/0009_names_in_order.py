"""Members are found in the order of their names"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_members_name", table_name="members")
    op.drop_index("ix_members_initials", table_name="members")
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("members", "name", existing_nullable=False, type_=sa.Text(collation="C"))
    op.create_index("ix_members_name", "members", ["name", "id"])
    op.create_index("ix_members_initials", "members", ["initials", "id"])


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")
