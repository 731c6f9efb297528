"""Checkpoints as others can check them: the text, the signed note, keys in writing, cosignatures of witnesses.

The formats are those of C2SP: signed-note, tlog-checkpoint, tlog-cosignature (Ed25519) and the request of tlog-witness.
Signing and verifying are passed in as functions, so that this page needs no cryptography beyond SHA-256.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

LONGEST_NOTE: Final = 64 * 1024
MOST_SIGNATURES: Final = 100
_DASH: Final = "\u2014 "
_ID_BYTES: Final = 4
_ROOT_BYTES: Final = 32
_ED25519_BYTES: Final = 32
_TIME_BYTES: Final = 8
_LARGEST: Final = 2**63 - 1

Sign = Callable[[bytes], bytes]
"""Signs these bytes with one private key."""
Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether, under a public key (32 bytes), a signature (64 bytes) fits the message."""


class NotInForm(ValueError):
    """A note, checkpoint or key is not written as its specification says."""


class KeyKind(IntEnum):
    """The byte that says what a key signs: the notes of a log, or cosignatures of a witness with their time."""

    LOG = 0x01
    WITNESS = 0x04


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public Ed25519 key and its name, in writing `name+hash+base64`."""

    name: str
    public: bytes
    kind: KeyKind = KeyKind.LOG

    @property
    def key_id(self) -> bytes:
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:_ID_BYTES]

    @property
    def written(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"


def key_from(text: str) -> VerifierKey:
    """A key from its written form; NotInForm unless its hash fits it and it is one of the kinds known here."""
    # the name holds no plus sign, the base64 may
    name, _, rest = text.partition("+")
    hashed, _, encoded = rest.partition("+")
    content = _bytes(encoded)
    if not is_name(name) or len(content) != 1 + _ED25519_BYTES or content[0] not in {*KeyKind}:
        raise NotInForm("a key is written name+hash+base64")
    key = VerifierKey(name, content[1:], KeyKind(content[0]))
    if hashed != key.key_id.hex():
        raise NotInForm("the hash is not that of the key")
    return key


def is_name(text: str) -> bool:
    """Whether a key may have this name."""
    return bool(text) and "+" not in text and text.isprintable() and not any(sign.isspace() for sign in text)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large the tree of one log was, and its root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def checkpoint_from(text: str) -> Checkpoint:
    """A checkpoint from the text of its note; NotInForm. Lines after the third are for others, and must not be empty."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):
        raise NotInForm("a checkpoint is origin, size and root, a line each")
    return Checkpoint(lines[0], whole_number(lines[1]), _root(lines[2]))


def _root(text: str) -> bytes:
    root = _bytes(text)
    if len(root) != _ROOT_BYTES:
        raise NotInForm("a root has 32 bytes")
    return root


def whole_number(text: str) -> int:
    """A size in the one way to write it; NotInForm."""
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0") or len(text) > 19:
        raise NotInForm("a size is a whole number without leading zeroes")
    if int(text) > _LARGEST:
        raise NotInForm("a size is below 2^63")
    return int(text)


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {_base64(self.key_id + self.content)}\n"


def signature_from(line: str) -> Signature:
    """A signature from its line, without the line's end; NotInForm."""
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    content = _bytes(encoded)
    if not line.startswith(_DASH) or not is_name(name) or len(content) <= _ID_BYTES:
        raise NotInForm("a signature is a dash, a name and base64")
    return Signature(name, content[:_ID_BYTES], content[_ID_BYTES:])


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends a line, and the signatures under it."""

    text: str
    signatures: Sequence[Signature]

    @property
    def written(self) -> str:
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)


def note_from(written: str) -> Note:
    """A note from its written form; NotInForm. Signatures by unknown keys are kept: to ignore them is the verifier's part."""
    if len(written.encode("utf-8", "replace")) > LONGEST_NOTE or any(
        sign < " " and sign != "\n" for sign in written
    ):
        raise NotInForm("a note is short, and holds no control characters")
    text, between, lines = written.rpartition("\n\n")
    if not between or not text or not lines.endswith("\n"):
        raise NotInForm("a note is a text, an empty line and signatures")
    signatures = [signature_from(line) for line in lines[:-1].split("\n")]
    if len(signatures) > MOST_SIGNATURES:
        raise NotInForm("a note has no more than 100 signatures")
    return Note(text + "\n", signatures)


def signed(text: str, key: VerifierKey, sign: Sign) -> Note:
    """The text as a note with the signature of this key of a log."""
    return Note(text, [Signature(key.name, key.key_id, sign(text.encode()))])


def cosigned(text: str, key: VerifierKey, seconds: int, sign: Sign) -> Signature:
    """What a witness answers: its signature over the text and the time."""
    stamp = seconds.to_bytes(_TIME_BYTES, "big")
    return Signature(key.name, key.key_id, stamp + sign(_cosigned_message(text, seconds)))


def _cosigned_message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def is_signed(note: Note, key: VerifierKey, verify: Verify) -> bool:
    """Whether the note bears a good signature of this key, and no bad one. Others' signatures do not count."""
    own = [line for line in note.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
    return bool(own) and all(_fits(note.text, line, key, verify) for line in own)


def _fits(text: str, line: Signature, key: VerifierKey, verify: Verify) -> bool:
    if key.kind is KeyKind.LOG:
        return verify(key.public, line.content, text.encode())
    stamp, content = line.content[:_TIME_BYTES], line.content[_TIME_BYTES:]
    seconds = int.from_bytes(stamp, "big")
    return seconds <= _LARGEST and verify(key.public, content, _cosigned_message(text, seconds))


def cosigned_at(line: Signature) -> int:
    """The second since 1970 that a witness's signature names; NotInForm if it names none."""
    if len(line.content) <= _TIME_BYTES:
        raise NotInForm("a cosignature begins with its time")
    return int.from_bytes(line.content[:_TIME_BYTES], "big")


def submission(old_size: int, path: Sequence[bytes], note: Note) -> str:
    """What is sent to a witness: the size it knows, the proof from there on, the note."""
    return f"old {old_size}\n{''.join(_base64(one) + chr(10) for one in path)}\n{note.written}"


def submission_from(text: str) -> tuple[int, list[bytes], Note]:
    """The same, as a witness takes it apart; NotInForm."""
    head, between, written = text.partition("\n\n")
    first, *lines = head.split("\n")
    if not between or not first.startswith("old ") or len(lines) > 63:
        raise NotInForm("a submission is a size, a proof and a note")
    return whole_number(first.removeprefix("old ")), [_root(line) for line in lines], note_from(written)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    """Standard base64 in its one spelling."""
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        raise NotInForm("not in base64") from None
    if _base64(content) != text:
        raise NotInForm("base64 has one spelling")
    return content
