"""The tree of RFC 9162, against its own recursive definition and published vectors."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.eventstore import merkle
from shared.eventstore.merkle import Frontier

# The leaves and roots that Certificate Transparency implementations test with.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Tree:
    """A tree kept in memory, with the nodes a store would keep."""

    def __init__(self, leaves: list[bytes], batch: int = 100):
        self.leaves = leaves
        self.frontier = Frontier()
        self.stored: dict[tuple[int, int], bytes] = {}
        for start in range(0, len(leaves), batch):
            for level, index, hash in self.frontier.extend(leaves[start : start + batch]):
                self.stored[level, index] = hash

    def nodes(self, level: int, first: int, count: int) -> list[bytes]:
        if level == 0:
            return self.leaves[first : first + count]
        wanted = ((level, index) for index in range(first, first + count))
        return [self.stored[key] for key in wanted if key in self.stored]


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    split = 1
    while 2 * split < len(leaves):
        split *= 2
    left, right = by_definition(leaves[:split]), by_definition(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaves_of(size: int) -> list[bytes]:
    return [merkle.leaf_hash(str(number).encode()) for number in range(size)]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert Frontier().root().hex() == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_published_vectors(size: int):
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]
    tree = Tree(leaves)
    assert tree.frontier.root().hex() == ROOTS[size - 1]
    assert by_definition(leaves).hex() == ROOTS[size - 1]


def test_a_published_inclusion_path():
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES]
    path = merkle.inclusion_path(0, 8, Tree(leaves).nodes)
    assert [step.hex() for step in path] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_a_published_consistency_path():
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES]
    path = merkle.consistency_path(6, 8, Tree(leaves).nodes)
    assert [step.hex() for step in path] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(size=st.integers(0, 1100), batch=st.integers(1, 700))
def test_growing_in_batches_gives_the_root_of_the_definition(size: int, batch: int):
    leaves = leaves_of(size)
    tree = Tree(leaves, batch)
    assert tree.frontier.root() == by_definition(leaves)
    assert set(tree.stored) == {(8, index) for index in range(size // 256)}
    assert Frontier.of(size, tree.nodes).root() == by_definition(leaves)


@given(st.data())
def test_every_leaf_is_proved_and_no_other_is(data: st.DataObject):
    size = data.draw(st.integers(1, 900))
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    root = by_definition(leaves)
    path = merkle.inclusion_path(index, size, Tree(leaves).nodes)
    assert merkle.root_from_inclusion(index, size, leaves[index], path) == root
    assert merkle.root_from_inclusion(index, size, merkle.leaf_hash(b"other"), path) != root
    if size > 1:
        wrong = (index + 1) % size
        assert merkle.root_from_inclusion(wrong, size, leaves[index], path) != root
        assert merkle.root_from_inclusion(index, size, leaves[index], path[:-1]) != root


@given(st.data())
def test_an_older_tree_is_proved_to_be_a_prefix_and_no_other_is(data: st.DataObject):
    size = data.draw(st.integers(1, 900))
    old_size = data.draw(st.integers(1, size))
    leaves = leaves_of(size)
    old, new = by_definition(leaves[:old_size]), by_definition(leaves)
    path = merkle.consistency_path(old_size, size, Tree(leaves).nodes)
    assert merkle.is_consistent(old_size, old, size, new, path)
    other = merkle.leaf_hash(b"other")
    assert not merkle.is_consistent(old_size, other, size, new, path)
    if old_size < size:
        assert not merkle.is_consistent(old_size, old, size, other, path)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_leaf_outside_the_tree_has_no_path(index: int, size: int):
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.inclusion_path(index, size, Tree(leaves_of(size)).nodes)


def test_a_large_tree_is_proved_from_few_stored_hashes():
    size = 70_000
    tree = Tree(leaves_of(size), 1000)
    read = 0

    def counting(level: int, first: int, count: int) -> list[bytes]:
        nonlocal read
        read += count
        return tree.nodes(level, first, count)

    path = merkle.inclusion_path(12_345, size, counting)
    root = merkle.root_from_inclusion(12_345, size, tree.leaves[12_345], path)
    assert root == tree.frontier.root()
    assert read < 3 * 512
    assert (16, 0) in tree.stored
