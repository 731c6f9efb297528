"""Whatever was written down becomes a leaf, once, in its chain's order, under a root that somebody outside holds."""

import json
import random
import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from domain.checkpoints import checkpoint_from, is_signed, key_from, note_from
from domain.identifiers import new_id
from domain.merkle import is_consistent, is_included, leaf_hash, root_of
from domain.timeline import canonical, moment
from services.checkpoints import key_history, published
from services.database import transaction
from services.log_keys import LogKeySource, read_log_keys, rotate_log_key_file, verifies
from services.sealer import KeyReplaced, Pace, Sealing, run_sealer, seal
from services.tree import consistency_proof, inclusion_proof
from tests.services.sealing.conftest import AT_ONCE, INSERT, Ground, row, writers


def seal_all(ground: Ground) -> int:
    """Until nothing waits."""
    total = 0
    while done := seal(ground.worker, ground.keys, AT_ONCE).sealed:
        total += done
    return total


def check_tree(ground: Ground) -> None:
    """Every leaf is the hash of what it stands for, every checkpoint the signed root of its first leaves."""
    found = ground.sql(
        "select l.leaf_index, coalesce(e.body, null) as body, r.leaf, n.hash from leaves l"
        " left join timeline_entries e on e.chain_id = l.source_id and e.seq = l.seq left join read_log r on r.id = l.source_id"
        " join tree_nodes n on n.level = 0 and n.position = l.leaf_index order by 1"
    )
    hashes = [leaf_hash(bytes(one.body)) if one.body is not None else bytes(one.leaf) for one in found]
    assert [one.leaf_index for one in found] == list(range(len(found)))
    assert hashes == [bytes(one.hash) for one in found]
    for kept in ground.sql("select size, root, note from checkpoints order by size"):
        note = note_from(kept.note)
        checkpoint = checkpoint_from(note.text)
        assert (checkpoint.size, checkpoint.root) == (kept.size, bytes(kept.root))
        assert checkpoint.root == root_of(hashes[: kept.size])
        assert is_signed(note, ground.keys.verifier, verifies)


def check_order(ground: Ground) -> None:
    """Nothing missed, nothing twice, each chain in its own order."""
    chains: dict[UUID, list[int]] = defaultdict(list)
    for _index, source, seq in ground.leaves():
        chains[source].append(seq)
    written: dict[UUID, list[int]] = defaultdict(list)
    for source, seq in ground.sql("select chain_id, seq from timeline_entries order by 1, 2"):
        written[source].append(seq)
    assert {chain: seqs for chain, seqs in chains.items() if seqs[0]} == written


def test_entries_and_reads_of_every_chain_become_leaves_of_one_signed_tree(ground: Ground) -> None:
    chains = [new_id() for _ in range(3)]
    for number, chain in enumerate(chains):
        ground.enter(chain, list(range(1, 5 + number)))
    reads = {
        ground.read(),
        ground.read(purpose="court", digest=b"\x01\x02", found=[new_id(), new_id()]),
        ground.read(found=[]),
    }
    assert seal_all(ground) == 4 + 5 + 6 + 3 + 1  # the key's own entry comes last, a round later
    assert {source for _, source, seq in ground.leaves() if seq == 0} == reads
    check_tree(ground)
    check_order(ground)
    assert seal(ground.worker, ground.keys, AT_ONCE).sealed == 0


def test_the_leaf_of_a_read_is_rebuilt_from_its_row(ground: Ground) -> None:
    ground.read()
    ground.read(file_id=new_id(), purpose='a "quoted" 目的', digest=b"\x00\xff", found=[new_id(), new_id()])
    ground.read(found=[])
    for line in ground.sql("select * from read_log"):
        said = {name: None if value is None else str(value) for name, value in line._mapping.items()}
        for left_out in ("leaf", "xid"):
            del said[left_out]
        body = canonical(
            {
                **said,
                "v": 1,
                "read_at": moment(line.read_at),
                "query_digest": None if line.query_digest is None else bytes(line.query_digest).hex(),
                "found_ids": None if line.found_ids is None else [str(one) for one in line.found_ids],
            }
        )
        assert leaf_hash(body) == bytes(line.leaf)
        assert json.loads(body)["role"] == "caseworker"


def test_an_entry_that_commits_late_is_waited_for_and_not_passed_over(ground: Ground) -> None:
    early, late = new_id(), new_id()
    with ground.admin.connect() as slow:
        slow.execute(INSERT, [row(late, 1)])
        ground.enter(early, [1])
        done = seal(ground.worker, ground.keys, AT_ONCE)
        assert done.sealed == 0
        assert done.unsealed_since is not None
        slow.commit()
    seal_all(ground)
    assert {source for _, source, _ in ground.leaves()} >= {early, late}
    check_order(ground)


def test_a_chains_order_holds_where_its_transactions_began_in_another(ground: Ground) -> None:
    """The later entry has the earlier transaction, and one that still runs stands between the two."""

    chain, other = new_id(), new_id()
    with ground.admin.connect() as first, ground.admin.connect() as between:
        first.execute(text("select pg_current_xact_id()"))
        between.execute(INSERT, [row(other, 1)])
        ground.enter(chain, [1, 2])
        first.execute(INSERT, [row(chain, 3)])
        first.commit()
        assert seal(ground.worker, ground.keys, AT_ONCE).sealed == 3
        assert [seq for _, source, seq in ground.leaves() if source == chain] == [1, 2, 3]
        between.commit()
    seal_all(ground)
    check_order(ground)
    check_tree(ground)


def test_it_waits_until_something_is_old_enough_or_enough_waits(ground: Ground) -> None:
    chain, slow = new_id(), Pace(timedelta(hours=1), 10)
    ground.enter(chain, [1, 2, 3])
    assert seal(ground.worker, ground.keys, slow).sealed == 0
    assert seal(ground.worker, ground.keys, slow, at_once=True).sealed == 3
    ground.enter(chain, list(range(4, 20)))
    first = seal(ground.worker, ground.keys, slow)
    assert (first.sealed, first.more) == (10, True)
    looked = ground.sql("select unsealed_since from sealer_rounds")
    assert len(looked) == 1
    assert looked[0].unsealed_since is not None


def test_a_database_put_back_from_a_dump_is_sealed_on(ground: Ground) -> None:
    """There transactions are counted anew: what is old seems to lie ahead, and what is new behind."""
    old, new = new_id(), new_id()
    ground.enter(old, [1, 2])
    seal_all(ground)
    ground.enter(old, [3])
    ground.sql("alter table timeline_entries disable trigger all")
    ground.sql("update timeline_entries set xid = '9000000000000'")
    ground.sql("alter table checkpoints disable trigger all")
    ground.sql("update checkpoints set entry_xid = '8000000000000'")
    ground.enter(new, [1])
    assert seal_all(ground) == 2
    check_order(ground)
    check_tree(ground)


def test_a_new_key_signs_on_is_kept_in_the_history_and_the_old_one_never_signs_again(ground: Ground) -> None:
    chain = new_id()
    ground.enter(chain, [1])
    seal_all(ground)
    old, file = ground.keys, ground.settings.log.key_file
    rotate_log_key_file(file)
    new = read_log_keys(ground.settings)
    assert old.verifier != new.verifier
    ground.enter(chain, [2])
    seal(ground.worker, new, AT_ONCE)
    kept = [row.verifier_key for row in ground.sql("select * from log_keys order by id")]
    assert kept == [old.verifier.written, new.verifier.written]
    # who knows the old key alone can still follow
    note = note_from(ground.sql("select note from checkpoints order by size desc limit 1")[0].note)
    assert is_signed(note, old.verifier, verifies)
    assert is_signed(note, key_from(kept[1]), verifies)
    entries = ground.sql(
        "select convert_from(what, 'UTF8') as what from timeline_entries where chain = 'register' order by seq"
    )
    assert [json.loads(one.what)["to"] for one in entries] == kept
    ground.enter(chain, [3])
    with pytest.raises(KeyReplaced):
        seal(ground.worker, old, AT_ONCE)
    rotate_log_key_file(file, leaked=True)
    assert len(read_log_keys(ground.settings).private) == 1
    sealing = Sealing(LogKeySource(ground.settings), AT_ONCE)
    assert sealing.round(ground.worker).sealed > 0


def test_stored_nodes_prove_every_leaf_and_every_step_between_checkpoints(ground: Ground) -> None:
    chain = new_id()
    for round_ in range(5):
        ground.enter(chain, list(range(round_ * 7 + 1, round_ * 7 + 8)))
        seal(ground.worker, ground.keys, AT_ONCE)
    checkpoints = ground.sql("select size, root from checkpoints order by size")
    size, root = checkpoints[-1].size, bytes(checkpoints[-1].root)
    hashes = [
        bytes(one.hash) for one in ground.sql("select hash from tree_nodes where level = 0 order by position")
    ]
    with transaction(ground.worker) as session:
        for index, leaf in enumerate(hashes):
            assert is_included(leaf, (index, size), inclusion_proof(session, index, size), root)
        for one in checkpoints:
            path = consistency_proof(session, one.size, size)
            assert is_consistent((one.size, bytes(one.root)), (size, root), path)


def flood(ground: Ground, entries: int) -> str:
    """Eight writers and two sealers until all is written, then what is left; the figures."""
    chains, stopped = [new_id() for _ in range(24)], threading.Event()
    crowd = writers(ground, entries, chains, random.Random(8))
    sealing = [Sealing(LogKeySource(ground.settings), replace(AT_ONCE, entries=200)) for _ in range(2)]
    sealers = [
        threading.Thread(target=run_sealer, args=(ground.worker, one, stopped.is_set)) for one in sealing
    ]
    for thread in (*crowd, *sealers):
        thread.start()
    for thread in crowd:
        thread.join()
    stopped.set()
    for thread in sealers:
        thread.join()
    during = len(ground.leaves())
    seal_all(ground)
    check_order(ground)
    check_tree(ground)
    (written,) = ground.sql("select sum(1) as entries from timeline_entries")
    (rounds,) = ground.sql("select sum(1) as checkpoints from checkpoints")
    assert len(ground.leaves()) == written.entries
    return f"{written.entries} entries, {during} sealed meanwhile in {rounds.checkpoints} checkpoints: 0 missed, 0 twice"


def test_eight_writers_and_two_sealers_miss_nothing(ground: Ground) -> None:
    flood(ground, 2000)


@pytest.mark.drill
def test_eight_writers_and_two_sealers_miss_nothing_of_100_000_entries(
    ground: Ground, say: Callable[[str], None]
) -> None:
    say(flood(ground, 100_000))


def test_before_the_first_key_signed_there_is_none_and_nobody_is_told_of_a_defect(ground: Ground) -> None:
    with transaction(ground.worker) as session:
        assert key_history(session) == []
        assert published(session) == []
