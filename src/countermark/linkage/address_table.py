"""Known addresses and sites as the tables that the kernel of addresses reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from countermark.linkage import _address_kernel as kernel
from countermark.linkage._bytes_kernel import table_of
from countermark.linkage.addresses import FAMILIES, IGNORED, SIZE_WORDS, as_read, hosts_with_variants

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from countermark.linkage.addresses import Site


class Scanned(NamedTuple):
    """What the kernel says of n addresses: flags and reasons uint8[n], slots of sites and of whole hosts int32[n]."""

    flags: npt.NDArray[np.uint8]
    sites: npt.NDArray[np.int32]
    hosts: npt.NDArray[np.int32]
    bad: npt.NDArray[np.uint8]


class AddressTable:
    """The tables; `site_slots` maps the slot of a host to the sites on it, `host_slots` to its name."""

    def __init__(self, pages: Iterable[str], sites: Iterable[Site]) -> None:
        self._words = table_of(_letter_keys(SIZE_WORDS))
        self._ignored = table_of(_letter_keys(IGNORED))
        self._families = np.array(
            [kernel.host_key(text, 0, len(text)) for text in map(_bytes, FAMILIES)], np.uint64
        )
        kinds: dict[str, int] = {}
        keys: set[int] = set()
        stems: set[int] = set()
        for page in pages:
            for form in (page, as_read(page)):
                key, stem = self._key(form)
                keys.add(key)
                stems.add(stem)
            for host in hosts_with_variants(page):
                kinds[host] = kinds.get(host, 0) | kernel.WORK_HOST
        by_host: dict[str, list[Site]] = {}
        for site in sites:
            by_host.setdefault(site.host, []).append(site)
            for host in hosts_with_variants(site.host) - {"wp.com"} | {site.host}:
                kinds[host] = kinds.get(host, 0) | kernel.SITE
                by_host.setdefault(host, by_host[site.host])
        self._keys = table_of(np.array(sorted(keys - {0}), np.uint64))
        self._stems = table_of(np.array(sorted(stems - {0}), np.uint64))
        self._hosts(kinds, by_host)

    def _hosts(self, kinds: dict[str, int], by_host: dict[str, list[Site]]) -> None:
        texts = {host: _bytes(host) for host in sorted(kinds)}
        hashed = {host: np.uint64(kernel.host_key(text, 0, len(text))) for host, text in texts.items()}
        self._slots = table_of(np.array(sorted(hashed.values()), np.uint64))
        places = {int(key): slot for slot, key in enumerate(self._slots.tolist()) if key}
        self._kinds = np.zeros(len(self._slots), np.uint8)
        self.site_slots: dict[int, tuple[Site, ...]] = {}
        self.host_slots: dict[int, str] = {}
        for host, key in hashed.items():
            slot = places[int(key)]
            self._kinds[slot] |= kinds[host]
            self.host_slots[slot] = host if host.isascii() else host.encode("idna").decode()
            if host in by_host:
                self.site_slots[slot] = tuple(by_host[host])
        shortest = min((len(text) for text in texts.values()), default=8)
        self._mask = np.uint64((0xFFFFFFFFFFFFFFFF << 8 * (8 - min(8, shortest))) & 0xFFFFFFFFFFFFFFFF)
        self._tails = np.zeros(1 << kernel.FILTER_BITS >> 6, np.uint64)
        for text in texts.values():
            bit = int(kernel.tail_of(text, len(text), self._mask))
            self._tails[bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)

    def _key(self, page: str) -> tuple[int, int]:
        text = _bytes(f"https://{page}")
        key, stem = kernel.known_address(text, 0, len(text), self._words, self._ignored, self._families)
        return int(key), int(stem)

    def scan(self, data: npt.NDArray[np.uint8], offsets: npt.NDArray[Any]) -> Scanned:
        """Look at n addresses: the bytes and the offsets [n + 1] of an Arrow column."""
        count = len(offsets) - 1
        sites, hosts = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
        scanned = Scanned(np.zeros(count, np.uint8), sites, hosts, np.zeros(count, np.uint8))
        kernel.scan_addresses(
            data, offsets, self._tails, self._mask, self._slots, self._kinds, self._stems, self._keys, self._words,
            self._ignored, self._families, *scanned,
        )  # fmt: skip
        return scanned


def _letter_keys(words: Iterable[str]) -> npt.NDArray[np.uint64]:
    return np.array([kernel.word_key(text, 0, len(text)) for text in map(_bytes, words)], np.uint64)


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)
