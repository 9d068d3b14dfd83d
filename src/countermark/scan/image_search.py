"""Searching batches of pictures: the searcher of an index of pictures and of the controls beside it.

What a shard found is kept as it stood: the bytes of each record with a finding, and the works for print, so that the
evidence can be drawn again from the run folder alone.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from countermark.corpus.sketches import SketchBatch
from countermark.errors import InputError, PictureError, RunError, UnusableIndexError
from countermark.fingerprint.image.embedding import LONGEST, EmbeddingModel
from countermark.images.decode import read_colour, read_frames
from countermark.index.image.lookup import open_image_index
from countermark.language import printable
from countermark.matching.image.candidates import MOST
from countermark.matching.image.matcher import ImageMatcher, Looked
from countermark.matching.image.rows import METHOD, METHOD_FILE, Seen, finding_of
from countermark.matching.image.same import SAME_FILE_SCORE, same_file, settled
from countermark.matching.rows import Context
from countermark.media import Refusal
from countermark.scan.keeping import keep
from countermark.scan.reserved import open_judge
from countermark.scan.search import Amounts
from countermark.scan.sketch_search import KeptSketches, SketchSearch
from countermark.storage.store import store_of

if TYPE_CHECKING:
    from countermark.corpus.images.batch import ImageBatch
    from countermark.findings.finding import Finding
    from countermark.images.decode import Pictured
    from countermark.images.frame import Frame
    from countermark.index.image.lookup import ImageIndex
    from countermark.matching.image.match import ImageMatch
    from countermark.matching.image.same import Colours
    from countermark.scan.search import Begun, SearchSettings

Vector = npt.NDArray[np.float32] | None

CROWDED = f"more works may be in it than the {MOST} that were looked at"
NO_TEXT = Amounts(0, 0)

cv2.setNumThreads(1)  # workers are processes


class ImageSearcher:
    """Matches batches of pictures against the main index and the index of controls."""

    def __init__(self, settings: SearchSettings) -> None:
        """Open both indices. Raises UnusableIndexError when one is not what the run was planned with."""
        self._settings = settings
        self._judge = open_judge(settings.reservations)
        self._excerpts = not settings.identity.excerpts
        identity = settings.identity
        wanted = [(settings.index, identity.index, False)]
        if settings.controls is not None and identity.controls is not None:
            wanted.append((settings.controls, identity.controls, True))
        self._matchers: list[tuple[ImageMatcher, bool]] = []
        for path, digest, is_control in wanted:
            index = open_image_index(Path(path))
            if index.manifest.identity != digest:
                raise UnusableIndexError(f"{path}: the index was replaced while the run was on")
            self._matchers.append((ImageMatcher(index), is_control))
        self._model = _open_model(settings, [matcher.index for matcher, _ in self._matchers])
        named = settings.corpus, settings.snapshot_date
        self._in_sketches = SketchSearch([(m.index, is_control) for m, is_control in self._matchers], *named)
        self._kept: KeptSketches | None = None
        self._shard = ""
        self._refused: list[Refusal] = []
        self._bytes = self._frames = self._skipped = 0

    def begin(self, begun: Begun) -> None:
        """Forget what a shard before left, should it have failed."""
        self._store = store_of(begun.run)
        self._refused = []
        self._bytes = self._frames = self._skipped = 0
        if self._kept is not None:
            self._kept.drop()
        self._kept = KeptSketches(begun) if self._settings.keep_sketches else None

    def findings(self, batch: ImageBatch | SketchBatch, shard: str) -> list[Finding]:
        """The findings in one batch, of pictures or of sketches of some."""
        if isinstance(batch, SketchBatch):
            self._frames += len(batch)
            return self._in_sketches.findings(batch)
        self._shard = shard
        found: list[Finding] = []
        for record, data in enumerate(batch.data):
            self._bytes += len(data)
            try:
                pictured = read_frames(data)
            except PictureError as error:
                self._refuse(batch, record, error.reason, str(error))
                continue
            self._frames += len(pictured.frames)
            self._skipped += max(0, pictured.count - len(pictured.frames))
            if pictured.damaged:
                self._refuse(batch, record, "damaged", "only a part could be decoded; that part was searched")
            found.extend(self._in_record(batch, record, pictured, shard))
        return found

    def _in_record(self, batch: ImageBatch, record: int, pictured: Pictured, shard: str) -> list[Finding]:
        """Of each work that is seen in a record one finding, that of the frame in which it is seen best."""
        found = []
        frames = [Looked.at(frame) for frame in pictured.frames]
        if self._kept is not None:
            self._kept.add(batch, record, frames)
        vectors = self._vectors(batch, record, pictured)
        for matcher, is_control in self._matchers:
            named = self._settings.corpus, self._settings.snapshot_date
            context = Context(*named, shard, is_control, self._judge, self._excerpts)
            for seen in self._seen(matcher, frames, vectors, batch, record):
                found.append(finding_of(seen, batch, record, context))
                digest, copy = seen.asset["asset_digest"], matcher.index.print_of(seen.match.asset)
                keep(self._store, "works", digest, copy)
        if found and self._excerpts:
            keep(self._store, "pictures", found[0].record_digest, batch.data[record])
        return found

    def _seen(
        self,
        matcher: ImageMatcher,
        frames: list[Looked],
        vectors: list[Vector],
        batch: ImageBatch,
        record: int,
    ) -> list[Seen]:
        """The works in a record, grades settled: what is the work's own file is told without a look."""
        data = batch.data[record]
        best, crowded = self._best(matcher, frames, vectors)
        if crowded:
            self._refuse(batch, record, "crowded", CROWDED)
        index = matcher.index
        for asset in index.of_file(hashlib.sha256(data).hexdigest()):
            best[asset] = same_file(asset), frames[0].frame
        seen = []
        for asset, (match, frame) in sorted(best.items()):
            if match.score < SAME_FILE_SCORE:
                match = settled(match, partial(_colours, index, asset, data, frame.number))  # noqa: PLW2901
            method = METHOD_FILE if match.score >= SAME_FILE_SCORE else METHOD
            seen.append(Seen(match, frame, index.assets()[asset], index.manifest.scheme, method))
        return seen

    def _vectors(self, batch: ImageBatch, record: int, pictured: Pictured) -> list[Vector]:
        """What the user's model makes of each frame; None without one, and from the first that it fails on."""
        vectors: list[Vector] = [None] * len(pictured.frames)
        if self._model is None:
            return vectors
        try:
            for place, frame in enumerate(pictured.frames):
                rgb = read_colour(batch.data[record], longest=LONGEST, frame=frame.number)
                vectors[place] = self._model.vector(rgb)
        except PictureError as error:
            self._refuse(batch, record, "embedding", f"searched without the model of --embedding: {error}")
        return vectors

    def _best(
        self, matcher: ImageMatcher, frames: list[Looked], vectors: list[Vector]
    ) -> tuple[dict[int, tuple[ImageMatch, Frame]], bool]:
        """By asset the best match and its frame; and whether more works may be there than were tried."""
        best: dict[int, tuple[ImageMatch, Frame]] = {}
        crowded = False
        for looked, vector in zip(frames, vectors, strict=True):
            for match in matcher.match(looked, vector):
                if match.asset not in best or match.score > best[match.asset][0].score:
                    best[match.asset] = match, looked.frame
            crowded |= matcher.crowded
        return best, crowded

    def _refuse(self, batch: ImageBatch, record: int, reason: str, detail: str) -> None:
        told = f"{printable(batch.names[record])}: {detail}"
        self._refused.append(Refusal(self._shard, int(batch.row[record]), reason, told))

    def take_refused(self) -> list[Refusal]:
        """The pictures since the last call that could not be decoded, or not wholly."""
        refused, self._refused = self._refused, []
        return refused

    def measure(self, batch: ImageBatch) -> Amounts:  # noqa: ARG002  as the protocol has it
        """Pictures hold no text."""
        return NO_TEXT

    def finish(self) -> dict[str, dict[str, Any]]:
        """How much was looked at, and the digest of the sketches that are kept. Raises OutputError."""
        said: dict[str, Any] = {
            "bytes": self._bytes,
            "frames": self._frames,
            "frames_skipped": self._skipped,
        }
        if self._kept is not None:
            kept, self._kept = self._kept, None
            said["sketches"] = kept.write()
        return {"pictures": said}


def _colours(index: ImageIndex, asset: int, data: bytes, frame: int) -> Colours | None:
    """Work and record as RGB, at the size of the work's view; None where one cannot be decoded."""
    try:
        work = index.colours(asset)
        return work, read_colour(data, longest=max(work.shape[:2]), frame=frame)
    except PictureError:
        return None


def _open_model(settings: SearchSettings, indices: list[ImageIndex]) -> EmbeddingModel | None:
    """The user's model, if one takes part. Raises RunError, UnusableIndexError where it is not the one planned with."""
    if settings.embedding is None:
        return None
    try:
        model = EmbeddingModel(Path(settings.embedding))
    except InputError as error:
        raise RunError(str(error)) from error
    if model.digest != settings.identity.embedding:
        raise RunError(f"--embedding {settings.embedding}: the model was replaced while the run was on")
    for index in indices:
        if index.vectors is not None and index.vectors.shape[1] != model.dimensions:
            raise UnusableIndexError(
                f"{index.folder}: its vectors are not of the model that it names: build it again"
            )
    return model


@lru_cache(maxsize=1)
def open_searcher(settings: SearchSettings) -> ImageSearcher:
    """A searcher, opened once per process."""
    return ImageSearcher(settings)
