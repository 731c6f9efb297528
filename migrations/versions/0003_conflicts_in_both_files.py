"""Conflicts of two files about one person stand in both; closed cases come to their end; the second layer of access is
planned in half the time.

What counts in a file is read from that file alone: no policy looks into another one any more.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_UNIT = "nullif(current_setting('homeward.unit', true), '')::uuid"
_FILE = "nullif(current_setting('homeward.file', true), '')::uuid"
_OTHER = "nullif(current_setting('homeward.other_file', true), '')::uuid"
_ACCOUNT = "nullif(current_setting('homeward.account', true), '')::uuid"
_APP = "homeward_application"
_WORKING = f"file_id = {_FILE} or file_id = {_OTHER}"
_FILLED = ("merges", "victims", "conflicts", "exclusions", "case_access")


def upgrade() -> None:
    op.add_column("cases", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("cases", sa.Column("erased_digest", sa.LargeBinary(), nullable=True))
    op.add_column("victims", sa.Column("merge_id", sa.Uuid(), nullable=True))
    op.add_column("conflicts", sa.Column("origin_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_conflicts_case_id_origin_id"), "conflicts", ["case_id", "origin_id"])
    # an officer can be excluded for two reasons, and the end of one leaves the other
    _exclusions_by("file_id", "account_id", "conflict_id")
    _fill_from_what_is_merged()
    op.execute("drop policy conflicts_of_the_merged on conflicts")
    _tell_alarms("unit_id = {unit} and settled_at is null")
    # every other policy asks this table whether the caller is excluded: a look of its own at who works on the file
    # doubled what each statement of the product took to plan
    op.execute("drop policy exclusions_at_work on exclusions")
    op.execute(
        f"create policy exclusions_at_work on exclusions to {_APP}"
        f" using (account_id = {_ACCOUNT} or {_WORKING}) with check ({_WORKING})"
    )


def _tell_alarms(whose: str) -> None:
    """A unit reads its alarms as long as they stand; officers who are excluded from the file read none."""
    shut_out = (
        f"exists (select from exclusions e where e.file_id = alarms.file_id and e.account_id = {_ACCOUNT})"
    )
    op.execute("drop policy alarms_told on alarms")
    told = f"{whose.format(unit=_UNIT)} and not {shut_out}"
    op.execute(f"create policy alarms_told on alarms for select to {_APP} using ({told})")


def _exclusions_by(*columns: str) -> None:
    op.drop_constraint(op.f("pk_exclusions"), "exclusions", type_="primary")
    op.create_primary_key(op.f("pk_exclusions"), "exclusions", list(columns))


def _fill_from_what_is_merged() -> None:
    _hold_the_owner(no=True)
    for case_id, victim_id in (("case_id", "victim_id"), ("other_case_id", "other_victim_id")):
        op.execute(
            "update victims v set merge_id = m.id from merges m"
            f" where m.state = 'merged' and v.case_id = m.{case_id} and v.id = m.{victim_id}"
        )
    sides = (
        "select id, case_id, victim_id, other_case_id, other_victim_id from merges where state = 'merged'"
        " union all select id, other_case_id, other_victim_id, case_id, victim_id from merges where state = 'merged'"
    )
    op.execute(
        "insert into conflicts (case_id, id, kind, state, victim_id, unit_id, account_id, rule, set_at, version, origin_id)"
        " select distinct on (c.id, s.other_case_id) s.other_case_id, gen_random_uuid(), c.kind, 'open',"
        " case when c.victim_id is not null then s.other_victim_id end, c.unit_id, c.account_id, 'merged', c.set_at, 1, c.id"
        f" from conflicts c join ({sides}) as s on s.case_id = c.case_id and (c.victim_id is null or c.victim_id = s.victim_id)"
        " where c.state <> 'cleared' order by c.id, s.other_case_id"
    )
    # nobody in question reads the other file from now on; where work lay with them, it climbs the ladder of what is late
    op.execute(
        "insert into exclusions (file_id, account_id, conflict_id) select case_id, account_id, id from conflicts"
        " where origin_id is not null and kind = 'officer'"
    )
    op.execute(
        "delete from case_access a using conflicts c where c.origin_id is not null and c.kind = 'unit'"
        " and a.file_id = c.case_id and a.unit_id = c.unit_id"
    )
    _hold_the_owner()


def _hold_the_owner(*, no: bool = False) -> None:
    """The owner of the tables is held by the policies as well, and sees no row while it is."""
    for table in _FILLED:
        op.execute(f"alter table {table} {'no ' if no else ''}force row level security")


def downgrade() -> None:
    _tell_alarms("unit_id = {unit}")
    op.execute("drop policy exclusions_at_work on exclusions")
    at_work = (
        f"exists (select from case_access a where a.file_id = exclusions.file_id and a.unit_id = {_UNIT})"
    )
    op.execute(
        f"create policy exclusions_at_work on exclusions to {_APP}"
        f" using (account_id = {_ACCOUNT} or {_WORKING} or {at_work}) with check ({_WORKING})"
    )
    _hold_the_owner(no=True)
    op.execute(
        "delete from exclusions e using conflicts c where c.id = e.conflict_id and c.origin_id is not null"
    )
    op.execute("delete from conflicts where origin_id is not null")
    op.execute(
        f"create policy conflicts_of_the_merged on conflicts for select to {_APP} using (exists (select from merges m"
        " where m.state = 'merged' and conflicts.case_id in (m.case_id, m.other_case_id)))"
    )
    op.execute(
        "delete from exclusions a using exclusions b where a.file_id = b.file_id and a.account_id = b.account_id"
        " and a.conflict_id > b.conflict_id"
    )
    _hold_the_owner()
    _exclusions_by("file_id", "account_id")
    op.drop_index(op.f("ix_conflicts_case_id_origin_id"), table_name="conflicts")
    op.drop_column("conflicts", "origin_id")
    op.drop_column("victims", "merge_id")
    op.drop_column("cases", "erased_digest")
    op.drop_column("cases", "erased_at")
