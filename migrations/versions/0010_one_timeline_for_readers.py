"""Who checks reads the log of reads of the cases whose timeline they may pull, and what was asked for and not shown there."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_APP = "homeward_application"
_AUDIT = "nullif(current_setting('homeward.audit', true), '')"
_ASKED_FOR = "case when subject = 'refused' then subject_id else file_id end"


def upgrade() -> None:
    # which cases those are, the policies of `cases` decide: an auditor's own office in question, for one, is kept out
    op.execute(
        f"create policy read_log_audited on read_log for select to {_APP}"
        f" using ({_AUDIT} is not null and exists (select from cases c where c.id = {_ASKED_FOR}))"
    )
    op.create_index(
        "ix_read_log_refused",
        "read_log",
        ["subject_id", "read_at"],
        postgresql_where=sa.text("subject = 'refused'"),
    )


def downgrade() -> None:
    op.drop_index("ix_read_log_refused", table_name="read_log")
    op.execute("drop policy read_log_audited on read_log")
