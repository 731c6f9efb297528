"""The tree over everything written down: leaves, nodes, checkpoints, where they went, the keys that sign; the log of reads
becomes part of it, and append-only by trigger as well.

A read's leaf is made by the database as its row is written, so that the sealer never sees who read what.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_APP, _WORKER, _AUDITOR, _BACKUP = (
    f"homeward_{name}" for name in ("application", "worker", "auditor", "backup")
)
_AT = sa.DateTime(timezone=True)
_KEPT = ("leaves", "tree_nodes", "checkpoints", "checkpoint_deliveries", "log_keys")
_APPEND_ONLY = (*_KEPT, "read_log")


class _TransactionId(sa.types.UserDefinedType[int]):
    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        return "xid8"


def _setting(name: str) -> str:
    return f"nullif(current_setting('homeward.{name}', true), '')"


def upgrade() -> None:
    _make_tree()
    _make_checkpoints()
    _let_reads_be_leaves()
    _guard_leaves()
    _keep_append_only()
    _grant()


def _make_tree() -> None:
    op.create_table(
        "leaves",
        sa.Column("leaf_index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("leaf_index >= 0 and seq >= 0", name=op.f("ck_leaves_counted_from_zero")),
        sa.PrimaryKeyConstraint("leaf_index", name=op.f("pk_leaves")),
        sa.UniqueConstraint("source_id", "seq", name=op.f("uq_leaves_source_id_seq")),
    )
    op.create_table(
        "tree_nodes",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("ck_tree_nodes_whole_hash")),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_tree_nodes")),
    )


def _make_checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", _AT, nullable=False),
        sa.Column("oldest_at", _AT, nullable=False),
        sa.Column("entry_xid", _TransactionId(), nullable=False),
        sa.Column("entry_chain_id", sa.Uuid(), nullable=False),
        sa.Column("entry_seq", sa.BigInteger(), nullable=False),
        sa.Column("read_xid", _TransactionId(), nullable=False),
        sa.Column("read_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_checkpoints_not_empty")),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "checkpoint_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", _AT, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("cosignatures", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('delivered', 'away', 'refused', 'knows_another')",
            name=op.f("ck_checkpoint_deliveries_outcome_known"),
        ),
        sa.ForeignKeyConstraint(["size"], ["checkpoints.size"], name=op.f("fk_checkpoint_deliveries_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint_deliveries")),
    )
    op.create_index(op.f("ix_checkpoint_deliveries_place_id"), "checkpoint_deliveries", ["place", "id"])
    op.create_index(op.f("ix_checkpoint_deliveries_size"), "checkpoint_deliveries", ["size"])
    op.create_table(
        "log_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("verifier_key", sa.Text(), nullable=False),
        sa.Column("from_size", sa.BigInteger(), nullable=False),
        sa.Column("from_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_keys")),
        sa.UniqueConstraint("verifier_key", name=op.f("uq_log_keys_verifier_key")),
    )
    op.create_table(
        "sealer_rounds",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_at", _AT, nullable=False),
        sa.Column("unsealed_since", _AT, nullable=True),
        sa.Column("places", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_sealer_rounds_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealer_rounds")),
    )


_READ_LEAF = """
create function read_log_leaf(r read_log) returns bytea language sql stable set search_path = pg_catalog as $$
  select sha256('\\x00'::bytea || convert_to(
    '{"account_id":"' || r.account_id
    || '","file_id":' || coalesce('"' || r.file_id || '"', 'null')
    || ',"found_ids":' || case when r.found_ids is null then 'null' else '[' || coalesce(
         (select string_agg('"' || one || '"', ',' order by place)
          from unnest(r.found_ids) with ordinality as found(one, place)), '') || ']' end
    || ',"id":"' || r.id
    || '","purpose":' || coalesce(to_json(r.purpose)::text, 'null')
    || ',"query_digest":' || coalesce('"' || encode(r.query_digest, 'hex') || '"', 'null')
    || ',"read_at":"' || to_char(r.read_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","request_id":"' || r.request_id
    || '","role":' || to_json(r.role)::text
    || ',"subject":' || to_json(r.subject)::text
    || ',"subject_id":' || coalesce('"' || r.subject_id || '"', 'null')
    || ',"unit_id":"' || r.unit_id
    || '","v"\\:1}', 'UTF8')) $$
"""


def _let_reads_be_leaves() -> None:
    op.add_column("read_log", sa.Column("leaf", sa.LargeBinary(), nullable=True))
    op.add_column(
        "read_log",
        sa.Column("xid", _TransactionId(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
    )
    op.execute(_READ_LEAF)
    # the owner is held to the policies as well, and has none
    op.execute("alter table read_log no force row level security")
    op.execute("update read_log r set leaf = read_log_leaf(r)")
    op.execute("alter table read_log force row level security")
    op.alter_column("read_log", "leaf", nullable=False)
    op.create_index(op.f("ix_read_log_xid_id"), "read_log", ["xid", "id"])
    op.execute(
        "create function stamp_read() returns trigger language plpgsql set search_path = pg_catalog as"
        " $$ begin new.leaf := public.read_log_leaf(new); new.xid := pg_current_xact_id(); return new; end $$"
    )
    op.execute(
        "create trigger reads_are_stamped before insert on read_log for each row execute function stamp_read()"
    )
    op.execute("alter table read_log enable always trigger reads_are_stamped")


def _guard_leaves() -> None:
    file, other, unit = (f"{_setting(name)}::uuid" for name in ("file", "other_file", "unit"))
    op.execute("alter table leaves enable row level security")
    op.execute("alter table leaves force row level security")
    op.execute(
        f"create policy leaves_at_work on leaves for select to {_APP}"
        f" using (source_id = {file} or source_id = {other} or exists (select from case_access a"
        f" where a.file_id = leaves.source_id and a.unit_id = {unit}))"
    )
    op.execute(
        f"create policy leaves_audited on leaves for select to {_APP}"
        f" using ({_setting('audit')} is not null and exists (select from cases c where c.id = source_id))"
    )
    op.execute(f"create policy leaves_sealed on leaves to {_WORKER} using (true) with check (true)")
    op.execute(f"create policy leaves_checked on leaves for select to {_AUDITOR} using (true)")
    op.execute(f"create policy read_log_sealed on read_log for select to {_WORKER} using (true)")


def _keep_append_only() -> None:
    op.execute(
        "create function refuse_change() returns trigger language plpgsql set search_path = pg_catalog as"
        " $$ begin raise exception 'what was written down is append-only' using errcode = '42501'; end $$"
    )
    for table in _APPEND_ONLY:
        op.execute(
            f"create trigger {table}_is_append_only before update or delete on {table}"
            " for each row execute function refuse_change()"
        )
        op.execute(
            f"create trigger {table}_is_never_truncated before truncate on {table}"
            " for each statement execute function refuse_change()"
        )
        for trigger in ("append_only", "never_truncated"):
            op.execute(f"alter table {table} enable always trigger {table}_is_{trigger}")


def _grant() -> None:
    for table in _KEPT:
        op.execute(f"grant select on {table} to {_APP}, {_AUDITOR}")
        op.execute(f"grant select, insert on {table} to {_WORKER}")
    op.execute(f"grant select on sealer_rounds to {_APP}")
    op.execute(f"grant select, insert, update on sealer_rounds to {_WORKER}")
    # when, in which order and what it hashes to: not who read what
    op.execute(f"grant select (id, xid, read_at, leaf) on read_log to {_WORKER}")
    # a new key that signs is entered on the register's chain by whoever first signs with it
    op.execute(f"grant select, insert, update on registers to {_WORKER}")


def downgrade() -> None:
    op.execute(f"revoke select, insert, update on registers from {_WORKER}")
    op.execute(f"revoke select (id, xid, read_at, leaf) on read_log from {_WORKER}")
    op.execute("drop policy read_log_sealed on read_log")
    for trigger in ("reads_are_stamped", "read_log_is_append_only", "read_log_is_never_truncated"):
        op.execute(f"drop trigger {trigger} on read_log")
    op.execute("drop function stamp_read()")
    op.execute("drop function read_log_leaf(read_log)")
    op.drop_index(op.f("ix_read_log_xid_id"), table_name="read_log")
    for column in ("xid", "leaf"):
        op.drop_column("read_log", column)
    for table in (
        "sealer_rounds",
        "log_keys",
        "checkpoint_deliveries",
        "checkpoints",
        "tree_nodes",
        "leaves",
    ):
        op.drop_table(table)
    op.execute("drop function refuse_change()")
