"""The first half of building an index: works go through once, folded, and are kept as flat files.

How long a window must be depends on how many letters there are, so windows are hashed only when all works are in. Until
then the letters wait in a file: that of the full index, or, for a sealed one, a nameless temporary file.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import zstandard

from countermark.fingerprint._fold_kernel import count_points
from countermark.fingerprint._surprise_kernel import count_words, word_model
from countermark.fingerprint.folding import Folded, fold
from countermark.index import layout
from countermark.index.assets import AssetsWriter
from countermark.index.prints import Catalog
from countermark.index.streams import BitStream, NumberStream

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from countermark.works.work import WorkFile


class CatalogFiles:
    """The files of an index but those for lookup, while they are written; and the counts of what is in them.

    Memory does not grow with the catalog but for the numbers of works by their ids: about 150 bytes a work.
    """

    def __init__(self, folder: Path, *, sealed: bool) -> None:
        self.folder, self.sealed = folder, sealed
        self.counts = np.zeros(0 if sealed else layout.MOST_MODEL_CELLS, dtype=np.uint32)
        self.assets = self.words = self.letters = self.code_points = 0
        self.end = layout.SEPARATION
        self._numbers: dict[str, int] = {}
        self.rows = AssetsWriter(folder / layout.ASSETS)
        self.starts = NumberStream((folder / layout.ASSET_STARTS).open("wb"), "<u8")
        self.works_of = NumberStream((folder / layout.ASSET_WORKS).open("wb"), "<u4")
        self.points = NumberStream((folder / layout.POINTS).open("wb"), "<u4")
        self.letters_file = self._hidden(layout.LETTERS)
        self.breaks = BitStream(self._hidden(layout.BREAKS))
        self.texts = None if sealed else (folder / layout.TEXTS).open("wb")
        self.chunks = None if sealed else NumberStream((folder / layout.CHUNKS).open("wb"), "<u8")
        self.texts_end = 0
        self.letters_file.write(bytes(layout.SEPARATION))

    def _hidden(self, name: str) -> IO[bytes]:
        """A file of the full index; of a sealed one it has no name, and is gone when it is closed."""
        return tempfile.TemporaryFile() if self.sealed else (self.folder / name).open("w+b")

    @property
    def works(self) -> int:
        """The number of works so far."""
        return len(self._numbers)

    def number_of(self, work_id: str) -> int:
        """The number of a work: they are numbered by their first asset."""
        return self._numbers.setdefault(work_id, len(self._numbers))

    def finish(self) -> Catalog:
        """End all files but those of letters and breaks; return these, for hashing."""
        self.starts.add(self.end)
        if self.chunks is not None and self.texts is not None:
            self.chunks.add((self.end, self.texts_end, 0))
            self.chunks.close()
            self.texts.close()
            model = word_model(self.counts, layout.model_cells(self.words))
            model.tofile(self.folder / layout.MODEL)
            self.counts = self.counts[:0]
        for stream in (self.starts, self.works_of, self.points):
            stream.close()
        self.rows.close()
        self.letters_file.flush()
        self.breaks.finish(self.end)
        starts = np.memmap(self.folder / layout.ASSET_STARTS, dtype="<u8", mode="r")
        return Catalog(self.letters_file, self.breaks.file, np.asarray(starts))

    def facts(self) -> dict[str, Any]:
        """What a manifest says of the catalog."""
        names = ("assets", "words", "letters", "code_points", "works")
        return {name: getattr(self, name) for name in names} | {"form": "sealed" if self.sealed else "full"}

    def close(self) -> None:
        """Close the files, all of them also where what waits for one can no longer be written."""
        streams = (self.starts, self.works_of, self.points, self.chunks, self.texts, self.rows)
        with ExitStack() as stack:
            for stream in (self.letters_file, self.breaks.file, *streams):
                if stream is not None:
                    stack.callback(stream.close)


class Collection(CatalogFiles):
    """The works of an index to be: their letters, where words begin, and what is known of each."""

    def __init__(self, folder: Path, *, sealed: bool) -> None:
        super().__init__(folder, sealed=sealed)
        self._packer = zstandard.ZstdCompressor(level=3)

    def add(self, file: WorkFile) -> None:
        """Append one work's file."""
        folded = fold(file.asset.text)
        after = self.end + len(folded.letters) + layout.SEPARATION
        self.breaks.mark(folded.anchors, self.end, after)
        if self.texts and self.chunks:
            self._keep_text(folded, self.texts, self.chunks)
        self.starts.add(self.end)
        self.points.extend(_checkpoints(folded))
        self.letters_file.write(folded.letters.tobytes() + bytes(layout.SEPARATION))
        row = self._row(file, len(folded.letters))
        self.works_of.add(row["work_number"])
        self.rows.add(row)
        self.assets += 1
        self.words += len(folded.anchors)
        self.letters += len(folded.letters)
        self.code_points += len(file.asset.text)
        self.end = after

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
            "work_number": self.number_of(work.work_id),
        }

    def _keep_text(self, folded: Folded, texts: IO[bytes], chunks: NumberStream) -> None:
        """Keep what only the full form has: counts of words, and the text in frames cut at anchors."""
        count_words(folded.letters, folded.anchors, self.counts)
        steps = np.arange(layout.CHUNK_BYTES, len(folded.data), layout.CHUNK_BYTES)
        cuts = np.searchsorted(folded.sources, steps)
        cuts = np.unique(cuts[cuts < len(folded.sources)])
        bounds = [0, *folded.sources[cuts].tolist(), len(folded.data)]
        letters = [0, *folded.anchors[cuts].tolist()]
        points = 0
        for first, last, letter in zip(bounds, bounds[1:], letters, strict=False):
            chunks.add((self.end + letter, self.texts_end, points))
            self.texts_end += texts.write(self._packer.compress(folded.data[first:last].tobytes()))
            points += int(count_points(folded.data, first, last))


def _checkpoints(folded: Folded) -> npt.NDArray[np.uint32]:
    """Return the code point of every 256th letter, and one more: the number of code points of the text."""
    wanted = np.arange(0, len(folded.letters), layout.POINT_STEP)
    points = folded.spans(wanted, wanted + 1)[:, 0]
    return np.append(points, count_points(folded.data, 0, len(folded.data))).astype(np.uint32)
