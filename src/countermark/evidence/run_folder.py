"""A run folder as the evidence reads it: settings, catalogue, receipts, quarantine.

Only what a receipt vouches for counts. A findings file without its receipt belongs to a shard whose scan did not
end; it is left out, and the run is then incomplete.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from countermark.errors import RunError
from countermark.scan.attempts import run_digest
from countermark.scan.prepare import CATALOG_COLUMNS
from countermark.scan.receipt import read_receipt

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from countermark.scan.receipt import Receipt


@dataclass(frozen=True, slots=True)
class RunFolder:
    """What a run folder says, findings apart. `quarantine` are the shards that could not be scanned."""

    path: Path
    settings: dict[str, Any]
    catalog: pa.Table
    receipts: tuple[Receipt, ...]
    quarantine: tuple[dict[str, Any], ...]
    digest: str

    @property
    def findings_paths(self) -> list[Path]:
        """The findings files that a receipt vouches for, in the order of their names."""
        return [self.path / "findings" / f"{receipt.name}.parquet" for receipt in self.receipts]

    @property
    def shards_planned(self) -> int | None:
        """How many shards the plan has; None where the settings do not say."""
        count = self.settings.get("shards", {}).get("count")
        return count if isinstance(count, int) else None

    @property
    def complete(self) -> bool:
        """Whether every planned shard was searched or set aside with its reason."""
        done = len(self.receipts) + len(self.quarantine)
        return self.shards_planned is not None and done >= self.shards_planned


def open_run(path: Path) -> RunFolder:
    """Read a run folder. Raises RunError when it is none, damaged, or of another run than its receipts."""
    settings = read_json(path / "run.json", missing=f"{path}: not a run folder: run.json is missing")
    receipts = tuple(read_receipt(file) for file in _files(path / "receipts"))
    for receipt in receipts:
        _vouched_for(path / "findings" / f"{receipt.name}.parquet", receipt)
    quarantine = tuple(read_json(file) for file in _files(path / "quarantine"))
    return RunFolder(path, settings, _catalog(path), receipts, quarantine, run_digest(path))


def _vouched_for(path: Path, receipt: Receipt) -> None:
    """Raise RunError where a findings file is not the one that its receipt states."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # whoever reads it says what is wrong
        return
    if digest != receipt.findings_sha256:
        raise RunError(
            f"{path}: changed since its receipt was written; remove it and the receipt {receipt.name}.json, and "
            "give the command of the search again"
        )


def read_json(path: Path, missing: str | None = None) -> dict[str, Any]:
    """One JSON object. Raises RunError with the file's name when it is missing or damaged."""
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise RunError(missing or f"{path}: is missing") from error
    except NotADirectoryError as error:
        raise RunError(missing or f"{path}: is missing") from error
    except (OSError, ValueError, RecursionError) as error:
        raise RunError(f"{path}: damaged: {error}") from error
    if not isinstance(value, dict):
        raise RunError(f"{path}: damaged: a JSON object is expected")
    return value


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if not path.name.startswith("."))


def _catalog(path: Path) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    file = path / "catalog.parquet"
    try:
        table = pq.read_table(file)
    except FileNotFoundError as error:
        raise RunError(f"{path}: not a run folder: catalog.parquet is missing") from error
    except (OSError, pa.ArrowException) as error:
        raise RunError(f"{file}: damaged: {error}") from error
    absent = [name for name in CATALOG_COLUMNS if name not in table.column_names]
    if absent:
        raise RunError(f"{file}: column {absent[0]!r} is missing")
    return table.select(list(CATALOG_COLUMNS))
