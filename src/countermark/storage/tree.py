"""The objects below a prefix, as a folder lists its files: every one, by name, in one order on every storage."""

from __future__ import annotations

import os
from typing import Final

from countermark.errors import CorpusError
from countermark.storage.connection import persisting, run
from countermark.storage.place import shown
from countermark.storage.remote import MOST_BYTES, Entry, Page, remote_of

MOST_OBJECTS: Final = 20_000_000
"""A listing that goes on longer is taken for an endless one."""
_PAGE: Final = 1000
_WAIT: Final = 86_400.0


def objects_below(url: str) -> list[Entry]:
    """All objects below `url` + "/", sorted by the bytes of their names; what stands for a folder is none.

    Raises CorpusError where they cannot be listed, PermissionError, and FileNotFoundError for a bucket that is not.
    """
    found: dict[str, Entry] = {}
    token, tokens = "", set()
    while True:
        page = _page(url, token, _PAGE)
        for entry in page.entries:
            if entry.name and not entry.name.endswith("/"):
                _check(url, entry)
                found[entry.name] = entry
        if len(found) > MOST_OBJECTS or page.following in tokens:
            raise CorpusError(f"{shown(url)}: the server's listing has no end ({len(found)} objects so far)")
        token = page.following
        tokens.add(token)
        if not token:
            return sorted(found.values(), key=lambda entry: os.fsencode(entry.name))


def has_objects(url: str) -> bool:
    """Whether there is an object below this prefix; on the web nothing can be listed, and there is none."""
    if url.startswith("http"):
        return False
    try:
        return bool(_page(url, "", 1).entries)
    except FileNotFoundError:
        return False


def _page(url: str, token: str, most: int) -> Page:
    return run(persisting(lambda: remote_of(url).page(url, token, most), url), _WAIT)


def _check(url: str, entry: Entry) -> None:
    if not 0 <= entry.state.size <= MOST_BYTES:
        raise CorpusError(f"{shown(url)}/{entry.name}: the server says that it has {entry.state.size} bytes")
