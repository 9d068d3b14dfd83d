"""Making the archive of robots.txt captures from the WARC files that hold them."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from countermark.atomic import temporary_beside
from countermark.captures.instants import instant
from countermark.captures.records import headers_of
from countermark.captures.robots_archive import FORMAT, KNOWN_PATHS, MAGIC, ROBOTS, RobotsArchive
from countermark.corpus.captured import captured_of
from countermark.corpus.listing import list_shards
from countermark.corpus.warc_records import RESPONSE, REVISIT, open_records
from countermark.errors import InputError, OutputError
from countermark.media import Refusal
from countermark.reservations.target import origin_of, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from countermark.corpus.base import Shard
    from countermark.corpus.warc_records import RawRecord

MAX_BODY: Final = 8 << 20
"""Bytes of a body that are kept. RFC 9309 asks for 500 KiB; what was cut is told wherever it may matter."""
_SCHEMA: Final = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE bodies (digest BLOB PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE others (origin TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE captures (
  url TEXT NOT NULL, date TEXT NOT NULL, status INTEGER NOT NULL, location TEXT NOT NULL, digest BLOB NOT NULL,
  cut INTEGER NOT NULL, unread TEXT NOT NULL, PRIMARY KEY (url, date, status, digest, location)
) WITHOUT ROWID;
"""


@dataclass(slots=True)
class Built:
    """What an archive was made of; `refused` is what could not be read."""

    captures: int = 0
    bodies: int = 0
    records: int = 0
    identity: str = ""
    refused: list[Refusal] = field(default_factory=list)


def make_archive(sources: Sequence[Path], out: Path, report: Callable[[int], None] = lambda _: None) -> Built:
    """Make the archive `out` from WARC files, or copy one that was made before; whole or not at all.

    `report` is told the bytes read since it was called last. Raises InputError where a source is no WARC or holds no
    capture of a file at a known place, OutputError where the archive cannot be written.
    """
    if len(sources) == 1 and is_archive(sources[0]):
        return _copied(sources[0], out)
    temporary = temporary_beside(out)
    try:
        built = _written(list(_warc_shards(sources)), temporary, report)
        if not built.captures:
            names = ", ".join(str(path) for path in sources)
            raise InputError(
                f"{names}: no capture of robots.txt, tdmrep.json or ai.txt in {built.records:,} responses"
            )
        temporary.replace(out)
    except (OSError, sqlite3.Error) as error:
        raise OutputError(f"{out}: cannot be written: {error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return built


@contextmanager
def opened_archive(
    sources: Sequence[Path],
    report: Callable[[int], None] = lambda _: None,
    refused: Callable[[Sequence[Refusal]], None] = lambda _: None,
) -> Iterator[RobotsArchive]:
    """The archive that was given, or one made of WARC files in a folder that goes away at the end.

    `report` is told the bytes read since it was called last, `refused` the records that were not read. Raises as
    `make_archive` does.
    """
    with ExitStack() as stack:
        path = sources[0]
        if len(sources) > 1 or not is_archive(path):
            folder = stack.enter_context(TemporaryDirectory(prefix="countermark-robots-"))
            path = Path(folder) / "robots.sqlite"
            refused(make_archive(sources, path, report).refused)
        yield stack.enter_context(closing(RobotsArchive(path)))


def is_archive(path: Path) -> bool:
    """Whether a file begins as an archive does."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def digest_sources(sources: Sequence[Path]) -> str:
    """The SHA-256 over the digests of some files, in their order. Raises InputError."""
    whole = hashlib.sha256()
    for path in sources:
        try:
            with path.open("rb") as file:
                whole.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise InputError(f"--robots {path}: cannot be read: {error.strerror or error}") from error
    return whole.hexdigest()


def _copied(source: Path, out: Path) -> Built:
    with closing(RobotsArchive(source)) as archive:
        facts = archive.facts
    temporary = temporary_beside(out)
    try:
        shutil.copyfile(source, temporary)
        temporary.replace(out)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return Built(int(facts["captures"]), int(facts["bodies"]), int(facts["records"]), facts["identity"])


def _warc_shards(sources: Sequence[Path]) -> Iterator[Shard]:
    for found in list_shards(sources):
        if isinstance(found, Refusal):
            raise InputError(f"--robots {found.where}: {found.detail}")
        if found.format != "warc":
            raise InputError(
                f"--robots {found.path}: {found.format}, not a WARC file; WARC files with captures of robots.txt are "
                "read, or an archive made from them"
            )
        yield found


def _written(shards: Sequence[Shard], path: Path, report: Callable[[int], None]) -> Built:
    built = Built()
    with closing(sqlite3.connect(path)) as base:
        base.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        for shard in shards:
            _add_shard(shard, base, built, report)
        built.captures, built.bodies = (
            base.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  names of ours
            for table in ("captures", "bodies")
        )
        built.identity = _identity(base)
        facts = {
            "format": FORMAT, "identity": built.identity, "captures": str(built.captures),
            "bodies": str(built.bodies), "records": str(built.records),
        }  # fmt: skip
        base.executemany("INSERT INTO facts VALUES (?, ?)", sorted(facts.items()))
        base.commit()
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return built


def _add_shard(shard: Shard, base: sqlite3.Connection, built: Built, report: Callable[[int], None]) -> None:
    def refuse(row: int, reason: str, detail: str) -> None:
        built.refused.append(Refusal(shard.name, row, reason, detail))

    told = 0
    with open_records(shard, RESPONSE | REVISIT, refuse) as records:
        for record in records:
            built.records += 1
            url = origin_of(record.url or "") + path_of(record.url or "")
            if path_of(url) in KNOWN_PATHS and url.startswith(("http://", "https://")):
                date = instant(record.date, end_of_day=True)
                if date is None:
                    refuse(record.row, "no-date", f"WARC-Date is {record.date!r}")
                else:
                    _add(record, url, date, base)
            if built.records % 256 == 0:
                report(records.consumed - told)
                told = records.consumed
        report(records.consumed - told)


def _add(record: RawRecord, url: str, date: str, base: sqlite3.Connection) -> None:
    """Enter one capture; of answers that are not 2xx the body says nothing (RFC 9309, section 2.3.1)."""
    captured = captured_of(record, keep=True)
    status, location, digest, cut = captured.status, "", b"", 0
    unread = captured.unread or ("revisit" if captured.part else "")
    if 300 <= status < 400:
        location = headers_of(captured.head).first("location")
    if 200 <= status < 300 and not unread:
        body = captured.body[:MAX_BODY]
        cut = len(body) if captured.cut or len(captured.body) > MAX_BODY else 0
        digest = hashlib.sha256(body).digest()
        base.execute("INSERT OR IGNORE INTO bodies VALUES (?, ?)", (digest, body))
    elif status < 200 or status >= 300:
        unread = ""
    if path_of(url) != ROBOTS:
        base.execute("INSERT OR IGNORE INTO others VALUES (?)", (origin_of(url),))
    row = (url, date, status, location, digest, cut, unread)
    base.execute("INSERT OR IGNORE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def _identity(base: sqlite3.Connection) -> str:
    whole = hashlib.sha256()
    for row in base.execute(
        "SELECT url, date, status, location, hex(digest), cut, unread FROM captures ORDER BY url, date, status, "
        "digest, location"
    ):
        whole.update("\0".join(map(str, row)).encode("utf-8", "surrogatepass") + b"\n")
    return whole.hexdigest()
