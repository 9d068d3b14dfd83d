"""The tree and its proofs: RFC 6962, a second opinion (pymerkle), and tampering by hypothesis."""

from __future__ import annotations

import hashlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from countermark.roll.hashing import hash_leaf, hash_node, is_beginning, root_of_path, roots
from countermark.roll.tree import Tree, consistency_ranges, inclusion_ranges, peaks

# the inputs of Certificate Transparency's reference tests, and the roots over the first 1 to 8 of them
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        *("", "00", "10", "2021", "3031", "40414243"),
        *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree_of(count: int) -> Tree:
    """A tree of that many different leaves."""
    tree = Tree()
    tree.extend(b"%d" % i for i in range(count))
    return tree


def test_the_roots_of_certificate_transparency() -> None:
    """The reference inputs give the reference roots; no leaf gives SHA-256 of nothing."""
    tree = Tree()
    assert tree.root() == hashlib.sha256().digest()
    tree.extend(CT_LEAVES)
    assert [tree.root(size).hex() for size in range(1, 9)] == CT_ROOTS
    found = roots(map(hash_leaf, CT_LEAVES), range(9))
    assert [found[size].hex() for size in range(1, 9)] == CT_ROOTS


def test_a_hundred_thousand_leaves_take_seconds() -> None:
    """Appended, and a thousand of them proved: the target is seconds for all (benchmarks/bench_roll.py)."""
    begun = time.process_time()
    tree = tree_of(100_000)
    root = tree.root()
    for position in range(0, 100_000, 100):
        leaf = hash_leaf(b"%d" % position)
        assert root_of_path(leaf, position, 100_000, tree.inclusion(position)) == root
    assert time.process_time() - begun < 5


def test_the_proofs_that_rfc_6962_writes_out() -> None:
    """Section 2.1.3: over seven leaves, the audit paths of d0, d3, d4, d6, and three consistency proofs."""
    tree = tree_of(7)
    leaf = [hash_leaf(b"%d" % i) for i in range(7)]
    g, h, i = hash_node(leaf[0], leaf[1]), hash_node(leaf[2], leaf[3]), hash_node(leaf[4], leaf[5])
    k, l = hash_node(g, h), hash_node(i, leaf[6])  # noqa: E741  the RFC's letters
    assert tree.inclusion(0) == [leaf[1], h, l]
    assert tree.inclusion(3) == [leaf[2], g, l]
    assert tree.inclusion(4) == [leaf[5], leaf[6], k]
    assert tree.inclusion(6) == [i, k]
    assert tree.consistency(3) == [leaf[2], leaf[3], g, l]
    assert tree.consistency(4) == [l]
    assert tree.consistency(6) == [i, leaf[6], k]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 33])
def test_pymerkle_agrees(size: int) -> None:
    """Roots and audit paths are those of another implementation; our consistency proofs hold for its roots."""
    other = InmemoryTree(algorithm="sha256")
    for i in range(size):
        other.append_entry(b"%d" % i)
    tree = tree_of(size)
    assert tree.root() == other.get_root()
    for position in range(size):
        assert tree.inclusion(position) == other.prove_inclusion(position + 1).path[1:]
    for first in range(1, size + 1):
        assert is_beginning(first, other.get_root(first), size, other.get_root(), tree.consistency(first))


def test_all_small_proofs_hold() -> None:
    """Every inclusion and every consistency proof up to 40 leaves verifies, against a root computed apart."""
    tree = tree_of(40)
    for size in range(1, 41):
        for position in range(size):
            leaf = hash_leaf(b"%d" % position)
            assert root_of_path(leaf, position, size, tree.inclusion(position, size)) == tree.root(size)
        for first in range(size + 1):
            assert is_beginning(first, tree.root(first), size, tree.root(size), tree.consistency(first, size))


@given(st.integers(1, 300), st.data())
def test_a_changed_inclusion_proof_is_found(size: int, data: st.DataObject) -> None:
    """Another leaf, position, size of path, or digest never leads to the root."""
    tree = tree_of(size)
    position = data.draw(st.integers(0, size - 1))
    path, root, leaf = tree.inclusion(position), tree.root(), hash_leaf(b"%d" % position)
    assert root_of_path(leaf, position, size, path) == root
    assert root_of_path(hash_leaf(b"x"), position, size, path) != root
    elsewhere = data.draw(st.integers(-1, size))
    assert elsewhere == position or root_of_path(leaf, elsewhere, size, path) != root
    assert root_of_path(leaf, position, size, [*path, root]) != root
    if path:
        cut = data.draw(st.integers(0, len(path) - 1))
        assert root_of_path(leaf, position, size, path[:cut]) != root
        assert root_of_path(leaf, position, size, [*path[:cut], bytes(32), *path[cut + 1 :]]) != root


@given(st.integers(2, 300), st.data())
def test_a_changed_consistency_proof_is_found(size: int, data: st.DataObject) -> None:
    """Another beginning, another size, or another digest never holds."""
    tree = tree_of(size)
    first = data.draw(st.integers(1, size - 1))
    path, old, new = tree.consistency(first), tree.root(first), tree.root()
    assert is_beginning(first, old, size, new, path)
    assert not is_beginning(first, bytes(32), size, new, path)
    assert not is_beginning(first, old, size, bytes(32), path)
    assert not is_beginning(first, old, size, new, [*path, new])
    cut = data.draw(st.integers(0, len(path) - 1))
    assert not is_beginning(first, old, size, new, path[:cut])
    assert not is_beginning(first, old, size, new, [*path[:cut], bytes(32), *path[cut + 1 :]])


def test_a_rewritten_tree_is_no_continuation() -> None:
    """Where one early leaf was changed, no consistency proof of the new tree fits the old root."""
    honest, other = tree_of(20), Tree()
    other.extend(b"other" if i == 3 else b"%d" % i for i in range(29))
    for first in range(4, 21):
        assert not is_beginning(first, honest.root(first), 29, other.root(), other.consistency(first))


def test_positions_outside_are_refused() -> None:
    """Ranges are asked for within the tree only."""
    with pytest.raises(ValueError, match="position 5 is not in a tree of 5"):
        inclusion_ranges(5, 5)
    with pytest.raises(ValueError, match="cannot begin"):
        consistency_ranges(6, 5)


def test_growing_is_the_same_in_any_batches() -> None:
    """Appending one by one, or many at once, gives the same roots."""
    whole, parts = tree_of(100), Tree()
    for start, end in ((0, 1), (1, 1), (1, 64), (64, 99), (99, 100)):
        parts.extend(b"%d" % i for i in range(start, end))
    assert parts.size == 100
    assert [parts.root(size) for size in range(101)] == [whole.root(size) for size in range(101)]
    assert peaks(100) == [(6, 0), (5, 2), (2, 24)]
