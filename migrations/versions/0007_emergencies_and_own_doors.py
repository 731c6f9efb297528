"""Emergency access to one case for an hour; the person's own door; auditors of an office in question are shut out too.

Every reader added here gets SELECT only, by a plain comparison with one file; no policy looks into another file.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_APP, _WORKER = "homeward_application", "homeward_worker"
_AT = sa.DateTime(timezone=True)


def _setting(name: str) -> str:
    return f"nullif(current_setting('homeward.{name}', true), '')"


_FILE, _OTHER = f"{_setting('file')}::uuid", f"{_setting('other_file')}::uuid"
_ACCOUNT, _DESK = f"{_setting('account')}::uuid", f"{_setting('desk')}::uuid"
_UNIT, _REVIEW = f"{_setting('unit')}::uuid", f"{_setting('review')}::uuid"
_AUDIT, _EMERGENCY = _setting("audit"), f"{_setting('emergency')}::uuid"
_DOOR, _DOOR_CASE = f"decode({_setting('door')}, 'hex')", f"{_setting('door_case')}::uuid"
_DOOR_PERSON, _DOOR_VOICE = f"{_setting('door_person')}::uuid", _setting("door_voice")
_TABLES = ("letters", "door_sessions", "door_codes", "emergency_notices", "emergency_grants")

# what the hour of an emergency shows: no report, no timeline, no relative, no request, no consent
_IN_EMERGENCY = {
    "cases": f"id = {_EMERGENCY}",
    "victims": f"case_id = {_EMERGENCY}",
    "stages": f"case_id = {_EMERGENCY}",
    "stage_units": f"case_id = {_EMERGENCY}",
    "conflicts": f"case_id = {_EMERGENCY}",
    "stage_records": f"case_id = {_EMERGENCY} and kind = 'placement'",
    "sealed_values": f"file_id = {_EMERGENCY} and section in ('identity', 'contact', 'situation', 'age', 'body')",
    "person_keys": f"file_id = {_EMERGENCY}",
}
_OWN = f"case_id = {_DOOR_CASE} and victim_id = {_DOOR_PERSON}"
_OWN_VALUES = f"file_id = {_DOOR_CASE} and person_id = {_DOOR_PERSON}"
# what is read at the door: of one case what is one person's; the investigation is nobody's stage there
_AT_THE_DOOR = {
    "cases": f"id = {_DOOR_CASE}",
    "victims": f"case_id = {_DOOR_CASE} and id = {_DOOR_PERSON}",
    "stages": _OWN,
    "stage_units": f"case_id = {_DOOR_CASE}",
    "stage_records": f"case_id = {_DOOR_CASE}",
    "consents": _OWN,
    "conflicts": f"{_OWN} and kind = 'guardian'",
    "sealed_values": _OWN_VALUES,
    "person_keys": _OWN_VALUES,
    "letters": f"{_OWN} and voice = {_DOOR_VOICE}",
    "emergency_grants": f"case_id = {_DOOR_CASE}",
    "read_log": f"file_id = {_DOOR_CASE}",
}


def upgrade() -> None:
    _create_for_emergencies()
    _create_for_the_door()
    op.add_column("idempotency_keys", sa.Column("file_id", sa.Uuid(), nullable=True))
    op.add_column(
        "idempotency_keys",
        sa.Column("still_visible", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    _guard()
    _shut_out(spared=True)
    _grant()


def _create_for_emergencies() -> None:
    op.create_table(
        "emergency_grants",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("kept_from", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("opened_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("review_by", _AT, nullable=False),
        sa.Column("renewed_at", _AT, nullable=True),
        sa.Column("renewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("reviewed_at", _AT, nullable=True),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "reason_code in ('danger_to_life', 'missing_child', 'urgent_medical', 'danger_call', 'nobody_reachable')",
            name=op.f("ck_emergency_grants_reason_code_known"),
        ),
        sa.CheckConstraint(
            "outcome in ('approved', 'not_justified', 'passed_on')",
            name=op.f("ck_emergency_grants_outcome_known"),
        ),
        *_to("emergency_grants", case_id="cases.id", account_id="accounts.id", unit_id="units.id"),
        *_to("emergency_grants", renewed_by_id="accounts.id", reviewed_by_id="accounts.id"),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_emergency_grants")),
        sa.UniqueConstraint("id", name=op.f("uq_emergency_grants_id")),
    )
    live = sa.text("ended_at is null")
    op.create_index(
        "uq_emergency_grants_live", "emergency_grants", ["account_id"], unique=True, postgresql_where=live
    )
    columns = ["account_id", "opened_at"]
    op.create_index(op.f("ix_emergency_grants_account_id_opened_at"), "emergency_grants", columns)
    op.create_table(
        "emergency_notices",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("division_id", sa.Uuid(), nullable=True),
        sa.Column("raised_at", _AT, nullable=False),
        sa.CheckConstraint(
            "kind in ('opened', 'renewed', 'too_many')", name=op.f("ck_emergency_notices_kind_known")
        ),
        sa.CheckConstraint("told in ('supervisor', 'auditor')", name=op.f("ck_emergency_notices_told_known")),
        sa.ForeignKeyConstraint(
            ["case_id", "grant_id"],
            ["emergency_grants.case_id", "emergency_grants.id"],
            name=op.f("fk_emergency_notices_case_id_grant_id"),
        ),
        *_to("emergency_notices", unit_id="units.id", division_id="places.id"),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_emergency_notices")),
    )
    op.create_index(op.f("ix_emergency_notices_unit_id"), "emergency_notices", ["unit_id"])
    op.create_index(
        op.f("ix_emergency_notices_case_id_grant_id"), "emergency_notices", ["case_id", "grant_id"]
    )


def _create_for_the_door() -> None:
    op.create_table(
        "door_codes",
        *_of_a_person(),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", _AT, nullable=False),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("given_by_unit_id", sa.Uuid(), nullable=False),
        sa.Column("good_until", _AT, nullable=False),
        sa.Column("first_used_at", _AT, nullable=True),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        *_of_a_victim("door_codes"),
        *_to("door_codes", given_by_id="accounts.id", given_by_unit_id="units.id"),
        sa.UniqueConstraint("digest", name=op.f("uq_door_codes_digest")),
    )
    op.create_table(
        "door_sessions",
        *_of_a_person(),
        sa.Column("code_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", _AT, nullable=False),
        sa.Column("seen_at", _AT, nullable=False),
        sa.Column("expires_at", _AT, nullable=False),
        sa.Column("ended_at", _AT, nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.CheckConstraint("voice in ('person', 'guardian')", name=op.f("ck_door_sessions_voice_known")),
        sa.ForeignKeyConstraint(
            ["case_id", "code_id"],
            ["door_codes.case_id", "door_codes.id"],
            name=op.f("fk_door_sessions_case_id_code_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f("pk_door_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_door_sessions_digest")),
    )
    op.create_index(op.f("ix_door_sessions_case_id_code_id"), "door_sessions", ["case_id", "code_id"])
    op.create_table(
        "letters",
        *_of_a_person(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("about_unit_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", _AT, nullable=False),
        sa.Column("answered_at", _AT, nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "kind in ('correction', 'complaint', 'contact_wish')", name=op.f("ck_letters_kind_known")
        ),
        *_of_a_victim("letters"),
        *_to("letters", unit_id="units.id", about_unit_id="units.id", answered_by_id="accounts.id"),
        sa.UniqueConstraint("id", name=op.f("uq_letters_id")),
    )
    op.create_index(op.f("ix_letters_unit_id"), "letters", ["unit_id"])


def _of_a_person() -> list[sa.Column[Any]]:
    ids: list[sa.Column[Any]] = [
        sa.Column(name, sa.Uuid(), nullable=False) for name in ("case_id", "id", "victim_id")
    ]
    return [*ids, sa.Column("voice", sa.Text(), nullable=False)]


def _of_a_victim(table: str) -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("voice in ('person', 'guardian')", name=op.f(f"ck_{table}_voice_known")),
        sa.ForeignKeyConstraint(
            ["case_id", "victim_id"],
            ["victims.case_id", "victims.id"],
            name=op.f(f"fk_{table}_case_id_victim_id"),
        ),
        sa.PrimaryKeyConstraint("case_id", "id", name=op.f(f"pk_{table}")),
    ]


def _to(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))
        for column, target in columns.items()
    ]


def _guard() -> None:
    working = f"case_id = {_FILE} or case_id = {_OTHER}"
    for table in _TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(
            f"create policy {table}_worked_on on {table} to {_APP} using ({working}) with check ({working})"
        )
        op.execute(f"create policy {table}_worked on {table} to {_WORKER} using (true) with check (true)")
    # somebody who asks for emergency access knows the case by its number alone
    _may_select("cases", "named", f"number = {_setting('case_number')}")
    _may_select("emergency_grants", "own", f"account_id = {_ACCOUNT}")
    _may_select(
        "emergency_grants",
        "told",
        f"not ({_DESK} = any(kept_from)) and exists (select from emergency_notices n"
        " where n.case_id = emergency_grants.case_id and n.grant_id = emergency_grants.id)",
    )
    _may_select(
        "emergency_notices",
        "told",
        f"unit_id = {_REVIEW} or {_AUDIT} = 'all' or division_id::text = {_AUDIT}",
    )
    for table, condition in _IN_EMERGENCY.items():
        _may_select(table, "in_emergency", condition)
    for table, condition in _AT_THE_DOOR.items():
        _may_select(table, "at_the_door", condition)
    for table in ("door_codes", "door_sessions"):
        op.execute(
            f"create policy {table}_held on {table} to {_APP} using (digest = {_DOOR}) with check (digest = {_DOOR})"
        )
    _may_select("letters", "addressed", f"unit_id = {_DESK}")
    # letters to the case's owner; a complaint is none, and may be about a unit at work
    _may_select(
        "letters",
        "at_work",
        "kind <> 'complaint' and exists (select from case_access a where a.file_id = letters.case_id"
        f" and a.unit_id = {_UNIT})",
    )


def _may_select(table: str, name: str, condition: str) -> None:
    op.execute(f"create policy {table}_{name} on {table} for select to {_APP} using ({condition})")


def _shut_out(*, spared: bool) -> None:
    """An auditor who sits in an office that is in question, or was spared, or is excluded, follows that case no more; nor
    does such a unit or officer read what was asked of it namelessly."""
    condition = f"({_AUDIT} = 'all' or division_id::text = {_AUDIT})"
    if spared:
        # a unit may learn by its own rows that it is in question: only so can every layer keep it out
        _may_select("conflicts", "about_oneself", f"kind = 'unit' and unit_id = {_DESK}")
        condition += (
            f" and not ({_DESK} = any(kept_from))"
            " and not exists (select from conflicts q where q.case_id = cases.id and q.kind = 'unit'"
            f" and q.state <> 'cleared' and q.unit_id = {_DESK})"
            f" and not exists (select from exclusions e where e.file_id = cases.id and e.account_id = {_ACCOUNT})"
        )
    op.execute("drop policy cases_audited on cases")
    _may_select("cases", "audited", condition)
    asked = f"unit_id = {_DESK}"
    if spared:
        asked += (
            " and not exists (select from conflicts q where q.case_id = requests.case_id and q.kind = 'unit'"
            f" and q.state <> 'cleared' and q.unit_id = {_DESK})"
            f" and not exists (select from exclusions e where e.file_id = requests.case_id and e.account_id = {_ACCOUNT})"
        )
    op.execute("drop policy requests_addressed on requests")
    _may_select("requests", "addressed", asked)


def _grant() -> None:
    for table in ("emergency_grants", "door_codes", "door_sessions", "letters"):
        op.execute(f"grant select, insert, update on {table} to {_APP}")
        op.execute(f"grant select, update on {table} to {_WORKER}")
    op.execute(f"grant select, insert on emergency_notices to {_APP}")
    op.execute(f"grant delete on door_sessions to {_WORKER}")


def downgrade() -> None:
    _shut_out(spared=False)
    op.execute("drop policy conflicts_about_oneself on conflicts")
    op.execute("drop policy cases_named on cases")
    for table in _IN_EMERGENCY:
        op.execute(f"drop policy {table}_in_emergency on {table}")
    for table in _AT_THE_DOOR:
        op.execute(f"drop policy {table}_at_the_door on {table}")
    op.drop_column("idempotency_keys", "still_visible")
    op.drop_column("idempotency_keys", "file_id")
    op.execute("drop policy emergency_grants_told on emergency_grants")
    for table in _TABLES:
        op.drop_table(table)
