"""Who reads people's data is approved beforehand by somebody responsible, for a year at most.

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
_ROLES = "'intake', 'caseworker', 'supervisor', 'liaison', 'institution_staff', 'lawyer', 'advocate'"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("access_approved_by_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_accounts_access_approved_by_id"), "accounts", "accounts", ["access_approved_by_id"], ["id"]
    )
    op.add_column("accounts", sa.Column("access_approved_at", _AT, nullable=True))
    op.add_column("accounts", sa.Column("access_approved_until", _AT, nullable=True))
    op.execute(
        "update accounts set access_approved_until = now() + interval '30 days'"
        f" where role in ({_ROLES}) and disabled_at is null and suspended_at is null"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_accounts_access_approved_by_id"), "accounts", type_="foreignkey")
    for column in ("access_approved_until", "access_approved_at", "access_approved_by_id"):
        op.drop_column("accounts", column)
