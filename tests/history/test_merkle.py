"""Merkle trees, against the definitions of RFC 9162 and the vectors of Certificate Transparency."""

from random import Random

import pytest

from tests.support.trees import nodes_over
from webapp.history.proofs import merkle

# From the reference implementation of Certificate Transparency (`merkletree_test.go`).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
LEAVES += ["606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100)


def by_definition(hashes):
    """MTH(D[n]) as §2.1.1 writes it."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else merkle.EMPTY_ROOT
    left = 1
    while left * 2 < len(hashes):
        left *= 2
    return merkle.parent_hash(by_definition(hashes[:left]), by_definition(hashes[left:]))


@pytest.fixture(scope="module")
def hashes():
    return [merkle.leaf_hash(f"leaf {number}".encode()) for number in range(max(SIZES))]


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_certificate_transparency(size):
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in LEAVES]
    assert merkle.root(nodes_over(leaves), size).hex() == ROOTS[size]


def test_every_leaf_is_proved_in_every_tree(hashes):
    node = nodes_over(hashes)
    for size in SIZES:
        root = merkle.root(node, size)
        assert root == by_definition(hashes[:size])
        for index in range(size):
            proof = merkle.inclusion_proof(node, index, size)
            assert merkle.is_included(hashes[index], index, size, proof, root)
            assert not merkle.is_included(hashes[index - 1], index, size, proof, root) or size == 1


def test_every_tree_continues_all_earlier_ones(hashes):
    node = nodes_over(hashes)
    for size in SIZES:
        root = merkle.root(node, size)
        for earlier in range(size + 1):
            proof = merkle.consistency_proof(node, earlier, size)
            assert merkle.continues(earlier, merkle.root(node, earlier), size, root, proof)


def test_no_changed_proof_is_accepted(hashes):
    node, random = nodes_over(hashes), Random(1)
    for _ in range(1_000):
        size = random.choice(SIZES[2:])
        index, earlier = random.randrange(size), random.randrange(1, size)
        root, old = merkle.root(node, size), merkle.root(node, earlier)
        path = merkle.inclusion_proof(node, index, size)
        way = merkle.consistency_proof(node, earlier, size)
        assert not merkle.is_included(hashes[index], index, size, changed(path, random), root)
        assert not merkle.continues(earlier, old, size, root, changed(way, random))
        assert not merkle.is_included(hashes[index], (index + 1) % size, size, path, root)
        assert not merkle.continues(earlier, root, size, root, way)


def changed(proof, random):
    """The same with one bit flipped, one hash lost, or one more."""
    place = random.randrange(len(proof))
    other = bytes([proof[place][0] ^ 1 << random.randrange(8)]) + proof[place][1:]
    return random.choice(
        [
            [*proof[:place], other, *proof[place + 1 :]],
            [*proof[:place], *proof[place + 1 :]],
            [*proof[:place], random.randbytes(32), *proof[place:]],
        ]
    )
