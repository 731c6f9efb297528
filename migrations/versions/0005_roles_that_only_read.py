"""Two roles that only read: one for auditors, on what was written down; one for backups, which must read past the policies."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_AUDITOR, _BACKUP = "homeward_auditor", "homeward_backup"
_WRITTEN_DOWN = ("timeline_entries", "read_log")
# what an auditor needs to know of a file: that it is there, and where its chain stands
_HEADS = {
    "cases": "id, number, state, opened_at, closed_at, erased_at, erased_digest, seq, head",
    "reports": "id, state, received_at, erased_at, erased_digest, seq, head",
}


def upgrade() -> None:
    op.execute(f"grant usage on schema public to {_AUDITOR}, {_BACKUP}")
    for table in _WRITTEN_DOWN:
        op.execute(f"grant select on {table} to {_AUDITOR}")
    op.execute(f"grant select on registers, alembic_version to {_AUDITOR}")
    for table, columns in _HEADS.items():
        op.execute(f"grant select ({columns}) on {table} to {_AUDITOR}")
    for table in (*_WRITTEN_DOWN, *_HEADS):
        op.execute(f"create policy {table}_checked on {table} for select to {_AUDITOR} using (true)")
    for kind in ("tables", "sequences"):
        op.execute(f"grant select on all {kind} in schema public to {_BACKUP}")
        # tables that later migrations make are backed up as well
        op.execute(f"alter default privileges in schema public grant select on {kind} to {_BACKUP}")


def downgrade() -> None:
    for kind in ("tables", "sequences"):
        op.execute(f"alter default privileges in schema public revoke select on {kind} from {_BACKUP}")
        op.execute(f"revoke select on all {kind} in schema public from {_BACKUP}")
    for table in (*_WRITTEN_DOWN, *_HEADS):
        op.execute(f"drop policy {table}_checked on {table}")
    for table, columns in _HEADS.items():
        op.execute(f"revoke select ({columns}) on {table} from {_AUDITOR}")
    op.execute(f"revoke select on registers, alembic_version from {_AUDITOR}")
    for table in _WRITTEN_DOWN:
        op.execute(f"revoke select on {table} from {_AUDITOR}")
    op.execute(f"revoke usage on schema public from {_AUDITOR}, {_BACKUP}")
