"""Signing in: second factors, refresh tokens, failures; machines with keys of their own; issuers of other houses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_APP, _WORKER = "homeward_application", "homeward_worker"
_AT = sa.DateTime(timezone=True)
_LEAVER = "nullif(current_setting('homeward.leaver', true), '')::uuid"


def upgrade() -> None:
    _widen()
    _create_for_people()
    _create_for_machines()
    _create_for_other_houses()
    # an administrator reads no case; whether somebody who leaves still has work is the one thing asked of the stages
    op.execute(
        f"create policy stages_of_a_leaver on stages for select to {_APP}"
        f" using (officer_id = {_LEAVER} or deputy_id = {_LEAVER})"
    )
    op.create_index(op.f("ix_stages_officer_id"), "stages", ["officer_id"])
    op.create_index(op.f("ix_stages_deputy_id"), "stages", ["deputy_id"])
    _grant()


def _widen() -> None:
    op.alter_column("accounts", "password_hash", existing_type=sa.Text(), nullable=True)
    op.add_column("accounts", sa.Column("password_given_at", _AT, nullable=True))
    op.add_column("accounts", sa.Column("suspended_at", _AT, nullable=True))
    op.add_column(
        "sessions", sa.Column("kind", sa.Text(), server_default=sa.text("'person'"), nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_sessions_kind_known"), "sessions", "kind in ('person', 'federated', 'client')"
    )
    op.add_column("sessions", sa.Column("unit_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_sessions_unit_id"), "sessions", "units", ["unit_id"], ["id"])
    op.add_column("sessions", sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column("sessions", sa.Column("confirmed_at", _AT, nullable=True))
    op.add_column("sessions", sa.Column("revoked_because", sa.Text(), nullable=True))


def _create_for_people() -> None:
    op.create_table(
        "refresh_tokens",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("issued_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.Column("used_from", sa.LargeBinary(), nullable=True),
        sa.Column("successor", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_refresh_tokens_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("session_id", "generation", name=op.f("uq_refresh_tokens_session_id_generation")),
    )
    op.create_index(op.f("ix_refresh_tokens_expires_at"), "refresh_tokens", ["expires_at"])
    op.create_table(
        "second_factors",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("seed_version", sa.Integer(), nullable=False),
        sa.Column("set_at", _AT, nullable=False),
        sa.Column("last_counter", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_second_factors_account_id")),
        sa.PrimaryKeyConstraint("account_id", "pending", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _AT, nullable=False),
        sa.Column("used_at", _AT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "sign_in_failures",
        sa.Column("name_digest", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", _AT, nullable=False),
        sa.Column("next_at", _AT, nullable=True),
        sa.PrimaryKeyConstraint("name_digest", name=op.f("pk_sign_in_failures")),
    )
    op.create_index(op.f("ix_sign_in_failures_last_at"), "sign_in_failures", ["last_at"])


def _create_for_machines() -> None:
    op.create_table(
        "client_keys",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kid", sa.String(), nullable=False),
        sa.Column("jwk", sa.Text(), nullable=False),
        sa.Column("added_at", _AT, nullable=False),
        sa.Column("not_after", _AT, nullable=False),
        sa.Column("revoked_at", _AT, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_client_keys_account_id")),
        sa.PrimaryKeyConstraint("account_id", "kid", name=op.f("pk_client_keys")),
    )
    op.create_table(
        "client_grants",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_client_grants_account_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_client_grants_unit_id")),
        sa.PrimaryKeyConstraint("account_id", "unit_id", name=op.f("pk_client_grants")),
    )
    _create_spent("used_assertions")


def _create_for_other_houses() -> None:
    op.create_table(
        "issuers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("jwks", sa.Text(), nullable=False),
        sa.Column("acr_values", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("added_at", _AT, nullable=False),
        sa.Column("disabled_at", _AT, nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("algorithm in ('ES256', 'RS256')", name=op.f("ck_issuers_algorithm_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuers")),
        sa.UniqueConstraint("issuer", name=op.f("uq_issuers_issuer")),
    )
    op.create_table(
        "federated_identities",
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", _AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_federated_identities_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["issuer_id"], ["issuers.id"], name=op.f("fk_federated_identities_issuer_id")
        ),
        sa.PrimaryKeyConstraint("issuer_id", "subject", name=op.f("pk_federated_identities")),
    )
    op.create_index(op.f("ix_federated_identities_account_id"), "federated_identities", ["account_id"])
    _create_spent("nonces")


def _create_spent(name: str) -> None:
    op.create_table(
        name,
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_expires_at"), name, ["expires_at"])


def _grant() -> None:
    rights = {
        "select, insert, update": "refresh_tokens client_keys issuers",
        "select, insert, update, delete": "second_factors recovery_codes sign_in_failures client_grants",
        "select, insert, delete": "federated_identities nonces",
        "select, insert": "used_assertions",
    }
    for right, tables in rights.items():
        for table in tables.split():
            op.execute(f"grant {right} on {table} to {_APP}")
    for table in ("refresh_tokens", "sign_in_failures", "used_assertions", "nonces"):
        op.execute(f"grant select, delete on {table} to {_WORKER}")
    # after a rotation of the master key the worker seals the seeds anew
    op.execute(f"grant select, update on second_factors to {_WORKER}")


def downgrade() -> None:
    op.execute("drop policy stages_of_a_leaver on stages")
    op.drop_index(op.f("ix_stages_deputy_id"), table_name="stages")
    op.drop_index(op.f("ix_stages_officer_id"), table_name="stages")
    for table in (
        "nonces", "federated_identities", "issuers", "used_assertions", "client_grants", "client_keys",
        "sign_in_failures", "recovery_codes", "second_factors", "refresh_tokens",
    ):  # fmt: skip
        op.drop_table(table)
    # without keys a machine has no way in any more; whoever waits behind a suspension stays outside
    op.execute(
        "update accounts set disabled_at = now() where disabled_at is null and suspended_at is not null"
    )
    op.execute(
        "update accounts set disabled_at = coalesce(disabled_at, now()), password_hash = '' where password_hash is null"
    )
    op.execute("delete from sessions where kind = 'client'")
    for column in ("revoked_because", "confirmed_at", "purposes", "unit_id", "kind"):
        op.drop_column("sessions", column)
    op.drop_column("accounts", "suspended_at")
    op.drop_column("accounts", "password_given_at")
    op.alter_column("accounts", "password_hash", existing_type=sa.Text(), nullable=False)
