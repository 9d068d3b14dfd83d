"""What is hashed in a roll, and how: canonical JSON (RFC 8785, narrowed), the tree of RFC 6962, and its proofs.

This module is part of the verifier that sites serve as one file (see `joined`): it imports the standard library only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence  # noqa: TC003  one line that the joined file can keep
from typing import Any

COMMITMENT_PREFIX = b"countermark-roll-commitment-1\0"
HEAD_PREFIX = b"countermark-roll-head-1\0"
LARGEST_INTEGER = 2**53 - 1  # what every reader of JSON holds exactly (RFC 8785, section 3.2.2.3)
DEEPEST = 8


class UnusableFileError(Exception):
    """A file is not what it should be: not JSON, another format, a field of another type."""


class FailedCheckError(Exception):
    """A file says what its hashes, its signatures or its own lines contradict."""


def shape(holds: object, message: str) -> None:
    """Raise UnusableFileError unless it holds."""
    if not holds:
        raise UnusableFileError(message)


def check(holds: object, message: str) -> None:
    """Raise FailedCheckError unless it holds."""
    if not holds:
        raise FailedCheckError(message)


def canonical(value: Any) -> bytes:
    """The bytes of a JSON value: keys sorted, no spaces, UTF-8, nothing escaped that need not be."""
    shape(
        _is_plain(value, DEEPEST),
        "accepted are texts, whole numbers below 2^53, booleans, flat lists and objects",
    )
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise UnusableFileError("a text holds half of a character (a lone surrogate)") from None


def _is_plain(value: Any, depth: int) -> bool:
    if depth and type(value) is dict:
        return all(type(key) is str and key.isascii() and _is_plain(value[key], depth - 1) for key in value)
    if depth and type(value) is list:
        return all(_is_plain(inner, depth - 1) for inner in value)
    return type(value) in (str, bool) or (type(value) is int and abs(value) <= LARGEST_INTEGER)


def hash_leaf(content: bytes) -> bytes:
    """RFC 6962, section 2.1: SHA-256(0x00 || content)."""
    return hashlib.sha256(b"\x00" + content).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """RFC 6962, section 2.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def commitment(salt: bytes, record: bytes) -> str:
    """What the log says of a record without telling it: SHA-256(prefix || salt || canonical record), hexadecimal."""
    return hashlib.sha256(COMMITMENT_PREFIX + salt + record).hexdigest()


def fold(subtrees: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, the largest first; of nothing, SHA-256 of nothing."""
    if not subtrees:
        return hashlib.sha256().digest()
    root = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        root = hash_node(left, root)
    return root


def roots(leaves: Iterable[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """The root over the first n leaf hashes, for each n of `sizes` that is reached."""
    wanted, stack = set(sizes), []
    found = {0: fold([])} if 0 in wanted else {}
    for size, leaf in enumerate(leaves, 1):
        stack.append(leaf)
        pairs = size
        while pairs % 2 == 0:
            right = stack.pop()
            stack[-1] = hash_node(stack[-1], right)
            pairs //= 2
        if size in wanted:
            found[size] = fold(stack)
    return found


def root_of_path(leaf: bytes, position: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an audit path leads to (RFC 9162, section 2.1.3.2), or None where its length does not fit."""
    if not 0 <= position < size:
        return None
    here, last, root = position, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if here % 2 or here == last:
            root = hash_node(sibling, root)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            root = hash_node(root, sibling)
        here, last = here // 2, last // 2
    return root if last == 0 else None


def is_beginning(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether a consistency proof holds (RFC 9162, section 2.1.4.2): the first tree is a beginning of the second."""
    if not 0 < first < second:
        same = first == second and first_root == second_root
        return not path and (same or (first == 0 < second and first_root == fold([])))
    steps = list(path) if first & (first - 1) else [first_root, *path]
    if not steps:
        return False
    here, last = first - 1, second - 1
    while here % 2:
        here, last = here // 2, last // 2
    old = new = steps[0]
    for digest in steps[1:]:
        if last == 0:
            return False
        if here % 2 or here == last:
            old, new = hash_node(digest, old), hash_node(digest, new)
            while here % 2 == 0 and here:
                here, last = here // 2, last // 2
        else:
            new = hash_node(new, digest)
        here, last = here // 2, last // 2
    return last == 0 and old == first_root and new == second_root
