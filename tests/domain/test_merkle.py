"""The tree grows, proves and is checked as RFC 6962 and 9162 say, and as an implementation of others does."""

import random

import pytest
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion
from pymerkle.proof import InvalidProof

from domain.merkle import (
    EMPTY_ROOT,
    Node,
    Peaks,
    consistency_spans,
    inclusion_spans,
    is_consistent,
    is_included,
    leaf_hash,
    nodes_of,
    proof,
    root_of,
)

# the eight leaves and the roots with which logs of certificates are tried out
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
_A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
_B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
_C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
_D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
_E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
_F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
# by leaf, counted from 0, and size
INCLUSION = {
    (0, 1): [],
    (0, 8): [_A, _B, _C],
    (5, 8): [_D, _E, ROOTS[4]],
    (2, 3): [ROOTS[2]],
    (1, 5): [ROOTS[1], _B, _D],
}
CONSISTENCY = {(1, 1): [], (1, 8): [_A, _B, _C], (6, 8): [_F, _E, ROOTS[4]], (2, 5): [_B, _D]}


class Grown:
    """A tree that keeps its nodes, as the sealer does."""

    def __init__(self, contents: list[bytes]) -> None:
        self.peaks, self.nodes = Peaks(), dict[Node, bytes]()
        self.roots = [EMPTY_ROOT]
        for content in contents:
            self.peaks, made = self.peaks.appended(leaf_hash(content))
            self.nodes.update(made)
            self.roots.append(self.peaks.root)

    def included(self, index: int, size: int) -> list[bytes]:
        return proof(inclusion_spans(index, size), self.nodes.__getitem__)

    def consistent(self, old: int, new: int) -> list[bytes]:
        return proof(consistency_spans(old, new), self.nodes.__getitem__)


KNOWN = Grown([bytes.fromhex(leaf) for leaf in LEAVES])


def test_the_known_leaves_have_the_known_roots() -> None:
    assert [root.hex() for root in KNOWN.roots] == list(ROOTS)
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    assert [root_of(leaves[:size]).hex() for size in range(9)] == list(ROOTS)


@pytest.mark.parametrize(("place", "path"), INCLUSION.items(), ids=lambda value: str(value)[:8])
def test_the_known_paths_lead_from_leaf_to_root(place: tuple[int, int], path: list[str]) -> None:
    index, size = place
    assert [one.hex() for one in KNOWN.included(index, size)] == path
    leaf = leaf_hash(bytes.fromhex(LEAVES[index]))
    assert is_included(leaf, place, [bytes.fromhex(one) for one in path], KNOWN.roots[size])


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items(), ids=lambda value: str(value)[:8])
def test_the_known_paths_lead_from_tree_to_tree(sizes: tuple[int, int], path: list[str]) -> None:
    old, new = sizes
    found = KNOWN.consistent(old, new)
    assert [one.hex() for one in found] == path
    assert is_consistent((old, KNOWN.roots[old]), (new, KNOWN.roots[new]), found)


def test_a_thousand_random_trees_agree_with_another_implementation() -> None:
    chance = random.Random(20)
    for _ in range(1000):
        contents = [chance.randbytes(chance.randrange(40)) for _ in range(chance.randint(1, 70))]
        ours, theirs = Grown(contents), InmemoryTree.init_from_entries(contents, algorithm="sha256")
        size = len(contents)
        assert ours.peaks.root == theirs.get_root(size)
        leaf, old = chance.randrange(size), chance.randint(1, size)
        mine = {"leaf": ours.included(leaf, size), "tree": ours.consistent(old, size)}
        base = leaf_hash(contents[leaf])
        path = theirs.prove_inclusion(leaf + 1, size)
        verify_inclusion(base, ours.peaks.root, path)
        assert sorted([base.hex(), *(one.hex() for one in mine["leaf"])]) == sorted(path.serialize()["path"])
        verify_consistency(ours.roots[old], ours.peaks.root, theirs.prove_consistency(old, size))
        assert is_included(base, (leaf, size), mine["leaf"], ours.peaks.root)
        assert is_consistent((old, ours.roots[old]), (size, ours.peaks.root), mine["tree"])
        if size > 1:
            with pytest.raises(InvalidProof):
                verify_inclusion(base, chance.randbytes(32), path)


def test_every_proof_of_every_small_tree_holds_and_reads_few_nodes() -> None:
    tree = Grown([bytes([number]) for number in range(33)])
    for size in range(1, 34):
        for index in range(size):
            leaf = leaf_hash(bytes([index]))
            assert is_included(leaf, (index, size), tree.included(index, size), tree.roots[size])
            spans = inclusion_spans(index, size)
            assert sum(len(nodes_of(span)) for span in spans) <= 2 * size.bit_length()
        for old in range(size + 1):
            path = tree.consistent(old, size)
            assert is_consistent((old, tree.roots[old]), (size, tree.roots[size]), path)


def test_no_proof_holds_for_anything_else() -> None:
    tree = Grown([bytes([number]) for number in range(21)])
    for size in range(2, 22):
        for index in range(size):
            leaf, path = leaf_hash(bytes([index])), tree.included(index, size)
            wrong = [
                (leaf_hash(bytes([index + 1])), (index, size), path, tree.roots[size]),
                (leaf, ((index + 1) % size, size), path, tree.roots[size]),
                (leaf, (index, size), path, tree.roots[size - 1]),
                (leaf, (index, size), path[:-1], tree.roots[size]),
                (leaf, (index, size), [*path, leaf], tree.roots[size]),
                (leaf, (-1, size), path, tree.roots[size]),
                (leaf, (size, size), path, tree.roots[size]),
            ]
            assert not any(is_included(*one) for one in wrong)
        for old in range(1, size):
            path, ends = tree.consistent(old, size), ((old, tree.roots[old]), (size, tree.roots[size]))
            assert not is_consistent((old, bytes(32)), ends[1], path)
            assert not is_consistent(ends[0], (size, bytes(32)), path)
            assert not is_consistent(*ends, path[:-1])
            assert not is_consistent(*ends, [*path, bytes(32)])
            assert not is_consistent(ends[1], ends[0], path)
            assert not is_consistent(ends[1], (size, tree.roots[old]), [])


def test_the_proof_of_a_smaller_tree_is_none_of_a_greater_one() -> None:
    tree = Grown([bytes([number]) for number in range(21)])
    for half in (2, 4, 8, 16):
        root = tree.roots[half]
        for size in range(half + 1, 22):
            for index in range(half):
                path = tree.included(index, half)
                assert not is_included(leaf_hash(bytes([index])), (index, size), path, root)
            for old in range(1, half):
                path = tree.consistent(old, half)
                assert not is_consistent((old, tree.roots[old]), (size, root), path)


def test_there_is_no_proof_of_what_is_not_there() -> None:
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no such leaf"):
            inclusion_spans(index, size)
    with pytest.raises(ValueError, match="does not shrink"):
        consistency_spans(3, 2)
