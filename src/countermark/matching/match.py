"""A match: one aligned span between one asset of the catalog and one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from countermark.media import Span


@dataclass(frozen=True, slots=True)
class Match:
    """An aligned span between the asset number `asset` of the index and the record number `record` of a batch.

    Spans are code points in the original texts (`record_span` within `batch.text[record]`, without `char_start`).
    `matched`, `longest_run` and `edits` count folded letters. `identical` says that nothing differs after folding.
    `commonness` counts the works of the catalog that hold the passage.
    """

    asset: int
    record: int
    asset_span: Span
    record_span: Span
    matched: int
    longest_run: int
    edits: int
    bits: float
    identical: bool
    commonness: int
