"""The quotation filter: windows whose continuation stands in public text are not asked.

A model may know a verse of the Bible or a clause of a licence from anywhere. The user gives an index over public text
(`countermark index build`), and the continuation of every window, of works and of controls alike, is looked for in it
by the engine that scans corpora. A full index finds every shared run of 80 letters, whatever its words weigh.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.corpus.base import RecordBatch
    from countermark.memorization.extraction.windows import Window


class Quoted(NamedTuple):
    """Where the continuation of window number `window` stands: a public work, and the letters that agree."""

    window: int
    title: str
    letters: int


class Quotations:
    """An index over public text, open for lookup."""

    def __init__(self, folder: Path, salt: bytes | None = None) -> None:
        """Open the index. Raises UnusableIndexError."""
        from countermark.index import open_index  # noqa: PLC0415 (loads the kernels)
        from countermark.matching.matcher import Matcher  # noqa: PLC0415

        self._index = open_index(folder, salt)
        self._index.verify()
        self._matcher = Matcher(self._index)

    def facts(self) -> dict[str, Any]:
        """What a plan says of the index: `guarantee_letters` is the shortest run that is always found."""
        manifest = self._index.manifest
        return {
            "index": manifest.identity,
            "form": manifest.form,
            "works": manifest.works,
            "words": manifest.words,
            "guarantee_letters": manifest.guarantee_letters,
        }

    def quoted(self, text: str, windows: Sequence[Window], letters: int) -> list[Quoted]:
        """The windows whose continuation agrees with public text in so many folded letters, in order."""
        if not windows:
            return []
        found: dict[int, Quoted] = {}
        batch = batch_of([text[window.border : window.end] for window in windows])
        for match in self._matcher.match(batch):
            best = found.get(match.record)
            if match.matched >= letters and (best is None or match.matched > best.letters):
                title = str(self._index.assets()[match.asset]["work_title"])
                found[match.record] = Quoted(match.record, title, match.matched)
        return [found[number] for number in sorted(found)]


def batch_of(texts: list[str]) -> RecordBatch:
    """Texts as the matcher takes them, each a record without a name."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    from countermark.corpus.base import RecordBatch  # noqa: PLC0415

    n = len(texts)
    empty = pa.nulls(n, pa.string())
    zeros = np.zeros(n, dtype=np.int64)
    return RecordBatch(pa.array(texts, pa.large_string()), np.arange(n), empty, empty, empty, zeros)
