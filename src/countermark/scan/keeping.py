"""Files that a run keeps under their digest."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from countermark.storage.store import Store


def keep(store: Store, folder: str, digest: str, data: bytes) -> None:
    """Write a file under its digest, unless it is there or empty; two workers write the same bytes."""
    name = f"{folder}/{digest[:2]}/{digest}"
    if data and not store.exists(name):
        store.write(name, data)
