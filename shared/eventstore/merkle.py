"""RFC 9162 Merkle trees (section 2.1): hashing, growing, inclusion and consistency proofs.

Only the roots of complete subtrees on the right edge (the frontier, O(log n)) are kept in memory.
Every complete subtree of 256, 65,536, ... leaves is stored as a node; any other one is computed
from at most 255 stored hashes, so that a proof never needs a full scan.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

STORED_EVERY = 8
"""Levels 8, 16, 24, ... of the tree are stored (level 0, the leaves, stands in the log)."""

Nodes = Callable[[int, int, int], Sequence[bytes]]
"""(level, first index, count) -> stored hashes of that level, in order."""

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry); here the entry is an event hash of 32 bytes."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree."""

    def __init__(self, size: int = 0, edge: dict[int, bytes] | None = None):
        self.size = size
        self._edge = dict(edge or {})  # level -> root of the complete subtree that waits there

    @classmethod
    def of(cls, size: int, nodes: Nodes) -> Frontier:
        """The frontier of a stored tree, read again from O(log n) places."""
        edge = {
            level: subtree(level, (size >> level) - 1, nodes)
            for level in range(size.bit_length())
            if size >> level & 1
        }
        return cls(size, edge)

    def copy(self) -> Frontier:
        """A frontier that can grow on its own."""
        return Frontier(self.size, self._edge)

    def extend(self, leaves: Sequence[bytes]) -> list[tuple[int, int, bytes]]:
        """Add leaf hashes; the complete subtrees that are to be stored: (level, index, hash)."""
        stored: list[tuple[int, int, bytes]] = []
        row, level, size = list(leaves), 0, self.size
        self.size += len(row)
        while row:
            first = (size >> level) - (level in self._edge)
            if level in self._edge:
                row.insert(0, self._edge.pop(level))
            if level and level % STORED_EVERY == 0:
                new_from = size >> level
                stored += [
                    (level, index, hash)
                    for index, hash in enumerate(row, start=first)
                    if index >= new_from
                ]
            if len(row) % 2:
                self._edge[level] = row.pop()
            pairs = iter(row)
            row = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=True)]
            level += 1
        return stored

    def root(self) -> bytes:
        """The root over all leaves so far."""
        levels = sorted(self._edge)
        if not levels:
            return EMPTY_ROOT
        root = self._edge[levels[0]]
        for level in levels[1:]:
            root = node_hash(self._edge[level], root)
        return root


def subtree(level: int, index: int, nodes: Nodes) -> bytes:
    """The root of the complete subtree over leaves [index * 2^level, (index + 1) * 2^level)."""
    above = level % STORED_EVERY
    row = list(nodes(level - above, index << above, 1 << above))
    if len(row) != 1 << above:
        raise LookupError(f"the tree has no complete subtree {index} at level {level}")
    while len(row) > 1:
        pairs = iter(row)
        row = [node_hash(left, right) for left, right in zip(pairs, pairs, strict=True)]
    return row[0]


def root_of(start: int, end: int, nodes: Nodes) -> bytes:
    """MTH over leaves [start, end); start must be a multiple of the next power of two."""
    if start == end:
        return EMPTY_ROOT
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtree(level, start >> level, nodes)
    split = start + _split(size)
    return node_hash(root_of(start, split, nodes), root_of(split, end, nodes))


def inclusion_path(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The audit path of leaf `index` (from 0) in the tree of `size` leaves, bottom up."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path, start, end = [], 0, size
    while end - start > 1:
        split = start + _split(end - start)
        if index < split:
            path.append(root_of(split, end, nodes))
            end = split
        else:
            path.append(root_of(start, split, nodes))
            start = split
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """The root that the path leads to, or None when its length is wrong (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    node, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    return root if last == 0 else None


def consistency_path(old_size: int, size: int, nodes: Nodes) -> list[bytes]:
    """The proof that the tree of `old_size` leaves is a prefix of the tree of `size`."""
    if not 0 < old_size <= size:
        raise ValueError(f"{old_size} is not a size before {size}")
    path: list[bytes] = []
    start, end, known = 0, size, True  # known: the subtree's root is the old root itself
    while old_size != end:
        split = start + _split(end - start)
        if old_size <= split:
            path.append(root_of(split, end, nodes))
            end = split
        else:
            path.append(root_of(start, split, nodes))
            start, known = split, False
    if not known:
        path.append(root_of(start, end, nodes))
    return path[::-1]


def is_consistent(
    old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the path proves the old tree to be a prefix of the new one (RFC 9162 2.1.4.2)."""
    if old_size == size:
        return not path and old_root == root
    if not 0 < old_size < size or not path:
        return False
    steps = list(path)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == root


def _split(size: int) -> int:
    """The largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1
