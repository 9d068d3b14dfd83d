"""One finding again, step by step: the file, the record, the passage, the search. Each step says what was expected.

Of a link, the record is a row of the listing, and there is no passage: see `link`. Of a picture: see `picture`; of a
recording: see `recording`.

Whoever has the dossier and the file of the data set can do it. With the index of the run the search must give the same
row; without it, an index of the passage alone must find the same place in the record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.corpus.tokens.held import table_named
from countermark.errors import CorpusError, DossierError, InputError, MissingExtraError, RunError
from countermark.evidence.dossier.replay.again import with_index, with_passage
from countermark.evidence.dossier.replay.link import row_again
from countermark.evidence.dossier.replay.record import find_record, shard_again, source_digest
from countermark.evidence.dossier.replay.sealed import plain_path, read_sealed
from countermark.evidence.dossier.replay.steps import Held, Replay, Step
from countermark.fingerprint.scheme import SURE_RUN, TextScheme
from countermark.matching.rows import METHOD
from countermark.scan.source import sides_of
from countermark.scan.tokenizers import file_of, provide_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.corpus.base import Shard
    from countermark.evidence.dossier.replay.record import FoundRecord
    from countermark.evidence.dossier.replay.sealed import SealedFinding
    from countermark.findings import Finding

COMPARED: Final = (
    "finding_id", "work_id", "asset_path", "asset_digest", "asset_start", "asset_end",
    "record_start", "record_end", "grade", "matched", "longest_run", "edits",
)  # fmt: skip


def replay(
    bag: Path,
    finding: str,
    shard: Path,
    *,
    index: Path | None = None,
    controls: Path | None = None,
    salt: bytes | None = None,
) -> Replay:
    """Search one finding of the dossier `bag` again in the file `shard` of the data set.

    Raises DossierError where the dossier does not hold the finding, CorpusError where the file cannot be read.
    """
    sealed = read_sealed(bag, finding)
    source = shard_again(shard, sealed.receipt.shard)
    _provide_table(bag, sealed, source)
    steps = [_file(sealed, shard, sides_of(source))]
    if sealed.kind == "link":
        return Replay(finding, str(sealed.row["work_title"]), (*steps, *row_again(sealed, source)))
    if sealed.of_picture:
        try:  # with the libraries of pictures, which an installation for texts lacks
            from countermark.evidence.dossier.replay.picture import picture_again  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"pictures need the extra image ({error.name} is not installed): pip install 'countermark[image]'"
            ) from error
        steps += picture_again(sealed, source, index, controls)
        return Replay(finding, str(sealed.row["work_title"]), tuple(steps))
    if sealed.of_recording:
        try:  # with the libraries of sound
            from countermark.evidence.dossier.replay.recording import recording_again  # noqa: PLC0415
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                f"recordings need the extra audio ({error.name} is not installed): pip install 'countermark[audio]'"
            ) from error
        steps += recording_again(sealed, source, index, controls)
        return Replay(finding, str(sealed.row["work_title"]), tuple(steps))
    found = find_record(source, sealed.row["row"], str(sealed.row["record_digest"]))
    steps.append(_record(sealed, found))
    if found.batch is not None:
        steps.append(_passage(sealed, found))
        steps.append(_search(sealed, found, index, controls, salt))
    return Replay(finding, str(sealed.row["work_title"]), tuple(steps))


def _provide_table(bag: Path, sealed: SealedFinding, shard: Shard) -> None:
    """Have the table at hand that the ids of a corpus of token ids are read with. Raises DossierError."""
    digest = table_named(shard)
    if digest is None:
        return
    run = sealed.place
    plain_path(bag, *run.relative_to(bag).parts, *file_of(digest).split("/", 1))
    try:
        provide_table(run, shard)
    except (RunError, InputError, OSError) as error:
        raise DossierError(f"{bag}: the table that the token ids are read with: {error}") from error


def _file(sealed: SealedFinding, path: Path, sides: Sequence[str]) -> Step:
    try:
        digest = source_digest(path, sealed.receipt.source, sides)
    except OSError as error:
        raise CorpusError(f"{error.filename or path}: cannot be read: {error.strerror or error}") from error
    wanted = sealed.receipt.source.sha256
    if digest is None:
        return Step(
            "file", Held.SKIPPED, "the receipt is of many files of a folder; the record is compared by itself"
        )
    if digest == wanted:
        return Step("file", Held.YES, f"the bytes are those that were searched (SHA-256 {wanted})")
    # Another copy may hold the same records: that is for the next step to say.
    return Step(
        "file", Held.SKIPPED, f"other bytes than those searched: SHA-256 {digest}, the receipt says {wanted}"
    )


def _record(sealed: SealedFinding, found: FoundRecord) -> Step:
    row, digest = sealed.row["row"], sealed.row["record_digest"]
    if found.row is not None and found.row == row:
        return Step("record", Held.YES, f"row {row} holds the record (SHA-256 {digest})")
    if found.row is not None:
        return Step("record", Held.NO, f"the record stands in row {found.row}, and not in row {row}")
    if found.in_row is None:
        return Step(
            "record", Held.NO, f"there is no row {row}: {found.read} records were read, none is the record"
        )
    return Step(
        "record", Held.NO, f"row {row} holds another text: SHA-256 {found.in_row}, sealed was {digest}"
    )


def _passage(sealed: SealedFinding, found: FoundRecord) -> Step:
    start, end = (sealed.row[name] - found.begins for name in ("record_start", "record_end"))
    text = found.text[start:end]
    where = f"characters {sealed.row['record_start']} to {sealed.row['record_end']}"
    if not sealed.record_text:
        return Step("passage", Held.SKIPPED, f"the dossier does not hold the text of this passage ({where})")
    if text.startswith(sealed.record_text) or sealed.record_text == text:
        return Step("passage", Held.YES, f"{where} are the passage that was sealed")
    at = next(
        (at for at, (a, b) in enumerate(zip(text, sealed.record_text, strict=False)) if a != b), len(text)
    )
    return Step("passage", Held.NO, f"{where} differ from the sealed passage from character {start + at} on")


def _search(
    sealed: SealedFinding, found: FoundRecord, index: Path | None, controls: Path | None, salt: bytes | None
) -> Step:
    assert found.batch is not None  # noqa: S101  the caller has the record
    if index is not None:
        return _same_row(sealed, with_index(sealed, found.batch, index, controls, salt))
    if not sealed.work_text:
        return Step(
            "search", Held.SKIPPED, "the dossier does not hold the work's passage; give the run's --index"
        )
    return _same_place(sealed, with_passage(sealed, found.batch))


def _same_row(sealed: SealedFinding, again: list[Finding]) -> Step:
    """With the run's own index every column must be the same."""
    mine = [row for row in again if row.work_id == sealed.row["work_id"]]
    if not mine:
        return Step("search", Held.NO, "the index finds nothing of this work in the record")
    nearest = min(mine, key=lambda row: (row.finding_id != sealed.row["finding_id"], _distance(sealed, row)))
    different = [
        f"{name} {getattr(nearest, name)!s}, sealed {sealed.row[name]!s}"
        for name in COMPARED
        if str(getattr(nearest, name)) != str(sealed.row[name])
    ]
    if different:
        return Step("search", Held.NO, "differs: " + "; ".join(different))
    place = f"characters {nearest.record_start} to {nearest.record_end}"
    return Step(
        "search", Held.YES, f"the index finds the same: {nearest.grade}, {place}, {nearest.matched} letters"
    )


def _same_place(sealed: SealedFinding, again: list[Finding]) -> Step:
    """With the passage alone the place must be the same, as far as the passage in the dossier goes."""
    if not again:
        return Step("search", Held.NO, "the work's passage is not found in the record")
    nearest = min(again, key=lambda row: _distance(sealed, row))
    place = f"characters {nearest.record_start} to {nearest.record_end}"
    start, end = sealed.row["record_start"], sealed.row["record_end"]
    if (nearest.record_start, nearest.record_end) == (start, end):
        return Step("search", Held.YES, f"the passage is found in the same place: {nearest.grade}, {place}")
    if not sealed.work_whole and start <= nearest.record_start < nearest.record_end <= end:
        said = f"the beginning that the dossier holds is found inside it: {nearest.grade}, {place} of {start} to {end}"
        return Step("search", Held.YES, said)
    off = max(abs(nearest.record_start - start), abs(nearest.record_end - end))
    if off <= _sampled(sealed):
        same = "the passage is found in the same place, as exactly as a sealed index tells it"
        return Step("search", Held.YES, f"{same}: {place}, sealed {start} to {end}")
    return Step("search", Held.NO, f"the passage is found elsewhere: {place}, sealed {start} to {end}")


def _sampled(sealed: SealedFinding) -> int:
    """How many characters a place may be off: none, but where a sealed index sampled the work, what it can miss."""
    if sealed.row["method"] != METHOD["sealed"]:
        return 0
    return TextScheme.parse(str(sealed.row["scheme"])).guarantee(sealed=True) - SURE_RUN


def _distance(sealed: SealedFinding, row: Finding) -> int:
    start, end = int(sealed.row["record_start"]), int(sealed.row["record_end"])
    return abs(row.record_start - start) + abs(row.record_end - end)


__all__ = ["Held", "Replay", "Step", "replay"]
