"""Proofs of one number, and of the tree's growth, as the verifier reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from countermark.roll import tree
from countermark.roll.verify import CONSISTENCY, PROOF
from countermark.web.roll import heads
from countermark.web.roll.key import public_key
from countermark.web.roll.models import Change, Entry, Leaf, Standing
from countermark.web.roll.nodes import paths

if TYPE_CHECKING:
    from countermark.web.roll.models import Head

PUBLIC: Final = (1, 2)  # the display levels whose openings are published: name and trade, name only


def proof_document(number: int) -> dict[str, Any] | None:
    """The proof of a number with its opening, for the signatory alone; None where the log has no such number."""
    return _proof(number, private=True)


def public_proof(number: int) -> dict[str, Any] | None:
    """The proof of a number; with its opening only where the signatory consented to being shown."""
    return _proof(number, private=False)


def _proof(number: int, *, private: bool) -> dict[str, Any] | None:
    head = heads.latest()
    entry = Entry.objects.filter(number=number).first()
    if head is None or entry is None or entry.position >= head.size:
        return None
    changes = Change.objects.filter(number=number, leaf__lt=head.size).values_list("leaf", flat=True)
    positions = sorted([entry.position, *(leaf for leaf in changes if leaf is not None)])
    contents = dict(Leaf.objects.filter(position__in=positions).values_list("position", "content"))
    audit = paths([tree.inclusion_ranges(position, head.size) for position in positions])
    found = {
        **_opening_words(PROOF, head),
        "number": number,
        "leaves": [
            {
                "position": position,
                "leaf": json.loads(bytes(contents[position])),
                "path": [digest.hex() for digest in path],
            }
            for position, path in zip(positions, audit, strict=True)
        ],
    }
    if is_open(entry, head.size) and (private or entry.display in PUBLIC):
        found["opening"] = {"salt": bytes(entry.salt or b"").hex(), "record": json.loads(entry.record)}
    return found


def is_open(entry: Entry, size: int) -> bool:
    """Whether an entry has an opening, and one of a commitment among the first `size` lines."""
    return entry.standing == Standing.LISTED and entry.salt is not None and entry.committed < size


def consistency_document(first: int, second: Head) -> dict[str, Any]:
    """The proof that the first `first` lines begin the tree of the head `second`."""
    path = paths([tree.consistency_ranges(first, second.size)])[0]
    return {**_opening_words(CONSISTENCY, second), "first": first, "path": [digest.hex() for digest in path]}


def _opening_words(format_name: str, head: Head) -> dict[str, Any]:
    return {"format": format_name, "key": public_key().hex(), "head": heads.document(head)}
