"""A filter run over a corpus: file by file, resumable, then the table of what was removed, and the proof."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from countermark.atomic import make_folder, replacing, temporary_target
from countermark.compliance.files import list_corpus
from countermark.compliance.filtering import Filtering
from countermark.compliance.proof import PROOF_NAME, Named, write_proof
from countermark.compliance.receipts import FOLDER, Receipt, file_digest, load, receipt_name, save
from countermark.compliance.record import Unread
from countermark.compliance.removed import RemovedWriter, removed_batches
from countermark.compliance.signals import open_judge
from countermark.compliance.walk import walk
from countermark.errors import CorpusError, InputError, RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any, BinaryIO

    from countermark.compliance.files import CorpusFile, Listing
    from countermark.compliance.judging import Judge
    from countermark.compliance.settings import FilterSettings


class FilterProgress(NamedTuple):
    """How far a run is: bytes of the corpus done, in all, and read by this run; files done, in all."""

    done: int
    total: int
    fresh: int
    files: int
    all_files: int


@dataclass(frozen=True, slots=True)
class FilterOutcome:
    """How a run ended: the receipts in the order of the files, and where the proof stands (None after a dry run)."""

    receipts: tuple[Receipt, ...]
    listing: Listing
    skipped: int
    proof: Path | None = None

    def total(self, name: str) -> int:
        """The sum of a count over all files."""
        return sum(int(getattr(receipt, name)) for receipt in self.receipts)

    @property
    def incomplete(self) -> tuple[Receipt, ...]:
        """Files of which something was lost that nobody can count."""
        return tuple(receipt for receipt in self.receipts if receipt.failed or receipt.damaged)


def _silent(_: FilterProgress) -> None:
    """Show nothing."""


def run_filter(
    settings: FilterSettings, progress: Callable[[FilterProgress], None] = _silent
) -> FilterOutcome:
    """Filter a corpus. Raises InputError, RunError, OutputError; KeyboardInterrupt leaves what is done."""
    listing = list_corpus(settings.corpus)
    _check_places(settings, listing)
    run = _Run(settings, listing, progress)
    with ExitStack() as stack:
        judge = stack.enter_context(open_judge(settings.asking))
        receipts = tuple(run.file(file, judge) for file in listing.files)
    proof = None
    if not settings.dry_run:
        _join_removed(settings, run.parts)
        proof = write_proof(settings, receipts, listing, run.sources)
    return FilterOutcome(receipts, listing, run.skipped, proof)


def _check_places(settings: FilterSettings, listing: Listing) -> None:
    if settings.dry_run:
        return
    out, removed = settings.out.resolve(), settings.removed.resolve()
    for path in settings.corpus:
        given = path.resolve()
        for option, place in (("--out", out), ("--removed", removed)):
            if place == given or (path.is_dir() and place.is_relative_to(given)):
                raise InputError(
                    f"{option} {place.name}: stands within the corpus; results are kept apart from it"
                )
    for file in listing.files:
        if (out / file.name).exists() and os.path.samefile(out / file.name, file.path):  # noqa: PTH121
            raise InputError(f"--out {settings.out}: {file.name} would be written over itself")
    if removed.is_relative_to(out):
        raise InputError(f"--removed {settings.removed}: stands within --out, which holds what is kept")
    _check_proof(settings)


def _check_proof(settings: FilterSettings) -> None:
    """The proof of another run is not written over. Raises RunError."""
    path = settings.removed.with_name(PROOF_NAME)
    if not path.exists():
        return
    try:
        said = json.loads(path.read_bytes())
        own = said["removed"]["file"] == settings.removed.name
        own = own and (path.parent / said["places"]["out"]).resolve() == settings.out.resolve()
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        own = False
    if not own:
        raise RunError(
            f"{path}: is not the proof of this run; give --removed in a folder of its own, or move that proof away"
        )


@dataclass(slots=True)
class _Run:
    """A run under way."""

    settings: FilterSettings
    listing: Listing
    progress: Callable[[FilterProgress], None]
    parts: list[Path] = field(default_factory=list)
    sources: dict[str, tuple[Named, ...]] = field(default_factory=dict)
    skipped: int = 0
    _ended: int = 0
    _earlier: int = 0
    _digest: str = ""

    def __post_init__(self) -> None:
        asking = self.settings.asking
        self.sources = {"robots": _named(asking.robots), "verdicts": _named(asking.verdicts)}
        facts = self.settings.facts() | {
            kind: [list(one) for one in named] for kind, named in self.sources.items()
        }
        self._digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode("utf-8")).hexdigest()
        if not self.settings.dry_run:
            make_folder(self.settings.out / FOLDER)
            _sweep(self.settings.out)

    def file(self, file: CorpusFile, judge: Judge) -> Receipt:
        """Filter one file, unless its receipt says that it was done."""
        dry = self.settings.dry_run
        receipt = self._walked(file, judge, None, None) if dry else self._filtered(file, judge)
        self._ended += file.size
        self._tell(0)
        return receipt

    def _filtered(self, file: CorpusFile, judge: Judge) -> Receipt:
        before = file.path.stat()
        digest = file_digest(file.path)
        state = self.settings.out / FOLDER
        name = receipt_name(file.name, digest, self._digest)
        part, target, begun = (
            state / f"{name}.parquet",
            self.settings.out / file.name,
            state / f"{name}.begun",
        )
        self.parts.append(part)
        done = load(state / f"{name}.json")
        if done is not None and _sound(done, part, target):
            self.skipped += 1
            self._earlier += file.size
            return done
        if target.exists() and done is None and not begun.exists():
            raise RunError(
                f"{target}: is there already, and was not written from this input with these settings; "
                "remove it, or choose another --out"
            )
        begun.touch()
        make_folder(target.parent)
        with replacing(part) as rows:
            receipt = self._written(file, judge, target, rows, digest)
        after = file.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise RunError(f"{file.path}: was changed while it was read; give the command again")
        receipt = replace(receipt, removed_sha256=file_digest(part))
        save(state / f"{name}.json", receipt)
        begun.unlink(missing_ok=True)
        return receipt

    def _written(self, file: CorpusFile, judge: Judge, target: Path, rows: BinaryIO, digest: str) -> Receipt:
        removed = RemovedWriter(rows)
        try:
            try:
                with replacing(target) as out:
                    receipt = self._walked(file, judge, removed, out, digest)
                return replace(receipt, output_sha256=file_digest(target))
            except CorpusError as error:
                target.unlink(missing_ok=True)
                return self._failed(file, judge, removed, digest, str(error))
        finally:
            removed.close()

    def _failed(
        self, file: CorpusFile, judge: Judge, removed: RemovedWriter, digest: str, said: str
    ) -> Receipt:
        visitor = Filtering(file.name, self.settings, judge, removed, self._tell)
        visitor.unread(Unread(-1, -1, "unreadable-file", said, records=0))
        return visitor.receipt(said, **_input(file, digest))

    def _walked(
        self,
        file: CorpusFile,
        judge: Judge,
        removed: RemovedWriter | None,
        out: BinaryIO | None,
        digest: str = "",
    ) -> Receipt:
        visitor = Filtering(file.name, self.settings, judge, removed, self._tell)
        try:
            walk(file, self.settings.asking.naming, visitor, out, mark=self.settings.mark)
        except CorpusError as error:
            if not self.settings.dry_run:
                raise
            return visitor.receipt(str(error), **_input(file, digest))
        except InputError as error:
            raise InputError(f"{file.name}: {error}") from error
        return visitor.receipt(**_input(file, digest))

    def _tell(self, consumed: int) -> None:
        done, files = self._ended + consumed, len(self.listing.files)
        total = sum(file.size for file in self.listing.files)
        self.progress(FilterProgress(done, total, done - self._earlier, len(self.parts), files))


def _input(file: CorpusFile, digest: str) -> dict[str, Any]:
    return {
        "format": file.format + (f".{file.packed}" if file.packed else ""),
        "input_bytes": file.size,
        "input_sha256": digest,
        "output_sha256": "",
        "removed_sha256": "",
    }


def _sound(receipt: Receipt, part: Path, target: Path) -> bool:
    """Whether the files of a receipt are those that it states."""
    with suppress(OSError):
        kept = not target.exists() if receipt.failed else file_digest(target) == receipt.output_sha256
        return kept and file_digest(part) == receipt.removed_sha256
    return False


def _join_removed(settings: FilterSettings, parts: list[Path]) -> None:
    make_folder(settings.removed.parent)
    with replacing(settings.removed) as file:
        writer = RemovedWriter(file)
        for part in parts:
            for batch in removed_batches(part):
                writer.add_batch(batch)
        writer.close()


def _named(paths: tuple[Path, ...]) -> tuple[Named, ...]:
    try:
        return tuple(sorted(Named(path.name, file_digest(path)) for path in paths))
    except OSError as error:
        raise InputError(f"{error.filename}: cannot be read: {error.strerror}") from error


def _sweep(folder: Path) -> None:
    """Remove the temporary files of runs that were killed."""
    for path in _temporary(folder):
        process = int(path.name.rsplit(".", 2)[1])
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            path.unlink(missing_ok=True)
        except OSError:
            continue  # it belongs to somebody who is still at work


def _temporary(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob(".*.tmp") if temporary_target(path.name))
