"""Anybody may take checkpoints and prove that the log only grew; that an entry stands in it, those who follow its case."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from sqlalchemy import Engine, text

from domain.checkpoints import checkpoint_from, is_signed, key_from, note_from
from domain.identifiers import new_id
from domain.merkle import is_consistent, is_included
from services.database import engine_for, transaction
from services.log_keys import read_log_keys, verifies
from services.sealer import Pace, seal
from tests.api.access.world import Matter, World, same
from tests.conftest import let_others_end

Json = dict[str, Any]
AT_ONCE: Final = Pace(timedelta(0), 50)


@pytest.fixture(scope="module")
def worker(world: World) -> Iterator[Engine]:
    assert world.house.settings.worker_database_url is not None
    engine = engine_for(world.house.settings.worker_database_url, 2)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def sealed(world: World, north: Matter, south: Matter, worker: Engine) -> Matter:
    """Everything so far is in the tree, in several steps."""
    keys = read_log_keys(world.house.settings)
    let_others_end(world.admin)
    while seal(worker, keys, AT_ONCE).sealed:
        pass
    return north


def public(world: World, path: str) -> Json:
    answer = world.client.get(path)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def hashes(texts: list[str]) -> list[bytes]:
    return [base64.b64decode(text, validate=True) for text in texts]


def test_checkpoints_are_listed_to_anybody_page_by_page_and_each_is_signed(
    world: World, sealed: Matter
) -> None:
    (key,) = public(world, "/checkpoints/keys")["items"]
    assert (key["from_size"] > 0, key["until_size"]) == (True, None)
    seen, page = list[Json](), public(world, "/checkpoints?limit=2")
    while True:
        seen += page["items"]
        if "next" not in page["links"]:
            break
        page = public(world, page["links"]["next"])
    assert [one["size"] for one in seen] == sorted({one["size"] for one in seen}, reverse=True)
    assert len(seen) > 3
    for one in seen:
        note = note_from(one["note"])
        assert is_signed(note, key_from(key["verifier_key"]), verifies)
        assert checkpoint_from(note.text).size == one["size"]
    latest = public(world, "/checkpoints/latest")
    assert latest == seen[0]
    answer = world.client.get("/checkpoints/latest/note")
    assert (answer.text, answer.headers["content-type"]) == (latest["note"], "text/plain; charset=utf-8")


def test_anybody_may_prove_that_an_older_log_is_the_beginning_of_the_newer(
    world: World, sealed: Matter
) -> None:
    listed = public(world, "/checkpoints")["items"]
    (new, *_), old = listed, listed[-1]
    found = public(world, f"/checkpoints/consistency?from={old['size']}&to={new['size']}")
    (old_root, new_root), path = hashes([old["root"], new["root"]]), hashes(found["proof"])
    assert is_consistent((old["size"], old_root), (new["size"], new_root), path)
    assert public(world, f"/checkpoints/consistency?from=0&to={new['size']}")["proof"] == []
    for old_size, new_size in ((new["size"], old["size"]), (1, new["size"] + 1)):
        answer = world.client.get(f"/checkpoints/consistency?from={old_size}&to={new_size}")
        assert answer.status_code == 422


@pytest.mark.parametrize("reader", ["cab-1", "auditor"])
def test_who_follows_a_case_proves_that_each_of_its_entries_stands_in_the_log(
    world: World, sealed: Matter, reader: str
) -> None:
    at = f"/cases/{sealed.case_id}/timeline"
    entries = world.ask("cab-1", "GET", f"{at}?limit=100").json()["items"]
    assert len(entries) > 20
    for entry in (entries[0], entries[10], entries[-1]):
        found = world.ask(reader, "GET", f"{at}/proof?seq={entry['seq']}").json()
        checkpoint = found["checkpoint"]
        leaf, root = hashes([found["leaf_hash"], checkpoint["root"]])
        place = (found["leaf_index"], checkpoint["size"])
        assert is_included(leaf, place, hashes(found["proof"]), root)
    first = public(world, "/checkpoints")["items"][-1]
    assert world.ask(reader, "GET", f"{at}/proof").json()["seq"] == entries[-1]["seq"]
    late = world.ask(reader, "GET", f"{at}/proof?seq={entries[-1]['seq']}&size={first['size']}").json()
    assert (late["sealed"], late["checkpoint"], late["proof"]) == (False, None, [])


def test_to_everybody_else_a_case_and_its_place_in_the_log_do_not_exist(
    world: World, sealed: Matter, layer: str
) -> None:
    del layer
    nowhere = world.ask("south-women-1", "GET", f"/cases/{new_id()}/timeline/proof?seq=1")
    assert nowhere.status_code == 404
    assert same(world.ask("south-women-1", "GET", f"/cases/{sealed.case_id}/timeline/proof?seq=1"), nowhere)
    assert same(world.ask("cab-1", "GET", f"/cases/{sealed.case_id}/timeline/proof?seq=100000"), nowhere)


def test_the_application_sees_the_leaves_of_no_case_but_those_it_may_read(
    world: World, sealed: Matter
) -> None:

    with transaction(world.house.engine) as session:
        session.execute(
            text("select set_config('homeward.unit', :unit, true)"), {"unit": world.unit("south-women-1")}
        )
        seen = set(session.execute(text("select source_id from leaves")).scalars())
    assert str(sealed.case_id) not in {str(one) for one in seen}


def test_auditors_see_how_far_sealing_is_behind_and_where_checkpoints_are_missing(
    world: World, sealed: Matter, worker: Engine
) -> None:
    state = world.ask("auditor", "GET", "/checkpoints/state").json()
    # nothing outside vouches for the log yet, and it is long since the first entry
    world.sql("alter table checkpoints disable trigger all")
    world.sql("update checkpoints set oldest_at = oldest_at - interval '5 minutes'")
    assert state["places"] == []
    assert world.ask("auditor", "GET", "/checkpoints/state").json()["late"] is True
    keys = read_log_keys(world.house.settings)
    seal(worker, keys, AT_ONCE, places=("https://witness.example",), at_once=True)
    newest = public(world, "/checkpoints/latest")["size"]
    world.sql(
        "insert into checkpoint_deliveries values (:id, 'https://witness.example', :size, clock_timestamp(), 'delivered', '')",
        id=new_id(),
        size=newest,
    )
    state = world.ask("auditor", "GET", "/checkpoints/state").json()
    assert (state["late"], [place["size"] for place in state["places"]]) == (False, [newest])
    world.sql("update sealer_rounds set unsealed_since = clock_timestamp() - interval '121 seconds'")
    state = world.ask("auditor", "GET", "/checkpoints/state").json()
    assert state["late"] is True
    assert state["behind_seconds"] >= 121
    assert world.ask("cab-1", "GET", "/checkpoints/state").status_code == 403
