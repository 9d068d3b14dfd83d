"""Redacting found pictures and recordings: which files of the items go together.

A found picture is withheld with its list, its salt and its evidence picture; the work for print with all pictures that
show it. Of a recording both sounds go together, and the numbers beside them. What was found of a work withheld is left
out of other items too: a collage shows several works at once, and a mix plays them.
"""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.dossier import item_pictures, item_recordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

PICTURE: Final = re.compile(r"data/items/[^/]+/(?:picture|recording)-[0-9]{3}\.json")
_GROUP: Final = re.compile(r"(data/items/[^/]+/(?:picture|recording|work)-[0-9]{3,})\..+")
_ENCODED: Final = re.compile(rf"{_GROUP.pattern}(?<!\.json)(?<!\.sha256)(?<!\.salt)")
_UNITS: Final = frozenset({item_pictures.UNIT, item_recordings.UNIT})
_LONGEST_CELL: Final = 1 << 20


def is_encoded(path: str) -> bool:
    """Whether a file of the bag is a picture or a sound of an item."""
    return _ENCODED.fullmatch(path) is not None


class Pictured:
    """Found pictures and recordings: `paths` are the files by item, `read` gives a JSON object of the bag."""

    def __init__(
        self, bag: Path, paths: Mapping[str, Sequence[str]], read: Callable[[str], dict[str, Any]]
    ) -> None:
        self._bag = bag
        self._paths = paths
        self._groups: dict[str, set[str]] = {}
        self._said: dict[str, dict[str, Any]] = {}
        for path in (path for files in paths.values() for path in files):
            if found := _GROUP.fullmatch(path):
                self._groups.setdefault(found[1], set()).add(path)
            if PICTURE.fullmatch(path):
                self._said[path] = read(path)

    def widened(self, left_out: set[str]) -> set[str]:
        """These files and all that must go with them."""
        wide = set(left_out)
        digests = set(self._withheld_digests(left_out))
        for path, said in self._said.items():
            if said["record"]["digest"] in digests:
                wide.add(path)
        return self._closed(wide)

    def _withheld_digests(self, left_out: set[str]) -> Iterator[str]:
        """The digests of the pictures and recordings of the data set in which something withheld was found."""
        for path in sorted(left_out):
            if path in self._said:
                yield self._said[path]["record"]["digest"]
            elif path.startswith("data/items/") and path.endswith("/findings.csv"):
                yield from self._found_in(path)

    def _found_in(self, path: str) -> Iterator[str]:
        csv.field_size_limit(_LONGEST_CELL)
        with (self._bag / path).open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                if row.get("unit") in _UNITS:
                    yield str(row["record_digest"])

    def _closed(self, wide: set[str]) -> set[str]:
        """Each group as a whole; with a work for print all pictures that show it, and it with the last of them."""
        whole = set(wide)
        showing: dict[str, set[str]] = {}
        for path, said in self._said.items():
            if stem := _work_of(path, said):
                showing.setdefault(stem, set()).add(path.removesuffix(".json"))
        stems = {found[1] for path in whole if (found := _GROUP.fullmatch(path))}
        stems |= {picture for work in stems & showing.keys() for picture in showing[work]}
        stems |= {work for work, pictures in showing.items() if pictures <= stems}
        return whole.union(*(self._groups.get(stem, set()) for stem in stems))


def _work_of(path: str, said: Mapping[str, Any]) -> str | None:
    """The group of the work for print that a picture shows."""
    name = said["work"].get("file")
    return f"{path.rsplit('/', 1)[0]}/{str(name).split('.', 1)[0]}" if name else None
