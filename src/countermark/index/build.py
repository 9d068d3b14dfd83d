"""Building an index from works.

Text goes through once: folded, sampled, appended to flat files; what must be sorted is sorted at the end. Nothing of
the works but hashes is written to a sealed index.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from countermark import __version__
from countermark.errors import InputError, OutputError
from countermark.fingerprint._fold_kernel import count_points
from countermark.fingerprint._surprise_kernel import count_words, mark_breaks, word_model
from countermark.fingerprint.folding import Folded, fold
from countermark.fingerprint.text import TextFingerprinter, TextScheme
from countermark.index import layout
from countermark.index._filter_kernel import fill_directory, fill_filter, keep_places
from countermark.index.manifest import MANIFEST, Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

    from countermark.works.work import WorkFile

KEY_CHECK_TEXT = b"countermark key check, version 1"


class _Catalog:
    """Appends works to the flat files of an index, and remembers what must be sorted."""

    def __init__(self, folder: Path, fingerprinter: TextFingerprinter, *, sealed: bool) -> None:
        self._folder = folder
        self._fingerprinter = fingerprinter
        self._sealed = sealed
        self._packer = zstandard.ZstdCompressor(level=3)
        self._letters = (folder / layout.LETTERS).open("wb") if not sealed else None
        self._texts = (folder / layout.TEXTS).open("wb") if not sealed else None
        self._chunks: list[tuple[int, int, int]] = []
        self._texts_end = 0
        self._anchors: list[npt.NDArray[np.uint64]] = []
        self._counts = np.zeros(layout.MOST_MODEL_CELLS if not sealed else 0, dtype=np.uint32)
        self._hashes: list[npt.NDArray[np.uint64]] = []
        self._postings: list[npt.NDArray[np.uint64]] = []
        self._starts: list[int] = []
        self._points: list[npt.NDArray[np.uint32]] = []
        self._work_numbers: dict[str, int] = {}
        self.rows: list[dict[str, Any]] = []
        self.words = self.letters = self.code_points = 0
        self._end = layout.SEPARATION
        self._append(np.zeros(layout.SEPARATION, dtype=np.uint8))

    def add(self, file: WorkFile) -> None:
        """Append one work's file."""
        folded = fold(file.asset.text)
        prints = self._fingerprinter.sample(folded)
        if not self._sealed:
            self._keep_text(folded)
        self._starts.append(self._end)
        self._hashes.append(prints.hashes)
        self._postings.append(prints.offsets.astype(np.uint64) + np.uint64(self._end))
        self._points.append(_checkpoints(folded))
        self._append(folded.letters, np.zeros(layout.SEPARATION, dtype=np.uint8))
        work, asset = file.work, file.asset
        number = self._work_numbers.setdefault(work.work_id, len(self._work_numbers))
        self.rows.append(
            {
                "work_id": work.work_id,
                "work_title": work.title,
                "work_author": work.author,
                "work_published": work.published.isoformat() if work.published else None,
                "work_licence": work.licence,
                "asset_path": asset.path,
                "asset_digest": asset.digest,
                "code_points": len(asset.text),
                "letters": len(folded.letters),
                "work_number": number,
            }
        )
        self.words += len(folded.anchors)
        self.letters += len(folded.letters)
        self.code_points += len(asset.text)
        self._end += len(folded.letters) + layout.SEPARATION

    def _keep_text(self, folded: Folded) -> None:
        """Keep what only the full form has: the text in frames cut at anchors, word breaks, word counts."""
        count_words(folded.letters, folded.anchors, self._counts)
        self._anchors.append(folded.anchors.astype(np.uint64) + np.uint64(self._end))
        cuts = np.searchsorted(
            folded.sources, np.arange(layout.CHUNK_BYTES, len(folded.data), layout.CHUNK_BYTES)
        )
        cuts = np.unique(cuts[cuts < len(folded.sources)])
        bounds = [0, *folded.sources[cuts].tolist(), len(folded.data)]
        letters = [0, *folded.anchors[cuts].tolist()]
        points = 0
        for first, last, letter in zip(bounds, bounds[1:], letters, strict=False):
            self._chunks.append((self._end + letter, self._texts_end, points))
            packed = self._packer.compress(folded.data[first:last].tobytes())
            self._texts_end += len(packed)
            if self._texts:
                self._texts.write(packed)
            points += int(count_points(folded.data, first, last))

    def _append(self, *pieces: npt.NDArray[np.uint8]) -> None:
        if self._letters:
            for piece in pieces:
                self._letters.write(piece.tobytes())

    def close(self) -> None:
        """Close the files that grew with the works."""
        for file in (self._letters, self._texts):
            if file:
                file.close()

    def finish(self) -> tuple[int, int]:
        """Sort and write all that remains; return (fingerprints kept, fingerprints dropped as too common)."""
        hashes = np.concatenate([*self._hashes, np.zeros(0, np.uint64)])
        postings = np.concatenate([*self._postings, np.zeros(0, np.uint64)])
        self._hashes, self._postings = [], []
        order = np.argsort(hashes, kind="stable")
        hashes, postings = hashes[order], postings[order]
        keep = np.ones(len(hashes), dtype=np.bool_)
        dropped = keep_places(hashes, layout.MOST_PLACES, keep)
        if dropped:
            hashes, postings = hashes[keep], postings[keep]
        directory = np.zeros(
            max(1, len(hashes) // layout.ENTRIES_PER_BUCKET) + 1, dtype=layout.smallest(len(hashes))
        )
        fill_directory(hashes, directory)
        blocks = np.zeros(max(1, len(hashes) // layout.FILTER_ENTRIES_PER_BLOCK), dtype="<u8")
        fill_filter(hashes, blocks)
        self._write(layout.KEYS, (hashes & np.uint64(0xFFFFFFFF)).astype("<u4"))
        self._write(layout.POSTINGS, postings.astype(layout.smallest(self._end)))
        self._write(layout.DIRECTORY, directory)
        self._write(layout.FILTER, blocks)
        self._write(layout.ASSET_STARTS, np.array([*self._starts, self._end], dtype="<u8"))
        self._write(layout.ASSET_WORKS, np.array([row["work_number"] for row in self.rows], dtype="<u4"))
        self._write(layout.POINTS, np.concatenate([*self._points, np.zeros(0, np.uint32)]).astype("<u4"))
        if not self._sealed:
            breaks = np.zeros(self._end // 8 + 1, dtype=np.uint8)
            for anchors in self._anchors:
                mark_breaks(anchors, breaks)
            self._write(
                layout.CHUNKS, np.array([*self._chunks, (self._end, self._texts_end, 0)], dtype="<u8")
            )
            self._write(layout.BREAKS, breaks)
            self._write(layout.MODEL, word_model(self._counts, layout.model_cells(self.words)))
        pq.write_table(pa.Table.from_pylist(self.rows, schema=ASSETS_SCHEMA), self._folder / layout.ASSETS)
        return len(hashes), int(dropped)

    @property
    def works(self) -> int:
        """The number of works so far."""
        return len(self._work_numbers)

    def _write(self, name: str, array: npt.NDArray[Any]) -> None:
        array.tofile(self._folder / name)


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


def _checkpoints(folded: Folded) -> npt.NDArray[np.uint32]:
    """Return the code point of every 256th letter, with one more at the end, read off the anchors nearby."""
    points_of_byte = np.concatenate(([0], np.cumsum((folded.data & 0xC0) != 0x80))).astype(np.uint32)
    if not len(folded.anchors):
        return np.array([points_of_byte[-1]], dtype=np.uint32)
    wanted = np.arange(0, len(folded.letters), layout.POINT_STEP)
    near = np.searchsorted(folded.anchors, wanted, side="right") - 1
    values = points_of_byte[folded.sources[near]] + (wanted - folded.anchors[near]).astype(np.uint32)
    return np.append(values, points_of_byte[-1]).astype(np.uint32)


def build_index(
    files: Iterable[WorkFile],
    out: Path,
    *,
    salt: bytes | None = None,
    sealed: bool = False,
    scheme: str | None = None,
) -> Manifest:
    """Build an index of `files` as the folder `out`, which must not exist or be an index to replace.

    `sealed` keeps hashes only and needs a `salt`. Raises InputError when there is nothing to index, OutputError when
    it cannot be written; an index that fails half-way leaves nothing behind.
    """
    if sealed != (salt is not None):
        raise InputError("a sealed index needs a salt, and only a sealed index has one")
    if out.exists() and not (out / MANIFEST).is_file():
        raise OutputError(f"{out} exists and is not an index; it is left alone: name another folder")
    recipe = TextScheme.parse(scheme) if scheme else TextScheme()
    work_folder = out.with_name(out.name + ".part")
    shutil.rmtree(work_folder, ignore_errors=True)
    try:
        work_folder.mkdir(parents=True)
        manifest = _build(files, work_folder, recipe, salt)
        if out.exists():
            shutil.rmtree(out)
        work_folder.rename(out)
    except OSError as error:
        raise OutputError(f"the index {out} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(work_folder, ignore_errors=True)
    return manifest


def _build(files: Iterable[WorkFile], folder: Path, recipe: TextScheme, salt: bytes | None) -> Manifest:
    fingerprinter = TextFingerprinter(recipe, salt)
    catalog = _Catalog(folder, fingerprinter, sealed=salt is not None)
    try:
        for file in files:
            catalog.add(file)
    finally:
        catalog.close()
    if not catalog.rows:
        raise InputError("there is no work to index: no file with readable text was given")
    kept, dropped = catalog.finish()
    listing = {path.name: _described(path) for path in sorted(folder.iterdir())}
    facts: dict[str, Any] = {
        "scheme": recipe.name,
        "form": "full" if salt is None else "sealed",
        "works": catalog.works,
        "assets": len(catalog.rows),
        "words": catalog.words,
        "letters": catalog.letters,
        "code_points": catalog.code_points,
        "fingerprints": kept,
        "dropped_fingerprints": dropped,
        "guarantee_letters": recipe.guarantee(sealed=salt is not None),
        "key_check": key_check(salt),
        "files": listing,
    }
    identity = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    manifest = Manifest(identity=identity, engine_version=__version__, **facts)
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def key_check(salt: bytes | None) -> str:
    """A short keyed digest of a fixed text: the same salt gives the same one."""
    return (
        "" if salt is None else hashlib.blake2b(KEY_CHECK_TEXT, key=_short(salt), digest_size=8).hexdigest()
    )


def _short(salt: bytes) -> bytes:
    return hashlib.blake2b(salt, digest_size=32).digest()


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"size": os.path.getsize(path), "sha256": digest}  # noqa: PTH202
