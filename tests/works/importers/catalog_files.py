"""CatalogFiles for the tests of importers of news and media, and the entries and refusals that come of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from countermark.media import Refusal
from countermark.works.entry import Entry
from countermark.works.importers.base import HEAD_BYTES, CatalogFile, Importer

if TYPE_CHECKING:
    from collections.abc import Mapping


def held(name: str, data: bytes | str, options: Mapping[str, str] | None = None) -> CatalogFile:
    """A file that stands in memory."""
    raw = data.encode() if isinstance(data, str) else data
    return CatalogFile(name, "", raw[:HEAD_BYTES], lambda: io.BytesIO(raw), options or {})


def on_disk(path: Path, name: str = "", options: Mapping[str, str] | None = None) -> CatalogFile:
    """A file of the disk."""
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    return CatalogFile(name or path.name, str(path), head, lambda: path.open("rb"), options or {})


def imported(importer: Importer, file: CatalogFile) -> tuple[list[Entry], list[Refusal]]:
    """What the importer makes of a file that it recognises."""
    assert importer.recognises(file), f"{importer.format} does not recognise {file.name}"
    items = list(importer.entries(file))
    return [i for i in items if isinstance(i, Entry)], [i for i in items if isinstance(i, Refusal)]
