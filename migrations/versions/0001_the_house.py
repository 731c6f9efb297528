"""The house: every table of the first version, its policies, grants and triggers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


class _TransactionId(UserDefinedType[int]):
    def get_col_spec(self, **_options: object) -> str:
        return "xid8"


# table -> the column that says whose file it is. Written out: a later change of the code must not change history.
_FILES = {
    "reports": "id",
    "receipts": "file_id",
    "cases": "id",
    "victims": "case_id",
    "stages": "case_id",
    "stage_units": "case_id",
    "stage_records": "case_id",
    "consents": "case_id",
    "approvals": "file_id",
    "person_keys": "file_id",
    "sealed_values": "file_id",
    "timeline_entries": "chain_id",
}
# an unset setting is NULL in a fresh session and '' after a first use: both must mean nobody
_UNIT = "nullif(current_setting('homeward.unit', true), '')::uuid"
_FILE = "nullif(current_setting('homeward.file', true), '')::uuid"
_OTHER = "nullif(current_setting('homeward.other_file', true), '')::uuid"
_ACCOUNT = "nullif(current_setting('homeward.account', true), '')::uuid"
_RECEIPT = "decode(nullif(current_setting('homeward.receipt', true), ''), 'hex')"
_AUDIT = "nullif(current_setting('homeward.audit', true), '')"
_APP, _WORKER = "homeward_application", "homeward_worker"


def _guard_files() -> None:
    """A file is read by the units that work on it, and written only by the transaction that says it works on it."""
    for table, column in _FILES.items():
        _force(table)
        working = f"({column} = {_FILE} or {column} = {_OTHER})"
        at_work = (
            f"exists (select from case_access a where a.file_id = {table}.{column} and a.unit_id = {_UNIT})"
        )
        op.execute(
            f"create policy {table}_at_work on {table} to {_APP}"
            f" using ({working} or {at_work}) with check ({working})"
        )
    _force("case_access")
    op.execute(
        f"create policy case_access_at_work on case_access to {_APP}"
        f" using (unit_id = {_UNIT} or file_id = {_FILE} or file_id = {_OTHER})"
        f" with check (file_id = {_FILE} or file_id = {_OTHER})"
    )


def _guard_the_rest() -> None:
    op.execute(f"create policy receipts_held on receipts for select to {_APP} using (digest = {_RECEIPT})")
    op.execute(
        f"create policy cases_audited on cases for select to {_APP}"
        f" using ({_AUDIT} = 'all' or division_id::text = {_AUDIT})"
    )
    op.execute(
        f"create policy entries_audited on timeline_entries for select to {_APP}"
        f" using ({_AUDIT} is not null and exists (select from cases c where c.id = chain_id))"
    )
    # changes of places, units and accounts: one chain that holds no case
    op.execute(
        f"create policy entries_of_register on timeline_entries to {_APP}"
        f" using (chain = 'register' and {_ACCOUNT} is not null)"
        f" with check (chain = 'register' and {_ACCOUNT} is not null)"
    )
    _force("read_log")
    op.execute(
        f"create policy read_log_own on read_log for insert to {_APP} with check (account_id = {_ACCOUNT})"
    )
    _force("idempotency_keys")
    op.execute(
        f"create policy idempotency_keys_own on idempotency_keys to {_APP}"
        f" using (scope_id = {_ACCOUNT}) with check (scope_id = {_ACCOUNT})"
    )
    op.execute(f"create policy idempotency_keys_swept on idempotency_keys to {_WORKER} using (true)")


def _force(table: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")


def _keep_timeline_append_only() -> None:
    op.execute(
        "create function refuse_timeline_change() returns trigger language plpgsql"
        " set search_path = pg_catalog as"
        " $$ begin raise exception 'the timeline is append-only' using errcode = '42501'; end $$"
    )
    op.execute(
        "create trigger timeline_is_append_only before update or delete on timeline_entries"
        " for each row execute function refuse_timeline_change()"
    )
    op.execute(
        "create trigger timeline_is_never_truncated before truncate on timeline_entries"
        " for each statement execute function refuse_timeline_change()"
    )
    for trigger in ("timeline_is_append_only", "timeline_is_never_truncated"):
        op.execute(f"alter table timeline_entries enable always trigger {trigger}")


def _grant() -> None:
    op.execute(f"grant usage on schema public to {_APP}, {_WORKER}")
    op.execute(f"grant usage on sequence case_numbers to {_APP}")
    rights = {
        "select, insert, update": "places units registers accounts sessions rate_counters reports receipts cases"
        " victims stages consents approvals idempotency_keys",
        "select, insert, delete": "case_access stage_units",
        "select, insert": "stage_records person_keys sealed_values timeline_entries",
        "insert": "read_log",
    }
    for right, tables in rights.items():
        for table in tables.split():
            op.execute(f"grant {right} on {table} to {_APP}")
    op.execute(f"grant update (current) on sealed_values to {_APP}")
    op.execute(f"grant select on alembic_version to {_APP}, {_WORKER}")
    for table in ("idempotency_keys", "sessions", "rate_counters"):
        op.execute(f"grant select, delete on {table} to {_WORKER}")


def upgrade() -> None:
    _create_tables()
    op.execute("create sequence case_numbers")
    _guard_files()
    _guard_the_rest()
    _keep_timeline_append_only()
    _grant()


def _create_tables() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("scope_id", "route", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_claimed_at"), "idempotency_keys", ["claimed_at"], unique=False)
    op.create_table(
        "person_keys",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("master_version", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("file_id", "person_id", name=op.f("pk_person_keys")),
    )
    op.create_index(op.f("ix_person_keys_person_id"), "person_keys", ["person_id"], unique=False)
    op.create_table(
        "places",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('corps', 'division', 'farm', 'company')", name=op.f("ck_places_kind_known")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["places.id"], name=op.f("fk_places_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("code", name=op.f("uq_places_code")),
    )
    op.create_index(op.f("ix_places_parent_id"), "places", ["parent_id"], unique=False)
    op.create_table(
        "rate_counters",
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "source", "window_start", name=op.f("pk_rate_counters")),
        prefixes=["UNLOGGED"],
    )
    op.create_index(op.f("ix_rate_counters_window_start"), "rate_counters", ["window_start"], unique=False)
    op.create_table(
        "read_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_log")),
    )
    op.create_index(op.f("ix_read_log_file_id_read_at"), "read_log", ["file_id", "read_at"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "status in ('received', 'being_handled', 'answered')", name=op.f("ck_receipts_status_known")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_file_id"), "receipts", ["file_id"], unique=False)
    op.create_table(
        "registers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registers")),
    )
    op.create_table(
        "sealed_values",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("current", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "row_id", "section", "revision", name=op.f("pk_sealed_values")),
    )
    op.create_index(
        "ix_sealed_values_current",
        "sealed_values",
        ["file_id", "row_id", "section"],
        unique=True,
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "timeline_entries",
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "xid",
            _TransactionId(),
            server_default=sa.text("pg_current_xact_id()"),
            nullable=False,
        ),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("what_salt", sa.LargeBinary(), nullable=False),
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("who_salt", sa.LargeBinary(), nullable=False),
        sa.Column("values", sa.LargeBinary(), nullable=False),
        sa.Column("values_salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "chain in ('case', 'report', 'register')", name=op.f("ck_timeline_entries_chain_known")
        ),
        sa.PrimaryKeyConstraint("chain_id", "seq", name=op.f("pk_timeline_entries")),
    )
    op.create_index(
        op.f("ix_timeline_entries_xid_chain_id_seq"),
        "timeline_entries",
        ["xid", "chain_id", "seq"],
        unique=False,
    )
    op.create_table(
        "units",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("institution", sa.Text(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "agency in ('PUB', 'PLC', 'UFWD', 'CAC', 'DRC', 'EDU', 'PSB', 'CAB', 'JUSTICE', 'FIN', 'HRSS', 'TRANSPORT', 'HEALTH', 'AGRI', 'RURAL', 'CULTURE', 'COMMERCE', 'FAO', 'SAMR', 'HOUSING', 'MIIT', 'SASAC', 'COURT', 'PROC', 'UNION', 'YOUTH', 'WOMEN', 'DPF', 'CNWC', 'WCC', 'OFFICE')",
            name=op.f("ck_units_agency_known"),
        ),
        sa.CheckConstraint(
            "institution in ('relief_station', 'minors_protection_centre', 'child_welfare_institution', 'womens_shelter', 'hospital', 'school', 'legal_aid_centre')",
            name=op.f("ck_units_institution_known"),
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_units_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
    )
    op.create_index(
        "uq_units_default",
        "units",
        ["agency", "place_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "role in ('hotline', 'intake', 'caseworker', 'supervisor', 'liaison', 'institution_staff', 'lawyer', 'advocate', 'auditor', 'data_protection_officer', 'administrator', 'integration', 'coordinator')",
            name=op.f("ck_accounts_role_known"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_accounts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )
    op.create_index(op.f("ix_accounts_unit_id"), "accounts", ["unit_id"], unique=False)
    op.create_table(
        "case_access",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('case', 'report')", name=op.f("ck_case_access_kind_known")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_case_access_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "kind", "file_id", name=op.f("pk_case_access")),
    )
    op.create_index(op.f("ix_case_access_file_id"), "case_access", ["file_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("owner_unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_agency", sa.Text(), nullable=False),
        sa.Column("offered_unit_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closing_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "owner_agency in ('PUB', 'PLC', 'UFWD', 'CAC', 'DRC', 'EDU', 'PSB', 'CAB', 'JUSTICE', 'FIN', 'HRSS', 'TRANSPORT', 'HEALTH', 'AGRI', 'RURAL', 'CULTURE', 'COMMERCE', 'FAO', 'SAMR', 'HOUSING', 'MIIT', 'SASAC', 'COURT', 'PROC', 'UNION', 'YOUTH', 'WOMEN', 'DPF', 'CNWC', 'WCC', 'OFFICE')",
            name=op.f("ck_cases_owner_agency_known"),
        ),
        sa.CheckConstraint("state in ('open', 'closed')", name=op.f("ck_cases_state_known")),
        sa.ForeignKeyConstraint(["division_id"], ["places.id"], name=op.f("fk_cases_division_id")),
        sa.ForeignKeyConstraint(["offered_unit_id"], ["units.id"], name=op.f("fk_cases_offered_unit_id")),
        sa.ForeignKeyConstraint(["owner_unit_id"], ["units.id"], name=op.f("fk_cases_owner_unit_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_cases_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(op.f("ix_cases_owner_unit_id"), "cases", ["owner_unit_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place_id", sa.Uuid(), nullable=False),
        sa.Column("concerns", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("second_unit_id", sa.Uuid(), nullable=True),
        sa.Column("offered_unit_id", sa.Uuid(), nullable=True),
        sa.Column("filed_by_unit_id", sa.Uuid(), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("duplicate_of", sa.Uuid(), nullable=True),
        sa.Column("continues_id", sa.Uuid(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("seq", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "kind in ('crime', 'tip', 'complaint', 'mandatory_report')", name=op.f("ck_reports_kind_known")
        ),
        sa.CheckConstraint(
            "state in ('received', 'screening', 'accepted', 'referred_out', 'unfounded', 'duplicate')",
            name=op.f("ck_reports_state_known"),
        ),
        sa.ForeignKeyConstraint(["filed_by_unit_id"], ["units.id"], name=op.f("fk_reports_filed_by_unit_id")),
        sa.ForeignKeyConstraint(["offered_unit_id"], ["units.id"], name=op.f("fk_reports_offered_unit_id")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_reports_place_id")),
        sa.ForeignKeyConstraint(["second_unit_id"], ["units.id"], name=op.f("fk_reports_second_unit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_reports_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_case_id"), "reports", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_reports_unit_id_state_reply_by"), "reports", ["unit_id", "state", "reply_by"], unique=False
    )
    op.create_table(
        "approvals",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("approver_unit_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("machine in ('report', 'case', 'stage')", name=op.f("ck_approvals_machine_known")),
        sa.CheckConstraint(
            "state in ('asked', 'approved', 'refused', 'used')", name=op.f("ck_approvals_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["approver_unit_id"], ["units.id"], name=op.f("fk_approvals_approver_unit_id")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_approvals_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["asked_by_unit_id"], ["units.id"], name=op.f("fk_approvals_asked_by_unit_id")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_approvals_decided_by_id")),
        sa.PrimaryKeyConstraint("file_id", "id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("id", name=op.f("uq_approvals_id")),
    )
    op.create_index(
        op.f("ix_approvals_approver_unit_id_state"), "approvals", ["approver_unit_id", "state"], unique=False
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False)
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_table(
        "victims",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_victims_case_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_victims")),
        sa.UniqueConstraint("case_id", "ordinal", name=op.f("uq_victims_case_id_ordinal")),
    )
    op.create_table(
        "consents",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("victim_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "purpose in ('shelter', 'medical_care', 'family_tracing', 'employment', 'relocation', 'rights_support', 'reintegration_support', 'repatriation', 'embassy_contact', 'follow_up', 'publication', 'information_sharing')",
            name=op.f("ck_consents_purpose_known"),
        ),
        sa.CheckConstraint(
            "state in ('asked', 'given', 'refused', 'withdrawn', 'expired')",
            name=op.f("ck_consents_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "victim_id"],
            ["victims.case_id", "victims.id"],
            name=op.f("fk_consents_case_id_victim_id"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_consents_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_consents")),
        sa.UniqueConstraint("id", name=op.f("uq_consents_id")),
    )
    op.create_index(op.f("ix_consents_case_id_victim_id"), "consents", ["case_id", "victim_id"], unique=False)
    op.create_table(
        "stages",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("victim_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("offered_unit_id", sa.Uuid(), nullable=True),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("deputy_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("routed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_clock", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "agency in ('PUB', 'PLC', 'UFWD', 'CAC', 'DRC', 'EDU', 'PSB', 'CAB', 'JUSTICE', 'FIN', 'HRSS', 'TRANSPORT', 'HEALTH', 'AGRI', 'RURAL', 'CULTURE', 'COMMERCE', 'FAO', 'SAMR', 'HOUSING', 'MIIT', 'SASAC', 'COURT', 'PROC', 'UNION', 'YOUTH', 'WOMEN', 'DPF', 'CNWC', 'WCC', 'OFFICE')",
            name=op.f("ck_stages_agency_known"),
        ),
        sa.CheckConstraint(
            "code in ('report', 'investigation', 'rescue', 'shelter', 'medical_care', 'family_tracing', 'household_registration', 'schooling', 'employment', 'rights_support', 'reintegration_support', 'guardianship', 'repatriation', 'follow_up')",
            name=op.f("ck_stages_code_known"),
        ),
        sa.CheckConstraint(
            "state in ('planned', 'routed', 'returned', 'accepted', 'active', 'on_hold', 'completed', 'declined', 'not_applicable', 'closed_unmet')",
            name=op.f("ck_stages_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "victim_id"],
            ["victims.case_id", "victims.id"],
            name=op.f("fk_stages_case_id_victim_id"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stages_case_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["accounts.id"], name=op.f("fk_stages_deputy_id")),
        sa.ForeignKeyConstraint(["offered_unit_id"], ["units.id"], name=op.f("fk_stages_offered_unit_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["accounts.id"], name=op.f("fk_stages_officer_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_stages_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_stages")),
        sa.UniqueConstraint(
            "case_id",
            "victim_id",
            "code",
            "round",
            name=op.f("uq_stages_case_id_victim_id_code_round"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.UniqueConstraint("id", name=op.f("uq_stages_id")),
    )
    op.create_index(op.f("ix_stages_offered_unit_id"), "stages", ["offered_unit_id"], unique=False)
    op.create_index(
        op.f("ix_stages_unit_id_state_due_at"), "stages", ["unit_id", "state", "due_at"], unique=False
    )
    op.create_table(
        "stage_records",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "agency in ('PUB', 'PLC', 'UFWD', 'CAC', 'DRC', 'EDU', 'PSB', 'CAB', 'JUSTICE', 'FIN', 'HRSS', 'TRANSPORT', 'HEALTH', 'AGRI', 'RURAL', 'CULTURE', 'COMMERCE', 'FAO', 'SAMR', 'HOUSING', 'MIIT', 'SASAC', 'COURT', 'PROC', 'UNION', 'YOUTH', 'WOMEN', 'DPF', 'CNWC', 'WCC', 'OFFICE')",
            name=op.f("ck_stage_records_agency_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_stage_records_account_id")),
        sa.ForeignKeyConstraint(
            ["case_id", "stage_id"],
            ["stages.case_id", "stages.id"],
            name=op.f("fk_stage_records_case_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_stage_records_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_stage_records")),
    )
    op.create_index(
        op.f("ix_stage_records_case_id_stage_id"), "stage_records", ["case_id", "stage_id"], unique=False
    )
    op.create_table(
        "stage_units",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.CheckConstraint("relation in ('attached', 'invited')", name=op.f("ck_stage_units_relation_known")),
        sa.ForeignKeyConstraint(
            ["case_id", "stage_id"],
            ["stages.case_id", "stages.id"],
            name=op.f("fk_stage_units_case_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_stage_units_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "stage_id", "unit_id", name=op.f("pk_stage_units")),
    )
    op.create_index(op.f("ix_stage_units_unit_id"), "stage_units", ["unit_id"], unique=False)


def downgrade() -> None:
    op.execute("drop trigger timeline_is_append_only on timeline_entries")
    op.execute("drop trigger timeline_is_never_truncated on timeline_entries")
    op.execute("drop function refuse_timeline_change()")
    op.execute(_DROP_POLICIES)
    op.execute("drop sequence case_numbers")
    _drop_tables()


# policies name case_access, so that no table goes before they do
_DROP_POLICIES = """
do $$ declare p record; begin
  for p in select policyname, tablename from pg_policies where schemaname = 'public' loop
    execute format('drop policy %I on %I', p.policyname, p.tablename);
  end loop;
end $$"""


def _drop_tables() -> None:
    op.drop_index(op.f("ix_stage_units_unit_id"), table_name="stage_units")
    op.drop_table("stage_units")
    op.drop_index(op.f("ix_stage_records_case_id_stage_id"), table_name="stage_records")
    op.drop_table("stage_records")
    op.drop_index(op.f("ix_stages_unit_id_state_due_at"), table_name="stages")
    op.drop_index(op.f("ix_stages_offered_unit_id"), table_name="stages")
    op.drop_table("stages")
    op.drop_index(op.f("ix_consents_case_id_victim_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_table("victims")
    op.drop_index(op.f("ix_sessions_expires_at"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_account_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(op.f("ix_approvals_approver_unit_id_state"), table_name="approvals")
    op.drop_table("approvals")
    op.drop_index(op.f("ix_reports_unit_id_state_reply_by"), table_name="reports")
    op.drop_index(op.f("ix_reports_case_id"), table_name="reports")
    op.drop_table("reports")
    op.drop_index(op.f("ix_cases_owner_unit_id"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_case_access_file_id"), table_name="case_access")
    op.drop_table("case_access")
    op.drop_index(op.f("ix_accounts_unit_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_index("uq_units_default", table_name="units", postgresql_where=sa.text("is_default"))
    op.drop_table("units")
    op.drop_index(op.f("ix_timeline_entries_xid_chain_id_seq"), table_name="timeline_entries")
    op.drop_table("timeline_entries")
    op.drop_index("ix_sealed_values_current", table_name="sealed_values", postgresql_where=sa.text("current"))
    op.drop_table("sealed_values")
    op.drop_table("registers")
    op.drop_index(op.f("ix_receipts_file_id"), table_name="receipts")
    op.drop_table("receipts")
    op.drop_index(op.f("ix_read_log_file_id_read_at"), table_name="read_log")
    op.drop_table("read_log")
    op.drop_index(op.f("ix_rate_counters_window_start"), table_name="rate_counters")
    op.drop_table("rate_counters")
    op.drop_index(op.f("ix_places_parent_id"), table_name="places")
    op.drop_table("places")
    op.drop_index(op.f("ix_person_keys_person_id"), table_name="person_keys")
    op.drop_table("person_keys")
    op.drop_index(op.f("ix_idempotency_keys_claimed_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
