"""Members and their records"""

import sqlalchemy as sa
from alembic import op

from service.storage.members import member_names

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BATCH = 10_000


def upgrade() -> None:
    _extend_members()
    _make_details()
    _make_admissions()


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")


def _extend_members() -> None:
    binary = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("members", sa.Column("initials", binary, nullable=False, server_default=""))
    op.add_column("members", sa.Column("filled", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index("ix_members_initials", "members", ["initials"])
    if op.get_context().dialect.name == "postgresql":
        op.drop_index("ix_members_name", table_name="members")
        op.create_index("ix_members_name", "members", ["name"], postgresql_ops={"name": "text_pattern_ops"})
    _fill()
    for moves in ("member_increases", "member_decreases"):
        op.add_column(moves, sa.Column("cause", sa.String(length=16), nullable=False, server_default="TRANSFER"))


def _fill() -> None:
    """Let the members be found who are there already, and count what of theirs is filled in."""
    connection = op.get_bind()
    names = connection.execute(sa.text("SELECT DISTINCT name FROM members")).scalars().all()
    change = sa.text("UPDATE members SET initials = :initials WHERE name = :name")
    for first in range(0, len(names), _BATCH):
        values = [{"name": name, "initials": member_names.initials(name)} for name in names[first : first + _BATCH]]
        connection.execute(change, values)
    connection.execute(
        sa.text(
            "UPDATE members SET filled = 9 + CASE WHEN ethnicity <> '' THEN 1 ELSE 0 END "
            "+ CASE WHEN joined_on IS NOT NULL THEN 1 ELSE 0 END "
            "+ CASE WHEN full_on IS NOT NULL AND kind = 'FULL' THEN 1 ELSE 0 END "
            "+ CASE WHEN mobile_sealed IS NOT NULL THEN 1 ELSE 0 END"
        )
    )


def _make_details() -> None:
    op.create_table(
        "member_details",
        sa.Column("member_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"]),
        sa.PrimaryKeyConstraint("member_id"),
    )
    op.create_table(
        "record_keepers",
        sa.Column("org_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("granted_by", _KEY, nullable=False),
        sa.Column("granted_at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisations.id"]),
        sa.PrimaryKeyConstraint("org_id"),
    )


def _make_admissions() -> None:
    op.create_table(
        "admissions",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("org_id", _KEY, nullable=False),
        sa.Column("decider_id", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False, server_default=""),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("signed_by", sa.Text(), nullable=False, server_default=""),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("applied_by", _KEY, nullable=False),
        sa.Column("applied_at", sa.String(length=27), nullable=False),
        sa.Column("decided_by", _KEY, nullable=True),
        sa.Column("decided_at", sa.String(length=27), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False, server_default=""),
        *(sa.ForeignKeyConstraint([name], ["organisations.id"]) for name in ("org_id", "decider_id")),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_admissions_org", "admissions", ["org_id", "status", "id"])
    op.create_index("ix_admissions_decider", "admissions", ["decider_id", "status", "id"])
    op.create_table(
        "admitted_people",
        sa.Column("admission_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id_number_index", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", _KEY, nullable=True),
        sa.ForeignKeyConstraint(["admission_id"], ["admissions.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"]),
        sa.PrimaryKeyConstraint("admission_id", "line"),
    )
