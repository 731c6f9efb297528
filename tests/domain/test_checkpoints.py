"""Notes, checkpoints, keys and cosignatures are written, read and checked as their specifications say."""

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from domain.checkpoints import (
    Checkpoint,
    KeyKind,
    Note,
    NotInForm,
    Signature,
    VerifierKey,
    checkpoint_from,
    cosigned,
    cosigned_at,
    is_signed,
    key_from,
    note_from,
    signed,
    submission,
    submission_from,
)

# from the documentation of the first implementation, and from that of another
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ANSWER = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
FOO = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
MESSAGE = (
    "This is an example message.\n"
    "\n"
    "\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\u2014 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
PRIVATE, WITNESS = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
KEY = VerifierKey("log.example/homeward", PRIVATE.public_key().public_bytes_raw())
OTHER = VerifierKey("witness.example/w", WITNESS.public_key().public_bytes_raw(), KeyKind.WITNESS)
CHECKPOINT = Checkpoint("log.example/homeward", 12, bytes(range(32)))


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize(("key", "note"), [(NEUMANN, ANSWER), (FOO, MESSAGE)], ids=["first", "other"])
def test_keys_and_notes_of_others_are_read_written_and_checked(key: str, note: str) -> None:
    known, read = key_from(key), note_from(note)
    assert (known.written, read.written) == (key, note)
    assert is_signed(read, known, verify)
    assert not is_signed(Note(read.text.replace("e", "E", 1), read.signatures), known, verify)


def test_the_checkpoint_of_the_specification_is_taken_apart() -> None:
    note = note_from(SOFA)
    assert note.written == SOFA
    read = checkpoint_from(note.text)
    assert (read.origin, read.size, read.text) == ("example.com/behind-the-sofa", 20852163, note.text)
    assert cosigned_at(note.signatures[1]) == 1679315147


def test_a_log_signs_and_a_witness_signs_beside_it() -> None:
    note = signed(CHECKPOINT.text, KEY, PRIVATE.sign)
    both = Note(note.text, [*note.signatures, cosigned(note.text, OTHER, 1_700_000_000, WITNESS.sign)])
    again = note_from(both.written)
    assert checkpoint_from(again.text) == CHECKPOINT
    assert is_signed(again, KEY, verify)
    assert is_signed(again, OTHER, verify)
    assert cosigned_at(again.signatures[1]) == 1_700_000_000
    assert not is_signed(note, OTHER, verify)
    line = both.signatures[1]
    later = Signature(line.name, line.key_id, line.content[:7] + b"\x7f" + line.content[8:])
    assert not is_signed(Note(note.text, [later]), OTHER, verify)
    moved = Note(note.text, [cosigned(note.text, OTHER, 1_700_000_000, PRIVATE.sign)])
    assert not is_signed(moved, OTHER, verify)
    assert [key_from(key.written) for key in (KEY, OTHER)] == [KEY, OTHER]


def test_one_bad_signature_of_a_known_key_spoils_the_note_and_those_of_others_do_not_count() -> None:
    note = signed(CHECKPOINT.text, KEY, PRIVATE.sign)
    bad = signed(CHECKPOINT.text, KEY, WITNESS.sign)
    stranger = VerifierKey(KEY.name, OTHER.public)
    foreign = signed(CHECKPOINT.text, stranger, PRIVATE.sign)
    assert not is_signed(Note(note.text, [*note.signatures, *bad.signatures]), KEY, verify)
    assert is_signed(Note(note.text, [*foreign.signatures, *note.signatures]), KEY, verify)
    assert not is_signed(foreign, KEY, verify)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log.example+12\n",
        "log.example\n",
        "log.example\n12\nAAAA\n",
        "log.example\n012\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "log.example\n-1\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "log.example\n١٢\n" + base64.b64encode(bytes(32)).decode() + "\n",
        "log.example\n9223372036854775808\n" + base64.b64encode(bytes(32)).decode() + "\n",
        CHECKPOINT.text[:-1],
        CHECKPOINT.text + "\n",
        CHECKPOINT.text.replace("=", ""),
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(NotInForm):
        checkpoint_from(text)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n\u2014 name AAAAAAAA",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n\u2014 na me AAAAAAAA\n",
        "text\n\n\u2014 na+me AAAAAAAA\n",
        "text\n\n\u2014 name AAAAAA==\n",
        "text\n\n\u2014 name AAAAAAB=\n",
        "te\txt\n\n\u2014 name AAAAAAAA\n",
        "text\n\n" + "\u2014 name AAAAAAAA\n" * 101,
        "t" * 70_000 + "\n\n\u2014 name AAAAAAAA\n",
    ],
    ids=lambda note: note[:24],
)
def test_what_is_no_note_is_not_taken_for_one(note: str) -> None:
    with pytest.raises(NotInForm):
        note_from(note)


@pytest.mark.parametrize(
    "key", ["", "name", NEUMANN.replace("c7", "c8"), NEUMANN.replace("+AR", "+AB"), NEUMANN[:-4], " " + NEUMANN]
)  # fmt: skip
def test_what_is_no_key_is_not_taken_for_one(key: str) -> None:
    with pytest.raises(NotInForm):
        key_from(key)


def test_a_witness_is_sent_the_size_it_knows_the_proof_and_the_note() -> None:
    note = signed(CHECKPOINT.text, KEY, PRIVATE.sign)
    path = [bytes([n]) * 32 for n in (3, 4)]
    sent = submission(7, path, note)
    assert sent.startswith(f"old 7\n{base64.b64encode(path[0]).decode()}\n")
    assert submission_from(sent) == (7, path, note)
    assert submission_from(submission(0, [], note)) == (0, [], note)
    for spoilt in (sent.replace("old", "new"), sent.replace("\n\n", "\n"), sent.replace("old 7", "old 07")):
        with pytest.raises(NotInForm):
            submission_from(spoilt)
