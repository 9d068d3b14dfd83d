"""What run folders say of works: the tables that scans and links wrote, one `RunFinding` for each work and run.

Works of a run are recognised in the catalog by their id, else by the digest of a file, else by an identifier; by title
and author only where that was asked for, and it is told. What is not recognised, or could be two works, is counted.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from countermark.claims.case import RunFinding
from countermark.claims.parties import same_name
from countermark.claims.run_tables import RunTables, read_tables
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from countermark.works.entry import CatalogWork

WAYS: Final = ("work-id", "digest", "identifier", "title-and-author")
"""How a work of a run is recognised in the catalog, the surest first."""
EXAMPLES: Final = 20


@dataclass(slots=True)
class Joined:
    """The findings of all runs by catalog work, and how each run's works were recognised."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    _by_work: dict[str, list[RunFinding]] = field(default_factory=lambda: defaultdict(list))

    def of(self, work_id: str) -> tuple[RunFinding, ...]:
        """What the runs say of a work, in the order of the runs."""
        return tuple(self._by_work.get(work_id, ()))

    def add(self, work_id: str, finding: RunFinding) -> None:
        """Keep one finding. Two works of a run that are one in the catalog both count."""
        self._by_work[work_id].append(finding)


def read_findings(
    folders: Iterable[Path], works: Callable[[], Iterable[CatalogWork]], *, by_name: bool = False
) -> Joined:
    """Join the works of some run folders to those of a catalog. `works` gives them anew at each call.

    Raises RunError for a damaged folder, InputError where the same run is given twice.
    """
    joined = Joined()
    names: set[str] = set()
    for folder in folders:
        tables = read_tables(folder)
        name = folder.resolve().name
        if name in names:
            raise InputError(
                f"{folder}: another run is also called {name!r}; each run needs a name of its own"
            )
        names.add(name)
        _join(tables, name, works, joined, by_name=by_name)
    return joined


def _join(
    tables: RunTables, name: str, works: Callable[[], Iterable[CatalogWork]], joined: Joined, *, by_name: bool
) -> None:
    """Recognise the works of one run, and keep what it says of each."""
    matched = _recognise(tables, works(), by_name=by_name)
    counts = dict.fromkeys(WAYS, 0)
    missed: list[dict[str, str]] = []
    for own_id, row in sorted(tables.works.items()):
        way, candidates = matched.get(own_id, ("", frozenset()))
        if len(candidates) == 1:
            counts[way] += 1
            (work_id,) = candidates
            joined.add(work_id, _finding(tables, name, own_id, row, way))
        else:
            reason = "ambiguous" if candidates else "not-in-catalog"
            missed.append({"work_id": own_id, "title": str(row.get("title", "")), "reason": reason})
    joined.runs.append(
        {
            **({"medium": tables.medium} if tables.medium != "text" else {}),
            "run": name,
            "kind": tables.kind,
            "corpus": tables.corpus,
            "snapshot": tables.snapshot,
            "digest": tables.digest,
            "complete": tables.complete,
            "works": len(tables.works),
            "controls": tables.controls,
            "joined_by": {way: count for way, count in counts.items() if count},
            "unjoined": len(missed),
            "unjoined_examples": missed[:EXAMPLES],
        }
    )


def _recognise(
    tables: RunTables, works: Iterable[CatalogWork], *, by_name: bool
) -> Mapping[str, tuple[str, frozenset[str]]]:
    """For each work of the run the surest way that names catalog works, and which."""
    keys = _keys(tables, by_name=by_name)
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for work in works:
        for way, key in _keys_of(work, by_name=by_name):
            for own_id in keys.get((way, key), ()):
                found[own_id][way].add(work.work_id)
    surest = {}
    for own_id, ways in found.items():
        way = next(way for way in WAYS if way in ways)
        surest[own_id] = (way, frozenset(ways[way]))
    return surest


def _keys(tables: RunTables, *, by_name: bool) -> dict[tuple[str, str], list[str]]:
    keys: dict[tuple[str, str], list[str]] = defaultdict(list)
    for own_id, row in tables.works.items():
        keys["work-id", own_id].append(own_id)
        for identifier in {own_id, *tables.identifiers.get(own_id, ())}:
            if ":" in identifier:
                keys["identifier", identifier].append(own_id)
        for digest in tables.digests.get(own_id, ()):
            keys["digest", digest].append(own_id)
        if by_name and (name := _name_key(str(row.get("title", "")), str(row.get("author", "")))):
            keys["title-and-author", name].append(own_id)
    return keys


def _keys_of(work: CatalogWork, *, by_name: bool) -> Iterator[tuple[str, str]]:
    yield "work-id", work.work_id
    for identifier in chain(work.identifiers, *(edition.identifiers for edition in work.editions)):
        yield "identifier", str(identifier)
    for edition in work.editions:
        for asset in edition.assets:
            yield "digest", asset.digest
    if by_name:
        for person in work.contributors:
            for name in (person.name, *person.known_as):
                if key := _name_key(work.title, name):
                    yield "title-and-author", key


def _name_key(title: str, author: str) -> str:
    title, author = same_name(title), same_name(author)
    return f"{title}\n{author}" if title and author else ""


def _finding(tables: RunTables, name: str, own_id: str, row: Mapping[str, Any], way: str) -> RunFinding:
    return RunFinding(
        run=name,
        corpus=tables.corpus,
        snapshot=tables.snapshot,
        status=str(row["status"]),
        grades=row["grades"],
        share=float(row.get("share") or 0.0),
        licence_status=str(row.get("licence_status") or "unknown"),
        examples=tables.examples.get(own_id, ()),
        captures=tables.captures.get(own_id, ("", "")),
        joined_by=way,
        longest_run=int(row.get("longest_run") or 0),
        rows=int(row.get("rows") or 0),
        hosts=int(row.get("hosts") or 0),
        medium=tables.medium,
    )
