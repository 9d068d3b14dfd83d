"""The backup file: a tar of the database, the data folder and a manifest of SHA-256 digests, compressed.

manifest.json        {"format": "countermark-backup-1", "made_at", "version", "database": "sqlite" | "postgresql",
                      "keys": true | false, "files": {name: {"bytes", "sha256"}}}; the last member
database.sqlite3     what SQLite's online backup gives; or
database.dump        what `pg_dump --format=custom` gives
data/…               the files of the data folder
"""

from __future__ import annotations

import gzip
import re
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Final, cast

import zstandard

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT: Final = "countermark-backup-1"
MANIFEST: Final = "manifest.json"
DATABASES: Final = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
DATA: Final = "data"
KEY_FILES: Final = re.compile(r"[^/]+\.(key|pem|p12)")
LEFT_OUT: Final = re.compile(
    r"(site\.sqlite3.*|[^/]+\.lock|static(/.*)?|\.restoring.*|before-restore-.*|(.*/)?\.[^/]+\.tmp|(.*/)?\.(part|backup)-[^/]*(/.*)?)"
)
LARGEST_MANIFEST: Final = 64 * 2**20
BLOCK: Final = 2**20
ZSTD: Final = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    version: str
    database: str
    keys: bool
    files: Mapping[str, tuple[int, str]]  # name → bytes, SHA-256 in hexadecimal

    def document(self) -> dict[str, Any]:
        """As it is written."""
        return {
            "format": FORMAT,
            "made_at": self.made_at,
            "version": self.version,
            "database": self.database,
            "keys": self.keys,
            "files": {name: {"bytes": size, "sha256": digest} for name, (size, digest) in self.files.items()},
        }


def read_manifest(document: Any, where: str) -> Manifest:
    """Check what was read from a backup; raises InputError."""
    try:
        files = {str(name): (int(of["bytes"]), str(of["sha256"])) for name, of in document["files"].items()}
        known = document["format"] == FORMAT and document["database"] in DATABASES
        manifest = Manifest(
            str(document["made_at"]),
            str(document["version"]),
            document["database"],
            document["keys"] is True,
            files,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{where}: its {MANIFEST} cannot be read: {type(error).__name__} {error}") from error
    if not known:
        raise InputError(f"{where}: its {MANIFEST} is not that of a backup of this version")
    return manifest


def is_left_out(name: str) -> bool:
    """Whether a file of the data folder is made anew, is a lock, or is in the backup as the database."""
    return LEFT_OUT.fullmatch(name) is not None


def is_key(name: str) -> bool:
    """Whether a file at the top of the data folder holds a secret of the site itself."""
    return KEY_FILES.fullmatch(name) is not None


def safe_name(name: str, where: str) -> str:
    """The name of a member that stays inside the folder it is extracted into; raises InputError for another."""
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
    known = name in (MANIFEST, *DATABASES.values()) or (len(path.parts) > 1 and path.parts[0] == DATA)
    if not inside or not known or str(path) != name:
        raise InputError(f"{where}: {name!r} has no place in a backup; nothing was changed")
    return name


@contextmanager
def compressing(path: Path, file: IO[bytes]) -> Iterator[IO[bytes]]:
    """The stream that compresses into `file`: gzip where `path` ends with gz, else Zstandard."""
    if path.suffix in (".gz", ".tgz"):
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0) as zipped:
            yield cast("IO[bytes]", zipped)
        return
    with zstandard.ZstdCompressor(level=6, write_checksum=True).stream_writer(
        file, closefd=False
    ) as squeezed:
        yield cast("IO[bytes]", squeezed)


@contextmanager
def decompressing(file: IO[bytes], where: str) -> Iterator[IO[bytes]]:
    """The stream of the tar in `file`; raises InputError where it is neither gzip nor Zstandard, or is damaged."""
    magic = file.read(4)
    file.seek(0)
    try:
        if magic == ZSTD:
            with zstandard.ZstdDecompressor(max_window_size=2**27).stream_reader(file) as plain:
                yield cast("IO[bytes]", plain)
        elif magic[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=file, mode="rb") as plain_gzip:
                yield cast("IO[bytes]", plain_gzip)
        else:
            raise InputError(
                f"{where}: not a backup; accepted is a .tar.zst or .tar.gz of `countermark site backup`"
            )
    except (zstandard.ZstdError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise InputError(
            f"{where}: the file is damaged or cut short ({error}); nothing was changed"
        ) from error
