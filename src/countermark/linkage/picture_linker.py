"""Which rows of a listing of pictures name the address, the bytes or the look of a picture, or lie on a site.

Kernels look at every row and flag the few that may be found; each of those is decided here on its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from countermark.findings import Grade
from countermark.linkage import _address_kernel as addresses
from countermark.linkage import _stored_hash_kernel as stored
from countermark.linkage._bytes_kernel import table_of
from countermark.linkage.address_table import AddressTable
from countermark.linkage.addresses import host_and_path, page_of, sites_of, variant_of
from countermark.linkage.identifiers import hosts_of, split_identifier
from countermark.linkage.picture_works import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from countermark.linkage.address_table import Scanned
    from countermark.linkage.addresses import Site
    from countermark.linkage.catalog import Sought
    from countermark.linkage.picture_rows import Column, PictureBatch

REASONS = {
    addresses.EMPTY: ("no-address", "the row has no address"),
    addresses.DATA: ("data-address", "the address holds the picture itself (data:), and names no place"),
    addresses.NO_ADDRESS: ("not-an-address", "does not begin with http://, https:// or // and a host"),
    addresses.TOO_LONG: ("address-too-long", f"the address has more than {addresses.MAX_ADDRESS:,} bytes"),
    addresses.NOT_UTF8: ("not-utf-8", "the address is not UTF-8"),
}
"""Why the address of a row cannot be compared; such rows are counted."""
BAD_HASH = "bad-hash"
MOST_HOST_ROWS = 100_000
"""Rows of a shard found for a site by their host alone; more are only counted. A site may be a whole network."""
_DIGITS = {"md5": 32, "sha256": 64, "phash": 16}
_FLAGS = {"md5": stored.MD5, "sha256": stored.SHA256}


class PictureLink(NamedTuple):
    """One row found for one work or site: its place in the batch, the number of what is sought, and what agreed.

    `fits` is how many works the same thing of the row agrees with; `distance` that of perceptual hashes in bits.
    """

    row: int
    work: int
    grade: Grade
    evidence: str
    fits: int = 1
    distance: int | None = None


class Bad(NamedTuple):
    """Rows of a batch of which something cannot be compared: the reason, its words, how many, the first of them."""

    reason: str
    detail: str
    rows: int
    first: tuple[int, ...]


class PictureLinker:
    """Looks for works and sites in batches, and counts what is counted of the whole listing."""

    def __init__(self, works: Sequence[Sought]) -> None:
        self.works = works
        self._pages: dict[str, list[int]] = defaultdict(list)
        self._variants: dict[str, list[int]] = defaultdict(list)
        self._hashes: dict[str, dict[str, list[int]]] = {role: defaultdict(list) for role in _DIGITS}
        self._site_numbers: dict[str, int] = {}
        names = []
        for number, work in enumerate(works):
            for written in work.identifiers:
                scheme, value = split_identifier(written)
                if scheme == SITE:
                    self._site_numbers[value] = number
                    names.append(value)
                elif scheme in _DIGITS:
                    self._hashes[scheme][value.lower()].append(number)
                elif scheme == "url" and (page := page_of(value)) is not None:
                    self._pages[page].append(number)
                    self._variants[variant_of(page)].append(number)
        self.sites = sites_of(names)
        self._hosts = {host_and_path(page)[0] for page in self._pages} | {site.host for site in self.sites}
        self._addresses = AddressTable(sorted({*self._pages, *self._variants}), self.sites)
        self._digests = {role: table_of(_digest_keys(self._hashes[role])) for role in _FLAGS}
        self._whole = {
            slot: sites[0]
            for slot, sites in self._addresses.site_slots.items()
            if len(sites) == 1 and not sites[0].path
        }
        self._texts = sorted(self._hashes["phash"])
        self._looks = np.array([int(text, 16) for text in self._texts], np.uint64)
        self._near = np.array([_packed(text) for text in self._texts], np.uint64)
        self._bands = stored.bands_of(self._near)
        self.start()

    def start(self) -> None:
        """Begin to count anew, for another shard: rows by host, by site, and by stored hash that was there."""
        self.host_counts: Counter[str] = Counter()
        self.site_counts: Counter[str] = Counter()
        self.stored_counts: Counter[str] = Counter()
        self._listed: Counter[str] = Counter()

    def links(self, batch: PictureBatch) -> tuple[list[PictureLink], list[Bad]]:
        """What a batch holds, by row, then by what is sought; of one work in one row only the strongest."""
        flags = np.zeros(len(batch.rows), np.uint8)
        slots = np.empty(0, np.int32)
        bad: list[Bad] = []
        if (column := batch.columns.get("url")) is not None:
            scanned = self._addresses.scan(*column)
            flags, slots = scanned.flags.copy(), scanned.sites
            bad += _bad_addresses(scanned.bad)
            self._count_hosts(column, scanned)
        for role in _DIGITS:
            if (column := batch.columns.get(role)) is not None:
                bad += self._scan_hashes(role, column, flags)
        seen = flags & ~np.uint8(addresses.WORK_HOST)
        rows = np.flatnonzero(seen)
        by_host = np.zeros(len(rows), bool)
        if len(slots) and self._whole:
            by_host = (seen[rows] == addresses.SITE) & np.isin(slots[rows], list(self._whole))
        found = list(self._of_whole_sites(rows[by_host], slots))
        for row in rows[~by_host].tolist():
            found += self._row(batch, row, int(flags[row]))
        return sorted(found, key=lambda link: (link.row, link.work)), bad

    def _of_whole_sites(
        self, rows: npt.NDArray[np.int64], slots: npt.NDArray[np.int32]
    ) -> Iterator[PictureLink]:
        """The rows that are of a site by their host alone: all are counted, MOST_HOST_ROWS of a site are found."""
        for slot in np.unique(slots[rows]).tolist():
            site, held = self._whole[slot], rows[slots[rows] == slot]
            self.site_counts[site.name] += len(held)
            for row in held[: MOST_HOST_ROWS - self._listed[site.name]].tolist():
                yield self._on_site(row, site)

    def _on_site(self, row: int, site: Site) -> PictureLink:
        self._listed[site.name] += 1
        return PictureLink(row, self._site_numbers[site.name], Grade.NAME, f"host:{site.name}")

    def _scan_hashes(self, role: str, column: Column, flags: npt.NDArray[np.uint8]) -> list[Bad]:
        lengths = np.diff(column.offsets)
        self.stored_counts[role] += int(np.count_nonzero(lengths))
        wrong = np.flatnonzero((lengths != 0) & (lengths != _DIGITS[role]))
        if role == "phash":
            stored.scan_hashes(*column, self._near, *self._bands, flags)
        else:
            stored.scan_digests(*column, _DIGITS[role], self._digests[role], _FLAGS[role], flags)
        detail = f"{role} does not have {_DIGITS[role]} hexadecimal digits"
        return [Bad(BAD_HASH, detail, len(wrong), tuple(wrong[:20].tolist()))] if len(wrong) else []

    def _count_hosts(self, column: Column, scanned: Scanned) -> None:
        """Count the rows on hosts of known addresses and on sites, by host, as `link` counts those of a catalog."""
        named = scanned.hosts[scanned.hosts >= 0]
        for slot, count in zip(*np.unique(named, return_counts=True), strict=True):
            host = self._addresses.host_slots[int(slot)]
            if host in self._hosts:
                self.host_counts[host] += int(count)
        other = np.flatnonzero((scanned.sites >= 0) & (scanned.hosts < 0))
        if len(other):  # below a site: a host that nobody named
            for entry in pc.value_counts(hosts_of(column.array().take(pa.array(other)))).to_pylist():
                if entry["values"] is not None:
                    self.host_counts[entry["values"]] += entry["counts"]

    def _row(self, batch: PictureBatch, row: int, flags: int) -> Iterator[PictureLink]:
        found: dict[int, PictureLink] = {}
        for link in self._candidates(batch, row, flags):
            found.setdefault(link.work, link)
        yield from found.values()
        site = self._site(batch.columns["url"].text(row)) if flags & addresses.SITE else None
        if site is not None:
            self.site_counts[site.name] += 1
            if not found and self._listed[site.name] < MOST_HOST_ROWS:
                yield self._on_site(row, site)

    def _candidates(self, batch: PictureBatch, row: int, flags: int) -> Iterator[PictureLink]:
        """What agrees in a row, the strongest first."""
        for role, flag in _FLAGS.items():
            if flags & flag:
                value = batch.columns[role].text(row).lower()
                works = self._hashes[role].get(value, [])
                for work in works:
                    yield PictureLink(row, work, Grade.IDENTIFIER, f"{role}:{value}", len(works))
        if flags & addresses.ADDRESS and (page := page_of(batch.columns["url"].text(row))) is not None:
            works = self._pages.get(page, [])
            for work in works:
                yield PictureLink(row, work, Grade.IDENTIFIER, f"url:{page}", len(works))
            works = self._variants.get(variant_of(page), [])
            for work in works:
                yield PictureLink(row, work, Grade.IDENTIFIER, f"url:{page} (resized variant)", len(works))
        if flags & stored.PHASH:
            yield from self._by_look(row, batch.columns["phash"].text(row).lower())

    def _by_look(self, row: int, value: str) -> Iterator[PictureLink]:
        try:
            bits = int(value, 16)
        except ValueError:
            return
        apart = np.bitwise_count(self._looks ^ np.uint64(bits))
        near: dict[int, int] = {}
        for at in np.flatnonzero(apart <= stored.NEAR).tolist():
            for work in self._hashes["phash"][self._texts[at]]:
                near[work] = min(int(apart[at]), near.get(work, stored.NEAR))
        for work, distance in sorted(near.items(), key=lambda item: (item[1], item[0])):
            fits = sum(other == distance for other in near.values())
            evidence = f"phash:{value} (distance {distance})"
            yield PictureLink(row, work, Grade.NAME, evidence, fits, distance)

    def _site(self, text: str) -> Site | None:
        """The site that an address lies on: the one with the longest host, then with the longest path."""
        if (page := page_of(text)) is None:
            return None
        held = [site for site in self.sites if site.holds(*host_and_path(page))]
        return max(held, key=lambda site: (len(site.host), len(site.path))) if held else None


def _bad_addresses(codes: npt.NDArray[np.uint8]) -> list[Bad]:
    counts = np.bincount(codes, minlength=max(REASONS) + 1)
    return [
        Bad(*REASONS[code], int(counts[code]), tuple(np.flatnonzero(codes == code)[:20].tolist()))
        for code in REASONS
        if counts[code]
    ]


def _digest_keys(known: dict[str, list[int]]) -> npt.NDArray[np.uint64]:
    texts = [np.frombuffer(text.encode(), np.uint8) for text in sorted(known)]
    return np.array([stored.digest_key(text, 0) for text in texts if len(text) >= 16], np.uint64)


def _packed(text: str) -> int:
    return int(stored.packed_hash(np.frombuffer(text.encode(), np.uint8), 0))
