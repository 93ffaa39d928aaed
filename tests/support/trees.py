"""Merkle trees from leaves alone, to hold against what is stored."""

from collections.abc import Sequence

from webapp.history.proofs import merkle


def nodes_over(hashes: Sequence[bytes]) -> merkle.Node:
    """The hashes of the complete subtrees over these leaves."""
    levels = [list(hashes)]
    while len(levels[-1]) > 1:
        row = levels[-1]
        levels.append([merkle.parent_hash(*row[n : n + 2]) for n in range(0, len(row) - 1, 2)])
    return lambda level, place: levels[level][place]
