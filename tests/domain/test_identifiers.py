"""Identifiers sort by time, never repeat, and follow RFC 9562."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID, uuid4

import pytest
import time_machine

from domain import identifiers
from domain.identifiers import new_id, uuid7_time


@pytest.fixture
def switching() -> Iterator[None]:
    """Let threads interrupt each other as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_an_identifier_is_a_version_7_uuid_of_the_rfc_variant() -> None:
    made = [new_id() for _ in range(1000)]
    assert {found.version for found in made} == {7}
    assert {found.variant for found in made} == {RFC_4122}


def test_identifiers_of_one_process_only_grow() -> None:
    made = [new_id() for _ in range(100_000)]
    assert made == sorted(made)
    assert [str(found) for found in made] == sorted(str(found) for found in made)
    assert len(set(made)) == len(made)


def test_threads_never_make_the_same_order_twice(switching: None) -> None:
    still = datetime(2026, 5, 1, tzinfo=UTC)  # so that the order comes from the count alone
    with time_machine.travel(still, tick=False), ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [new_id() for _ in range(5000)], range(8)))
    for batch in batches:
        assert batch == sorted(batch)
    places = {found.int >> 62 for batch in batches for found in batch}
    assert len(places) == 8 * 5000


def test_a_clock_that_is_set_back_does_not_put_new_rows_before_old_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(identifiers, "_clock", identifiers._Clock())
    with time_machine.travel(datetime(2026, 5, 1, tzinfo=UTC), tick=False):
        before = [new_id() for _ in range(10)]
    with time_machine.travel(datetime(2026, 4, 1, tzinfo=UTC), tick=False):
        after = [new_id() for _ in range(10)]
    assert before + after == sorted(before + after)


def test_an_identifier_tells_the_millisecond_it_was_made_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifiers, "_clock", identifiers._Clock())
    moment = datetime(2026, 5, 1, 8, 30, 0, 123_000, tzinfo=UTC)
    with time_machine.travel(moment, tick=False):
        assert abs(uuid7_time(new_id()) - moment) <= timedelta(milliseconds=1)


def test_the_time_is_read_as_in_the_example_of_the_rfc() -> None:
    example = UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    assert uuid7_time(example) == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "other",
    [
        uuid4(),
        UUID(int=0),
        UUID("017f22e2-79b0-7cc3-18c4-dc0c0c07398f"),  # version 7 of another variant
        UUID("ffffffff-ffff-7cc3-98c4-dc0c0c07398f"),  # a time beyond the calendar
    ],
)
def test_no_time_is_read_from_other_identifiers(other: UUID) -> None:
    with pytest.raises(ValueError, match=r"version 7|year 9999"):
        uuid7_time(other)


def test_sixty_two_bits_are_random() -> None:
    low = [new_id().int & (1 << 62) - 1 for _ in range(4000)]
    for bit in range(62):
        ones = sum(value >> bit & 1 for value in low)
        assert 1700 < ones < 2300
