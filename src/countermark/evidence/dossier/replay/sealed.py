"""What the dossier says of the finding: its row, its receipt, and the passage of the work where it is in the bag."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import DossierError
from countermark.scan.receipt import read_receipt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from countermark.scan.receipt import Receipt

NUMBERS: Final = frozenset(
    {
        "asset_start", "asset_end", "row", "record_start", "record_end",
        "matched", "longest_run", "edits", "commonness",
    }
)  # fmt: skip
LARGEST_FIELD: Final = 1 << 20  # characters of a cell


@dataclass(frozen=True, slots=True)
class SealedFinding:
    """One finding as sealed. `row` has the columns of findings without texts; `work_text` is empty where withheld.

    `place` is the run's folder in the bag, `settings` its `run.json`, `facts` the item's `work.json`.
    """

    row: dict[str, Any]
    place: Path
    kind: str
    settings: dict[str, Any]
    facts: dict[str, Any]
    receipt: Receipt
    record_text: str
    work_text: str
    work_whole: bool


def read_sealed(bag: Path, finding: str) -> SealedFinding:
    """The finding named `finding`. Raises DossierError where the bag has none such, or was redacted of it."""
    for file in sorted((bag / "data" / "items").glob("*/findings.csv")):
        for row in _rows(file):
            if row.get("finding_id") == finding:
                return _sealed(bag, file.parent, row)
    withheld = " (works were withheld from this dossier)" if (bag / "redaction.json").is_file() else ""
    raise DossierError(
        f"{bag}: no finding {finding!r} in data/items/*/findings.csv{withheld}; the column finding_id names them"
    )


def _rows(file: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(LARGEST_FIELD)
    try:
        with file.open(encoding="utf-8", newline="") as text:
            yield from csv.DictReader(text)
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise DossierError(f"{file}: cannot be read: {error}") from error


def _sealed(bag: Path, item: Path, said: dict[str, str]) -> SealedFinding:
    try:
        row: dict[str, Any] = {name: int(value) if name in NUMBERS else value for name, value in said.items()}
    except (TypeError, ValueError) as error:
        raise DossierError(f"{item / 'findings.csv'}: a number is expected: {error}") from error
    run = bag / "data" / "runs" / str(row["run"])
    passage = _object(item / str(row["passage"])) if row.get("passage") else {}
    work, record = passage.get("work", {}), passage.get("record", {})
    settings = _object(run / "run.json")
    return SealedFinding(
        row=row,
        place=run,
        kind=str(settings.get("kind", "scan")),
        settings=settings,
        facts=_object(item / "work.json"),
        receipt=_receipt(run, str(row["shard"])),
        record_text=str(record.get("text") or ""),
        work_text=str(work.get("text") or ""),
        work_whole=bool(work.get("whole")),
    )


def _receipt(run: Path, shard: str) -> Receipt:
    for file in sorted((run / "receipts").glob("[!.]*.json")):
        receipt = read_receipt(file)
        if receipt.shard.get("name") == shard:
            return receipt
    raise DossierError(f"{run / 'receipts'}: no receipt of the shard {shard!r}")


def _object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except OSError:
        return {}
    except (ValueError, RecursionError) as error:
        raise DossierError(f"{path}: damaged: {error}") from error
    return value if isinstance(value, dict) else {}
