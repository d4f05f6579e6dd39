"""Accounts: passwords, telephones, second factors, certificates, and the limits on guessing"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INDEX = sa.String(length=64)
_MOMENT = sa.String(length=27)
_NOT_VIRTUAL = sa.text("phone_index IS NOT NULL AND member_id IS NOT NULL")


def upgrade() -> None:
    _extend_accounts()
    _extend_sessions()
    _add_devices()
    _add_codes()
    _add_second_factors()
    _add_certificates()


def downgrade() -> None:
    raise RuntimeError("history is never thrown away: restore a backup instead")


def _extend_accounts() -> None:
    op.add_column("accounts", sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("accounts", sa.Column("phone_index", _INDEX, nullable=True))
    op.add_column("accounts", sa.Column("contact_sealed", sa.LargeBinary(), nullable=True))
    own = sa.Column("password_kind", sa.String(length=8), server_default="OWN", nullable=False)
    op.add_column("accounts", own)
    op.add_column("accounts", sa.Column("activated_at", _MOMENT, nullable=True))
    op.create_index(
        "uq_accounts_phone",
        "accounts",
        ["phone_index"],
        unique=True,
        sqlite_where=_NOT_VIRTUAL,
        postgresql_where=_NOT_VIRTUAL,
    )


def _extend_sessions() -> None:
    op.add_column("sessions", sa.Column("awaits", sa.String(length=16), nullable=True))
    op.add_column("sessions", sa.Column("certificate", _INDEX, nullable=True))
    op.add_column("sessions", sa.Column("agent", sa.Text(), server_default="", nullable=False))


def _add_devices() -> None:
    op.create_table(
        "known_devices",
        sa.Column("token_digest", _INDEX, nullable=False),
        sa.Column("account_id", _KEY, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("token_digest"),
    )
    op.create_index(op.f("ix_known_devices_account_id"), "known_devices", ["account_id"], unique=False)


def _add_codes() -> None:
    op.create_table(
        "captchas",
        sa.Column("id_digest", _INDEX, nullable=False),
        sa.Column("answer_index", _INDEX, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id_digest"),
    )
    op.create_table(
        "sms_codes",
        sa.Column("subject", _INDEX, nullable=False),
        sa.Column("code_index", _INDEX, nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_table(
        "authorisation_codes",
        sa.Column("account_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("code_index", _INDEX, nullable=False),
        sa.Column("issued_by", _KEY, nullable=True),
        sa.Column("issued_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id"),
        sa.UniqueConstraint("code_index"),
    )


def _add_second_factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("id", _KEY, autoincrement=True, nullable=False),
        sa.Column("account_id", _KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("credential_index", _INDEX, nullable=True),
        sa.Column("credential_id", sa.LargeBinary(), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("counter", _KEY, nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential_index"),
    )
    op.create_index(op.f("ix_second_factors_account_id"), "second_factors", ["account_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("code_index", _INDEX, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id", "code_index"),
    )
    op.create_table(
        "passkey_challenges",
        sa.Column("account_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("account_id"),
    )


def _add_certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("fingerprint", _INDEX, nullable=False),
        sa.Column("account_id", _KEY, nullable=False),
        sa.Column("not_after", _MOMENT, nullable=False),
        sa.Column("bound_by", _KEY, nullable=False),
        sa.Column("bound_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"]),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
    op.create_index(op.f("ix_certificates_account_id"), "certificates", ["account_id"], unique=False)
    op.create_index(op.f("ix_certificates_not_after"), "certificates", ["not_after"], unique=False)
