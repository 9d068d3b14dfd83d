"""One item for each work of which something was found: facts, findings without texts, and a few passages with texts.

    data/items/00001/work.json        facts of the work, what each run and each rule says of it
    data/items/00001/findings.csv     its findings, one row each, without texts
    data/items/00001/passage-001.json the texts of one passage on both sides
    data/items/00001/picture-001.json one found picture, with files beside it (see `item_pictures`)
    data/items/00001/recording-001.json one found recording, with files beside it (see `item_recordings`)

Each file holds a salt of its own, but for pictures and sounds, which have one beside them. Numbers follow a keyed order
and tell nothing of a title.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from countermark.errors import DossierError
from countermark.evidence.dossier import item_pictures, item_recordings
from countermark.evidence.dossier.contents import safe_name
from countermark.evidence.dossier.item_groups import chosen_first, listed_in
from countermark.evidence.dossier.item_pictures import PictureFiles
from countermark.evidence.dossier.item_recordings import RecordingFiles
from countermark.findings import SCHEMA, findings_files, iter_findings
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from countermark.evidence.dossier.commitments import Salts
    from countermark.evidence.dossier.texts import WorkTexts

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

EXCERPTS: Final = ("asset_excerpt", "record_excerpt")
COLUMNS: Final = tuple(name for name in SCHEMA.names if name not in EXCERPTS)
SHORTEST_NUMBER: Final = 8
LAST_NUMBER: Final = 999
"""Passages, found pictures and found recordings of a work are numbered with three digits."""
_KINDS: Final = {
    "pictures": (item_pictures.UNIT, item_pictures.STRENGTH),
    "recordings": (item_recordings.UNIT, item_recordings.STRENGTH),
}
_UNITS: Final = frozenset(unit for unit, _ in _KINDS.values())
_OF_KIND: Final = ("dossier_run", "finding_id", "record_digest", "grade", "share_of_work", "shard", "row")
_WORK: Final = ("work_title", "work_author", "work_published", "work_licence", "is_control")
_ORDER: Final = (
    "work_id",
    "dossier_run",
    "shard",
    "row",
    "record_start",
    "asset_path",
    "asset_start",
    "finding_id",
)


@dataclass(slots=True)
class ItemCounts:
    """How much the items hold; `left_out` are passages, found pictures and recordings that are not shown."""

    works: int = 0
    findings: int = 0
    passages: int = 0
    left_out: int = 0
    pictures: int = 0
    recordings: int = 0

    def facts(self) -> dict[str, int]:
        """As the statement has them; without pictures or recordings where there are none."""
        return {name: count for name, count in asdict(self).items() if count or name not in _KINDS}


@dataclass(frozen=True, slots=True)
class Item:
    """One work: its folder in `data/items/`, its names (for finding who names it), and its files.

    `listed` are those that a list of the item names: the seal commits to the list.
    """

    work_id: str
    names: tuple[str, ...]
    files: dict[str, bytes] = field(repr=False)
    listed: frozenset[str] = frozenset()


def findings_of(runs: Mapping[str, Path]) -> pa.Table:
    """All findings with a receipt, without texts, with the run's name as `dossier_run`, ordered by work."""
    tables = []
    for name, run in sorted(runs.items()):
        receipts = {path.stem for path in (run / "receipts").glob("[!.]*.json")}
        files = [path for path in findings_files(run) if path.stem in receipts]
        batches = list(iter_findings(files, columns=list(COLUMNS)))
        table = pa.Table.from_batches(batches, pa.schema([SCHEMA.field(column) for column in COLUMNS]))
        named = pa.array([name] * len(table), pa.string())
        tables.append(table.append_column("dossier_run", named))
    whole = pa.concat_tables(tables)
    return whole.sort_by([(column, "ascending") for column in _ORDER])


def statuses_of(runs: Mapping[str, Path], wanted: set[str]) -> dict[str, dict[str, str]]:
    """Work → run → status, as `works.parquet` says, for the works wanted."""
    found: dict[str, dict[str, str]] = {}
    for name, run in sorted(runs.items()):
        file = run / "works.parquet"
        if not file.is_file():
            continue
        try:
            table = pq.read_table(file, columns=["work_id", "status"])
        except (OSError, KeyError, pa.ArrowException) as error:
            raise DossierError(
                f"{file}: damaged: {error}; make it anew with 'countermark report {run}'"
            ) from error
        for work, status in zip(table["work_id"].to_pylist(), table["status"].to_pylist(), strict=True):
            if work in wanted and work is not None and status is not None:
                found.setdefault(work, {})[name] = status
    return found


def claimed_works(claim: Path | None, also: set[str]) -> dict[str, dict[str, Any]]:
    """The lines of `works.jsonl` of works that were found, or are in `also`. Raises DossierError."""
    if claim is None or not (claim / "works.jsonl").is_file():
        return {}
    found = {}
    with (claim / "works.jsonl").open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                said = json.loads(line)
                work, grades = said["work_id"], [one.get("grades") for one in said.get("found", ())]
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise DossierError(f"{claim / 'works.jsonl'}, line {number}: is no work of a claim") from None
            if work in also or any(grades):
                found[work] = said
    return found


def by_own_id(
    claimed: dict[str, dict[str, Any]], table: pa.Table, known: set[str]
) -> dict[str, dict[str, Any]]:
    """Lines of a claim by the work's id in the runs, which is another where it was recognised by a file's digest.

    The findings that a line names as examples tell. A line that names none, or whose work has one already, keeps its
    own id.
    """
    examples = {work: _examples(said) for work, said in claimed.items() if work not in known}
    wanted = {key for keys in examples.values() for key in keys}
    part = table.filter(
        pc.is_in(table["finding_id"], pa.array(sorted({name for _, name in wanted}), pa.string()))
    )
    keys = ("dossier_run", "finding_id", "work_id")
    columns = (part[name].to_pylist() for name in keys)
    whose = {(run, name): work for run, name, work in zip(*columns, strict=True)}
    found: dict[str, dict[str, Any]] = {work: said for work, said in claimed.items() if work in known}
    for work in sorted(examples):
        own = next((whose[key] for key in examples[work] if key in whose and whose[key] not in found), work)
        found[own] = claimed[work]
    return found


def _examples(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The findings that a line of a claim names, as (folder of the run, finding)."""
    return [
        (safe_name(str(one.get("run"))), name)
        for one in said.get("found", ())
        for name in one.get("examples", ())
        if isinstance(name, str)
    ]


class Items:
    """Makes the items of a dossier, one after the other."""

    def __init__(self, runs: Mapping[str, Path], claim: Path | None, salts: Salts, passages: int) -> None:
        self._salts = salts
        self._most = passages
        self._runs = runs
        self._table = findings_of(runs)
        self._bounds = _bounds(self._table)
        self._claimed = by_own_id(claimed_works(claim, set(self._bounds)), self._table, set(self._bounds))
        self.work_ids = sorted({*self._bounds, *self._claimed}, key=salts.place)
        self._statuses = statuses_of(runs, set(self.work_ids))
        self._chosen = {work: self._choose(work) for work in self.work_ids}
        self._exhibits: dict[str, dict[str, list[tuple[str, str]]]] = {}
        for kind in _KINDS:
            self._exhibits[kind] = {work: self._choose_exhibits(work, kind) for work in self.work_ids}
        self._makers: dict[str, PictureFiles | RecordingFiles] = {
            "pictures": PictureFiles(runs, salts),
            "recordings": RecordingFiles(runs, salts),
        }
        self._excerpts = self._read_excerpts()
        self.counts = ItemCounts(works=len(self.work_ids), findings=len(self._table))

    def _rows(self, work: str) -> list[dict[str, Any]]:
        first, last = self._bounds.get(work, (0, 0))
        rows: list[dict[str, Any]] = self._table.slice(first, last - first).to_pylist()
        return rows

    def _choose(self, work: str) -> list[tuple[str, str]]:
        """The passages of a work that are shown: those with most letters, as (run, finding)."""
        first, last = self._bounds.get(work, (0, 0))
        part = self._table.slice(first, last - first).select(["dossier_run", "finding_id", "matched", "unit"])
        rows = sorted(
            (row for row in part.to_pylist() if row["unit"] not in _UNITS),
            key=lambda row: (-row["matched"], row["dossier_run"], row["finding_id"]),
        )
        return list(dict.fromkeys((row["dossier_run"], row["finding_id"]) for row in rows))[: self._most]

    def _choose_exhibits(self, work: str, kind: str) -> list[tuple[str, str]]:
        """The pictures or recordings of a work that are shown, as (run, finding); numbered after the passages."""
        first, last = self._bounds.get(work, (0, 0))
        part = self._table.slice(first, last - first)
        unit, strength = _KINDS[kind]
        seen = part.filter(pc.equal(part["unit"], unit)).select(list(_OF_KIND))
        numbered = sum(
            len(shown[work]) for shown in (self._chosen, *self._exhibits.values()) if work in shown
        )
        return chosen_first(seen.to_pylist(), min(self._most, LAST_NUMBER - numbered), strength)

    def _read_excerpts(self) -> dict[tuple[str, str], tuple[str | None, str]]:
        chosen = (self._chosen, *self._exhibits.values())
        wanted = {key for shown in chosen for keys in shown.values() for key in keys}
        found: dict[tuple[str, str], tuple[str | None, str]] = {}
        for name, run in sorted(self._runs.items()):
            for batch in iter_findings(findings_files(run), columns=["finding_id", *EXCERPTS]):
                for row in batch.to_pylist():
                    key = (name, row["finding_id"])
                    if key in wanted:
                        found.setdefault(key, (row["asset_excerpt"], row["record_excerpt"]))
        return found

    def make(self, texts: WorkTexts) -> Iterator[Item]:
        """Every item, in the order of its number. `texts` knows whole passages of works, where an index was given."""
        digits = max(5, len(str(len(self.work_ids))))
        for number, work in enumerate(self.work_ids, 1):
            yield self._make_one(work, f"{number:0{digits}}", texts)

    def _make_one(self, work: str, number: str, texts: WorkTexts) -> Item:
        place, rows, files = f"data/items/{number}", self._rows(work), {}
        shown: dict[tuple[str, str], str] = {}
        by_key = {(row["dossier_run"], row["finding_id"]): row for row in rows}
        for count, key in enumerate(self._chosen[work], 1):
            path = f"{place}/passage-{count:03}.json"
            shown[key] = path.rsplit("/", 1)[-1]
            files[path] = self._passage(path, number, count, by_key[key], texts)
        self.counts.passages += len(shown)
        of_texts = sum(row["unit"] not in _UNITS for row in by_key.values())
        left_out = of_texts - len(shown)
        self.counts.left_out += left_out
        exhibits, told = self._make_exhibits(work, number, by_key, shown)
        files |= exhibits
        if rows:
            path = f"{place}/findings.csv"
            files[path] = self._csv(path, rows, shown)
        facts = self._facts(work, rows) | {
            "format": "countermark.item/1",
            "item": number,
            "salt": self._salts.salt(f"{place}/work.json"),
            "findings": len(rows),
            "passages": {"shown": len(shown), "left_out": left_out},
        }
        files[f"{place}/work.json"] = json_bytes({**facts, **told})
        return Item(work, names_of(facts, rows), files, frozenset(listed_in(exhibits)))

    def _make_exhibits(
        self,
        work: str,
        number: str,
        by_key: Mapping[tuple[str, str], dict[str, Any]],
        shown: dict[tuple[str, str], str],
    ) -> tuple[dict[str, bytes], dict[str, dict[str, int]]]:
        """The files of pictures and recordings, whose names are added to `shown`; and how many of them there are."""
        files: dict[str, bytes] = {}
        told = {}
        for kind, (unit, _) in _KINDS.items():
            seen = [self._whole_row(by_key[key]) for key in self._exhibits[kind][work]]
            made, named = self._makers[kind].of_item(number, 1 + len(shown), seen)
            files |= made
            shown |= named
            if there := sum(row["unit"] == unit for row in by_key.values()):
                told[kind] = {"shown": len(seen), "left_out": there - len(seen)}
                self.counts.left_out += there - len(seen)
                setattr(self.counts, kind, getattr(self.counts, kind) + len(seen))
        return files, told

    def _whole_row(self, row: dict[str, Any]) -> dict[str, Any]:
        asset, record = self._excerpts[(row["dossier_run"], row["finding_id"])]
        return {**row, "asset_excerpt": asset, "record_excerpt": record}

    def _facts(self, work: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
        claimed: dict[str, Any] = self._claimed.get(work, {})
        first: dict[str, Any] = rows[0] if rows else {}
        facts = {
            name.removeprefix("work_"): first.get(name) for name in _WORK if first.get(name) not in (None, "")
        }
        title = claimed.get("title") or facts.get("title") or ""
        told: dict[str, Any] = {key: claimed[key] for key in ("facts", "found", "rules") if key in claimed}
        if claimed.get("work_id", work) != work:
            told["catalog_work_id"] = claimed["work_id"]
        return {**facts, **told, "work_id": work, "title": title, "status": self._statuses.get(work, {})}

    def _passage(self, path: str, item: str, count: int, row: dict[str, Any], texts: WorkTexts) -> bytes:
        asset, record = self._excerpts[(row["dossier_run"], row["finding_id"])]
        whole = texts.passage(row)
        sides = {
            "work": {"path": row["asset_path"], "digest": row["asset_digest"], "start": row["asset_start"],
                     "end": row["asset_end"], "text": asset if whole is None else whole, "whole": whole is not None},
            "record": {"corpus": row["corpus"], "shard": row["shard"], "row": row["row"], "id": row["record_id"],
                       "url": row["record_url"], "digest": row["record_digest"], "start": row["record_start"],
                       "end": row["record_end"], "text": record, "whole": False},
        }  # fmt: skip
        said = {
            name: row[name]
            for name in ("finding_id", "grade", "matched", "longest_run", "edits", "unit", "scheme")
        }
        head = {"format": "countermark.passage/1", "item": item, "passage": count, "run": row["dossier_run"]}
        return json_bytes({**head, **said, **sides, "salt": self._salts.salt(path)})

    def _csv(self, path: str, rows: list[dict[str, Any]], shown: Mapping[tuple[str, str], str]) -> bytes:
        salt = self._salts.salt(path)
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["run", *COLUMNS, "passage", "salt"])
        for row in rows:
            passage = shown.get((row["dossier_run"], row["finding_id"]), "")
            values = [_written(row[name]) for name in COLUMNS]
            writer.writerow([row["dossier_run"], *values, passage, salt])
        return text.getvalue().encode("utf-8", "backslashreplace")


def _written(value: Any) -> Any:  # any value of a finding
    """A value as a cell: nothing for what is not known, the numbers of a box one after the other."""
    if value is None:
        return ""
    return " ".join(map(str, value)) if isinstance(value, list) else value


def names_of(facts: Mapping[str, Any], rows: list[dict[str, Any]]) -> tuple[str, ...]:
    """What a work is called anywhere: id, titles, makers, identifiers, file names. Sorted, without doubles.

    Short numbers stand in any file by chance, and are no names.
    """
    known = facts.get("facts") or {}
    names = {facts["work_id"], facts["title"], facts.get("author") or "", known.get("subtitle") or ""}
    names.add(facts.get("catalog_work_id") or "")
    names |= set(known.get("other_titles") or ())
    for person in known.get("contributors") or ():
        names |= {person.get("name", ""), *(person.get("known_as") or ())}
    for edition in known.get("editions") or ():
        names |= {edition.get("title", ""), edition.get("subtitle", "")}
    for holder in (known, *(known.get("editions") or ()), *(known.get("contributors") or ())):
        names |= {value for _, value in holder.get("identifiers") or () if len(value) >= SHORTEST_NUMBER}
    for row in rows:
        names |= {row["asset_path"], row["asset_digest"], row["work_title"], row["work_author"]}
    return tuple(sorted(name for name in names if isinstance(name, str) and name))


def _bounds(table: pa.Table) -> dict[str, tuple[int, int]]:
    """Work → the rows `[first, last)` that are its own, in a table ordered by work."""
    works = table["work_id"].combine_chunks().dictionary_encode()
    codes = np.asarray(works.indices)
    if not len(codes):
        return {}
    cuts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    values = works.dictionary.to_pylist()
    return {values[codes[first]]: (first, last) for first, last in pairwise(cuts)}
