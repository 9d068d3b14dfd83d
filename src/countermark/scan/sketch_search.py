"""Sketches of pictures: kept by a scan, and searched by a later one for works that were registered meanwhile.

What a sketch says is not confirmed: there is no picture to look at. So a finding among sketches is graded `identifier`,
never `copy`, and names the file and the row of the data set that the picture stood in, where it can be looked at again.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark.atomic import make_folder
from countermark.corpus.sketches import SUFFIX, SketchesOf, SketchRow, SketchWriter
from countermark.errors import CorpusError
from countermark.findings.finding import Finding, Grade
from countermark.fingerprint.image.sketch import SKETCH_SCHEME, sketch_of
from countermark.matching.image.by_sketch import SketchCandidate, SketchLookup
from countermark.matching.rows import Context, searched_for
from countermark.storage.place import is_url
from countermark.storage.store import store_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.corpus.images.batch import ImageBatch
    from countermark.corpus.sketches import SketchBatch
    from countermark.index.image.lookup import ImageIndex
    from countermark.matching.image.matcher import Looked
    from countermark.scan.search import Begun
    from countermark.storage.store import Store

FOLDER = "sketches"
METHOD_HASH, METHOD_KEYS = "sketch: hash of the whole", "sketch: keys of features"


class KeptSketches:
    """The sketches of one shard, written as they come, into a file that is there at the end or not at all.

    For a run folder at a URL the file is made in a temporary folder, and put there whole.
    """

    def __init__(self, begun: Begun) -> None:
        self._name = f"{FOLDER}/{begun.name}{SUFFIX}"
        self._store: Store | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        if is_url(begun.run):
            self._store = store_of(begun.run)
            self._scratch = tempfile.TemporaryDirectory(prefix="countermark-sketches-")
        self._path = Path(self._scratch.name if self._scratch else begun.run, self._name)
        make_folder(self._path.parent)
        self._count = 0
        self._writer = SketchWriter(self._path, SketchesOf(begun.shard, begun.digest, SKETCH_SCHEME))
        self._writer.__enter__()

    def add(self, batch: ImageBatch, record: int, frames: Sequence[Looked]) -> None:
        """Keep one record, frame by frame."""
        place = int(batch.row[record]), batch.record_id[record], batch.record_url[record]
        for looked in frames:
            frame = looked.frame
            row = SketchRow(*place, frame.width, frame.height, frame.number)
            self._writer.add(row, sketch_of(looked.parts, looked.features))
            self._count += 1

    def write(self) -> dict[str, Any]:
        """Give the file its name; return how many sketches there are, and its digest. Raises OutputError."""
        self._writer.__exit__(None, None, None)
        with self._path.open("rb") as file:
            said = {"count": self._count, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
        if self._store is not None:
            self._store.write(self._name, self._path.read_bytes())
        self._clear()
        return said

    def drop(self) -> None:
        """Leave nothing behind of a shard that failed."""
        with suppress(_Dropped):
            self._writer.__exit__(_Dropped, _Dropped(), None)
        self._clear()

    def _clear(self) -> None:
        if self._scratch is not None:
            self._scratch.cleanup()


class _Dropped(Exception):  # noqa: N818  no error: nothing went wrong where it is raised
    """What tells the writer that its file is not wanted."""


class SketchSearch:
    """Looks for the works of some indices, controls among them, in sketches."""

    def __init__(
        self, indices: Sequence[tuple[ImageIndex, bool]], corpus: str, snapshot_date: str | None
    ) -> None:
        self._indices = indices
        self._named = corpus, snapshot_date
        self._lookups: list[SketchLookup] = []

    def findings(self, batch: SketchBatch) -> list[Finding]:
        """One finding for each work and record near enough. Raises CorpusError for sketches of another recipe."""
        if batch.of.scheme != SKETCH_SCHEME:
            raise CorpusError(
                f"sketches of the recipe {batch.of.scheme} ({SKETCH_SCHEME} is read): scan the data set again"
            )
        if not self._lookups:
            self._lookups = [SketchLookup(index) for index, _ in self._indices]
        found: list[Finding] = []
        for (index, is_control), lookup in zip(self._indices, self._lookups, strict=True):
            context = Context(*self._named, batch.of.shard, is_control)
            best: dict[tuple[int, int], tuple[SketchCandidate, int]] = {}
            for at, row in enumerate(batch.rows):
                for candidate in lookup.candidates(batch.sketches[at]):
                    key = row.row, candidate.asset
                    if candidate.sure and (key not in best or candidate.strength > best[key][0].strength):
                        best[key] = candidate, at
            found += [_finding(index, context, batch, at, candidate) for candidate, at in best.values()]
        return found


def _finding(
    index: ImageIndex, context: Context, batch: SketchBatch, at: int, candidate: SketchCandidate
) -> Finding:
    asset, row = index.assets()[candidate.asset], batch.rows[at]
    place = f"sketch\0{batch.of.shard}\0{row.row}\0{asset['work_id']}\0{asset['asset_path']}"
    place += f"\0{context.is_control_index}"
    by_hash = candidate.distance is not None and candidate.distance / 128 <= 1 - candidate.strength
    return Finding(
        finding_id=hashlib.sha256(place.encode()).hexdigest()[:20],
        **searched_for(asset, context),
        asset_start=0,
        asset_end=0,
        row=row.row,
        record_id=row.record_id,
        record_url=row.url,
        record_date=None,
        record_digest=hashlib.sha256(batch.sketches[at].tobytes()).hexdigest(),
        record_start=0,
        record_end=0,
        unit="pixel",
        grade=Grade.IDENTIFIER,
        method=METHOD_HASH if by_hash else METHOD_KEYS,
        scheme=SKETCH_SCHEME,
        matched=0,
        longest_run=candidate.agreeing,
        edits=0,
        bits=round(256 * candidate.strength, 3),
        share_of_work=0.0,
        commonness=1,
        asset_excerpt=None,
        record_excerpt="",
        record_width=row.width,
        record_height=row.height,
        record_frame=row.frame,
        inliers=candidate.agreeing,
        hash_distance=candidate.distance,
    )
