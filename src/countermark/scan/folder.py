"""The run folder: who may write into it, what it was made with, and what is already done.

    run.json            the settings of the plan
    catalog.parquet     the assets that are looked for
    controls.index      the index of the controls given, if any
    robots.sqlite       the captures of robots.txt given, if any
    tokenizers/         of token ids: the tables that they are read with
    findings/           one Parquet file per shard
    pictures/, works/   of pictures: the files found, as they stood in the data set, and the works, for print
    excerpts/           of recordings: what was heard in the data set, one FLAC file a finding, and what it covers
    sketches/           of pictures, where asked for: one Parquet file per shard
    receipts/           one JSON file per shard, written after the findings
    quarantine/         one JSON file per shard that could not be scanned
    runlog.jsonl        the hash-chained log (runlog-i-of-n.jsonl for a part)

Parts of one plan may write at the same time, also from several machines; nobody else may.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections import defaultdict
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from countermark.atomic import make_folder, temporary_target, write_bytes
from countermark.errors import CountermarkError, OutputError, RunError
from countermark.scan.plan import WHOLE
from countermark.scan.receipt import json_bytes, read_receipt
from countermark.scan.reserved import ROBOTS_FILE
from countermark.scan.shard import findings_path, receipt_path
from countermark.scan.tokenizers import TABLES, deciding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from countermark.scan.plan import Part
    from countermark.scan.receipt import Receipt

SUBFOLDERS = ("findings", "receipts", "quarantine")
STORES, SKETCHES, EXCERPTS = ("pictures", "works"), "sketches", "excerpts"
LABELS = {
    "corpus": "the corpus name",
    "snapshot_date": "the snapshot date",
    "index": "the index",
    "controls": "the controls",
    "engine": "the version of Countermark",
    "reader": "the text column",
    "shards": "the list of shards",
    "refused": "what the listing refused",
    "findings": "the version of the findings",
    "medium": "the medium",
    "sketches": "whether sketches are kept",
    "embedding": "the model of --embedding",
    "listening": "what is listened for",
    "excerpts": "what is kept of the records found",
    "reservations": "the captures of robots.txt, or who is asked about,",
    TABLES: "the tokenisers",
}
PLURAL = frozenset({"controls", TABLES})
"""Of the labels those that ask for `were`."""


class RunFolder:
    """A run folder, with the locks that this process holds on it."""

    def __init__(self, path: Path, part: Part = WHOLE) -> None:
        self.path = path
        self.part = part

    @property
    def log_path(self) -> Path:
        """Where this part's log is."""
        whole = self.part.of == 1
        name = "runlog.jsonl" if whole else f"runlog-{self.part.number}-of-{self.part.of}.jsonl"
        return self.path / name

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Hold the folder: alone for a whole run; for a part, alone for that part and beside other parts.

        Raises RunError when another process holds it.
        """
        if self.path.exists() and not self.path.is_dir():
            raise RunError(f"{self.path}: not a folder; give a new or empty folder as --out")
        new = not self.path.exists()
        make_folder(self.path)
        try:
            with self._locks():
                yield
        except CountermarkError:
            self._leave_nothing(new=new)
            raise

    @contextmanager
    def _locks(self) -> Iterator[None]:
        with ExitStack() as locks:
            if self.part.of == 1:
                locks.enter_context(_locked(self.path / ".lock", fcntl.LOCK_EX, self._busy("another scan")))
            else:
                whole = self._busy("a scan of the whole plan")
                locks.enter_context(_locked(self.path / ".lock", fcntl.LOCK_SH, whole))
                name = f".lock-{self.part.number}-of-{self.part.of}"
                same = self._busy(f"another scan of part {self.part}")
                locks.enter_context(_locked(self.path / name, fcntl.LOCK_EX, same))
            yield

    @contextmanager
    def setting_up(self) -> Iterator[None]:
        """Hold the folder's settings; other parts wait meanwhile."""
        with _locked(self.path / ".lock-setup", fcntl.LOCK_EX, None):
            yield

    def _leave_nothing(self, *, new: bool) -> None:
        """Take the locks away where nothing else was written, and the folder where it was `new`."""
        with suppress(CountermarkError, OSError), _locked(self.path / ".lock", fcntl.LOCK_EX, "in use"):
            files = list(self.path.iterdir())
            if all(file.name.startswith(".lock") for file in files):
                for file in files:
                    file.unlink()
                if new:
                    self.path.rmdir()

    def _busy(self, who: str) -> str:
        return f"{self.path}: {who} is writing into this folder; wait for it, or give another folder as --out"

    def settings(self) -> dict[str, Any] | None:
        """What `run.json` says; None when there is none yet. Raises RunError when it is damaged."""
        path = self.path / "run.json"
        try:
            settings = json.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise RunError(f"{path}: cannot be read: {error}; use a new folder") from error
        if not isinstance(settings, dict) or settings.get("run") != 1:
            raise RunError(f"{path}: not the settings of a run of version 1; use a new folder")
        return settings

    def require_empty(self) -> None:
        """Raise RunError when a folder without settings holds something that is not ours."""
        strangers = sorted(entry.name for entry in self.path.iterdir() if not entry.name.startswith("."))
        strangers = [
            name for name in strangers if name not in {*SUBFOLDERS, "controls.index", ROBOTS_FILE, TABLES}
        ]
        if strangers:
            raise RunError(
                f"{self.path}: not a run folder, and not empty (it holds {strangers[0]!r}); "
                "give a new or empty folder as --out"
            )

    def write_settings(self, settings: dict[str, Any]) -> None:
        """Write `run.json` and make the folders beside it. Raises OutputError."""
        write_bytes(self.path / "run.json", json_bytes(settings))
        self.make_folders()

    def make_folders(self) -> None:
        """Make the folders for findings, receipts and quarantine."""
        for name in SUBFOLDERS:
            make_folder(self.path / name)

    def done(self, name: str) -> Receipt | None:
        """The receipt `name`, if it is sound and the findings file is the one that it states."""
        with suppress(RunError, OSError):
            receipt = read_receipt(receipt_path(self.path, name))
            with findings_path(self.path, name).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if receipt.name == name and digest == receipt.findings_sha256:
                return receipt
        return None

    def scanned_names(self) -> set[str]:
        """The names of all receipts, whoever wrote them."""
        return self._names("receipts")

    def quarantined_names(self) -> set[str]:
        """The names of all shards in quarantine."""
        return self._names("quarantine")

    def _names(self, folder: str) -> set[str]:
        try:
            names = os.listdir(self.path / folder)  # noqa: PTH208  there may be very many
        except FileNotFoundError:
            return set()
        return {name[:-5] for name in names if name.endswith(".json") and not name.startswith(".")}

    def quarantine(self, name: str, facts: dict[str, Any]) -> None:
        """Write down why a shard could not be scanned. Raises OutputError."""
        write_bytes(self.path / "quarantine" / f"{name}.json", json_bytes({"quarantine": 1, **facts}))

    def release(self, name: str) -> None:
        """A shard that was in quarantine has been scanned."""
        with suppress(FileNotFoundError):
            (self.path / "quarantine" / f"{name}.json").unlink()

    def clear_temporaries(self, names: Iterable[str]) -> int:
        """Remove what a dead run left half written for these receipts; return how many files.

        Which shard a half-written picture is of cannot be told, so those go where no other part may be writing.
        """
        found = [path for folder in (*SUBFOLDERS, SKETCHES) for path in (self.path / folder).glob(".*")]
        mine = set(names) if found else set()
        dead = [path for path in found if _stem_of(path) in mine]
        if self.part.of == 1:
            halves = chain(
                (path for store in STORES for path in (self.path / store).glob("??/.*")),
                (self.path / EXCERPTS).glob(".*"),
            )
            dead += [path for path in halves if temporary_target(path.name) is not None]
        for path in dead:
            path.unlink(missing_ok=True)
        return len(dead)


def require_same(path: Path, made_with: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Raise RunError, naming what differs, when a folder was made with other settings."""
    different = [key for key in LABELS if _decides(key, made_with) != _decides(key, wanted)]
    if different:
        told = "; ".join(
            f"{LABELS[key]} {'were' if key in PLURAL else 'was'} {_in_words(key, made_with)}, "
            f"now {_in_words(key, wanted)}"
            for key in different
        )
        raise RunError(f"{path}: made with other settings: {told}. Use a new folder, or the same settings")


def _decides(key: str, settings: dict[str, Any]) -> Any:
    """What of a setting must not change: of what was refused the words may, which name the tables at hand."""
    value = settings.get(key)
    if key == TABLES:
        return deciding(value)
    return _without_detail(value) if key == "refused" else value


def _without_detail(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_detail(one) for one in value]
    if isinstance(value, dict):
        return {name: _without_detail(one) for name, one in value.items() if name != "detail"}
    return value


def _in_words(key: str, settings: dict[str, Any]) -> str:
    value = settings.get(key)
    if key == TABLES and isinstance(value, list):
        return ", ".join(sorted({str(one.get("tokenizer")) for one in value if isinstance(one, dict)}))
    if not isinstance(value, dict):
        return "none" if value is None else str(value)
    if key == "refused":
        return f"{sum(entry['count'] for entry in value.values())} entries"
    words = {
        "index": "{identity:.12} ({works} works, {scheme})",
        "controls": "a folder with the digest {files:.12}",
        "shards": "{count} shards of {bytes} bytes ({sha256:.12})",
        "reader": "{text_column}",
        "listening": "quick {quick}, compositions {compositions}, notes {notes:.12}",
        "reservations": "{agent}, {robots_age} days, captures with the digest {files:.12}",
    }
    known = {name: str(fact or "found by itself") for name, fact in value.items()}
    return words[key].format_map(defaultdict(lambda: "unknown", known))


def _stem_of(path: Path) -> str | None:
    """The receipt's name that a temporary file was written for; None where it is none."""
    target = temporary_target(path.name)
    return None if target is None else target.partition(".")[0]


@contextmanager
def _locked(path: Path, kind: int, busy: str | None) -> Iterator[None]:
    """Hold a lock on `path`; with `busy` None wait for it, else raise RunError(busy) when it is taken."""
    while True:
        file = _opened(path)
        with file:
            try:
                fcntl.flock(file, kind if busy is None else kind | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RunError(busy or str(error)) from error
            except OSError as error:
                raise RunError(
                    f"{path}: the file system has no locks ({error.strerror}); use a local disk"
                ) from error
            if _is_still(path, file):
                yield
                return


def _opened(path: Path) -> IO[str]:
    try:
        make_folder(path.parent)  # whoever was refused may just have taken it away
        return path.open("a")
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _is_still(path: Path, file: IO[str]) -> bool:
    """Whether the name still stands for the open file: whoever was refused takes its locks away."""
    try:
        now, held = path.stat(), os.fstat(file.fileno())
    except OSError:
        return False
    return (now.st_dev, now.st_ino) == (held.st_dev, held.st_ino)
