"""What the dossier says of the finding: its row, its receipt, and the passage of the work where it is in the bag.

The bag may be a stranger's: what it says leads to no file outside of it, no link is followed, nothing is read that is
larger than what Countermark writes, and every value is of the type that it must have.
"""

from __future__ import annotations

import csv
import json
import os
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TextIO

from countermark.errors import DossierError, RunError
from countermark.evidence.dossier import item_pictures, item_recordings
from countermark.evidence.dossier.bag_files import open_plain, read_small
from countermark.evidence.dossier.bag_paths import escape_reason
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
NEEDED: Final = NUMBERS | {
    "finding_id", "work_id", "work_title", "asset_path", "asset_digest", "corpus", "shard", "record_digest",
    "grade", "method", "scheme", "run",
}  # fmt: skip
LARGEST_FIELD: Final = 1 << 20  # characters of a cell
LARGEST_LINE: Final = 8 << 20  # characters of a line of findings.csv
LARGEST_TABLE: Final = 1 << 30  # bytes of findings.csv
LARGEST_FILE: Final = 64 << 20  # bytes of a JSON file
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")


SHORTEST: Final = 4
"""Signs of a finding's name that are enough, where one finding alone begins so."""


@dataclass(frozen=True, slots=True)
class SealedFinding:
    """One finding as sealed. `row` has the columns of findings without texts; `work_text` is empty where withheld.

    `place` is the run's folder in the bag, `settings` its `run.json`, `facts` the item's `work.json`. Of a finding of a
    picture, `picture` is what `picture-….json` says, of one of a recording `recording` what `recording-….json` says;
    empty where it is not in the bag.
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
    bag: Path
    item: str
    picture: dict[str, Any] = field(default_factory=dict)
    recording: dict[str, Any] = field(default_factory=dict)

    @property
    def of_picture(self) -> bool:
        """Whether the finding is one of a picture, seen in a picture."""
        return self.row.get("unit") == item_pictures.UNIT

    @property
    def of_recording(self) -> bool:
        """Whether the finding is one of a recording, heard in a track."""
        return self.row.get("unit") == item_recordings.UNIT

    def enclosed(self, name: str) -> str:
        """The path in the bag of a file of the item, checked. Raises DossierError."""
        return plain_path(self.bag, "data", "items", self.item, name)


def read_sealed(bag: Path, finding: str) -> SealedFinding:
    """The finding whose name is `finding`, or alone begins so. Raises DossierError where there is none, or several."""
    begun: dict[str, tuple[str, dict[str, str]]] = {}
    for item in sorted(path.parent.name for path in (bag / "data" / "items").glob("*/findings.csv")):
        for row in _rows(bag, item):
            name = row.get("finding_id") or ""
            if name == finding:
                return _sealed(bag, item, row)
            if len(finding) >= SHORTEST and name.startswith(finding):
                begun[name] = (item, row)
    if len(begun) == 1:
        return _sealed(bag, *next(iter(begun.values())))
    if begun:
        raise DossierError(f"{bag}: {len(begun)} findings begin with {finding!r}; give more of the name")
    withheld = " (works were withheld from this dossier)" if (bag / "redaction.json").is_file() else ""
    raise DossierError(
        f"{bag}: no finding {finding!r} in data/items/*/findings.csv{withheld}; the column finding_id names them"
    )


def plain_path(bag: Path, *parts: str) -> str:
    """The path in the bag, checked: each part is one name, and neither a folder nor the file is a link."""
    for number, part in enumerate(parts, 1):
        reason = escape_reason(part) or ("is more than one name" if re.search(r"[/\\]", part) else None)
        if reason:
            raise DossierError(f"{bag}: the dossier names the file {part[:200]!r}, which {reason}")
        path = bag.joinpath(*parts[:number])
        if path.is_symlink():
            raise DossierError(f"{path}: is a symbolic link: a dossier holds plain files only")
    return "/".join(parts)


def _rows(bag: Path, item: str) -> Iterator[dict[str, str]]:
    csv.field_size_limit(LARGEST_FIELD)
    path = plain_path(bag, "data", "items", item, "findings.csv")
    try:
        with os.fdopen(open_plain(bag, path), encoding="utf-8", newline="") as text:
            facts = os.fstat(text.fileno())
            if not stat.S_ISREG(facts.st_mode) or facts.st_size > LARGEST_TABLE:
                raise DossierError(f"{bag / path}: is no file of at most {LARGEST_TABLE:,} bytes")
            yield from csv.DictReader(_lines(text, f"{bag / path}"))
    except (OSError, csv.Error, UnicodeDecodeError) as error:
        raise DossierError(f"{bag / path}: cannot be read: {error}") from error


def _lines(text: TextIO, where: str) -> Iterator[str]:
    while line := text.readline(LARGEST_LINE):
        if len(line) == LARGEST_LINE:
            raise DossierError(f"{where}: has a line of more than {LARGEST_LINE:,} characters")
        yield line


def _sealed(bag: Path, item: str, said: dict[str, str]) -> SealedFinding:
    row = _typed(said, f"{bag / 'data' / 'items' / item / 'findings.csv'}")
    run = str(row["run"])
    place = bag / plain_path(bag, "data", "runs", run)
    passage = _object(bag, "data", "items", item, str(row["passage"])) if row.get("passage") else {}
    work, record = (
        part if isinstance(part := passage.get(name), dict) else {} for name in ("work", "record")
    )
    settings = _object(bag, "data", "runs", run, "run.json")
    return SealedFinding(
        row=row,
        place=place,
        kind=str(settings.get("kind", "scan")),
        settings=settings,
        facts=_object(bag, "data", "items", item, "work.json"),
        receipt=_receipt(bag, run, str(row["shard"])),
        record_text=_text(record, f"{place}"),
        work_text=_text(work, f"{place}"),
        work_whole=bool(work.get("whole")),
        bag=bag,
        item=item,
        picture=passage if row.get("unit") == item_pictures.UNIT else {},
        recording=passage if row.get("unit") == item_recordings.UNIT else {},
    )


def _typed(said: dict[str, str], where: str) -> dict[str, Any]:
    """A row of findings.csv with its numbers. Raises DossierError."""
    if missing := sorted(NEEDED - said.keys()):
        raise DossierError(f"{where}: has no column {', '.join(missing)}")
    if not all(isinstance(name, str) and isinstance(cell, str) for name, cell in said.items()):
        raise DossierError(f"{where}: the row of the finding has another number of cells than the header")
    for name in sorted(NUMBERS):
        if not _NUMBER.fullmatch(said[name]):
            raise DossierError(f"{where}: {name} is {said[name][:40]!r}; a whole number is expected")
    return {name: int(cell) if name in NUMBERS else cell for name, cell in said.items()}


def _text(side: dict[str, Any], where: str) -> str:
    """The text of one side of a passage; empty where it was left out."""
    text = side.get("text") or ""
    if not isinstance(text, str) or re.search("[\ud800-\udfff]", text):
        raise DossierError(f"{where}: the text of the passage is no text")
    return text


def _receipt(bag: Path, run: str, shard: str) -> Receipt:
    folder = bag / plain_path(bag, "data", "runs", run, "receipts")
    for name in sorted(file.name for file in folder.glob("[!.]*.json")):
        path = plain_path(bag, "data", "runs", run, "receipts", name)
        try:
            read_small(bag, path, LARGEST_FILE)
            receipt = read_receipt(bag / path)
        except (OSError, ValueError, RecursionError) as error:
            raise DossierError(f"{bag / path}: cannot be read: {_said(error)}") from error
        except RunError as error:
            raise DossierError(f"{bag / path}: is no receipt that Countermark wrote: {error}") from error
        if not _is_typed(receipt):
            raise DossierError(f"{bag / path}: is no receipt that Countermark wrote")
        if receipt.shard["name"] == shard:
            return receipt
    raise DossierError(f"{folder}: no receipt of the shard {shard!r}")


def _is_typed(receipt: Receipt) -> bool:
    facts, source = receipt.shard, receipt.source
    return (
        isinstance(facts, dict)
        and all(isinstance(facts.get(name), str) for name in ("name", "format"))
        and all(_is_number(facts.get(name, 0)) for name in ("begin", "end", "char_start"))
        and all(isinstance(one, str) for one in (source.unit, source.sha256, receipt.identity.engine))
        and all(_is_number(one) for one in (source.begin, source.end))
    )


def _is_number(value: object) -> bool:
    return type(value) is int and -1 <= value < 1 << 62


def _object(bag: Path, *parts: str) -> dict[str, Any]:
    path = plain_path(bag, *parts)
    try:
        value = json.loads(read_small(bag, path, LARGEST_FILE))
    except FileNotFoundError:
        return {}  # left out by a redaction
    except (OSError, ValueError, RecursionError) as error:
        raise DossierError(f"{bag / path}: damaged: {_said(error)}") from error
    return value if isinstance(value, dict) else {}


def _said(error: Exception) -> str:
    return str(error).partition("; use sys.")[0]  # what Python adds is advice for programmers
