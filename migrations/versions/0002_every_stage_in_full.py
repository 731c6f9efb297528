"""Every stage in full: running clocks and their alarms, conflicts, relatives, merges, requests, other bases than consent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_UNIT = "nullif(current_setting('homeward.unit', true), '')::uuid"
_DESK = "nullif(current_setting('homeward.desk', true), '')::uuid"
_FILE = "nullif(current_setting('homeward.file', true), '')::uuid"
_OTHER = "nullif(current_setting('homeward.other_file', true), '')::uuid"
_ACCOUNT = "nullif(current_setting('homeward.account', true), '')::uuid"
_OFFICE = "nullif(current_setting('homeward.office', true), '')"
_APP, _WORKER = "homeward_application", "homeward_worker"

# table -> the column that says whose file it is
_OLD_FILES = {
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
_NEW_FILES = {
    "deadlines": "file_id",
    "alarms": "file_id",
    "conflicts": "case_id",
    "relatives": "case_id",
    "merges": "case_id",
    "requests": "case_id",
    "objections": "report_id",
}
_PURPOSES = (
    "'shelter', 'medical_care', 'family_tracing', 'employment', 'relocation', 'rights_support',"
    " 'reintegration_support', 'repatriation', 'embassy_contact', 'follow_up', 'publication', 'information_sharing'"
)

_APPROVAL_STATES = "'asked', 'approved', 'refused', 'used'"


def upgrade() -> None:
    _create_tables()
    _add_columns()
    _widen_lists()
    _fill_from_what_is_there()
    _guard()
    _let_the_worker_in()
    _grant()


def _working(column: str) -> str:
    return f"({column} = {_FILE} or {column} = {_OTHER})"


def _at_work(table: str, column: str, *, exclusions: bool) -> str:
    """Units at work read the file; an excluded officer does not, whatever their unit works on."""
    works = f"exists (select from case_access a where a.file_id = {table}.{column} and a.unit_id = {_UNIT})"
    if not exclusions:
        return works
    shut_out = (
        f"exists (select from exclusions e where e.file_id = {table}.{column} and e.account_id = {_ACCOUNT})"
    )
    return f"({works} and not {shut_out})"


def _guard() -> None:
    _force("exclusions")
    op.execute(
        f"create policy exclusions_at_work on exclusions to {_APP}"
        f" using (account_id = {_ACCOUNT} or {_working('file_id')} or {_at_work('exclusions', 'file_id', exclusions=False)})"
        f" with check ({_working('file_id')})"
    )
    for table, column in _OLD_FILES.items():
        op.execute(f"drop policy {table}_at_work on {table}")
        _guard_file(table, column, exclusions=True)
    for table, column in _NEW_FILES.items():
        _force(table)
        _guard_file(table, column, exclusions=True)
    shut_out = (
        f"exists (select from exclusions e where e.file_id = alarms.file_id and e.account_id = {_ACCOUNT})"
    )
    op.execute(
        f"create policy alarms_told on alarms for select to {_APP} using (unit_id = {_UNIT} and not {shut_out})"
    )
    op.execute(
        f"create policy alarms_of_office on alarms for select to {_APP}"
        f" using ({_OFFICE} = 'all' or division_id::text = {_OFFICE})"
    )
    op.execute(f"create policy requests_addressed on requests for select to {_APP} using (unit_id = {_DESK})")
    # the owner of the other case, known to the asker by its number alone, finds the request
    named = f"exists (select from cases c where c.number = merges.other_number and c.owner_unit_id = {_UNIT})"
    op.execute(
        f"create policy merges_of_the_other on merges to {_APP}"
        f" using ({_working('other_case_id')} or {_at_work('merges', 'other_case_id', exclusions=True)} or {named})"
        f" with check ({_working('other_case_id')})"
    )
    # a conflict in one file of a person counts in the other; which merges there are, their own policies say
    op.execute(
        f"create policy conflicts_of_the_merged on conflicts for select to {_APP} using (exists (select from merges m"
        " where m.state = 'merged' and conflicts.case_id in (m.case_id, m.other_case_id)))"
    )
    # a unit in question loses the reports behind the case as well, whoever says so and wherever they lie
    op.execute(
        f"create policy reports_behind_case on reports to {_APP} using (case_id = {_FILE}) with check (case_id = {_FILE})"
    )
    _force("workload")
    op.execute(
        f"create policy workload_of_office on workload for select to {_APP}"
        f" using ({_OFFICE} = 'all' or division_id::text = {_OFFICE})"
    )
    # withdrawing a consent answers with what had been shared, from the log of reads of that one file
    op.execute(f"create policy read_log_of_file on read_log for select to {_APP} using (file_id = {_FILE})")


def _guard_file(table: str, column: str, *, exclusions: bool) -> None:
    op.execute(
        f"create policy {table}_at_work on {table} to {_APP}"
        f" using ({_working(column)} or {_at_work(table, column, exclusions=exclusions)})"
        f" with check ({_working(column)})"
    )


def _force(table: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")


_WORKED = (*_OLD_FILES, *_NEW_FILES, "case_access", "exclusions", "workload")


def _let_the_worker_in() -> None:
    """The worker carries out rules on every file, and no more than its grants let it."""
    for table in _WORKED:
        op.execute(f"create policy {table}_worked on {table} to {_WORKER} using (true) with check (true)")


def _grant() -> None:
    for right, tables in {
        "select, insert, update": "deadlines alarms conflicts relatives merges requests objections clock_overrides",
        "select, insert, delete": "exclusions",
        "select": "workload read_log",
    }.items():
        for table in tables.split():
            op.execute(f"grant {right} on {table} to {_APP}")
    for right, tables in {
        "select": "places units accounts cases reports receipts victims stages stage_units stage_records consents approvals"
        " person_keys sealed_values timeline_entries case_access deadlines alarms conflicts exclusions relatives merges"
        " requests objections clock_overrides workload",
        "insert": "stages stage_units consents case_access deadlines alarms timeline_entries sealed_values workload",
        "update": "cases reports receipts victims stages consents deadlines alarms conflicts requests workload",
        "update (wrapped, destroyed_at)": "person_keys",
        "update (current)": "sealed_values",
        "delete": "case_access stage_units sealed_values workload",
    }.items():
        for table in tables.split():
            op.execute(f"grant {right} on {table} to {_WORKER}")


def _widen_lists() -> None:
    _replace_check("consents", "purpose_known", f"purpose in ({_PURPOSES}, 'schooling', 'transfer_abroad')")
    _replace_check(
        "approvals", "machine_known", "machine in ('report', 'case', 'stage', 'victim', 'conflict')"
    )
    _replace_check("approvals", "state_known", f"state in ({_APPROVAL_STATES}, 'withdrawn')")
    op.create_check_constraint(
        op.f("ck_consents_basis_known"),
        "consents",
        "basis in ('consent', 'legal_duty', 'vital_interest', 'criminal_procedure')",
    )
    op.create_check_constraint(
        op.f("ck_consents_given_by_known"),
        "consents",
        "given_by in ('self', 'safe_guardian', 'temporary_guardian')",
    )


def _replace_check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _fill_from_what_is_there() -> None:
    """Work that lay somewhere when this version came gets its running clocks. The owner is held by the policies too."""
    for table in ("stages", "reports", "cases"):
        op.execute(f"alter table {table} no force row level security")
    op.execute("update reports set earliest_at = received_at")
    op.alter_column("reports", "earliest_at", nullable=False)
    op.execute(
        "insert into deadlines (file_id, id, kind, subject, subject_id, stage_id, victim_id, clock, state, started_at,"
        " due_at, next_at) select case_id, gen_random_uuid(), 'case', 'stage', id, id, victim_id, due_clock, 'running',"
        " coalesce(begun_at, routed_at, opened_at), due_at, due_at from stages"
        " where due_at is not null and due_clock is not null"
    )
    op.execute(
        "insert into deadlines (file_id, id, kind, subject, subject_id, clock, state, started_at, due_at, next_at)"
        " select id, gen_random_uuid(), 'report', 'report', id,"
        " case when cardinality(concerns) > 0 then 'report_reply_urgent' else 'report_reply' end, 'running',"
        " received_at, reply_by, reply_by from reports where answered_at is null"
    )
    for table in ("stages", "reports", "cases"):
        op.execute(f"alter table {table} force row level security")


def downgrade() -> None:
    for table in _WORKED:
        op.execute(f"drop policy {table}_worked on {table}")
    op.execute("drop policy read_log_of_file on read_log")
    op.execute("drop policy alarms_told on alarms")
    op.execute("drop policy conflicts_of_the_merged on conflicts")
    op.execute("drop policy reports_behind_case on reports")
    for table, column in _OLD_FILES.items():
        op.execute(f"drop policy {table}_at_work on {table}")
        _guard_file(table, column, exclusions=False)
    for table in _NEW_FILES:
        op.execute(f"drop policy {table}_at_work on {table}")
    _take_the_grants_back()
    op.drop_constraint(op.f("ck_consents_basis_known"), "consents", type_="check")
    op.drop_constraint(op.f("ck_consents_given_by_known"), "consents", type_="check")
    _replace_check("consents", "purpose_known", f"purpose in ({_PURPOSES})")
    _replace_check("approvals", "machine_known", "machine in ('report', 'case', 'stage')")
    _replace_check("approvals", "state_known", f"state in ({_APPROVAL_STATES})")
    _drop_columns()
    _drop_tables()


def _take_the_grants_back() -> None:
    op.execute(f"revoke select on read_log from {_APP}")
    kept = ("idempotency_keys", "sessions", "rate_counters", "alembic_version")
    for table in ("places", "units", "accounts", "case_access", *_OLD_FILES):
        if table not in kept:
            op.execute(f"revoke all on {table} from {_WORKER}")


def _create_tables() -> None:
    op.create_table(
        "deadlines",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=True),
        sa.Column("victim_id", sa.Uuid(), nullable=True),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_by", sa.Interval(), server_default=sa.text("'0'"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("kind in ('case', 'report')", name=op.f("ck_deadlines_kind_known")),
        sa.CheckConstraint(
            "state in ('running', 'paused', 'met', 'stopped')", name=op.f("ck_deadlines_state_known")
        ),
        sa.CheckConstraint(
            "subject in ('report', 'case', 'stage', 'victim', 'consent', 'conflict', 'approval', 'request')",
            name=op.f("ck_deadlines_subject_known"),
        ),
        sa.PrimaryKeyConstraint("file_id", "id", name=op.f("pk_deadlines")),
    )
    op.create_index(
        "ix_deadlines_next_at",
        "deadlines",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at is not null"),
    )
    op.create_index(
        "uq_deadlines_live",
        "deadlines",
        ["file_id", "subject_id", "clock"],
        unique=True,
        postgresql_where=sa.text("state in ('running', 'paused')"),
    )
    op.create_table(
        "alarms",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("late_unit_id", sa.Uuid(), nullable=True),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('case', 'report')", name=op.f("ck_alarms_kind_known")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_alarms_unit_id")),
        sa.ForeignKeyConstraint(["late_unit_id"], ["units.id"], name=op.f("fk_alarms_late_unit_id")),
        sa.PrimaryKeyConstraint("file_id", "id", name=op.f("pk_alarms")),
        sa.UniqueConstraint(
            "file_id",
            "deadline_id",
            "rung",
            "told",
            "unit_id",
            name=op.f("uq_alarms_file_id_deadline_id_rung_told_unit_id"),
        ),
    )
    op.create_index(op.f("ix_alarms_unit_id_id"), "alarms", ["unit_id", "id"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_unit_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind in ('complaint', 'review', 'prosecutor_demand')", name=op.f("ck_objections_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by_unit_id"], ["units.id"], name=op.f("fk_objections_opened_by_unit_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_objections_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    op.create_index(op.f("ix_objections_report_id"), "objections", ["report_id"], unique=False)
    op.create_table(
        "workload",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("stages", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_workload_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "stage", "state", name=op.f("pk_workload")),
    )
    op.create_table(
        "clock_overrides",
        sa.Column("division_id", sa.Uuid(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["division_id"], ["places.id"], name=op.f("fk_clock_overrides_division_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["accounts.id"], name=op.f("fk_clock_overrides_set_by_id")),
        sa.PrimaryKeyConstraint("division_id", "clock", name=op.f("pk_clock_overrides")),
    )
    op.create_table(
        "exclusions",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("conflict_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_exclusions_account_id")),
        sa.PrimaryKeyConstraint("file_id", "account_id", name=op.f("pk_exclusions")),
    )
    op.create_table(
        "conflicts",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("victim_id", sa.Uuid(), nullable=True),
        sa.Column("relative_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=True),
        sa.Column("set_by_unit_id", sa.Uuid(), nullable=True),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("above_unit_id", sa.Uuid(), nullable=True),
        sa.Column("prosecutor_unit_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by_above_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by_prosecutor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("kind in ('guardian', 'unit', 'officer')", name=op.f("ck_conflicts_kind_known")),
        sa.CheckConstraint(
            "state in ('open', 'confirmed', 'cleared')", name=op.f("ck_conflicts_state_known")
        ),
        sa.ForeignKeyConstraint(["above_unit_id"], ["units.id"], name=op.f("fk_conflicts_above_unit_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_conflicts_account_id")),
        sa.ForeignKeyConstraint(
            ["case_id", "victim_id"],
            ["victims.case_id", "victims.id"],
            name=op.f("fk_conflicts_case_id_victim_id"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_conflicts_case_id")),
        sa.ForeignKeyConstraint(
            ["prosecutor_unit_id"], ["units.id"], name=op.f("fk_conflicts_prosecutor_unit_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["accounts.id"], name=op.f("fk_conflicts_set_by_id")),
        sa.ForeignKeyConstraint(["set_by_unit_id"], ["units.id"], name=op.f("fk_conflicts_set_by_unit_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_conflicts_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_conflicts")),
        sa.UniqueConstraint("id", name=op.f("uq_conflicts_id")),
    )
    op.create_index(op.f("ix_conflicts_above_unit_id"), "conflicts", ["above_unit_id"], unique=False)
    op.create_index(
        op.f("ix_conflicts_prosecutor_unit_id"), "conflicts", ["prosecutor_unit_id"], unique=False
    )
    op.create_table(
        "merges",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("victim_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("other_number", sa.Text(), nullable=False),
        sa.Column("other_case_id", sa.Uuid(), nullable=True),
        sa.Column("other_victim_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_unit_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "stopped_deadlines", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "state in ('asked', 'merged', 'refused', 'undone')", name=op.f("ck_merges_state_known")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_merges_asked_by_id")),
        sa.ForeignKeyConstraint(["asked_by_unit_id"], ["units.id"], name=op.f("fk_merges_asked_by_unit_id")),
        sa.ForeignKeyConstraint(
            ["case_id", "victim_id"],
            ["victims.case_id", "victims.id"],
            name=op.f("fk_merges_case_id_victim_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_unit_id"], ["units.id"], name=op.f("fk_merges_decided_by_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_case_id", "other_victim_id"],
            ["victims.case_id", "victims.id"],
            name=op.f("fk_merges_other_case_id_other_victim_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_merges")),
        sa.UniqueConstraint("id", name=op.f("uq_merges_id")),
    )
    op.create_index(op.f("ix_merges_other_case_id"), "merges", ["other_case_id"], unique=False)
    op.create_index(op.f("ix_merges_other_number"), "merges", ["other_number"], unique=False)
    op.create_table(
        "relatives",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("victim_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id", "victim_id"],
            ["victims.case_id", "victims.id"],
            name=op.f("fk_relatives_case_id_victim_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_relatives")),
    )
    op.create_index(
        op.f("ix_relatives_case_id_victim_id"), "relatives", ["case_id", "victim_id"], unique=False
    )
    op.create_table(
        "requests",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stage_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "state in ('asked', 'done', 'not_possible', 'withdrawn')", name=op.f("ck_requests_state_known")
        ),
        sa.CheckConstraint(
            "what in ('housing_place', 'household_goods', 'transport', 'cash_help', 'training_place', 'job_fair',"
            " 'premises', 'other')",
            name=op.f("ck_requests_what_known"),
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["accounts.id"], name=op.f("fk_requests_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["asked_by_unit_id"], ["units.id"], name=op.f("fk_requests_asked_by_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "stage_id"],
            ["stages.case_id", "stages.id"],
            name=op.f("fk_requests_case_id_stage_id"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_requests_unit_id")),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_requests")),
        sa.UniqueConstraint("id", name=op.f("uq_requests_id")),
    )
    op.create_index(op.f("ix_requests_unit_id_state"), "requests", ["unit_id", "state"], unique=False)


def _add_columns() -> None:
    op.add_column(
        "consents", sa.Column("basis", sa.Text(), server_default=sa.text("'consent'"), nullable=False)
    )
    op.add_column("consents", sa.Column("given_by", sa.Text(), nullable=True))
    op.add_column("consents", sa.Column("relative_id", sa.Uuid(), nullable=True))
    op.add_column(
        "consents",
        sa.Column(
            "recipient_unit_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.add_column("consents", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("consents", sa.Column("ended_by", sa.Text(), nullable=True))
    op.add_column(
        "cases",
        sa.Column("kept_from", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    )
    op.add_column("reports", sa.Column("above_unit_id", sa.Uuid(), nullable=True))
    op.add_column("reports", sa.Column("earliest_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "reports", sa.Column("elsewhere", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("reports", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reports", sa.Column("erased_digest", sa.LargeBinary(), nullable=True))
    op.create_foreign_key(op.f("fk_reports_above_unit_id"), "reports", "units", ["above_unit_id"], ["id"])
    op.add_column("stage_units", sa.Column("consent_id", sa.Uuid(), nullable=True))
    op.add_column(
        "stage_units",
        sa.Column(
            "added_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
    )
    op.add_column(
        "stages",
        sa.Column("passed_by", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
    )


def _drop_columns() -> None:
    op.drop_column("stages", "passed_by")
    op.drop_column("stage_units", "added_at")
    op.drop_column("stage_units", "consent_id")
    op.drop_constraint(op.f("fk_reports_above_unit_id"), "reports", type_="foreignkey")
    op.drop_column("reports", "erased_digest")
    op.drop_column("reports", "erased_at")
    op.drop_column("reports", "elsewhere")
    op.drop_column("reports", "earliest_at")
    op.drop_column("reports", "above_unit_id")
    op.drop_column("cases", "kept_from")
    op.drop_column("consents", "ended_by")
    op.drop_column("consents", "ended_at")
    op.drop_column("consents", "recipient_unit_ids")
    op.drop_column("consents", "relative_id")
    op.drop_column("consents", "given_by")
    op.drop_column("consents", "basis")


def _drop_tables() -> None:
    op.drop_index(op.f("ix_requests_unit_id_state"), table_name="requests")
    op.drop_table("requests")
    op.drop_index(op.f("ix_relatives_case_id_victim_id"), table_name="relatives")
    op.drop_table("relatives")
    op.drop_index(op.f("ix_merges_other_number"), table_name="merges")
    op.drop_index(op.f("ix_merges_other_case_id"), table_name="merges")
    op.drop_table("merges")
    op.drop_index(op.f("ix_conflicts_prosecutor_unit_id"), table_name="conflicts")
    op.drop_index(op.f("ix_conflicts_above_unit_id"), table_name="conflicts")
    op.drop_table("conflicts")
    op.drop_table("exclusions")
    op.drop_table("clock_overrides")
    op.drop_table("workload")
    op.drop_index(op.f("ix_objections_report_id"), table_name="objections")
    op.drop_table("objections")
    op.drop_index(op.f("ix_alarms_unit_id_id"), table_name="alarms")
    op.drop_table("alarms")
    op.drop_index(
        "uq_deadlines_live",
        table_name="deadlines",
        postgresql_where=sa.text("state in ('running', 'paused')"),
    )
    op.drop_index(
        "ix_deadlines_next_at", table_name="deadlines", postgresql_where=sa.text("next_at is not null")
    )
    op.drop_table("deadlines")
