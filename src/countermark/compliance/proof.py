"""The proof of a filter run: what went in, what came out, what was removed, all by digest.

The root is that of a Merkle tree (RFC 6962, section 2.1) over the digests of the removed records in the order of the
table: one record's removal can be shown by an audit path, without showing the others.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.atomic import write_bytes
from countermark.compliance.receipts import file_digest, versions
from countermark.compliance.removed import removed_batches
from countermark.compliance.settings import FORMAT
from countermark.roll.hashing import fold, hash_leaf, hash_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from countermark.compliance.files import Listing
    from countermark.compliance.receipts import Receipt
    from countermark.compliance.settings import FilterSettings

PROOF_NAME: Final = "proof.json"
COUNTS: Final = (
    "read", "kept", "removed", "marked", "unreadable", "passed", "unknown", "doubtful", "without_url", "undated",
    "site_unknown", "generative_reserved", "agents_refused",
)  # fmt: skip


class Named(NamedTuple):
    """A file that was consulted: its name and the SHA-256 of its bytes."""

    name: str
    sha256: str


def write_proof(
    settings: FilterSettings,
    receipts: Iterable[Receipt],
    listing: Listing,
    sources: dict[str, tuple[Named, ...]],
) -> Path:
    """Write `proof.json` beside the table of removed records. Raises OutputError."""
    path = settings.removed.with_name(PROOF_NAME)
    files = [receipt.to_json() for receipt in receipts]
    rows, leaves, root = tree_of(settings.removed)
    proof = {
        "format": FORMAT,
        "version": versions(),
        "settings": settings.facts(),
        "consulted": {kind: [one._asdict() for one in named] for kind, named in sorted(sources.items())},
        "files": files,
        "left_out": [refusal._asdict() for refusal in listing.left_out],
        "totals": {name: sum(file[name] for file in files) for name in COUNTS},
        "removed": {
            "file": settings.removed.name,
            "sha256": file_digest(settings.removed),
            "rows": rows,
            "leaves": leaves,
            "root": root.hex(),
        },
        "places": {
            "out": _relative(settings.out, path.parent),
            "corpus": [_relative(one, path.parent) for one in settings.corpus],
        },
    }
    write_bytes(
        path, (json.dumps(proof, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")
    )
    return path


def tree_of(removed: Path) -> tuple[int, int, bytes]:
    """Rows of the table, leaves of the tree, and its root. Raises pyarrow's errors and ValueError."""
    rows = leaves = 0
    stack: list[bytes] = []
    for batch in removed_batches(removed):
        rows += batch.num_rows
        for digest in leaf_digests(batch):
            leaves += 1
            stack.append(hash_leaf(digest))
            pairs = leaves
            while pairs % 2 == 0:
                right = stack.pop()
                stack[-1] = hash_node(stack[-1], right)
                pairs //= 2
    return rows, leaves, fold(stack)


def leaf_digests(batch: Any) -> Iterator[bytes]:
    """The 32 bytes of each digest; what could not be read whole has none, and is no leaf."""
    return (bytes.fromhex(digest) for digest in batch.column("digest").to_pylist() if digest)


def _relative(path: Path, folder: Path) -> str:
    """Where a file is, seen from the proof: so the proof holds wherever both are moved together."""
    return os.path.relpath(path.resolve(), folder.resolve()).replace(os.sep, "/")
