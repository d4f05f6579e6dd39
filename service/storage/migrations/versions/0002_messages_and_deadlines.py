"""Messages, notices, deadlines and working days; the forms a transfer was begun with"""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("transfers", sa.Column("forms_digest", sa.String(length=64), nullable=True))
    _add_deadlines()
    _add_working_days()
    _add_receivers()


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")


def _add_deadlines() -> None:
    op.add_column("transfers", sa.Column("due_at", sa.String(length=27), nullable=True))
    op.add_column("transfers", sa.Column("timer_at", sa.String(length=27), nullable=True))
    planned = sa.text("timer_at IS NOT NULL")
    op.create_index("ix_transfers_timer", "transfers", ["timer_at"], sqlite_where=planned, postgresql_where=planned)
    op.create_table(
        "timer_claims",
        sa.Column("transfer_id", _ID, autoincrement=False, nullable=False),
        sa.Column("claimed_until", sa.String(length=27), nullable=False),
        sa.Column("claims", sa.SmallInteger(), nullable=False),
        sa.Column("faults", sa.SmallInteger(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("parked_at", sa.String(length=27), nullable=True),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfers.id"]),
        sa.PrimaryKeyConstraint("transfer_id"),
    )


def _add_working_days() -> None:
    years = op.create_table(
        "workday_years",
        sa.Column("year", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    days = op.create_table(
        "workdays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('holiday', 'working')", name="ck_workdays_kind"),
        sa.PrimaryKeyConstraint("day"),
    )
    op.bulk_insert(years, [{"year": year, "source": "国务院办公厅"} for year in _ANNOUNCED])
    op.bulk_insert(days, list(_announced()))


def _add_receivers() -> None:
    op.add_column("outbox", sa.Column("receiver", sa.String(length=32), nullable=True))
    limited = sa.text("receiver IS NOT NULL")
    op.create_index(
        "ix_outbox_sent", "outbox", ["kind", "delivered_at"], sqlite_where=limited, postgresql_where=limited
    )
    op.add_column("notices", sa.Column("key", sa.String(length=160), nullable=True))
    op.create_index("uq_notices_key", "notices", ["key"], unique=True)
    unread = sa.text("read_at IS NULL")
    for receiver in ("org", "account"):
        op.create_index(
            f"ix_notices_unread_{receiver}", "notices", [f"{receiver}_id"], sqlite_where=unread, postgresql_where=unread
        )


def _announced() -> Iterator[dict[str, object]]:
    for year, feasts in _ANNOUNCED.items():
        for name, off, on in feasts:
            yield from ({"day": day, "kind": "holiday", "name": name} for day in _days(year, off))
            yield from ({"day": day, "kind": "working", "name": name} for day in _days(year, on))


def _days(year: int, text: str) -> Iterator[date]:
    for part in text.split():
        first, _, last = part.partition("-")
        day, end = _day(year, first), _day(year, last or first)
        while day <= end:
            yield day
            day += timedelta(days=1)


def _day(year: int, text: str) -> date:
    return date(year, int(text[:2]), int(text[2:]))


# What the General Office of the State Council announced for each year: days off, and weekend days worked in return.
_ANNOUNCED = {
    2020: (
        ("元旦", "0101", ""),
        ("春节", "0124-0202", "0119"),
        ("清明节", "0404-0406", ""),
        ("劳动节", "0501-0505", "0426 0509"),
        ("端午节", "0625-0627", "0628"),
        ("国庆节", "1001-1008", "0927 1010"),
    ),
    2021: (
        ("元旦", "0101-0103", ""),
        ("春节", "0211-0217", "0207 0220"),
        ("清明节", "0403-0405", ""),
        ("劳动节", "0501-0505", "0425 0508"),
        ("端午节", "0612-0614", ""),
        ("中秋节", "0919-0921", "0918"),
        ("国庆节", "1001-1007", "0926 1009"),
    ),
    2022: (
        ("元旦", "0101-0103 1231", ""),
        ("春节", "0131-0206", "0129 0130"),
        ("清明节", "0403-0405", "0402"),
        ("劳动节", "0430-0504", "0424 0507"),
        ("端午节", "0603-0605", ""),
        ("中秋节", "0910-0912", ""),
        ("国庆节", "1001-1007", "1008 1009"),
    ),
    2023: (
        ("元旦", "0101-0102 1230-1231", ""),
        ("春节", "0121-0127", "0128 0129"),
        ("清明节", "0405", ""),
        ("劳动节", "0429-0503", "0423 0506"),
        ("端午节", "0622-0624", "0625"),
        ("中秋节", "0929", ""),
        ("国庆节", "0930-1006", "1007 1008"),
    ),
    2024: (
        ("元旦", "0101", ""),
        ("春节", "0210-0217", "0204 0218"),
        ("清明节", "0404-0406", "0407"),
        ("劳动节", "0501-0505", "0428 0511"),
        ("端午节", "0610", ""),
        ("中秋节", "0915-0917", "0914"),
        ("国庆节", "1001-1007", "0929 1012"),
    ),
    2025: (
        ("元旦", "0101", ""),
        ("春节", "0128-0204", "0126 0208"),
        ("清明节", "0404-0406", ""),
        ("劳动节", "0501-0505", "0427"),
        ("端午节", "0531-0602", ""),
        ("国庆节", "1001-1005 1007-1008", "0928 1011"),
        ("中秋节", "1006", ""),
    ),
    2026: (
        ("元旦", "0101-0103", "0104"),
        ("春节", "0215-0223", "0214 0228"),
        ("清明节", "0404-0406", ""),
        ("劳动节", "0501-0505", "0509"),
        ("端午节", "0619-0621", ""),
        ("中秋节", "0925-0927", ""),
        ("国庆节", "1001-1007", "0920 1010"),
    ),
}
