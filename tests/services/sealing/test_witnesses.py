"""Checkpoints leave the house at once, follow from one another wherever they go, and wait for nobody who is away."""

import random
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from domain.checkpoints import Note, is_signed, note_from
from domain.identifiers import new_id
from services.log_keys import LogKeySource, verifies
from services.sealer import Pace, Sealing, run_sealer, seal
from services.settings import SettingsRefused, settings_from
from services.witnesses import AppendedFile, Witness, deliver, places_of, run_deliveries
from tests.services.sealing.conftest import AT_ONCE, Ground, Signer, writers

Heard = tuple[Signer, str]


def more(ground: Ground) -> None:
    ground.enter(new_id(), [1, 2, 3])
    seal(ground.worker, ground.keys, AT_ONCE)


def tried_long_ago(ground: Ground) -> None:
    """As if every wait were over."""
    ground.sql("alter table checkpoint_deliveries disable trigger all")
    ground.sql("update checkpoint_deliveries set tried_at = tried_at - interval '1 hour'")


def test_a_witness_follows_step_by_step_and_its_cosignature_is_kept(ground: Ground, witness: Heard) -> None:
    signer, address = witness
    place = Witness(address, signer.key)
    for _ in range(3):
        more(ground)
        assert deliver(ground.worker, place) == "delivered"
        assert deliver(ground.worker, place) is None
    sizes = [row.size for row in ground.sql("select size from checkpoints order by 1")]
    assert signer.seen == sizes
    assert signer.asked == 3
    for row in ground.sql(
        "select c.note, d.cosignatures from checkpoints c join checkpoint_deliveries d using (size)"
    ):
        note = note_from(row.note + row.cosignatures)
        assert is_signed(note, signer.key, verifies)
        assert is_signed(note, ground.keys.verifier, verifies)


def test_a_witness_that_knows_more_than_was_written_down_is_asked_again_from_there(
    ground: Ground, witness: Heard
) -> None:
    signer, address = witness
    more(ground)
    deliver(ground.worker, Witness(address))
    ground.sql("alter table checkpoint_deliveries disable trigger all")
    ground.sql("delete from checkpoint_deliveries")
    more(ground)
    assert deliver(ground.worker, Witness(address)) == "delivered"
    assert len(signer.seen) == 2


def test_a_history_that_does_not_follow_is_not_signed_and_that_is_written_down(
    ground: Ground, witness: Heard
) -> None:
    signer, address = witness
    more(ground)
    deliver(ground.worker, Witness(address))
    signer.root = bytes(32)
    more(ground)
    assert deliver(ground.worker, Witness(address)) == "refused"
    signer.size = 1000
    tried_long_ago(ground)
    assert deliver(ground.worker, Witness(address)) == "knows_another"


def test_a_witness_that_is_away_is_given_time_and_sealing_goes_on(ground: Ground, witness: Heard) -> None:
    signer, address = witness
    signer.away = True
    for place in (Witness(address, signer.key), Witness("http://127.0.0.1:1")):
        more(ground)
        assert deliver(ground.worker, place) == "away"
        assert deliver(ground.worker, place) is None
    signer.away = False
    tried_long_ago(ground)
    assert deliver(ground.worker, Witness(address, signer.key)) == "delivered"
    (count,) = ground.sql("select sum(1) as checkpoints from checkpoints")
    assert count.checkpoints == 2


def test_a_cosignature_of_a_stranger_or_of_something_else_is_not_kept(ground: Ground, witness: Heard) -> None:
    signer, address = witness
    more(ground)
    assert deliver(ground.worker, Witness(address, Signer(ground.keys.verifier).key)) == "delivered"
    more(ground)
    signer.lie = "what the witness did not see"
    assert deliver(ground.worker, Witness(address, signer.key)) == "delivered"
    kept = ground.sql("select cosignatures from checkpoint_deliveries")
    assert [row.cosignatures for row in kept] == ["", ""]


def test_the_file_is_only_ever_appended_to(ground: Ground, tmp_path: Path) -> None:
    file = tmp_path / "checkpoints.txt"
    file.write_text("what stood there before\n\n")
    for _ in range(2):
        more(ground)
        assert deliver(ground.worker, AppendedFile(file)) == "delivered"
    first, *rest = file.read_text().split("\n\n")
    assert first == "what stood there before"
    notes = [note_from(f"{text}\n\n{lines}\n") for text, lines in zip(rest[::2], rest[1::2], strict=False)]
    assert [is_signed(note, ground.keys.verifier, verifies) for note in notes] == [True, True]
    assert isinstance(notes[0], Note)
    more(ground)
    assert deliver(ground.worker, AppendedFile(tmp_path)) == "away"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOMEWARD_WITNESSES", "http://witness.example"),
        ("HOMEWARD_WITNESSES", "https://name:word@witness.example"),
        ("HOMEWARD_WITNESSES", "https://witness.example?key=1"),
        ("HOMEWARD_WITNESSES", "witness.example"),
        ("HOMEWARD_CHECKPOINT_FILE", ".homeward/checkpoints.txt"),
    ],
)
def test_places_that_are_none_are_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsRefused, match=name):
        settings_from({name: value})


def test_places_come_from_the_settings(tmp_path: Path, ground: Ground) -> None:
    key = Signer(ground.keys.verifier).key
    settings = settings_from(
        {
            "HOMEWARD_WITNESSES": f"https://one.example/w/ {key.written}, http://127.0.0.1:9",
            "HOMEWARD_CHECKPOINT_FILE": str(tmp_path / "notes.txt"),
        }
    )
    file, first, second = places_of(settings)
    assert isinstance(first, Witness)
    assert (file.name, first.name, first.key, second.name) == (
        "file",
        "https://one.example/w",
        key,
        "http://127.0.0.1:9",
    )
    with pytest.raises(SettingsRefused, match="key"):
        places_of(settings_from({"HOMEWARD_WITNESSES": "https://one.example nothing"}))


def longest_exposed(
    ground: Ground, signer: Signer, address: str, file: Path, *, seconds: float, pace: Pace
) -> list[float]:
    """While eight write: every second, how long ago the oldest entry was written that no place outside vouches for yet."""
    stopped, seen = threading.Event(), list[float]()
    crowd = writers(ground, 10**9, [new_id() for _ in range(24)], random.Random(7), stopped.is_set)
    places = (AppendedFile(file), Witness(address, signer.key))
    sealing = Sealing(LogKeySource(ground.settings), pace)
    threads = [
        *crowd,
        threading.Thread(target=run_sealer, args=(ground.worker, sealing, stopped.is_set)),
        threading.Thread(target=run_deliveries, args=(ground.worker, places, stopped.is_set)),
    ]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        time.sleep(min(1.0, seconds / 10))
        (row,) = ground.sql(
            "select extract(epoch from clock_timestamp() - min(e.recorded_at)) as age from timeline_entries e"
            " left join leaves l on l.source_id = e.chain_id and l.seq = e.seq where l.leaf_index is null"
            " or l.leaf_index >= :size",
            size=signer.size,
        )
        seen.append(float(row.age or 0))
    stopped.set()
    for thread in threads:
        thread.join()
    return sorted(seen)


def test_under_load_everything_is_soon_under_a_checkpoint_that_somebody_else_holds(
    ground: Ground, witness: Heard, tmp_path: Path
) -> None:
    seen = longest_exposed(
        ground, *witness, tmp_path / "notes.txt", seconds=4, pace=Pace(timedelta(seconds=1), 1000)
    )
    assert witness[0].seen
    assert seen[-1] < 5


@pytest.mark.drill
def test_for_three_minutes_under_load_no_entry_waits_a_minute_for_somebody_elses_copy(
    ground: Ground, witness: Heard, tmp_path: Path, say: Callable[[str], None]
) -> None:
    seen = longest_exposed(ground, *witness, tmp_path / "notes.txt", seconds=180, pace=Pace())
    p99 = seen[int(len(seen) * 0.99) - 1]
    say(f"{witness[0].size} leaves; the oldest entry exposed: p99 {p99:.1f} s, longest {seen[-1]:.1f} s")
    assert p99 <= 60
