"""A search backend for tests: an index is a text file of needles, a finding is where one stands.

Records can steer what happens to the worker that reads them, by the words in `STEERING`.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from countermark.findings import Finding
from countermark.scan.receipt import RefusalTally
from countermark.scan.runners.base import Completed
from countermark.scan.search import Amounts, Begun, ControlsWanted, IndexFacts, SearchSettings
from countermark.scan.text_search import owned_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.corpus.base import RecordBatch
    from countermark.media import Refusal
    from countermark.scan.runners.base import Failed, Scan, Watch
    from countermark.scan.shard import ScanTask

STEERING = ("KILL-WORKER", "KILL-ONCE", "RAISE", "WAIT")


class InlineRunner:
    """Scans in this process, one shard after the other: quick, and a second runner to hold the run against."""

    def map(self, scan: Scan, tasks: Iterable[ScanTask], watch: Watch) -> Iterator[Completed | Failed]:
        """Yield one outcome per task."""
        for task in tasks:
            if watch.stop.requested:
                return
            yield Completed(task, scan(task, lambda count, task=task: watch.progress(task, count)), 0.0)  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class NeedleBackend:
    """Finds needles; `scratch` is a folder for marks that outlive a worker."""

    scratch: Path

    def describe(self, index: Path, salt: bytes | None) -> IndexFacts:
        """The facts of a file of needles, one per line."""
        needles = index.read_text().split()
        rows = {
            "work_id": needles,
            "work_title": [needle.title() for needle in needles],
            "work_author": ["" for _ in needles],
            "work_published": ["2020-01-01" if needle == "old" else "2025-06-01" for needle in needles],
            "work_licence": ["" for _ in needles],
            "asset_path": [f"{needle}.txt" for needle in needles],
            "asset_digest": [hashlib.sha256(needle.encode()).hexdigest() for needle in needles],
            "code_points": pa.array([len(needle) for needle in needles], pa.int64()),
            "letters": pa.array([len(needle) for needle in needles], pa.int64()),
        }
        identity = hashlib.sha256(index.read_bytes()).hexdigest()
        return IndexFacts(identity, "needle-v1", "full", len(needles), 1, pa.table(rows))

    def build_controls(self, controls: ControlsWanted, out: Path) -> RefusalTally:
        """The controls are the words of all files of a folder."""
        out.write_text("\n".join(path.read_text() for path in sorted(controls.folder.iterdir())))
        return RefusalTally()

    def open(self, settings: SearchSettings) -> NeedleSearcher:
        """A searcher for the needles and the controls."""
        return NeedleSearcher(settings, self.scratch)


class NeedleSearcher:
    """Finds each needle wherever it stands."""

    def __init__(self, settings: SearchSettings, scratch: Path) -> None:
        self.settings = settings
        self.scratch = scratch
        self.needles = [(needle, False) for needle in Path(settings.index).read_text().split()]
        if settings.controls:
            self.needles += [(needle, True) for needle in Path(settings.controls).read_text().split()]

    def findings(self, batch: RecordBatch, shard: str) -> list[Finding]:
        """All needles in a batch, the last first: ordering is the table's business."""
        found = []
        for number, text in enumerate(str(value) for value in batch.text.to_pylist()):
            self._obey(text)
            for needle, is_control in self.needles:
                start = text.find(needle)
                while start >= 0:
                    found.append(self._finding(batch, number, shard, needle, start, is_control))
                    start = text.find(needle, start + 1)
        return found[::-1]

    def take_refused(self) -> list[Refusal]:
        """A needle costs nothing."""
        return []

    def measure(self, batch: RecordBatch) -> Amounts:
        """As texts are measured."""
        texts = [str(value) for value in owned_text(batch).to_pylist()]
        return Amounts(sum(map(len, texts)), sum(len(text.encode()) for text in texts))

    def begin(self, begun: Begun) -> None:
        """Nothing is kept from shard to shard."""

    def finish(self) -> dict[str, dict[str, Any]]:
        """Needles leave nothing beside the findings."""
        return {}

    def _obey(self, text: str) -> None:
        once = self.scratch / "killed-once"
        if "KILL-WORKER" in text or ("KILL-ONCE" in text and not once.exists()):
            once.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if "RAISE" in text:
            raise ValueError("a record that nobody thought of")
        if "WAIT" in text:
            (self.scratch / "waiting").write_text(str(os.getpid()))
            (self.scratch / f"waiting-{os.getpid()}").touch()
            while not (self.scratch / "go-on").exists():
                time.sleep(0.02)

    def _finding(
        self, batch: RecordBatch, number: int, shard: str, needle: str, start: int, is_control: bool
    ) -> Finding:
        row, at = int(batch.row[number]), start + int(batch.char_start[number])
        name = f"{shard} {row} {at} {needle} {is_control}"
        return finding(
            finding_id=hashlib.sha256(name.encode()).hexdigest(),
            work_id=needle,
            asset_path=f"{needle}.txt",
            corpus=self.settings.corpus,
            snapshot_date=self.settings.snapshot_date,
            shard=shard,
            row=row,
            record_start=at,
            record_end=at + len(needle),
            is_control=is_control,
        )


def finding(**facts: object) -> Finding:
    """A finding with plain facts, but for those given."""
    plain: dict[str, object] = {
        "finding_id": "0",
        "work_id": "w",
        "work_title": "Title",
        "work_author": "",
        "work_published": None,
        "work_licence": "",
        "asset_path": "w.txt",
        "asset_digest": "d",
        "asset_start": 0,
        "asset_end": 4,
        "corpus": "c",
        "snapshot_date": None,
        "shard": "s",
        "row": 0,
        "record_id": None,
        "record_url": None,
        "record_date": None,
        "record_digest": "r",
        "record_start": 0,
        "record_end": 4,
        "unit": "char",
        "grade": "identical",
        "method": "needle",
        "scheme": "needle-v1",
        "matched": 4,
        "longest_run": 4,
        "edits": 0,
        "bits": 20.0,
        "share_of_work": 1.0,
        "commonness": 1,
        "is_control": False,
        "asset_excerpt": None,
        "record_excerpt": "…",
    }
    return Finding(**{**plain, **facts})  # type: ignore[arg-type]
