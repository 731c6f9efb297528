"""Keys that can be changed under way, people who can be searched for, holds and erasures that outlast a backup."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_UNIT = "nullif(current_setting('homeward.unit', true), '')::uuid"
_FILE = "nullif(current_setting('homeward.file', true), '')::uuid"
_OTHER = "nullif(current_setting('homeward.other_file', true), '')::uuid"
_ACCOUNT = "nullif(current_setting('homeward.account', true), '')::uuid"
_AUDIT = "nullif(current_setting('homeward.audit', true), '')"
_APP, _WORKER = "homeward_application", "homeward_worker"
_FILES = {"search_tokens": "file_id", "legal_holds": "case_id"}
_GRANTS = {
    _APP: {
        "select, insert, delete": "search_tokens",
        "select, insert, update": "legal_holds",
        "insert": "erasures",
        # which erasures this database knows, and nothing of whose they were
        "select (id)": "erasures",
        "update (master_version, wrapped, renewed_at, destroyed_at)": "person_keys",
        "update (sealed)": "sealed_values",
        "delete": "sealed_values",
    },
    _WORKER: {
        "select, insert, delete": "search_tokens",
        "select": "legal_holds",
        "select, insert, update": "erasures",
        "update (master_version, renewed_at)": "person_keys",
        "update (sealed)": "sealed_values",
        "update (answer, master_version)": "idempotency_keys",
    },
}


def upgrade() -> None:
    op.add_column(
        "person_keys",
        sa.Column(
            "renewed_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
    )
    for column in ("master_version", "renewed_at"):
        op.create_index(
            f"ix_person_keys_{column}",
            "person_keys",
            [column, "file_id", "person_id"],
            postgresql_where=sa.text("wrapped is not null"),
        )
    op.add_column(
        "idempotency_keys",
        sa.Column("master_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
    )
    op.create_index(op.f("ix_idempotency_keys_master_version"), "idempotency_keys", ["master_version"])
    op.add_column("read_log", sa.Column("query_digest", sa.LargeBinary(), nullable=True))
    op.add_column("read_log", sa.Column("found_ids", postgresql.ARRAY(sa.Uuid()), nullable=True))
    op.add_column("victims", sa.Column("indexed_with", sa.Integer(), nullable=True))
    op.add_column("victims", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("victims", sa.Column("erased_digest", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_victims_indexed_with_case_id"), "victims", ["indexed_with", "case_id"])
    _make_tables()
    _guard()
    for role, rights in _GRANTS.items():
        for right, tables in rights.items():
            for table in tables.split():
                op.execute(f"grant {right} on {table} to {role}")


def _make_tables() -> None:
    op.create_table(
        "search_tokens",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("master_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "field in ('name', 'identity_number', 'phone')", name=op.f("ck_search_tokens_field_known")
        ),
        sa.ForeignKeyConstraint(
            ["file_id", "person_id"],
            ["victims.case_id", "victims.id"],
            name=op.f("fk_search_tokens_file_id_person_id"),
        ),
        sa.PrimaryKeyConstraint(
            "file_id", "person_id", "field", "master_version", "token", name=op.f("pk_search_tokens")
        ),
    )
    op.create_index(
        op.f("ix_search_tokens_field_token_file_id_person_id"),
        "search_tokens",
        ["field", "token", "file_id", "person_id"],
    )
    op.create_index(op.f("ix_search_tokens_master_version"), "search_tokens", ["master_version"])
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('case', 'report')", name=op.f("ck_erasures_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(
        "ix_erasures_unwritten", "erasures", ["id"], postgresql_where=sa.text("written_at is null")
    )
    op.create_table(
        "legal_holds",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.Column("set_by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_legal_holds_case_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["accounts.id"], name=op.f("fk_legal_holds_set_by_id")),
        sa.ForeignKeyConstraint(["set_by_unit_id"], ["units.id"], name=op.f("fk_legal_holds_set_by_unit_id")),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["accounts.id"], name=op.f("fk_legal_holds_released_by_id")
        ),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_legal_holds")),
        sa.UniqueConstraint("id", name=op.f("uq_legal_holds_id")),
    )


def _guard() -> None:
    for table in (*_FILES, "erasures"):
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy {table}_worked on {table} to {_WORKER} using (true) with check (true)")
    for table, column in _FILES.items():
        working = f"({column} = {_FILE} or {column} = {_OTHER})"
        at_work = (
            f"exists (select from case_access a where a.file_id = {table}.{column} and a.unit_id = {_UNIT})"
        )
        shut_out = f"exists (select from exclusions e where e.file_id = {table}.{column} and e.account_id = {_ACCOUNT})"
        op.execute(
            f"create policy {table}_at_work on {table} to {_APP}"
            f" using ({working} or ({at_work} and not {shut_out})) with check ({working})"
        )
    op.execute(
        f"create policy erasures_made on erasures for insert to {_APP} with check (file_id = {_FILE} or file_id = {_OTHER})"
    )
    # asked once, by the program as it starts: which erasures this database knows
    op.execute(
        f"create policy erasures_known on erasures for select to {_APP}"
        " using (nullif(current_setting('homeward.erasures', true), '') = 'known')"
    )
    # what is due to be erased, for those who watch over it: the clock and its time, of files of their own place
    op.execute(
        f"create policy deadlines_audited on deadlines for select to {_APP}"
        f" using (({_AUDIT} is not null and clock = 'case_file_term' and exists (select from cases c where c.id = file_id))"
        f" or ({_AUDIT} = 'all' and clock = 'report_erasure'))"
    )
    op.execute(
        f"create policy legal_holds_audited on legal_holds for select to {_APP}"
        f" using ({_AUDIT} is not null and exists (select from cases c where c.id = case_id))"
    )


def downgrade() -> None:
    op.execute("drop policy deadlines_audited on deadlines")
    for table in ("legal_holds", "erasures", "search_tokens"):
        op.drop_table(table)
    _take_the_grants_back()
    op.execute(f"grant update (wrapped, destroyed_at) on person_keys to {_WORKER}")
    op.drop_index(op.f("ix_victims_indexed_with_case_id"), table_name="victims")
    for column in ("erased_digest", "erased_at", "indexed_with"):
        op.drop_column("victims", column)
    for column in ("found_ids", "query_digest"):
        op.drop_column("read_log", column)
    op.drop_index(op.f("ix_idempotency_keys_master_version"), table_name="idempotency_keys")
    op.drop_column("idempotency_keys", "master_version")
    for column in ("renewed_at", "master_version"):
        op.drop_index(f"ix_person_keys_{column}", table_name="person_keys")
    op.drop_column("person_keys", "renewed_at")


def _take_the_grants_back() -> None:
    for role, rights in _GRANTS.items():
        for right, tables in rights.items():
            for table in set(tables.split()) - {"legal_holds", "erasures", "search_tokens"}:
                op.execute(f"revoke {right} on {table} from {role}")
