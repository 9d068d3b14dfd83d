"""`index.json` of MosaicML streaming's data sets: what it says of each shard, held against the shard."""

from __future__ import annotations

import hashlib
import json
import posixpath
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.corpus.folder import printable
from countermark.media import Refusal
from countermark.storage.place import is_url, name_of
from countermark.storage.reading import is_file, open_binary, size_of, state_of

if TYPE_CHECKING:
    from collections.abc import Container

    from countermark.storage.place import Place

INDEX: Final = "index.json"
_MOST_INDEX: Final = 256 << 20
_MOST_VALUES: Final = 10_000_000
"""A value costs up to some hundred bytes once it is parsed; a shard takes some dozens of them in an index."""
_MOST_COLUMNS: Final = 1 << 10
_NAMED: Final = 5
_DIGESTS: Final = ("sha256", "sha512", "sha384", "sha224", "sha3_256", "blake2b", "blake2s", "sha1", "md5")
"""Those that are checked, the strongest first; xxHash is not among them."""


class MosaicColumn(NamedTuple):
    """A column: its name, how it is written (`ndarray:uint32`, `str` …), its size in bytes (None where it varies)."""

    name: str
    encoding: str
    size: int | None


class Said(NamedTuple):
    """What index.json says of a shard: columns, samples, and size and digests of the file as it lies there."""

    columns: tuple[MosaicColumn, ...]
    samples: int
    raw_bytes: int
    zip_bytes: int
    raw_digests: tuple[tuple[str, str], ...]
    zip_digests: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> str:
        """The columns for a message."""
        return ", ".join(f"{column.name} ({column.encoding})" for column in self.columns[:40])


def as_columns(said: Any) -> tuple[MosaicColumn, ...]:
    """The columns as the JSON of a shard or an index tells them. Raises ValueError."""
    told = said if isinstance(said, dict) else {}
    lists = [told.get(key) for key in ("column_names", "column_encodings", "column_sizes")]
    if not all(isinstance(one, list) for one in lists) or len({len(one or ()) for one in lists}) != 1:
        raise ValueError("column_names, column_encodings and column_sizes are no lists of one length")
    columns = []
    for name, encoding, size in zip(*lists, strict=True):
        known = size is None or (isinstance(size, int) and not isinstance(size, bool) and 0 <= size < 1 << 32)
        if not isinstance(name, str) or not isinstance(encoding, str) or not known:
            raise ValueError(
                f"a column “{str(name)[:80]}” with the encoding “{str(encoding)[:80]}” and the size {size}"
            )
        columns.append(MosaicColumn(name, encoding, size or None))  # 0 varies too
    if not 0 < len(columns) <= _MOST_COLUMNS:
        raise ValueError(f"{len(columns):,} columns; 1 to {_MOST_COLUMNS:,} are read")
    return tuple(columns)


def in_index(path: Place, name: str) -> tuple[Said | None, list[Refusal]]:
    """What the index beside a shard says of it, None where it says nothing; and what is wrong with the index."""
    beside = index_beside(path)
    if not is_file(beside):
        return None, []
    said = _index(str(beside), str(state_of(beside)))
    if isinstance(said, str):
        return None, [
            Refusal(name, -1, "index", f"{INDEX} beside it cannot be used, the shard tells enough: {said}")
        ]
    return said.get(name_of(path) if is_url(path) else Path(path).name), []


def missing_shards(path: Place, there: Container[str], name: str) -> Refusal | None:
    """Which shards an index names that do not lie beside it, among the files `there`; None where none is missing.

    A shard may lie there as it is or compressed. The index is `name` in the refusal.
    """
    said = _index(str(path), str(state_of(path)))
    if isinstance(said, str):
        return None  # each shard says so
    beside: dict[int, list[str]] = {}
    for file, shard in said.items():
        beside.setdefault(id(shard), []).append(file)
    gone = [files for files in beside.values() if not any(file in there for file in files)]
    if not gone:
        return None
    named = ", ".join(printable(files[0])[:80] for files in gone[:_NAMED])
    more = f" and {len(gone) - _NAMED:,} more" if len(gone) > _NAMED else ""
    detail = f"{len(gone):,} of the {len(beside):,} shards that it names are not there: {named}{more}"
    return Refusal(name, -1, "missing-shard", detail)


def index_beside(path: Place) -> str:
    """Where the index of a shard lies."""
    return (
        posixpath.join(posixpath.dirname(str(path)), INDEX)
        if is_url(path)
        else str(Path(path).parent / INDEX)
    )


@lru_cache(maxsize=4)
def _index(path: str, state: str) -> dict[str, Said] | str:  # noqa: ARG001 (another state is another content)
    """What an index says of each file, or what is wrong with it."""
    if size_of(path) > _MOST_INDEX:
        return f"it has {size_of(path):,} bytes; at most {_MOST_INDEX:,} are read"
    with open_binary(path) as file:
        data = file.read(_MOST_INDEX + 1)
    if sum(map(data.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        return f"it is JSON of more than {_MOST_VALUES:,} values"
    try:
        whole = json.loads(data)
        if (
            not isinstance(whole, dict)
            or whole.get("version") != 2
            or not isinstance(whole.get("shards"), list)
        ):
            return "it is not of version 2 with a list of shards"
        found: dict[str, Said] = {}
        for shard in whole["shards"]:
            if isinstance(shard, dict) and shard.get("format") == "mds":
                files = [one for key in ("raw_data", "zip_data") if isinstance(one := shard.get(key), dict)]
                found |= dict.fromkeys((str(one.get("basename")) for one in files), _said(shard))
    except (ValueError, RecursionError) as error:
        return str(error)[:200]
    return found


def _said(shard: dict[str, Any]) -> Said:
    raw, packed = (
        one if isinstance(one, dict) else {} for one in (shard.get("raw_data"), shard.get("zip_data"))
    )
    return Said(
        as_columns(shard),
        _number(shard.get("samples")),
        _number(raw.get("bytes")),
        _number(packed.get("bytes")),
        _digests(raw.get("hashes")),
        _digests(packed.get("hashes")),
    )


def _number(value: Any) -> int:
    return value if isinstance(value, int) else -1


def _digests(value: Any) -> tuple[tuple[str, str], ...]:
    said = value if isinstance(value, dict) else {}
    return tuple((kind, said[kind]) for kind in _DIGESTS if isinstance(said.get(kind), str))


def verified(
    path: Place, name: str, said: Said, samples: int, *, packed: bool, digests: bool
) -> list[Refusal]:
    """What of a shard is not as its index says: number of samples, size of the file, digest of the file."""
    size, expected = size_of(path), said.zip_bytes if packed else said.raw_bytes
    doubts = []
    if said.samples not in (-1, samples):
        doubts.append(f"{INDEX} says {said.samples:,} samples, the shard {samples:,}")
    if expected not in (-1, size):
        doubts.append(f"{INDEX} says {expected:,} bytes, the file has {size:,}")
    declared = said.zip_digests if packed else said.raw_digests
    if digests and not doubts and declared:
        kind, value = declared[0]
        with open_binary(path, upto=size) as file:
            found = hashlib.file_digest(file, kind).hexdigest()  # type: ignore[arg-type]  # a file open for reading
        if found != value.lower():
            doubts.append(f"its {kind} is {found}, and {value[:128]} in {INDEX}")
    return [Refusal(name, -1, "index", f"not as it was written: {one}") for one in doubts]
