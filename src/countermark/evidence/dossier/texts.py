"""Whole passages of works, where the full index of a run is at hand; the record's side stays with its excerpt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.errors import DossierError
from countermark.media import Medium, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from countermark.index.lookup import Index

LONGEST: Final = 100_000
"""Code points of a passage that are shown at most."""


class WorkTexts:
    """Looks passages up in full indices; sealed ones, and those of pictures, hold no texts and are passed over."""

    def __init__(self, indices: Iterable[Path] = ()) -> None:
        from countermark.index.manifest import read_manifest  # noqa: PLC0415

        self._found: dict[tuple[str, str, str], tuple[Index, int]] = {}
        self.identities: dict[str, Path] = {}
        for folder in indices:
            if not folder.is_dir():
                continue
            manifest = read_manifest(folder)
            self.identities[manifest.identity] = folder
            if manifest.form == "full" and manifest.medium == Medium.TEXT:
                self._open(folder)

    def _open(self, folder: Path) -> None:
        from countermark.index.lookup import open_index  # noqa: PLC0415

        index = open_index(folder)
        index.verify()
        for number, asset in enumerate(index.assets()):
            key = (asset["work_id"], asset["asset_path"], asset["asset_digest"])
            self._found.setdefault(key, (index, number))

    def passage(self, row: Mapping[str, Any]) -> str | None:
        """The whole passage of a finding on the work's side; None where no index holds it."""
        at = self._found.get((row["work_id"], row["asset_path"], row["asset_digest"]))
        length = row["asset_end"] - row["asset_start"]
        if at is None or row["unit"] != "char" or not 0 < length <= LONGEST:
            return None
        index, number = at
        return index.excerpt(number, Span(row["asset_start"], row["asset_end"]))


def require_same_index(texts: WorkTexts, settings: Mapping[str, Any], run: Path) -> None:
    """Raise DossierError where indices are given and none of them is the run's. A link has a catalog, and no index."""
    if settings.get("kind") == "link":
        return
    index = settings.get("index")
    wanted = index.get("identity") if isinstance(index, dict) else None
    if texts.identities and wanted and wanted not in texts.identities:
        raise DossierError(
            f"{run}: was searched with the index {wanted}, and none of those given is that one"
        )
