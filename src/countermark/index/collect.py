"""The first half of building an index: works go through once, folded, and are kept as flat files.

How long a window must be depends on how many letters there are, so windows are hashed only when all works are in. Until
then the letters wait in a file: that of the full index, or, for a sealed one, a nameless temporary file.
"""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import zstandard

from countermark.fingerprint._fold_kernel import count_points
from countermark.fingerprint._surprise_kernel import count_words, mark_breaks
from countermark.fingerprint.folding import Folded, fold
from countermark.index import layout

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from countermark.works.work import WorkFile

ASSETS_SCHEMA = pa.schema(
    [  # type: ignore[arg-type]  # the stubs lose the fields' type in a list
        ("work_id", pa.string()),
        ("work_title", pa.string()),
        ("work_author", pa.string()),
        ("work_published", pa.string()),
        ("work_licence", pa.string()),
        ("asset_path", pa.string()),
        ("asset_digest", pa.string()),
        ("code_points", pa.int64()),
        ("letters", pa.int64()),
        ("work_number", pa.int64()),
    ]
)


class Collection:
    """The works of an index to be: their letters, where words begin, and what is known of each."""

    def __init__(self, folder: Path, *, sealed: bool) -> None:
        self.rows: list[dict[str, Any]] = []
        self.starts: list[int] = []
        self.points: list[npt.NDArray[np.uint32]] = []
        self.chunks: list[tuple[int, int, int]] = []
        self.counts = np.zeros(0 if sealed else layout.MOST_MODEL_CELLS, dtype=np.uint32)
        self.breaks = np.zeros(1 << 16, dtype=np.uint8)
        self.words = self.letters = self.code_points = 0
        self.end = layout.SEPARATION
        self.sealed = sealed
        self._numbers: dict[str, int] = {}
        self._packer = zstandard.ZstdCompressor(level=3)
        self.texts_end = 0
        self._letters = self._letters_file(folder)
        self._texts = None if sealed else (folder / layout.TEXTS).open("wb")
        self._letters.write(bytes(layout.SEPARATION))

    def _letters_file(self, folder: Path) -> IO[bytes]:
        if self.sealed:
            return tempfile.TemporaryFile()  # it has no name, and is gone when it is closed
        return (folder / layout.LETTERS).open("w+b")

    @property
    def works(self) -> int:
        """The number of works so far."""
        return len(self._numbers)

    def add(self, file: WorkFile) -> None:
        """Append one work's file."""
        folded = fold(file.asset.text)
        self._mark(folded)
        if self._texts:
            self._keep_text(folded, self._texts)
        self.starts.append(self.end)
        self.points.append(_checkpoints(folded))
        self._letters.write(folded.letters.tobytes() + bytes(layout.SEPARATION))
        self.rows.append(self._row(file, len(folded.letters)))
        self.words += len(folded.anchors)
        self.letters += len(folded.letters)
        self.code_points += len(file.asset.text)
        self.end += len(folded.letters) + layout.SEPARATION

    def _row(self, file: WorkFile, letters: int) -> dict[str, Any]:
        work, asset = file.work, file.asset
        return {
            "work_id": work.work_id,
            "work_title": work.title,
            "work_author": work.author,
            "work_published": work.published.isoformat() if work.published else None,
            "work_licence": work.licence,
            "asset_path": asset.path,
            "asset_digest": asset.digest,
            "code_points": len(asset.text),
            "letters": letters,
            "work_number": self._numbers.setdefault(work.work_id, len(self._numbers)),
        }

    def _mark(self, folded: Folded) -> None:
        needed = (self.end + len(folded.letters)) // 8 + 1
        if needed > len(self.breaks):
            self.breaks = np.concatenate([self.breaks, np.zeros(needed, dtype=np.uint8)])
        mark_breaks(folded.anchors, self.end, self.breaks)

    def _keep_text(self, folded: Folded, texts: IO[bytes]) -> None:
        """Keep what only the full form has: counts of words, and the text in frames cut at anchors."""
        count_words(folded.letters, folded.anchors, self.counts)
        steps = np.arange(layout.CHUNK_BYTES, len(folded.data), layout.CHUNK_BYTES)
        cuts = np.searchsorted(folded.sources, steps)
        cuts = np.unique(cuts[cuts < len(folded.sources)])
        bounds = [0, *folded.sources[cuts].tolist(), len(folded.data)]
        letters = [0, *folded.anchors[cuts].tolist()]
        points = 0
        for first, last, letter in zip(bounds, bounds[1:], letters, strict=False):
            self.chunks.append((self.end + letter, self.texts_end, points))
            self.texts_end += texts.write(self._packer.compress(folded.data[first:last].tobytes()))
            points += int(count_points(folded.data, first, last))

    def all_letters(self) -> npt.NDArray[np.uint8]:
        """The letters of the whole catalog, mapped from their file."""
        self._letters.flush()
        return np.asarray(np.memmap(self._letters, dtype=np.uint8, mode="r"))

    def close(self) -> None:
        """Close the files."""
        self._letters.close()
        if self._texts:
            self._texts.close()


def _checkpoints(folded: Folded) -> npt.NDArray[np.uint32]:
    """Return the code point of every 256th letter, and one more: the number of code points of the text."""
    wanted = np.arange(0, len(folded.letters), layout.POINT_STEP)
    points = folded.spans(wanted, wanted + 1)[:, 0]
    return np.append(points, count_points(folded.data, 0, len(folded.data))).astype(np.uint32)
