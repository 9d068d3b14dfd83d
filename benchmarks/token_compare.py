"""Comparing the findings in a tokenised corpus with those in the plain one, and token spans with the ids themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.dataset as ds

from token_made import STREAMS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from token_made import Texts, Tokenised

Row = dict[str, Any]
WHERE = {
    "finding_id", "corpus", "snapshot_date", "shard", "row", "record_id", "record_url", "record_date",
    "record_sequence", "record_token_start", "record_token_end", "record_fragment",
}  # fmt: skip
"""What says where a record stands: it differs between corpora. Everything else is to be the same."""


def findings(run: Path) -> list[Row]:
    """The findings of a run."""
    rows: list[Row] = ds.dataset(run / "findings", format="parquet").to_table().to_pylist()
    return rows


def in_documents(rows: list[Row], format_: str, corpus: Tokenised) -> list[Row]:
    """Findings with the number of their document, and the position in it of their first id."""
    for row in rows:
        place = corpus.place(format_, row["shard"], row["row"], row["record_token_start"])
        row["document"], row["first_id"] = place
    return rows


def _key(row: Row) -> tuple[Any, ...]:
    """All that is to be the same."""
    left_out = WHERE | {"first_id"}
    kept = ((name, value) for name, value in sorted(row.items()) if name not in left_out)
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in kept)


def equality(plain: list[Row], found: list[Row]) -> dict[str, int]:
    """How many findings are the same in every column but those of WHERE, and how many only one side has."""
    one, other = Counter(map(_key, plain)), Counter(map(_key, found))
    return {
        "equal": (one & other).total(),
        "missing": (one - other).total(),
        "extra": (other - one).total(),
    }


def recall(plain: list[Row], found: list[Row]) -> dict[str, Any]:
    """Which of the plain findings are met by one of the same passage in the same document, and by how much of it."""
    by_place, met_places = defaultdict(list), set()
    for row in found:
        by_place[_place(row)].append(row)
    met = covered = whole = 0
    for row in plain:
        spans = by_place.get(_place(row), ())
        shared = [_overlap(row, other) for other in spans]
        met += any(shared)
        covered += min(sum(shared), row["asset_end"] - row["asset_start"])
        whole += row["asset_end"] - row["asset_start"]
        met_places |= {id(other) for other, size in zip(spans, shared, strict=True) if size}
    same = {(_place(row), row["asset_start"], row["asset_end"]) for row in found}
    return {
        "plain": len(plain),
        "found": met,
        "recall": round(met / max(1, len(plain)), 4),
        "same_span_in_work": sum((_place(r), r["asset_start"], r["asset_end"]) in same for r in plain),
        "covered": round(covered / max(1, whole), 4),
        "elsewhere": len(found) - len(met_places),
        "fragments": sum(bool(row["record_fragment"]) for row in found),
        "findings": len(found),
    }


def _place(row: Row) -> tuple[int, str]:
    return row["document"], row["asset_path"]


def _overlap(one: Row, other: Row) -> int:
    ends, starts = (one["asset_end"], other["asset_end"]), (one["asset_start"], other["asset_start"])
    return max(0, int(min(ends) - max(starts)))


class TokenSpans:
    """Checks token spans of a byte-level tokeniser against the ids, with the bytes that its own library gives."""

    def __init__(self, corpus: Tokenised, texts: Texts, bytes_of: dict[int, bytes]) -> None:
        self._texts = texts
        self._corpus = corpus
        self._bytes = bytes_of
        self._lengths = np.zeros(max(bytes_of) + 2, np.int64)
        self._lengths[list(bytes_of)] = [len(token) for token in bytes_of.values()]

    def whole_documents(self) -> int:
        """How many documents their ids give back byte for byte."""
        pairs = zip(self._corpus.documents, self._texts.texts, strict=True)
        return sum(self._joined(one.ids) == text.encode() for one, text in pairs)

    def _joined(self, ids: npt.NDArray[np.uint32]) -> bytes:
        return b"".join(self._bytes[number] for number in ids.tolist())

    def right(self, rows: list[Row]) -> int:
        """How many findings name the fewest ids that hold their passage."""
        return sum(self._is_right(row) for row in rows)

    def _is_right(self, row: Row) -> bool:
        ids, text = self._corpus.documents[row["document"]].ids, self._texts.texts[row["document"]]
        begin = row["first_id"]
        end = begin + row["record_token_end"] - row["record_token_start"]
        if not 0 <= begin < end <= len(ids):
            return False
        before = len(text[: row["record_start"]].encode())
        passage = text[row["record_start"] : row["record_end"]].encode()
        places = np.cumsum(np.concatenate([[0], self._lengths[ids[:end]]]))
        fewest = (
            places[begin] <= before < places[begin + 1]
            and places[end - 1] < before + len(passage) <= places[end]
        )
        cut = before - int(places[begin])
        return bool(fewest and self._joined(ids[begin:end])[cut : cut + len(passage)] == passage)


def sequences_right(rows: list[Row], format_: str) -> int:
    """How many findings name the sequence that their record is: the only one of a stream, else the row."""
    return sum(row["record_sequence"] == (0 if format_ in STREAMS else row["row"]) for row in rows)
