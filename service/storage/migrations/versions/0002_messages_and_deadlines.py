"""Messages, notices and deadlines"""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")
