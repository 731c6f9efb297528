"""Who reads people's data is approved beforehand by somebody responsible, for a year at most; clocks for what nobody answers.

Whoever has a case role already keeps their access for thirty days, so that no work stops in the night of the migration; they
stand on the list of those who approve from the first moment.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_AT = sa.DateTime(timezone=True)
_WORKER = "homeward_worker"
_SUBJECTS = "'report', 'case', 'stage', 'victim', 'consent', 'conflict', 'approval', 'request'"
_NOTICES = "'opened', 'renewed', 'too_many'"
_ROLES = "'intake', 'caseworker', 'supervisor', 'liaison', 'institution_staff', 'lawyer', 'advocate'"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("access_approved_by_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_accounts_access_approved_by_id"), "accounts", "accounts", ["access_approved_by_id"], ["id"]
    )
    op.add_column("accounts", sa.Column("access_approved_at", _AT, nullable=True))
    op.add_column("accounts", sa.Column("access_approved_until", _AT, nullable=True))
    _limit("deadlines", "subject", f"{_SUBJECTS}, 'emergency_access', 'letter'")
    _limit("emergency_notices", "kind", f"{_NOTICES}, 'unreviewed'")
    # what nobody looked at in time is told to the auditors by rule
    op.execute(f"grant select, insert on emergency_notices to {_WORKER}")
    op.execute(
        "update accounts set access_approved_until = now() + interval '30 days'"
        f" where role in ({_ROLES}) and disabled_at is null and suspended_at is null"
    )


def _limit(table: str, column: str, values: str) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} in ({values})")


def downgrade() -> None:
    op.execute(
        "delete from alarms a using deadlines d where d.file_id = a.file_id and d.id = a.deadline_id"
        " and d.subject in ('emergency_access', 'letter')"
    )
    op.execute("delete from deadlines where subject in ('emergency_access', 'letter')")
    op.execute("delete from emergency_notices where kind = 'unreviewed'")
    op.execute(f"revoke select, insert on emergency_notices from {_WORKER}")
    _limit("emergency_notices", "kind", _NOTICES)
    _limit("deadlines", "subject", _SUBJECTS)
    op.drop_constraint(op.f("fk_accounts_access_approved_by_id"), "accounts", type_="foreignkey")
    for column in ("access_approved_until", "access_approved_at", "access_approved_by_id"):
        op.drop_column("accounts", column)
