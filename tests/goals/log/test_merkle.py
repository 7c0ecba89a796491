"""Merkle trees held to the definition of RFC 9162, written out as it stands there."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.goals.log.merkle import EMPTY, Growing, Tree, root_from

LEAVES = st.lists(st.binary(max_size=40), max_size=40, unique=True)
# RFC 6962's own test inputs, as certificate transparency logs are tried with them.
KNOWN = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def mth(leaves: list[bytes]) -> bytes:
    """2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def growing(leaves: list[bytes]) -> bytes:
    tree = Growing()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


@pytest.mark.parametrize("size", ROOTS)
def test_the_known_roots_are_found(size: int) -> None:
    leaves = [bytes.fromhex(leaf) for leaf in KNOWN[:size]]
    assert growing(leaves).hex() == Tree(leaves).root().hex() == ROOTS[size]


def test_no_leaves_have_the_empty_root() -> None:
    assert Growing().root() == Tree([]).root() == EMPTY


@given(LEAVES)
def test_both_trees_are_as_the_standard_defines_them(leaves: list[bytes]) -> None:
    assert growing(leaves) == Tree(leaves).root() == mth(leaves)


@given(LEAVES.filter(bool))
def test_each_leaf_is_proven_by_its_path_at_its_place_alone(leaves: list[bytes]) -> None:
    tree, size = Tree(leaves), len(leaves)
    for index, leaf in enumerate(leaves):
        path = tree.path(index)
        assert root_from(leaf, index, size, path) == tree.root()
        assert root_from(leaf + b"!", index, size, path) != tree.root()
        assert root_from(leaf, index, size, (*path, bytes(32))) != tree.root()
        assert root_from(leaf, size, size, path) is None
        if path:
            assert root_from(leaf, index, size, path[:-1]) != tree.root()
            assert root_from(leaf, index ^ 1, size, path) != tree.root()
