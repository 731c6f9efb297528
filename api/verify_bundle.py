"""Checks a case bundle of Homeward offline, and trusts nothing of it but what it can recompute.

    python verify_bundle.py BUNDLE [--since KEPT] [--key VERIFIER_KEY]... [--keep FILE]

One file, to be copied away: Python 3.11, `cryptography`, nothing else. Exit 0: whole. 1: tampered with, and the first bad
entry is named. 2: the file cannot be used: cut off, altered on its way, or of an unknown version.
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WHOLE, TAMPERED, UNUSABLE = 0, 1, 2
SECTIONS: Final = {"what", "who", "values"}
LONGEST_LINE: Final = 16 * 2**20
Json = dict[str, Any]


class Tampered(Exception):
    """What is wrong, and at which entry where it is one."""

    def __init__(self, what: str, seq: int | None = None) -> None:
        super().__init__(f"entry {seq}: {what}" if seq is not None else what)


class Unusable(Exception):
    """Nothing can be said from this file."""


def _bytes(text: str) -> bytes:
    """Base64 in its one spelling; ValueError."""
    content = base64.b64decode(text, validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError("base64 has one spelling")
    return content


def _both(start: bytes, here: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Where a proof leads from a node to: the root up to this node, and that of all; None if it is too short or too long."""
    first = second = start
    for sibling in path:
        if last == 0:
            return None
        pair = here & 1 or here == last
        first = hashlib.sha256(b"\x01" + sibling + first).digest() if pair else first
        second = hashlib.sha256(b"\x01" + (sibling + second if pair else second + sibling)).digest()
        while pair and not here & 1 and here:
            here, last = here >> 1, last >> 1
        here, last = here >> 1, last >> 1
    return (first, second) if last == 0 else None


def root_from(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to from a leaf (RFC 9162, 2.1.3.2); None if it fits no such place."""
    found = _both(leaf, index, size - 1, path) if 0 <= index < size else None
    return found[1] if found else None


def grew(old: "Checkpoint", new: "Checkpoint", path: Sequence[bytes]) -> bool:
    """Whether the proof shows the old tree to be the beginning of the new one (RFC 9162, 2.1.4.2)."""
    if not 0 < old.size < new.size:
        return old.size == new.size and old.root == new.root
    if not path:
        return False
    start, *rest = [old.root, *path] if old.size & old.size - 1 == 0 else path
    here, last = old.size - 1, new.size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    return _both(start, here, last, rest) == (old.root, new.root)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key in writing, `name+hash+base64`: of a log (kind 1) or of a witness (kind 4)."""

    name: str
    key_id: bytes
    kind: int
    public: bytes


def key_from(written: str) -> Key:
    """ValueError unless it is written so and its hash is its own."""
    name, _, rest = written.partition("+")
    hashed, _, encoded = rest.partition("+")
    content = _bytes(encoded)
    key_id = hashlib.sha256(name.encode() + b"\n" + content).digest()[:4]
    if len(content) != 33 or content[0] not in {1, 4} or hashed != key_id.hex():
        raise ValueError("no key")
    return Key(name, key_id, content[0], content[1:])


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large a log was, its root, and the note that says so."""

    origin: str
    size: int
    root: bytes
    text: str
    signatures: Sequence[tuple[str, bytes]]

    def signed_by(self, key: Key) -> bool:
        """Whether this key signed it; Tampered if a signature in its name does not fit."""
        own = [rest[4:] for name, rest in self.signatures if (name, rest[:4]) == (key.name, key.key_id)]
        for one in own:
            stamp, content, message = b"", one, self.text.encode()
            if key.kind == 4:
                stamp, content = one[:8], one[8:]
                message = f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n{self.text}".encode()
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(content, message)
            except InvalidSignature:
                raise Tampered(f"the signature of {key.name} under checkpoint {self.size} is false") from None
        return bool(own)


def checkpoint_from(note: str) -> Checkpoint:
    """ValueError unless it is a signed note over origin, size and root."""
    text, _, below = note.rpartition("\n\n")
    origin, size, root, *_others = text.split("\n")
    lines = [line.removeprefix("\u2014 ").split(" ") for line in below.splitlines()]
    signatures = [(name, _bytes(content)) for name, content in lines]
    return Checkpoint(origin, int(size), _bytes(root), text + "\n", signatures)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the auditor kept: a checkpoint, and where it came with `--keep`, how far the case went."""

    checkpoint: Checkpoint
    case_id: str | None = None
    seq: int = 0
    head: str = ""


def kept_from(text: str) -> Kept:
    """From a signed note, or what `--keep` wrote; Unusable."""
    try:
        said = json.loads(text) if text.startswith("{") else {"note": text}
        return Kept(checkpoint_from(said.pop("note")), **said)
    except (ValueError, TypeError, KeyError):
        raise Unusable("what was kept is neither a checkpoint nor written by --keep") from None


@dataclass
class _Lines:
    """The lines one by one, each a JSON object, and the hash of all before the one at hand."""

    stream: Iterator[bytes]
    before: str = ""
    raw: bytes = b""
    digest: Any = field(default_factory=hashlib.sha256)

    def next(self) -> Json:
        self.digest.update(self.raw)
        self.before, self.raw = self.digest.hexdigest(), next(self.stream, b"")
        if not self.raw.endswith(b"\n") or len(self.raw) > LONGEST_LINE:
            raise Unusable("it is cut off: its last line is missing")
        found: Json = json.loads(self.raw)
        return found


@dataclass
class _Chain:
    """Entries as they come: the first fault stays, and what must be compared with the checkpoint is kept."""

    header: Json
    kept: Kept | None
    count: int = 0
    head: str = "00" * 32
    shown: int = 0
    sealed: int = 0
    leaf: int = -1
    roots: dict[bytes | None, int] = field(default_factory=dict)
    fault: tuple[int, str] | None = None

    def take(self, line: Json) -> None:
        self.count += 1
        if self.fault is None and (what := self._fault(line)):
            self.fault = (self.count, what)

    def _fault(self, line: Json) -> str | None:
        content = _bytes(line["body"])
        previous, self.head = self.head, hashlib.sha256(content).hexdigest()
        if self.kept and self.kept.case_id and self.count == self.kept.seq and self.head != self.kept.head:
            return "it is not the one that was kept"
        try:
            body = json.loads(content)
            place = [body[name] for name in ("v", "chain", "chain_id", "seq", "prev")]
            said = body["sections"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return "its bytes are no entry"
        if line["seq"] != self.count:
            return f"it is missing; number {line['seq']} stands in its place"
        if place[:4] != [1, "case", self.header["case_id"], self.count]:
            return "it belongs elsewhere"
        if place[4] != previous:
            return "it does not follow the one before: one of the two was rewritten"
        differs = "its stored digest is not that of its bytes" if line["digest"] != self.head else None
        return differs or self._section_fault(line, said) or self._leaf_fault(line, content)

    def _section_fault(self, line: Json, said: Json) -> str | None:
        for name in sorted(SECTIONS):
            if name not in line:
                if name not in line["_redacted"] or name not in self.header["withheld"]:
                    return f"section {name} is missing, and is not said to be withheld"
                continue
            content, salt = (_bytes(line[name][part]) for part in ("content", "salt"))
            digest = hashlib.sha256(b"homeward-section-v1\x00" + salt + content).hexdigest()
            if digest != said.get(name):
                return f"section {name} is not what it committed to"
            self.shown += 1
        return None if said.keys() == SECTIONS else "it commits to other sections"

    def _leaf_fault(self, line: Json, content: bytes) -> str | None:
        if line["state"] == "unsealed":
            return None
        if line["state"] != "sealed" or self.sealed != self.count - 1 or line["leaf_index"] <= self.leaf:
            return "it, or the one before, has lost its place in the log"
        self.sealed, self.leaf = self.count, line["leaf_index"]
        path = [_bytes(one) for one in line["proof"]]
        leaf = hashlib.sha256(b"\x00" + content).digest()
        self.roots.setdefault(root_from(leaf, self.leaf, self.header["checkpoint_size"], path), self.count)
        return None

    def judge(self, root: bytes) -> None:
        """Tampered, with the first entry at which it shows."""
        faults = [
            (seq, "the log has another entry there") for found, seq in self.roots.items() if found != root
        ]
        header, behind = self.header, self.count + 1
        if not faults and self.fault is None:
            rules = (
                (self.count != header["seq"], "it is missing, though the case counts it"),
                (self.head != header["head"], "the head of the case is another one"),
                (self.sealed != header["sealed_to"], "the log has it, and the case has not"),
                (
                    bool(self.kept and self.kept.seq > self.count),
                    "it is missing, and was there when it was kept",
                ),
            )
            faults = [(behind, what) for broken, what in rules if broken]
        faults += [self.fault] if self.fault else []
        if faults:
            seq, what = min(faults, key=lambda one: one[0])
            raise Tampered(what, seq)


def verify(
    stream: Iterable[bytes], keys: Sequence[Key] = (), kept: Kept | None = None
) -> tuple[int, list[str], Json]:
    """The exit code, what to tell, and what is worth keeping."""
    try:
        told, keep = _verified(_Lines(iter(stream)), keys, kept)
    except Tampered as found:
        return TAMPERED, [f"TAMPERED WITH. {found}."], {}
    except Unusable as found:
        return UNUSABLE, [f"UNUSABLE: {found}."], {}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as found:
        return UNUSABLE, [f"UNUSABLE: it is not written as a bundle is ({type(found).__name__})."], {}
    return WHOLE, told, keep


def _verified(lines: _Lines, keys: Sequence[Key], kept: Kept | None) -> tuple[list[str], Json]:
    header = lines.next()
    if [header[name] for name in ("line", "format", "version")] != ["header", "homeward-bundle", 1]:
        raise Unusable("it is no bundle of version 1")
    if kept and kept.case_id not in {None, header["case_id"]}:
        raise Unusable("what was kept is of another case")
    chain, rest = _Chain(header, kept), list[Json]()
    while (line := lines.next())["line"] != "end":
        if line["line"] == "entry" and not rest:
            chain.take(line)
        else:
            rest.append(line)
    _ended(lines, line, len(rest))
    if not rest or rest[0]["line"] != "checkpoint":
        raise Unusable("nothing was signed yet when it was made: ask for it again in a minute")
    checkpoint = _tampered_unless(rest[0]["note"], header["log"], rest[0]["size"])
    if (checkpoint.size, base64.b64encode(checkpoint.root).decode()) != (
        header["checkpoint_size"],
        rest[0]["root"],
    ):
        raise Tampered("the checkpoint is not the one that was signed")
    history = [one for one in rest if one["line"] == "key"]
    signers = _signers(checkpoint, history, keys)
    chain.judge(checkpoint.root)
    if kept:
        _follows(checkpoint, kept.checkpoint, [one for one in rest if one["line"] == "consistency"])
    keep = {"note": rest[0]["note"], "case_id": header["case_id"], "seq": chain.count, "head": chain.head}
    told = [*_proved(chain, checkpoint), *signers, *_not_proved(chain, checkpoint, keys)]
    return told, keep


def _ended(lines: _Lines, end: Json, further: int) -> None:
    spelled = json.dumps(end, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    expected = ["end", further, lines.before, True]
    if [end[name] for name in ("line", "further", "sha256", "end")] != expected or spelled != lines.raw:
        raise Unusable("it was altered on its way, or is not whole: fetch it again")
    if len(end) != len(expected) or next(lines.stream, b""):
        raise Unusable("something stands behind its end")


def _tampered_unless(note: str, origin: str, size: int) -> Checkpoint:
    """The checkpoint in a note that must be of this log and size."""
    try:
        found = checkpoint_from(note)
    except (ValueError, TypeError):
        raise Tampered(f"the checkpoint of size {size} is not in form") from None
    if (found.origin, found.size) != (origin, size):
        raise Tampered(f"the checkpoint of size {size} is of another log or size")
    return found


def _signers(checkpoint: Checkpoint, history: Sequence[Json], given: Sequence[Key]) -> list[str]:
    """Who signed, after the history of keys was checked: each signed the checkpoint with which it began."""
    try:
        used = [key_from(one["verifier_key"]) for one in history]
    except ValueError:
        raise Tampered("the history of keys is not in form") from None
    ends = [*(one["from_size"] for one in history[1:]), None]
    if not used or [one["until_size"] for one in history] != ends:
        raise Tampered("the history of keys has a gap")
    told = []
    for before, key, one in zip([None, *used], used, history, strict=False):
        first = _tampered_unless(one["note"], checkpoint.origin, one["from_size"])
        path = [_bytes(node) for node in one["proof"] or ()]
        if not first.signed_by(key) or not grew(first, checkpoint, path):
            raise Tampered(f"key {key.key_id.hex()} did not begin at size {first.size} of this log")
        if before and not first.signed_by(before):
            told.append(
                f"NOT PROVED: the key before did not vouch for key {key.key_id.hex()}: had it leaked?"
            )
    if not checkpoint.signed_by(used[-1]):
        raise Tampered("the checkpoint is not signed by the key that signs now")
    if strangers := [key for key in given if key.kind == 1 and not checkpoint.signed_by(key)]:
        raise Tampered(f"the checkpoint is not signed by the key that you gave, {strangers[0].name}")
    sure = any(key.kind == 1 for key in given)
    said = (
        "the key that you gave."
        if sure
        else "a key TAKEN FROM THE BUNDLE: compare it with one got elsewhere, --key."
    )
    return [f"Proved: the checkpoint is signed by {said}", *told]


def _follows(new: Checkpoint, kept: Checkpoint, proofs: Sequence[Json]) -> None:
    if kept.origin != new.origin:
        raise Unusable("what was kept is of another log")
    if kept.size > new.size:
        raise Tampered(f"the log had {kept.size} leaves when it was kept, and has {new.size} now")
    paths = [one["proof"] for one in proofs if (one["from"], one["to"]) == (kept.size, new.size)]
    if kept.size < new.size and not paths:
        raise Unusable(f"it does not reach back to what was kept: fetch it with ?since={kept.size}")
    path = [_bytes(one) for one in paths[0] or ()] if paths else []
    if not grew(kept, new, path):
        raise Tampered(
            "the log does not begin as it did when the checkpoint was kept: its past was rewritten"
        )


def _proved(chain: _Chain, checkpoint: Checkpoint) -> Iterator[str]:
    header, kept = chain.header, chain.kept
    yield f"WHOLE: case {header['case_id']}, {chain.count} entries, head {chain.head}."
    yield "Proved: the entries follow each other from the first to the head, none missing, none rewritten."
    yield f"Proved: {chain.shown} sections were shown, and each is what its entry committed to."
    yield f"Proved: {chain.sealed} entries stand in log {checkpoint.origin}, checkpoint of {checkpoint.size} leaves."
    if kept:
        yield f"Proved: the log has only grown since the checkpoint of {kept.checkpoint.size} leaves that was kept."
    if kept and kept.case_id:
        yield f"Proved: the {kept.seq} entries that the case had then are all there, unchanged."


def _not_proved(chain: _Chain, checkpoint: Checkpoint, keys: Sequence[Key]) -> Iterator[str]:
    withheld = 3 * chain.count - chain.shown
    if withheld:
        yield f"NOT PROVED: what {withheld} withheld sections say; that they are unchanged since, is."
    if chain.sealed < chain.count:
        yield (
            f"NOT PROVED: entries {chain.sealed + 1} to {chain.count} are in no checkpoint yet and could still be rewritten."
            " If they are older than some minutes, ask why."
        )
    if not chain.kept or not chain.kept.case_id:
        yield "NOT PROVED: that no last entries were taken away with their places; --since with what --keep wrote does."
    if not chain.kept:
        yield "NOT PROVED: that the log is the one that it was before; --since with a checkpoint that was kept does."
    witnesses = sum(key.kind == 4 and checkpoint.signed_by(key) for key in keys)
    if witnesses:
        yield f"Proved: {witnesses} of the witnesses that you named signed the same checkpoint."
    else:
        yield "NOT PROVED: that others are shown the same log; a witness's signature does, if you name its --key."
    yield "NOT PROVED: the values themselves, which are not in the bundle; nor for whom and when it was made."


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="verify_bundle", description="Check a case bundle offline.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--since", type=Path, help="a checkpoint that was kept, or what --keep wrote")
    parser.add_argument("--key", action="append", default=[], help="a verifier key, of the log or a witness")
    parser.add_argument("--keep", type=Path, help="write down what to compare later bundles with")
    asked = parser.parse_args(arguments)
    try:
        return checked(asked.bundle, asked.since, asked.key, asked.keep)
    except OSError as error:
        sys.stdout.write(f"UNUSABLE: {error.strerror}: {error.filename}\n")
        return UNUSABLE


def checked(bundle: Path, since: Path | None, written: Sequence[str], keep: Path | None) -> int:
    """Check a file, print what came of it, and return the exit code. OSError."""
    try:
        keys = [key_from(one) for one in written]
        kept = kept_from(since.read_text(encoding="utf-8")) if since else None
    except (ValueError, Unusable) as error:
        sys.stdout.write(f"UNUSABLE: {error}: what was given besides the bundle\n")
        return UNUSABLE
    with bundle.open("rb") as stream:
        code, told, found = verify(iter(lambda: stream.readline(LONGEST_LINE), b""), keys, kept)
    sys.stdout.write("\n".join(told) + "\n")
    if code == WHOLE and keep:
        keep.write_text(json.dumps(found) + "\n", encoding="utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
