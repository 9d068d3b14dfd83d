"""Changing an index that is there: works are added in a segment of their own, or dropped; what was built stays.

Every change writes its files beside what is there, and then the manifest, which replaces the old one at once: whatever
stops a change half-way leaves the index as it was. One change happens at a time.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.atomic import write_bytes
from countermark.errors import InputError, OutputError
from countermark.fingerprint.scheme import TextScheme
from countermark.index.build import build_into
from countermark.index.counting import count_words_of
from countermark.index.folder import described, locked, sync_files
from countermark.index.known import Known, Same
from countermark.index.lookup import Index, check_files, open_index
from countermark.index.manifest import MANIFEST, Manifest, read_manifest
from countermark.index.segments import HERE, MOST_SEGMENTS, check_segments, live_assets
from countermark.index.state import State, write_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from countermark.works.work import WorkFile


_TOO_MANY = f"is in {MOST_SEGMENTS} segments, and each makes every scan slower"
_INSTEAD = {
    "full": "run `countermark index compact` first",
    "sealed": "add the works to the full index, compact it, and seal it again",
}


class Added(NamedTuple):
    """The index after works were added, the number of assets that are new, and those that were in it already."""

    manifest: Manifest
    assets: int
    twice: list[Same]


class Dropped(NamedTuple):
    """The index after works were dropped (before, in a trial), and how many assets of each work went."""

    manifest: Manifest
    works: dict[str, int]


def add_works(folder: Path, files: Iterable[WorkFile], salt: bytes | None = None) -> Added:
    """Add works to the text index `folder` in a segment of their own, under the scheme (and salt) that it has.

    A file that the index holds (the same work id and digest) is left out. Costs what indexing the new works costs, and
    looking through the table of the assets that are there. Raises UnusableIndexError, InputError (also where nothing is
    new), OutputError.
    """
    with _changing(folder):
        index = open_index(folder, salt)
        if len(index.segments) == MOST_SEGMENTS:
            raise InputError(f"{folder} {_TOO_MANY}: {_INSTEAD[index.manifest.form]}")
        new = _New(index)
        with _new_segment(folder, read_manifest(folder)) as (name, work):
            recipe = TextScheme.parse(index.manifest.scheme)
            segment = build_into(work, new.among(files), recipe, salt)
            sync_files(work)
            work.rename(folder / name)
        segments = [*_segments(folder, index.manifest), (name, segment)]
        kept = [*_kept(index), np.ones(segment.assets, dtype=np.uint8)]
        counts = None
        if index.manifest.form == "full":
            added = Index(folder / name, segment, index.key)
            counts, _ = count_words_of(added, np.ones(segment.assets, dtype=np.bool_))
        state = State(folder, segments, kept).after(index, segment.words, counts)
        return Added(_commit(folder, state), segment.assets, new.twice)


def drop_works(folder: Path, work_ids: Iterable[str], *, trial: bool = False) -> Dropped:
    """Drop works from the text index `folder`: from now on no scan finds them. A `trial` changes nothing.

    What was built stays on the disk until the index is compacted. Needs no salt. Raises InputError where a work is not
    in the index, or none would be left; UnusableIndexError, OutputError.
    """
    wanted = sorted(set(work_ids))
    with _changing(folder):
        manifest = read_manifest(folder)
        index = Index.unkeyed(folder, manifest)
        works, gone = _found(index, wanted)
        if not works:
            raise InputError("no work was named that is to be dropped")
        if len(gone) == manifest.assets:
            raise InputError(f"{folder}: no work would be left; remove the folder instead")
        if trial:
            return Dropped(manifest, works)
        kept = _kept(index)
        for part, live in zip(index.parts, kept, strict=True):
            numbers = np.arange(len(live)) if part.numbers is None else part.numbers
            live[(live == 1) & np.isin(numbers, gone)] = 0
        state = State(folder, _segments(folder, manifest), kept).without(index)
        return Dropped(_commit(folder, state), works)


class _New:
    """Hands on the files that an index does not hold, and keeps the others' names."""

    def __init__(self, index: Index) -> None:
        self._folder, self._count = index.folder, len(index.assets())
        self._known = Known()
        self._known.add(index.assets())
        self.twice: list[Same] = []

    def among(self, files: Iterable[WorkFile]) -> Iterator[WorkFile]:
        number = 0
        for number, file in enumerate(files, 1):
            if self._known.holds(file.work.work_id, file.asset.digest):
                place = self._count + number - 1
                self.twice.append(Same(self._folder, place, file.work.work_id, file.asset.path))
            else:
                yield file
        if number and number == len(self.twice):
            raise InputError(f"{self._folder}: holds all {number:,} files already; nothing was added")


def _found(index: Index, wanted: list[str]) -> tuple[dict[str, int], npt.NDArray[np.int64]]:
    """How many assets each of the works has, and their numbers. Raises InputError for a work that has none."""
    ids = pa.array(wanted, pa.string())
    works: Counter[str] = Counter()
    numbers, at = [], 0
    for batch in index.assets().batches(["work_id"]):
        column = batch["work_id"].combine_chunks()
        mask = pc.is_in(column, value_set=ids)
        works.update(map(str, column.filter(mask).to_pylist()))
        numbers.append(np.flatnonzero(mask.to_numpy(zero_copy_only=False)) + at)
        at += batch.num_rows
    missing = [work_id for work_id in wanted if work_id not in works]
    if missing:
        named = ", ".join(missing[:5]) + (f" and {len(missing) - 5:,} more" if len(missing) > 5 else "")
        raise InputError(f"{index.folder}: holds no work with the id {named}; nothing was dropped")
    return dict(works), np.concatenate(numbers)


def _kept(index: Index) -> list[npt.NDArray[np.uint8]]:
    """For each segment one number an asset, 1 where it counts; to be changed."""
    if not index.manifest.segments:
        return [np.ones(index.manifest.assets, dtype=np.uint8)]
    segments = check_segments(index.folder, index.manifest)
    return [live.copy() for live in live_assets(index.folder, index.manifest, segments)]


def _segments(folder: Path, manifest: Manifest) -> list[tuple[str, Manifest]]:
    """What the segments are; an index that was never changed is its own first one."""
    return check_segments(folder, manifest) if manifest.segments else [(HERE, manifest)]


@contextmanager
def _changing(folder: Path) -> Iterator[None]:
    """Let one change happen at a time; first remove what one that was stopped half-way left behind."""
    manifest = read_manifest(folder)
    if manifest.medium != "text":
        raise InputError(f"{folder} is an index of another medium: only indices of texts are changed so")
    if not manifest.segments:
        check_files(folder, manifest)
    try:
        with locked(folder):
            _sweep(folder)
            yield
    except OSError as error:
        raise OutputError(f"the index {folder} cannot be changed: {error.strerror or error}") from error


def _sweep(folder: Path) -> None:
    """Remove the folders of segments and states that the manifest does not name."""
    manifest = read_manifest(folder)
    named = {str(said.get("folder")) for said in manifest.segments} | {manifest.state}
    for path in folder.iterdir():
        ours = path.name.startswith(("segment-", "state-", ".change-"))
        if ours and path.is_dir() and path.name not in named:
            shutil.rmtree(path, ignore_errors=True)


def change_number(manifest: Manifest) -> int:
    """How many times an index was changed since it was built."""
    return int(manifest.state.removeprefix("state-") or 0)


@contextmanager
def _new_segment(folder: Path, manifest: Manifest) -> Iterator[tuple[str, Path]]:
    work = Path(tempfile.mkdtemp(prefix=".change-", dir=folder))
    try:
        yield f"segment-{change_number(manifest) + 1:06}", work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _commit(folder: Path, state: State) -> Manifest:
    """Write the state of the next change, and then the manifest, which makes it happen."""
    before = read_manifest(folder)
    name = f"state-{change_number(before) + 1:06}"
    work = Path(tempfile.mkdtemp(prefix=".change-", dir=folder))
    try:
        facts = write_state(work, state)
        sync_files(work)
        files = {path.name: described(path) for path in sorted(work.iterdir())}
        work.chmod(folder.stat().st_mode & 0o7777)
        work.rename(folder / name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    segments = [{"folder": at, "manifest": of.said()} for at, of in state.segments]
    manifest = replace(before, **facts, files=files, segments=segments, state=name).identified()
    write_bytes(folder / MANIFEST, manifest.to_json().encode())
    if before.state:
        shutil.rmtree(folder / before.state, ignore_errors=True)
    return manifest
