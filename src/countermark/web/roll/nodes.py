"""The tree's nodes in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from countermark.roll import tree
from countermark.web.roll.models import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def digests(places: Iterable[tree.Place]) -> Mapping[tree.Place, bytes]:
    """The digests of subtrees, in one query."""
    levels: dict[int, list[int]] = {}
    for level, offset in places:
        levels.setdefault(level, []).append(offset)
    if not levels:
        return {}
    wanted = Q()
    for level, offsets in levels.items():
        wanted |= Q(level=level, offset__in=offsets)
    rows = Node.objects.filter(wanted).values_list("level", "offset", "digest")
    return {(level, offset): bytes(digest) for level, offset, digest in rows}


def paths(proofs: Sequence[Sequence[tree.Range]]) -> list[list[bytes]]:
    """The digests of several proofs, each given as the ranges it needs, in one query."""
    found = digests({place for ranges in proofs for leaves in ranges for place in tree.cover(leaves)})
    return [tree.path(ranges, found) for ranges in proofs]
