"""One finding of a link again: the row is read anew with the run's mapping, and linked anew with the run's catalog.

The dossier holds the catalog of the link (`catalog.parquet`) unless works were withheld; then the facts of the one work
do, which say as much about it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from countermark.errors import CatalogError, DossierError
from countermark.evidence.dossier.replay.steps import Held, Step
from countermark.linkage.catalog import Sought, digest_sought, read_sought, sought
from countermark.linkage.linker import Link, Linker
from countermark.linkage.rows import ListingBatch, column_names, read_rows
from countermark.linkage.settings import SCHEME
from countermark.linkage.shard import canonical_fields, said_by_row
from countermark.works.catalog.facts import from_facts

if TYPE_CHECKING:
    from countermark.corpus.base import Shard
    from countermark.evidence.dossier.replay.sealed import SealedFinding
    from countermark.linkage.shapes import Mapping

PICTURES = "listing-"
"""How the rules begin by which listings of pictures are linked."""
LONGEST = 300
"""Letters of a changed row that are shown."""


class _Row(NamedTuple):
    """A row of a listing: its number, what it says by role, and the batch that holds it alone."""

    number: int
    said: dict[str, str]
    batch: ListingBatch

    @property
    def digest(self) -> str:
        """The SHA-256 that the finding calls `record_digest`."""
        return hashlib.sha256(canonical_fields(self.said).encode()).hexdigest()


def row_again(sealed: SealedFinding, shard: Shard) -> list[Step]:
    """The steps `record` and `search`. Raises CorpusError where the listing cannot be read, DossierError."""
    mapping = _mapping(sealed)
    there = column_names(shard)
    missing = [column for _, column in mapping if column not in there]
    if missing:
        said = f"the listing has no column {missing[0]!r}, which was read; its columns are: {', '.join(there[:60])}"
        return [Step("record", Held.NO, said)]
    number, digest = int(sealed.row["row"]), str(sealed.row["record_digest"])
    row = _row(shard, mapping, number)
    if row is None or row.digest != digest:
        return [Step("record", Held.NO, _differs(row, _elsewhere(shard, mapping, digest), sealed))]
    held = f"row {number} says what was sealed (SHA-256 of its mapped fields {digest})"
    return [Step("record", Held.YES, held), _search(sealed, row, mapping)]


def _mapping(sealed: SealedFinding) -> Mapping:
    reader = sealed.settings.get("reader")
    written = reader.get("mapping") if isinstance(reader, dict) else None
    if not isinstance(written, list) or not written or not all("=" in str(one) for one in written):
        raise DossierError(
            f"{sealed.place / 'run.json'}: does not say which columns were read (reader.mapping)"
        )
    pairs = (_parted(str(one)) for one in written)
    return tuple(pairs)


def _parted(written: str) -> tuple[str, str]:
    """Role and column of `role=column`; a column may hold the sign itself, a role does not."""
    role, _, column = written.partition("=")
    return role, column


def _row(shard: Shard, mapping: Mapping, number: int) -> _Row | None:
    for batch in read_rows(shard, [column for _, column in mapping]):
        for at in np.flatnonzero(batch.rows == number).tolist():
            return _alone(batch, at, mapping)
    return None


def _elsewhere(shard: Shard, mapping: Mapping, digest: str) -> int | None:
    """The first row with the sealed digest, wherever it stands in the listing."""
    for batch in read_rows(shard, [column for _, column in mapping]):
        for at in range(len(batch.rows)):
            if (
                hashlib.sha256(canonical_fields(said_by_row(mapping, batch, at)).encode()).hexdigest()
                == digest
            ):
                return int(batch.rows[at])
    return None


def _alone(batch: ListingBatch, at: int, mapping: Mapping) -> _Row:
    one = ListingBatch(batch.rows[at : at + 1], tuple(column.slice(at, 1) for column in batch.columns))
    return _Row(int(batch.rows[at]), said_by_row(mapping, batch, at), one)


def _differs(row: _Row | None, moved: int | None, sealed: SealedFinding) -> str:
    number = sealed.row["row"]
    if moved is not None:
        return f"the row was moved: it stands in row {moved}, and not in row {number}"
    if row is None:
        return f"the row is missing: the listing has no row {number}, and no row says what was sealed"
    now = " · ".join(text for text in row.said.values() if text)[:LONGEST]
    was = f", sealed was “{sealed.record_text[:LONGEST]}”" if sealed.record_text else ""
    return f"row {number} was changed: it says “{now}”{was}; its mapped fields have the SHA-256 {row.digest}"


def _search(sealed: SealedFinding, row: _Row, mapping: Mapping) -> Step:
    """Whether the rules find the work in the row again, by the same evidence."""
    if str(sealed.row["scheme"]).startswith(PICTURES):
        said = "a listing of pictures is not linked again: compare the row with the address or digest in `method`"
        return Step("search", Held.SKIPPED, said)
    if sealed.row["scheme"] != SCHEME:
        said = f"this version has the rules {SCHEME}, the link was made with {sealed.row['scheme']}"
        return Step("search", Held.SKIPPED, f"{said}: use Countermark {sealed.receipt.identity.engine}")
    works, whose = _works(sealed)
    if not works:
        return Step(
            "search", Held.SKIPPED, "the catalog is withheld, and the dossier holds no facts of the work"
        )
    links = _links(works, mapping, row, str(sealed.row["work_id"]))
    grade, evidence = str(sealed.row["grade"]), str(sealed.row["method"])
    if any((link.grade.value, link.evidence) == (grade, evidence) for link in links):
        return Step("search", Held.YES, f"the same is found with {whose}: {grade}, {evidence}")
    if not links:
        said = f"the row is not linked with the work by {whose}; sealed was {grade}, {evidence}"
        return Step("search", Held.NO, said)
    now = "; ".join(f"{link.grade.value}, {link.evidence}" for link in links)
    return Step("search", Held.NO, f"differs: with {whose} it is {now}; sealed was {grade}, {evidence}")


def _links(works: list[Sought], mapping: Mapping, row: _Row, wanted: str) -> list[Link]:
    return [link for link in Linker(works, mapping).links(row.batch) if works[link.work].work_id == wanted]


def _works(sealed: SealedFinding) -> tuple[list[Sought], str]:
    """What to link with, and what it is called: the catalog of the run, else the facts of the work."""
    catalog = sealed.place / "catalog.parquet"
    if catalog.is_symlink():
        raise DossierError(f"{catalog}: is a symbolic link: a dossier holds plain files only")
    if catalog.is_file():
        index = sealed.settings.get("index")
        if not isinstance(index, dict) or index.get("identity") != digest_sought(catalog):
            raise DossierError(f"{catalog}: is not the catalog that run.json names")
        return read_sought(catalog), "the catalog of the run"
    return _from_facts(sealed.facts), "the work's facts"


def _from_facts(item: dict[str, Any]) -> list[Sought]:
    facts = item.get("facts")
    if not isinstance(facts, dict):
        return []
    try:
        known = from_facts({**facts, "work_id": item.get("work_id"), "title": item.get("title")})
    except (CatalogError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DossierError(f"work.json of {item.get('item')}: the facts cannot be read: {error}") from error
    return [sought(known)]
