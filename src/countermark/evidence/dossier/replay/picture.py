"""One finding of a picture again: the file in the data set, the dossier's copy, and the search.

With the index of the run every column must be the same. Without it the work for print that the dossier holds is
searched: an index of it alone must see it in the same place. That print is encoded anew, and may be smaller than the
work: how much of it is seen may differ a little. So it is compared where the sealed part comes to lie, to within
`NEAR`. Between identical and copy, and of what many works share, only the run's index decides.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.corpus.images.batch import ImageBatch
from countermark.corpus.listing import reader_for
from countermark.corpus.sketches import FORMAT as SKETCHES
from countermark.errors import DossierError
from countermark.evidence.dossier.bag_files import read_small
from countermark.evidence.dossier.replay.steps import Held, Step
from countermark.findings import Grade
from countermark.index.image.build import build_image_index
from countermark.media import Asset, Medium
from countermark.scan.image_search import ImageSearcher
from countermark.scan.receipt import ScanIdentity
from countermark.scan.search import Begun, SearchSettings
from countermark.works.work import Work, WorkFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.corpus.base import Shard
    from countermark.evidence.dossier.replay.sealed import SealedFinding
    from countermark.findings import Finding

LARGEST: Final = 256 << 20
NEAR: Final = 0.02
"""How far a corner may lie from the sealed one, in parts of the picture's longer side, with the print of the work."""
COMPARED: Final = (
    "finding_id", "work_id", "asset_path", "asset_digest", "record_digest", "grade", "matched", "asset_box",
    "record_box", "record_outline", "record_width", "record_height", "record_frame", "mirrored", "rotation", "inliers",
    "agreement", "share_of_work", "share_of_record", "hash_distance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """Where a picture was met: `batch` holds it alone, `row` is None where its digest stands nowhere in the file."""

    batch: ImageBatch | None
    row: int | None
    in_row: str | None
    read: int


def picture_again(
    sealed: SealedFinding, shard: Shard, index: Path | None, controls: Path | None
) -> list[Step]:
    """The steps `copy`, `record` and `search`. Raises CorpusError where the file cannot be read, DossierError."""
    if shard.format == SKETCHES:
        said = (
            "the file holds sketches of pictures: look the picture up in the data set that they were made of"
        )
        return [_copy(sealed), Step("record", Held.SKIPPED, said)]
    found = find_picture(shard, int(sealed.row["row"]), str(sealed.row["record_digest"]))
    steps = [_copy(sealed), _record(sealed, found)]
    if found.batch is not None:
        steps.append(_search(sealed, found.batch, index, controls))
    return steps


def find_picture(shard: Shard, row: int, digest: str) -> FoundPicture:
    """Read the shard until the picture is found in its row, or whole. Raises CorpusError."""
    in_row: str | None = None
    elsewhere: tuple[ImageBatch, int] | None = None
    read = 0
    for batch in reader_for(shard.format, Medium.IMAGE).batches(shard):
        for at, data in enumerate(batch.data if isinstance(batch, ImageBatch) else ()):
            read += 1
            number = int(batch.row[at])
            if number != row and elsewhere is not None:
                continue
            name = hashlib.sha256(data).hexdigest()
            if number == row:
                in_row = name
            if name == digest and number == row:
                return FoundPicture(_alone(batch, at), row, name, read)
            if name == digest and elsewhere is None:
                elsewhere = _alone(batch, at), number
    if elsewhere is None:
        return FoundPicture(None, None, in_row, read)
    return FoundPicture(elsewhere[0], elsewhere[1], in_row, read)


def _alone(batch: ImageBatch, at: int) -> ImageBatch:
    return ImageBatch(
        data=batch.data[at : at + 1],
        names=batch.names[at : at + 1],
        row=batch.row[at : at + 1],
        record_id=batch.record_id[at : at + 1],
        record_url=batch.record_url[at : at + 1],
        record_date=batch.record_date[at : at + 1],
        captions=batch.captions[at : at + 1],
    )


def _copy(sealed: SealedFinding) -> Step:
    data = _enclosed(sealed, "record")
    if not data:
        return Step("copy", Held.SKIPPED, "the dossier does not hold the found picture")
    digest = hashlib.sha256(data).hexdigest()
    if digest == sealed.row["record_digest"]:
        return Step("copy", Held.YES, f"the dossier holds the same picture (SHA-256 {digest})")
    return Step(
        "copy", Held.NO, f"the picture in the dossier is another: SHA-256 {digest}, the finding names "
        f"{sealed.row['record_digest']}"
    )  # fmt: skip


def _record(sealed: SealedFinding, found: FoundPicture) -> Step:
    row, digest = sealed.row["row"], sealed.row["record_digest"]
    if found.row is not None and found.row == row:
        return Step("record", Held.YES, f"row {row} holds the picture (SHA-256 {digest})")
    if found.row is not None:
        return Step("record", Held.NO, f"the picture stands in row {found.row}, and not in row {row}")
    if found.in_row is None:
        said = f"there is no picture in row {row}: {found.read} were read, none is the one that was sealed"
        return Step("record", Held.NO, said)
    return Step(
        "record", Held.NO, f"row {row} holds another picture: SHA-256 {found.in_row}, sealed was {digest}"
    )


def _search(sealed: SealedFinding, batch: ImageBatch, index: Path | None, controls: Path | None) -> Step:
    if index is not None:
        return _same_row(sealed, _with_index(sealed, batch, index, controls))
    print_ = _enclosed(sealed, "work")
    if not print_:
        said = "the dossier does not hold the work for print; give the run's --index"
        return Step("search", Held.SKIPPED, said)
    if sealed.row["grade"] == Grade.SHARED:
        said = "what many works share, only the run's index knows; give it with --index"
        return Step("search", Held.SKIPPED, said)
    return _same_place(sealed, *_with_print(sealed, batch, print_))


def _with_index(
    sealed: SealedFinding, batch: ImageBatch, index: Path, controls: Path | None
) -> list[Finding]:
    """What the run's index finds. Raises UnusableIndexError where it is not the index of the run."""
    identity = sealed.receipt.identity
    if identity.embedding is not None:
        raise DossierError(
            f"{sealed.place}: this run was searched with a model of its own (--embedding, {identity.embedding[:12]}), "
            "which a replay does not take; leave out --index, or compare both pictures by eye"
        )
    settings = SearchSettings(
        index=str(index),
        controls=str(controls) if controls is not None and identity.controls else None,
        identity=identity,
        corpus=str(sealed.row["corpus"]),
        snapshot_date=sealed.receipt.snapshot_date,
        medium=Medium.IMAGE,
    )
    return _searched(settings, batch, str(sealed.row["shard"]))


def _with_print(
    sealed: SealedFinding, batch: ImageBatch, data: bytes
) -> tuple[list[Finding], tuple[int, int]]:
    """What an index of the work for print alone finds, and the size of that print."""
    from countermark.images.decode import read_frames  # noqa: PLC0415

    work = Work(str(sealed.row["work_id"]), str(sealed.row["work_title"]))
    digest = hashlib.sha256(data).hexdigest()
    asset = Asset(work.work_id, str(sealed.row["asset_path"]), Medium.IMAGE, digest, data=data)
    frame = read_frames(data, "the work for print in the dossier").frames[0]
    with tempfile.TemporaryDirectory(prefix="countermark-replay-") as folder:
        index = Path(folder) / "work.index"
        manifest = build_image_index([WorkFile(work, asset)], index, prints=False)
        identity = ScanIdentity(manifest.identity, None, manifest.scheme, sealed.receipt.identity.engine)
        settings = SearchSettings(
            str(index), None, identity, str(sealed.row["corpus"]), None, medium=Medium.IMAGE
        )
        return _searched(settings, batch, str(sealed.row["shard"])), (frame.width, frame.height)


def _searched(settings: SearchSettings, batch: ImageBatch, shard: str) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="countermark-replay-") as folder:
        searcher = ImageSearcher(settings)
        searcher.begin(Begun(Path(folder), "replay", shard, ""))
        return searcher.findings(batch, shard)


def _same_row(sealed: SealedFinding, again: list[Finding]) -> Step:
    """With the run's own index every column must be the same."""
    mine = [row for row in again if row.work_id == sealed.row["work_id"]]
    if not mine:
        return Step("search", Held.NO, "the index finds nothing of this work in the picture")
    nearest = min(mine, key=lambda row: row.finding_id != sealed.row["finding_id"])
    now = {name: _written(getattr(nearest, name)) for name in COMPARED}
    different = [
        f"{name} {now[name] or '–'}, sealed {sealed.row.get(name) or '–'}"
        for name in COMPARED
        if now[name] != str(sealed.row.get(name, ""))
    ]
    if different:
        return Step("search", Held.NO, "differs: " + "; ".join(different))
    said = f"the index finds the same: {nearest.grade}, corners {now['record_outline']}"
    return Step("search", Held.YES, f"{said}, {100 * nearest.share_of_work:.0f} % of the work")


def _same_place(sealed: SealedFinding, again: list[Finding], size: tuple[int, int]) -> Step:
    """With the print of the work alone the corners must be the same, as near as a print allows."""
    if not again:
        return Step("search", Held.NO, "the work is not found in the picture")
    row = again[0]
    wide = max(_number(sealed, "record_width"), _number(sealed, "record_height"), 1)
    corners, part = _numbers(sealed, "record_outline", 8), _sealed_part(sealed, size)
    if row.record_outline is None or row.asset_box is None or corners is None or part is None:
        return Step("search", Held.SKIPPED, "the finding names no corners that could be compared")
    if row.grade == Grade.SHARED:
        return Step("search", Held.NO, "of the work for print too little is found in the picture")
    predicted = laid(row.asset_box, row.record_outline, part)
    away = max(
        (abs(one - other) for one, other in zip(predicted, corners, strict=False)), default=float("inf")
    )
    told = f"corners {_written([round(value) for value in predicted])}, sealed {_written(corners)}"
    if not away <= NEAR * wide:
        return Step("search", Held.NO, f"the work is found elsewhere: {told}")
    said = f"the work for print ({size[0]} × {size[1]}) lies in the same place: {told}"
    other = "" if str(row.grade) == sealed.row["grade"] else f"; graded {row.grade} with the print alone"
    return Step("search", Held.YES, f"{said}; at most {away:.0f} pixels apart{other}")


def _sealed_part(sealed: SealedFinding, size: tuple[int, int]) -> list[float] | None:
    """The part of the work that was seen, in pixels of its print: the finding says how many pixels the work has."""
    box = _numbers(sealed, "asset_box", 4)
    try:
        pixels = int(sealed.row["matched"]) / float(sealed.row["share_of_work"])
    except (ValueError, ZeroDivisionError, KeyError):
        return None
    if box is None or not 0 < pixels < 1 << 50:
        return None
    smaller = (size[0] * size[1] / pixels) ** 0.5
    return [value * smaller for value in box]


def laid(box: Sequence[float], outline: Sequence[float], part: Sequence[float]) -> list[float]:
    """Where the corners of `part` come to lie, if those of `box` lie at `outline` (a homography); empty if degenerate.

    Boxes are (left, top, right, bottom); outlines x and y of the corners, clockwise from the top left.
    """
    rows, values = [], []
    for (x, y), (u, v) in zip(_corners(box), zip(outline[::2], outline[1::2], strict=True), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    try:
        numbers = np.linalg.solve(np.array(rows, np.float64), np.array(values, np.float64))
    except np.linalg.LinAlgError:
        return []
    points = np.array([[x, y, 1.0] for x, y in _corners(part)]) @ np.append(numbers, 1.0).reshape(3, 3).T
    if not np.isfinite(points).all() or (points[:, 2] <= 0).any():
        return []
    placed: list[float] = (points[:, :2] / points[:, 2:]).ravel().tolist()
    return placed


def _corners(box: Sequence[float]) -> list[tuple[float, float]]:
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _enclosed(sealed: SealedFinding, side: str) -> bytes:
    """The bytes of a picture of the item; empty where it was left out. Raises DossierError."""
    part = sealed.picture.get(side)
    name = part.get("file") if isinstance(part, dict) else None
    if not isinstance(name, str) or not name:
        return b""
    path = sealed.enclosed(name)
    try:
        return read_small(sealed.bag, path, LARGEST)
    except FileNotFoundError:
        return b""
    except (OSError, ValueError) as error:
        raise DossierError(f"{sealed.bag / path}: cannot be read: {error}") from error


def _number(sealed: SealedFinding, name: str) -> int:
    said = str(sealed.row.get(name, ""))
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else 0


def _numbers(sealed: SealedFinding, name: str, count: int) -> Sequence[int] | None:
    parts = str(sealed.row.get(name, "")).split(" ")
    try:
        numbers = [int(part) for part in parts]
    except ValueError:
        return None
    small = all(abs(number) < 1 << 31 for number in numbers)
    return numbers if len(numbers) == count and small else None


def _written(value: Any) -> str:  # any value of a finding
    """A value as findings.csv has it."""
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


__all__ = ["COMPARED", "NEAR", "FoundPicture", "find_picture", "laid", "picture_again"]
