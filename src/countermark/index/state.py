"""What of an index in segments changes: which assets count, and what follows from that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import zstandard

from countermark.errors import UnusableIndexError
from countermark.fingerprint._surprise_kernel import word_model
from countermark.index import layout
from countermark.index.assets import Assets
from countermark.index.counting import count_words_of
from countermark.index.segments import COUNTS, LIVE, WORKS

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from countermark.index.lookup import Index
    from countermark.index.manifest import Manifest

    Counts = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class State:
    """The segments of the index in `folder`, for each of their assets whether it counts, and the words of those.

    `counts` uint32[MOST_MODEL_CELLS] are what the word model is made of; None in the sealed form, which has none.
    """

    folder: Path
    segments: list[tuple[str, Manifest]]
    live: list[npt.NDArray[np.uint8]]
    counts: Counts | None = None
    words: int = 0

    def after(self, index: Index, words: int, counts: Counts | None) -> State:
        """The same with the words of `index`, as it was, and those of a new segment."""
        before = _counts(index)
        both = None if before is None or counts is None else before + counts
        return replace(self, counts=both, words=index.manifest.words + words)

    def without(self, index: Index) -> State:
        """The same with the words of `index`, as it was, but those of the assets that no longer count.

        A sealed index cannot count words: as many go as letters do, in proportion.
        """
        before = _counts(index)
        if before is None:
            share = self.totals()["letters"] / max(1, index.manifest.letters)
            return replace(self, words=round(index.manifest.words * share))
        words = index.manifest.words
        for segment, part, live in zip(index.segments, index.parts, self.live, strict=True):
            counted = np.ones(len(live), np.bool_) if not part.live.size else part.live == 1
            counts, gone = count_words_of(segment, counted & (live == 0))
            before, words = before - counts, words - gone
        return replace(self, counts=before, words=words)

    def assets(self) -> Assets:
        """The rows of the assets that count."""
        files = [self.folder / name / layout.ASSETS for name, _ in self.segments]
        return Assets([(file, np.flatnonzero(live)) for file, live in zip(files, self.live, strict=True)])

    def totals(self) -> dict[str, int]:
        """Letters and code points of the assets that count."""
        table = self.assets().table(["letters", "code_points"])
        return {name: int(table[name].to_numpy().sum()) for name in table.column_names}


def _counts(index: Index) -> Counts | None:
    """The counts of words of an index as it is; None where it is sealed. Raises UnusableIndexError."""
    if index.manifest.form != "full":
        return None
    if not index.manifest.segments:
        return count_words_of(index, np.ones(index.manifest.assets, np.bool_))[0]
    path = index.folder / index.manifest.state / COUNTS
    size = 4 * layout.MOST_MODEL_CELLS
    try:
        data = zstandard.ZstdDecompressor().decompress(path.read_bytes(), max_output_size=size)
    except zstandard.ZstdError as error:
        raise UnusableIndexError(f"{path}: is damaged: {error}") from None
    if len(data) != size:
        raise UnusableIndexError(f"{path}: is damaged: it does not hold {layout.MOST_MODEL_CELLS:,} counts")
    return np.frombuffer(data, dtype="<u4")


def write_state(folder: Path, state: State) -> dict[str, Any]:
    """Write the files of a state; return what the manifest says of the works that count."""
    live = np.concatenate(state.live)
    live.tofile(folder / LIVE)
    ids = state.assets().table(["work_id"])["work_id"]
    works = pa.concat_arrays(ids.chunks).dictionary_encode()
    works.indices.to_numpy().astype("<u4").tofile(folder / WORKS)  # numbered by their first asset
    if state.counts is not None:
        word_model(state.counts, layout.model_cells(state.words)).tofile(folder / layout.MODEL)
        packed = zstandard.ZstdCompressor(level=1).compress(state.counts.astype("<u4").tobytes())
        (folder / COUNTS).write_bytes(packed)
    of = [segment for _, segment in state.segments]
    return state.totals() | {
        "works": len(works.dictionary),
        "assets": int(live.sum()),
        "words": state.words,
        "fingerprints": sum(segment.fingerprints for segment in of),
        "dropped_fingerprints": sum(segment.dropped_fingerprints for segment in of),
    }
