"""Attachments under random names with keys of their own, and members who were retrieved"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _require_none()
    op.drop_table("attachments")
    _add_attachments()
    _add_contents()
    _add_retrievals()


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")


def _require_none() -> None:
    # Nothing in the program could store one before; should somebody have done so by hand, it is not thrown away.
    if op.get_bind().execute(sa.text("SELECT count(*) FROM attachments")).scalar_one():
        raise RuntimeError(
            "the table attachments holds rows that this program did not write: move them elsewhere first"
        )


def _add_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=43), nullable=False),
        sa.Column("transfer_id", _ID, nullable=True),
        sa.Column("member_id", _ID, nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("file_name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.CheckConstraint("transfer_id IS NULL OR member_id IS NULL", name="ck_attachments_one_owner"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"]),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("uq_attachments_name", "attachments", ["name"], unique=True)
    op.create_index(op.f("ix_attachments_transfer_id"), "attachments", ["transfer_id"], unique=False)
    op.create_index("uq_attachments_member", "attachments", ["member_id"], unique=True)
    loose = sa.text("transfer_id IS NULL AND member_id IS NULL")
    op.create_index(
        "ix_attachments_loose", "attachments", ["account_id", "at"], sqlite_where=loose, postgresql_where=loose
    )


def _add_contents() -> None:
    op.create_table(
        "attachment_contents",
        sa.Column("attachment_id", _ID, autoincrement=False, nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"]),
        sa.PrimaryKeyConstraint("attachment_id"),
    )
    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def _add_retrievals() -> None:
    op.create_table(
        "retrievals",
        sa.Column("transfer_id", _ID, autoincrement=False, nullable=False),
        sa.Column("member_id", _ID, nullable=False),
        sa.Column("branch_id", _ID, nullable=False),
        sa.Column("account_id", _ID, nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.ForeignKeyConstraint(["branch_id"], ["organisations.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"]),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"]),
        sa.PrimaryKeyConstraint("transfer_id"),
    )


# A file may be thrown away while nothing rests on it; that another stands in its place is never right.
_GUARDS = {
    "sqlite": (
        (
            "CREATE TRIGGER attachment_contents_refuse_update BEFORE UPDATE ON attachment_contents "
            "BEGIN SELECT RAISE(ABORT, 'E_IMMUTABLE attachment_contents\\: update'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE TRIGGER attachment_contents_refuse_update BEFORE UPDATE ON attachment_contents "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        ),
    ),
}
