"""What a run's log says of shards as they end: scans and links keep it alike."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any, Final

from countermark.scan.receipt import shard_facts
from countermark.scan.runlog import iter_events
from countermark.scan.shard import by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from countermark.scan.folder import RunFolder
    from countermark.scan.receipt import Receipt
    from countermark.scan.runlog import RunLog
    from countermark.scan.runners.base import Completed, Failed

LAG: Final = 0.2
"""Seconds that a line on a finished shard may wait for others, so that tiny shards share a write.

Nothing depends on it: a receipt whose line was lost with the power is logged as `receipt_found` when the run goes on.
"""

RECEIPT_EVENTS: Final = ("receipt", "receipt_found")
"""The events that state a receipt with its digest."""


class Ledger:
    """Enters the end of each shard into the log of a run folder."""

    def __init__(self, folder: RunFolder, log: RunLog) -> None:
        self._folder = folder
        self._log = log
        self._flushed = 0.0

    def completed(self, outcome: Completed) -> None:
        """A shard has its receipt; if it was in quarantine, it no longer is."""
        self._folder.release(outcome.task.name)
        beside = (
            {"carried": dict(outcome.carried)} if outcome.carried else {"seconds": round(outcome.seconds, 3)}
        )
        self._log.hold("receipt", facts_of(outcome.receipt) | beside)
        self.settle()

    def settle(self, *, now: bool = False) -> None:
        """Bring to the disk what has waited long enough. Raises OutputError."""
        if now or time.monotonic() - self._flushed >= LAG:
            self._log.flush()
            self._flushed = time.monotonic()

    def logged(self) -> set[str]:
        """The names of the receipts that the log knows."""
        events = iter_events(self._folder.log_path)
        return {event["name"] for event in events if event["event"] in RECEIPT_EVENTS}

    def found(self, receipts: Mapping[str, Receipt]) -> None:
        """Log the receipts that were written just before an earlier run died, or by another part."""
        logged = self.logged()
        self.add_found(facts_of(receipt) for name, receipt in receipts.items() if name not in logged)

    def add_found(self, facts: Iterable[Mapping[str, Any]]) -> None:
        """Log receipts by what `facts_of` says of them."""
        for said in facts:
            self._log.hold("receipt_found", said)
        self._log.flush()

    def failed(self, outcome: Failed) -> None:
        """A shard is given up: it goes into quarantine with its reasons, which name it as the plan does."""
        facts = _reasons(outcome)
        detail = by_name(outcome.detail, outcome.task.shard)
        self._folder.quarantine(outcome.task.name, {**facts, "detail": detail})
        self._log.append("quarantine", facts)

    def not_rechecked(self, outcome: Failed) -> None:
        """A shard that was scanned earlier could not be looked at again; its receipt stays."""
        self._log.append("not_rechecked", _reasons(outcome))

    def changed(self, receipt: Receipt, before: str) -> None:
        """What a shard was read from is no longer what it was; `before` is the digest of the receipt that it had."""
        facts = {"name": receipt.name, "shard": receipt.shard["name"], "receipt_before": before}
        self._log.hold("changed", facts)

    def rechecked(self, shards: int, changed: int) -> None:
        """So many shards that were scanned earlier have been hashed again, of which so many had changed."""
        self._log.append("rechecked", {"shards": shards, "changed": changed})


def _reasons(outcome: Failed) -> dict[str, Any]:
    """Why a shard was given up; it is named as the plan names it."""
    shard = outcome.task.shard
    reasons = [by_name(reason, shard) for reason in outcome.reasons]
    return {"name": outcome.task.name, "shard": shard_facts(shard), "reasons": reasons}


def facts_of(receipt: Receipt) -> dict[str, Any]:
    """What the log says of a receipt; its bytes are those of its file, which need not be read again."""
    digest = hashlib.sha256(receipt.to_bytes()).hexdigest()
    return {"name": receipt.name, "shard": receipt.shard["name"], "sha256": digest}
