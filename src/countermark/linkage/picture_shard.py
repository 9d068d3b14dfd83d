"""Linking one shard of a listing of pictures: the same files as of other listings, `shard.py`, from faster reading."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from countermark.atomic import write_bytes
from countermark.errors import CorpusError
from countermark.findings import Finding, findings_table, write_findings, write_table
from countermark.linkage.catalog import read_sought
from countermark.linkage.picture_linker import BAD_HASH, PictureLink, PictureLinker
from countermark.linkage.picture_rows import read_groups
from countermark.linkage.picture_shapes import EARLY
from countermark.linkage.settings import PICTURE_SCHEME
from countermark.linkage.shard import (
    COUNTS,
    EXCERPT,
    LINKS,
    LinkTask,
    canonical_fields,
    counts_path,
    finding_id_of,
    links_path,
)
from countermark.media import Refusal
from countermark.scan.receipt import Receipt, RefusalTally, shard_facts
from countermark.scan.shard import findings_path, receipt_path
from countermark.scan.source import digest_source, require_unchanged, source_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from countermark.linkage.catalog import Sought
    from countermark.linkage.picture_linker import Bad
    from countermark.linkage.picture_rows import Group, PictureBatch
    from countermark.scan.receipt import Source

_MOST_PIXELS = (1 << 31) - 1


def link_picture_shard(task: LinkTask, report: Callable[[int], None] = lambda _: None) -> Receipt:
    """Link one shard, write what was found and its receipt, and return the receipt; errors as `link_shard`."""
    run = Path(task.run)
    linker = _linker(str(run / "catalog.parquet"), task.identity.index)
    linker.start()
    before = source_state(task.shard)
    source = digest_source(task.shard)
    reading = _Reading(task, linker)
    reading.read(report)
    require_unchanged(task.shard, before)
    digests = {
        "links": write_table(reading.links(), links_path(run, task.name)),
        "counts": write_table(_counts(linker), counts_path(run, task.name)),
    }
    findings = write_findings(reading.findings(), findings_path(run, task.name))
    receipt = reading.receipt(source, digests, findings)
    write_bytes(receipt_path(run, task.name), receipt.to_bytes())
    return receipt


@lru_cache(maxsize=1)
def _linker(catalog: str, _digest: str) -> PictureLinker:
    return PictureLinker(read_sought(Path(catalog)))


def _counts(linker: PictureLinker) -> pa.Table:
    counted = (("host", linker.host_counts), ("site", linker.site_counts), ("stored", linker.stored_counts))
    rows = [(kind, key, count) for kind, counts in counted for key, count in sorted(counts.items())]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 3
    arrays = [pa.array(values, kept.type) for values, kept in zip(columns, COUNTS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=COUNTS)


class _Reading:
    """What was read and found in a shard so far."""

    def __init__(self, task: LinkTask, linker: PictureLinker) -> None:
        self.task, self.linker = task, linker
        self.rows = self.text_bytes = self.found = 0
        self.refused = RefusalTally()
        self._links: list[pa.Table] = []
        self._findings: list[pa.Table] = []

    def read(self, report: Callable[[int], None]) -> None:
        """Read and link all groups of the shard."""
        shard = self.task.shard
        try:
            for group in read_groups(shard, self.task.mapping):
                self._group(group, report)
        except CorpusError as error:
            detail = str(error).replace(shard.path, shard.name)  # no path of this machine in a receipt
            self.refused.add([Refusal(shard.name, -1, "unreadable", detail)])

    def _group(self, group: Group, report: Callable[[int], None]) -> None:
        """Link a group: first what is compared, then the rest of the rows that were found."""
        held: list[tuple[int, int, dict[str, str], PictureLink]] = []
        place = 0
        batches = group.batches()
        while True:
            try:
                batch = next(batches, None)
            except (pa.ArrowException, OSError) as error:
                self.refused.add([Refusal(self.task.shard.name, -1, "corrupt", str(error)[:300])])
                break
            if batch is None:
                break
            links, bad = self.linker.links(batch)
            self._count(batch, bad)
            for link in links:
                said = {role: column.text(link.row) for role, column in batch.columns.items()}
                held.append((place + link.row, int(batch.rows[link.row]), said, link))
            place += len(batch.rows)
            report(batch.bytes_read)
        self._add(group, held)

    def _count(self, batch: PictureBatch, bad: list[Bad]) -> None:
        self.refused.add(batch.refused)
        self.rows += len(batch.rows)
        for column in batch.columns.values():
            self.text_bytes += int(column.offsets[-1] - column.offsets[0])
        for reason, detail, count, first in bad:
            where = self.task.shard.name
            self.refused.add([Refusal(where, int(batch.rows[row]), reason, detail) for row in first])
            self.refused.counts[reason]["count"] += count - len(first)
            if reason != BAD_HASH and len(batch.columns) == 1:  # nothing else of these rows is compared
                self.rows -= count

    def _add(self, group: Group, held: list[tuple[int, int, dict[str, str], PictureLink]]) -> None:
        if not held:
            return
        places = np.unique(np.array([place for place, _, _, _ in held], np.int64))
        late = self._late(group, places)
        at = {int(place): number for number, place in enumerate(places)}
        rows = []
        for place, row, said, link in held:
            more = {role: texts[at[place]] for role, texts in late.items() if len(texts) == len(places)}
            rows.append(self._row(row, said | more, link))
        self.found += len(rows)
        self._findings.append(findings_table(finding for finding, _ in rows))
        values = list(zip(*(values for _, values in rows), strict=True))
        arrays = [pa.array(column, kept.type) for column, kept in zip(values, LINKS, strict=True)]
        self._links.append(pa.Table.from_arrays(arrays, schema=LINKS))

    def _late(self, group: Group, places: Any) -> dict[str, list[str]]:
        try:
            return group.late(places)
        except (pa.ArrowException, OSError) as error:
            detail = f"captions and sizes of rows that were found cannot be read: {error}"[:300]
            self.refused.add([Refusal(self.task.shard.name, -1, "corrupt", detail)])
            return {}

    def _row(self, row: int, read: dict[str, str], link: PictureLink) -> tuple[Finding, tuple[Any, ...]]:
        """The finding of a link, and its row of `LINKS`."""
        task, work = self.task, self.linker.works[link.work]
        said = {role: read[role] for role, _ in task.mapping if role in read}
        fields = canonical_fields(said)
        finding_id = finding_id_of(work.work_id, task, row, link.grade, link.evidence, fields)
        shown = [said[role][:EXCERPT] for role in ("caption", *EARLY) if said.get(role)]
        finding = Finding(
            finding_id=finding_id,
            **_sought(work),
            asset_start=0,
            asset_end=0,
            corpus=task.corpus,
            snapshot_date=task.snapshot_date,
            shard=task.shard.name,
            row=row,
            record_id=said.get("id") or None,
            record_url=said.get("url") or None,
            record_date=None,
            record_digest=hashlib.sha256(fields.encode()).hexdigest(),
            record_start=0,
            record_end=0,
            unit="row",
            grade=link.grade.value,
            method=link.evidence,
            scheme=PICTURE_SCHEME,
            matched=0,
            longest_run=0,
            edits=0,
            bits=0.0,
            share_of_work=0.0,
            commonness=link.fits,
            asset_excerpt=None,
            record_excerpt=" · ".join(shown),
            record_width=_pixels(said.get("width")),
            record_height=_pixels(said.get("height")),
            hash_distance=link.distance,
        )
        others = "; ".join(f"{role}:{text}" for role, text in said.items() if role != "caption" and text)
        return finding, (
            finding_id, work.work_id, link.grade.value, link.evidence, _score(link), link.fits, link.fits, False, False,
            work.is_control, task.shard.name, row, said.get("caption", "")[:EXCERPT], "", others[:EXCERPT], fields,
        )  # fmt: skip

    def links(self) -> pa.Table:
        """All links as one table."""
        return pa.concat_tables(self._links) if self._links else LINKS.empty_table()

    def findings(self) -> Any:
        """All findings as one table."""
        return pa.concat_tables(self._findings) if self._findings else []

    def receipt(self, source: Source, digests: dict[str, str], findings: str) -> Receipt:
        """The receipt of the shard; of the other files that belong to it, it holds the digests."""
        task = self.task
        return Receipt(
            name=task.name,
            corpus=task.corpus,
            snapshot_date=task.snapshot_date,
            shard=shard_facts(task.shard) | {"files": digests},
            source=source,
            identity=task.identity,
            records=self.rows,
            characters=self.text_bytes,
            text_bytes=self.text_bytes,
            refused=self.refused.counts,
            findings=self.found,
            findings_sha256=findings,
        )


def _pixels(text: str | None) -> int | None:
    """A width or height as the row says it; None where it says none."""
    try:
        pixels = int(float(text or ""))
    except (ValueError, OverflowError):
        return None
    return pixels if 0 < pixels <= _MOST_PIXELS else None


def _score(link: PictureLink) -> float:
    """1 for an address or a digest, less for a perceptual hash by its distance; a host alone says least."""
    if link.distance is not None:
        return 0.9 - 0.1 * link.distance
    return 1.0 if link.grade.value == "identifier" else 0.1


def _sought(work: Sought) -> dict[str, Any]:
    """The columns of a finding that say what was looked for."""
    known = dict(written.partition(":")[::2] for written in work.identifiers)
    return {
        "work_id": work.work_id,
        "work_title": work.title,
        "work_author": work.author,
        "work_published": work.published or None,
        "work_licence": work.licence,
        "asset_path": known.get("file", ""),
        "asset_digest": known.get("sha256", ""),
        "is_control": work.is_control,
    }
