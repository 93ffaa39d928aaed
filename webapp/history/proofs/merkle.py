"""Merkle trees of RFC 9162 (Certificate Transparency 2.0) §2.1: roots, and proofs that something is
in a tree or that one tree continues another.

A tree of n leaves is the left part of every later one, so the hashes of its complete subtrees never
change: whoever stores them is asked for them by `Node`, and everything else is computed.
"""

import hashlib
from collections.abc import Callable, Sequence

# The hash of the complete subtree of 2**level leaves whose first leaf is index * 2**level.
Node = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256().digest()


def leaf_hash(content: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + content).digest()


def parent_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(node: Node, size: int) -> bytes:
    """The root of the tree of the first `size` leaves (§2.1.1)."""
    return _hash_of(node, 0, size) if size else EMPTY_ROOT


def _hash_of(node: Node, start: int, end: int) -> bytes:
    """The hash over the leaves from `start` to before `end`, which make up a subtree."""
    size = end - start
    if size & (size - 1) == 0 and start % size == 0:
        return node(size.bit_length() - 1, start // size)
    middle = start + _left_size(size)
    return parent_hash(_hash_of(node, start, middle), _hash_of(node, middle, end))


def _left_size(size: int) -> int:
    """The largest power of two below a size of two or more: how many leaves are on the left."""
    return 1 << (size - 1).bit_length() - 1


def inclusion_proof(node: Node, index: int, size: int) -> list[bytes]:
    """The hashes that lead from a leaf, by its index from 0, to the root (§2.1.3.1)."""
    return _path(node, index, 0, size)


def _path(node: Node, index: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _left_size(end - start)
    if index < middle:
        return [*_path(node, index, start, middle), _hash_of(node, middle, end)]
    return [*_path(node, index, middle, end), _hash_of(node, start, middle)]


def consistency_proof(node: Node, earlier: int, size: int) -> list[bytes]:
    """The hashes that show that a tree continues its state at an earlier size (§2.1.4.1)."""
    return _continued(node, earlier, 0, size, is_whole=True) if 0 < earlier < size else []


def _continued(node: Node, earlier: int, start: int, end: int, *, is_whole: bool) -> list[bytes]:
    """The proof within a subtree; the root of the whole earlier tree is known to who verifies."""
    if earlier == end:
        return [] if is_whole else [_hash_of(node, start, end)]
    middle = start + _left_size(end - start)
    if earlier <= middle:
        left = _continued(node, earlier, start, middle, is_whole=is_whole)
        return [*left, _hash_of(node, middle, end)]
    right = _continued(node, earlier, middle, end, is_whole=False)
    return [*right, _hash_of(node, start, middle)]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], in_root: bytes) -> bool:
    """Whether a proof shows that a leaf is in the tree with this root (§2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, computed = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            computed = parent_hash(one, computed)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            computed = parent_hash(computed, one)
        place, last = place >> 1, last >> 1
    return last == 0 and computed == in_root


def continues(
    earlier: int, earlier_root: bytes, size: int, size_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that a tree continues an earlier one (§2.1.4.2)."""
    if earlier == size:
        return not proof and earlier_root == size_root
    if earlier == 0:
        return not proof and earlier_root == EMPTY_ROOT
    if not 0 < earlier < size:
        return False
    hashes = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not hashes:
        return False
    place, last = earlier - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = parent_hash(one, old), parent_hash(one, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = parent_hash(new, one)
        place, last = place >> 1, last >> 1
    return last == 0 and (old, new) == (earlier_root, size_root)
