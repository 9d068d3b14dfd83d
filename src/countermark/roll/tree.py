"""The tree as the log's keeper needs it: which subtrees make up a root or a proof, and how it grows (RFC 6962, 2.1).

A `Place` names a complete subtree: (level, offset), where level 0 is a leaf and `offset` counts the subtrees of that
level from the left. A `Range` of leaves is (start, width). Every range that a proof needs begins at a multiple of the
smallest power of two that is not less than its width, so that complete subtrees cover it, the largest first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.roll.hashing import fold, hash_leaf, hash_node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Place = tuple[int, int]
Range = tuple[int, int]


def cover(leaves: Range) -> list[Place]:
    """The complete subtrees that a range is made of, from the left, the largest first."""
    start, width = leaves
    places = []
    for level in reversed(range(width.bit_length())):
        if width >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    return places


def peaks(size: int) -> list[Place]:
    """The complete subtrees that make up the tree of the first `size` leaves."""
    return cover((0, size))


def inclusion_ranges(position: int, size: int) -> list[Range]:
    """The ranges whose roots are the audit path of a leaf, from the leaf to the root (RFC 6962, section 2.1.1)."""
    if not 0 <= position < size:
        raise ValueError(f"position {position} is not in a tree of {size} leaves")
    start, width, ranges = 0, size, []
    while width > 1:
        split = _split(width)
        if position < start + split:
            ranges.append((start + split, width - split))
            width = split
        else:
            ranges.append((start, split))
            start, width = start + split, width - split
    return ranges[::-1]


def consistency_ranges(first: int, second: int) -> list[Range]:
    """The ranges whose roots prove that the first `first` leaves begin the first `second` (RFC 6962, section 2.1.2)."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {first} leaves cannot begin one of {second}")
    if first in (0, second):
        return []
    start, width, inside, whole, ranges = 0, second, first, True, []
    while inside < width:
        split = _split(width)
        if inside <= split:
            ranges.append((start + split, width - split))
            width = split
        else:
            ranges.append((start, split))
            start, width, inside, whole = start + split, width - split, inside - split, False
    return [*([] if whole else [(start, width)]), *ranges[::-1]]


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def path(ranges: Iterable[Range], digests: Mapping[Place, bytes]) -> list[bytes]:
    """The roots of ranges, from the digests of the subtrees that cover them."""
    return [fold([digests[place] for place in cover(leaves)]) for leaves in ranges]


def grow(
    size: int, stack: Sequence[bytes], leaves: Iterable[bytes]
) -> tuple[list[tuple[Place, bytes]], list[bytes]]:
    """Append leaf hashes to a tree of `size` leaves whose peaks have the digests `stack`.

    Returns the subtrees that became complete, with their digests, leaves among them, and the peaks' digests afterwards.
    """
    new: list[tuple[Place, bytes]] = []
    stack = list(stack)
    for position, leaf in enumerate(leaves, size):
        digest, level, offset = leaf, 0, position
        new.append(((0, offset), digest))
        while offset % 2:
            digest, level, offset = hash_node(stack.pop(), digest), level + 1, offset // 2
            new.append(((level, offset), digest))
        stack.append(digest)
    return new, stack


class Tree:
    """A tree in memory: for tools and tests; the site keeps its nodes in the database."""

    def __init__(self) -> None:
        self.size = 0
        self._stack: list[bytes] = []
        self._digests: dict[Place, bytes] = {}

    def extend(self, contents: Iterable[bytes]) -> None:
        """Append leaves, given as the bytes that are hashed."""
        new, self._stack = grow(self.size, self._stack, map(hash_leaf, contents))
        self._digests.update(new)
        self.size += sum(place[0] == 0 for place, _ in new)

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves, or of all."""
        return fold([self._digests[place] for place in peaks(self.size if size is None else size)])

    def inclusion(self, position: int, size: int | None = None) -> list[bytes]:
        """The audit path of a leaf."""
        return self._path(inclusion_ranges, position, size)

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """The proof that the first `first` leaves begin the first `second`."""
        return self._path(consistency_ranges, first, second)

    def _path(self, ranges: Callable[[int, int], list[Range]], one: int, size: int | None) -> list[bytes]:
        return path(ranges(one, self.size if size is None else size), self._digests)
