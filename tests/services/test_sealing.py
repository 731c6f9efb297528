"""A sealed value opens in its own place, with its own key, unaltered: nowhere else."""

import hmac
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import new_id
from services.sealing import SealBroken, address, commitment, new_person_key, seal, unseal

KEY = new_person_key()
PERSON, ROW = new_id(), new_id()
HERE = address("victim_sections", ROW, "identity", revision=3, person_id=PERSON)

places = st.tuples(st.text(), st.uuids(), st.text(), st.integers(0, 2**31), st.uuids())


def _address(place: tuple[str, UUID, str, int, UUID]) -> bytes:
    table, row_id, section, revision, person_id = place
    return address(table, row_id, section, revision=revision, person_id=person_id)


@given(value=st.binary(max_size=5000), place=st.binary(max_size=200))
def test_what_was_sealed_can_be_unsealed(value: bytes, place: bytes) -> None:
    key = new_person_key()
    assert unseal(key, seal(key, value, place), place) == value


@pytest.mark.parametrize(
    "elsewhere",
    [
        address("victim_sections", new_id(), "identity", revision=3, person_id=PERSON),
        address("victim_sections", ROW, "identity", revision=3, person_id=new_id()),
        address("victim_sections", ROW, "health", revision=3, person_id=PERSON),
        address("victim_sections", ROW, "identity", revision=2, person_id=PERSON),
        address("contact_sections", ROW, "identity", revision=3, person_id=PERSON),
        b"",
    ],
    ids=["row", "person", "section", "revision", "table", "nowhere"],
)
def test_a_sealed_value_moved_elsewhere_does_not_open(elsewhere: bytes) -> None:
    sealed = seal(KEY, b"value", HERE)
    assert unseal(KEY, sealed, HERE) == b"value"
    with pytest.raises(SealBroken):
        unseal(KEY, sealed, elsewhere)


def test_another_persons_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        unseal(new_person_key(), seal(KEY, b"value", HERE), HERE)


def test_no_altered_bit_passes() -> None:
    sealed = seal(KEY, b"value", HERE)
    for place in range(len(sealed) * 8):
        altered = bytearray(sealed)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(SealBroken):
            unseal(KEY, bytes(altered), HERE)


def test_no_part_of_a_sealed_value_opens() -> None:
    sealed = seal(KEY, b"value", HERE)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal(KEY, sealed[:length], HERE)


def test_the_same_value_never_looks_the_same_and_grows_by_29_bytes() -> None:
    sealed = {seal(KEY, b"value", HERE) for _ in range(1000)}
    assert len(sealed) == len({each[1:13] for each in sealed}) == 1000
    assert {len(each) for each in sealed} == {len(b"value") + 29}
    assert not any(b"value" in each for each in sealed)


@given(one=places, other=places)
def test_two_places_never_share_an_address(
    one: tuple[str, UUID, str, int, UUID], other: tuple[str, UUID, str, int, UUID]
) -> None:
    assert (_address(one) == _address(other)) == (one == other)


def test_neighbouring_parts_of_an_address_do_not_run_together() -> None:
    addresses = {
        address(table, ROW, section, revision=revision, person_id=PERSON)
        for table, section, revision in [("a", "b1", 2), ("a", "b", 12), ("a", 'b",1', 2), ('a","b', "1", 2)]
    }
    assert len(addresses) == 4


def test_a_commitment_fits_one_value_of_one_field_under_one_key() -> None:
    made = commitment(KEY, "given_name", b"value")
    assert commitment(KEY, "given_name", b"value") == made
    assert len(made) == 32
    others = {
        commitment(KEY, "given_name", b"valuE"),
        commitment(KEY, "family_name", b"value"),
        commitment(KEY, "given_namev", b"alue"),
        commitment(new_person_key(), "given_name", b"value"),
    }
    assert len(others | {made}) == 5


def test_the_key_for_commitments_is_not_the_key_that_seals() -> None:
    name = b"given_name"
    framed = len(name).to_bytes(4, "big") + name + b"value"
    assert commitment(KEY, "given_name", b"value") != hmac.digest(KEY, framed, "sha256")


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    key = bytes(length)
    with pytest.raises(ValueError, match="32 bytes"):
        seal(key, b"value", HERE)
    with pytest.raises((ValueError, SealBroken)):
        unseal(key, seal(KEY, b"value", HERE), HERE)
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(key, "given_name", b"value")
