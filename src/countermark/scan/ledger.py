"""What a run's log says of shards as they end: scans and links keep it alike."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from countermark.scan.receipt import shard_facts
from countermark.scan.runlog import read_events
from countermark.scan.shard import receipt_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.scan.folder import RunFolder
    from countermark.scan.receipt import Receipt
    from countermark.scan.runlog import RunLog
    from countermark.scan.runners.base import Completed, Failed


class Ledger:
    """Enters the end of each shard into the log of a run folder."""

    def __init__(self, folder: RunFolder, log: RunLog) -> None:
        self._folder = folder
        self._log = log

    def completed(self, outcome: Completed) -> None:
        """A shard has its receipt; if it was in quarantine, it no longer is."""
        self._folder.release(outcome.task.name)
        self._log.append("receipt", self._facts(outcome.receipt) | {"seconds": round(outcome.seconds, 3)})

    def found(self, receipts: Mapping[str, Receipt]) -> None:
        """Log the receipts that were written just before an earlier run died, or by another part."""
        logged = {event.get("name") for event in read_events(self._folder.log_path)}
        for name, receipt in receipts.items():
            if name not in logged:
                self._log.append("receipt_found", self._facts(receipt))

    def failed(self, outcome: Failed) -> None:
        """A shard is given up: it goes into quarantine with its reasons."""
        name, shard = outcome.task.name, outcome.task.shard
        facts = {"name": name, "shard": shard_facts(shard), "reasons": list(outcome.reasons)}
        self._folder.quarantine(name, {**facts, "detail": outcome.detail})
        self._log.append("quarantine", facts)

    def _facts(self, receipt: Receipt) -> dict[str, Any]:
        digest = hashlib.sha256(receipt_path(self._folder.path, receipt.name).read_bytes()).hexdigest()
        return {"name": receipt.name, "shard": receipt.shard["name"], "sha256": digest}
