"""Scanning: a corpus shard by shard, with receipts, on one process or many.

`run_scan(ScanSettings(…))` scans into a run folder or goes on where an earlier run ended; `scan_shard` is the
function of one shard that any engine can call.
"""

from __future__ import annotations

from countermark.scan.outcome import DryRun, RunOutcome, ScanProgress
from countermark.scan.plan import Part
from countermark.scan.receipt import Receipt, read_receipt
from countermark.scan.reserved import AskedReservations
from countermark.scan.run import plan_scan, run_scan
from countermark.scan.settings import ScanSettings
from countermark.scan.shard import ScanTask, scan_shard
from countermark.scan.tokenizers import AskedTokenizers

__all__ = [
    "AskedReservations",
    "AskedTokenizers",
    "DryRun",
    "Part",
    "Receipt",
    "RunOutcome",
    "ScanProgress",
    "ScanSettings",
    "ScanTask",
    "plan_scan",
    "read_receipt",
    "run_scan",
    "scan_shard",
]
