"""Messages, notices and deadlines; the forms a transfer was begun with"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transfers", sa.Column("forms_digest", sa.String(length=64), nullable=True))


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")
