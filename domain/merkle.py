"""The tree over everything written down (RFC 6962): roots, how it grows by appending, proofs and their checks.

A node is a whole subtree: at `level`, number `index`, it stands for the 2^level leaves from index * 2^level on. Nodes
never change once all their leaves are there; the ragged right edge of a tree is put together from them when asked for.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
LONGEST_PROOF: Final = 64

Span = tuple[int, int]
"""Leaves from the first number up to, not including, the second."""


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """The place of a whole subtree."""

    level: int
    index: int


HashAt = Callable[[Node], bytes]


def leaf_hash(content: bytes) -> bytes:
    """The hash of a leaf, from the exact bytes it stands for."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node, from those of its two halves."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Peaks:
    """The edge of a tree: the hashes of its whole subtrees from left to right. All that growing needs."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        return folded(self.hashes)

    def appended(self, leaf: bytes) -> tuple["Peaks", list[tuple[Node, bytes]]]:
        """One leaf hash more: the new edge, and every node that became whole by it, the leaf's own first."""
        hashes, node, level = list(self.hashes), leaf, 0
        made = [(Node(0, self.size), leaf)]
        while self.size >> level & 1:
            node, level = node_hash(hashes.pop(), node), level + 1
            made.append((Node(level, self.size >> level), node))
        return Peaks(self.size + 1, (*hashes, node)), made


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash of neighbouring whole subtrees of falling size, taken together from the right."""
    if not hashes:
        return EMPTY_ROOT
    total = hashes[-1]
    for left in reversed(hashes[:-1]):
        total = node_hash(left, total)
    return total


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaf hashes."""
    peaks = Peaks()
    for leaf in leaves:
        peaks, _made = peaks.appended(leaf)
    return peaks.root


def nodes_of(span: Span) -> list[Node]:
    """The whole subtrees that a span is made of, from left to right. A span starts where a subtree of its size would."""
    start, end = span
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Node(level, start >> level))
        start += 1 << level
    return found


def hash_of(span: Span, hash_at: HashAt) -> bytes:
    """The hash of a span from those of its nodes."""
    return folded([hash_at(node) for node in nodes_of(span)])


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Whose hashes prove that leaf `index` is in the tree of `size` leaves, the nearest first; ValueError if it cannot be."""
    if not 0 <= index < size:
        raise ValueError("no such leaf")
    start, end, found = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Whose hashes prove that the tree of `old` leaves is the beginning of that of `new`; ValueError if old is greater.

    None are needed from an empty tree, or to the same one.
    """
    if not 0 <= old <= new:
        raise ValueError("a tree does not shrink")
    if old in (0, new):
        return []
    start, end, found = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    if start:  # else it is the old root itself, which the reader has
        found.append((start, end))
    return found[::-1]


def _split(leaves: int) -> int:
    """The greatest power of two that is smaller."""
    return 1 << (leaves - 1).bit_length() - 1


def proof(spans: Sequence[Span], hash_at: HashAt) -> list[bytes]:
    """The hashes of a proof; the caller has fetched `nodes_of` each span."""
    return [hash_of(span, hash_at) for span in spans]


def is_included(leaf: bytes, place: tuple[int, int], path: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the leaf hash at place (index, size) to the root (RFC 9162, 2.1.3.2)."""
    index, size = place
    if not 0 <= index < size or len(path) > LONGEST_PROOF:
        return False
    last, found = size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            found = node_hash(sibling, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether the proof leads from the old tree (size, root) to the new one (RFC 9162, 2.1.4.2)."""
    (old_size, old_root), (new_size, new_root) = old, new
    if not 0 <= old_size <= new_size or len(path) > LONGEST_PROOF:
        return False
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT
    if old_size == new_size:
        return not path and old_root == new_root
    hashes = [old_root, *path] if old_size & old_size - 1 == 0 else list(path)
    return bool(hashes) and _both_roots((old_size, new_size), hashes) == (old_root, new_root)


def _both_roots(sizes: tuple[int, int], hashes: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of the two trees that such a proof would belong to; None if its length fits neither."""
    here, last = sizes[0] - 1, sizes[1] - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if here & 1 or here == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        here, last = here >> 1, last >> 1
    return (old, new) if last == 0 else None
