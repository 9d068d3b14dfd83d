"""Files of every format with the same records, made for the tests."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from countermark.corpus.base import RecordBatch, Shard
from countermark.corpus.listing import list_shards, reader_for
from countermark.media import Refusal

REAL = Path(__file__).parents[2] / "../shared/data"


class Row(NamedTuple):
    """One record as it came out of a reader."""

    text: str
    row: int
    record_id: str | None
    url: str | None
    date: str | None


def texts(count: int = 60) -> list[str]:
    """Return some texts with quotes, newlines and letters of several scripts."""
    return [
        f'Text {i}: « œuvre », "quoted, {i}"\nsecond line — Ελλάδα, 日本語 {"word " * (i % 7 * 20)}end'
        for i in range(count)
    ]


def rows_of(batches: list[RecordBatch]) -> list[Row]:
    """Return the records of some batches."""
    found = []
    for batch in batches:
        columns = (batch.text, batch.record_id, batch.record_url, batch.record_date)
        text, ids, urls, dates = (column.to_pylist() for column in columns)
        found += [
            Row(*fields) for fields in zip(map(str, text), batch.row.tolist(), ids, urls, dates, strict=True)
        ]
    return found


def read(shards: list[Shard]) -> tuple[list[Row], list[Refusal]]:
    """Read some shards one after the other."""
    batches = [batch for shard in shards for batch in reader_for(shard.format).batches(shard)]
    return rows_of(batches), [refusal for batch in batches for refusal in batch.refused]


def listed(
    *paths: Path, text_column: str | None = None, part_bytes: int = 64 << 20
) -> tuple[list[Shard], list[Refusal]]:
    """List paths, the shards apart from the refusals."""
    found = list(list_shards(paths, text_column=text_column, part_bytes=part_bytes))
    return [s for s in found if isinstance(s, Shard)], [r for r in found if isinstance(r, Refusal)]


def read_path(
    path: Path, *, text_column: str | None = None, part_bytes: int = 64 << 20
) -> tuple[list[Row], list[Refusal]]:
    """List a path and read all of it."""
    shards, refused = listed(path, text_column=text_column, part_bytes=part_bytes)
    rows, more = read(shards)
    return rows, refused + more


def reasons(refused: list[Refusal]) -> list[str]:
    """Return the reasons of some refusals."""
    return [refusal.reason for refusal in refused]


def warc_record(kind: str, body: bytes, number: int = 0, content_type: str = "text/plain") -> bytes:
    """Return one WARC record."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/{number}\r\n"
        f"WARC-Date: 2024-05-18T01:58:10Z\r\nWARC-Record-ID: <urn:uuid:{number:032d}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def response(
    body: bytes,
    number: int = 0,
    headers: str = "Content-Type: text/html; charset=utf-8",
    status: str = "200 OK",
) -> bytes:
    """Return a WARC response record."""
    message = f"HTTP/1.1 {status}\r\n{headers}\r\n\r\n".encode() + body
    return warc_record("response", message, number, "application/http; msgtype=response")


def json_lines(values: list[str]) -> bytes:
    """Return texts as JSON Lines with id, url and date."""
    lines = [
        json.dumps(
            {"id": i, "text": text, "url": f"https://example.org/{i}", "date": "2024-01-02"},
            ensure_ascii=i % 2 == 0,
        )
        for i, text in enumerate(values)
    ]
    return ("\n".join(lines) + "\n").encode()


def comma_separated(values: list[str]) -> bytes:
    """Return texts as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "text", "url"])
    writer.writerows([[i, text, f"https://example.org/{i}"] for i, text in enumerate(values)])
    return out.getvalue().encode()


def write_parquet(path: Path, values: list[str], row_group_size: int = 10) -> None:
    """Write texts as Parquet in several row groups."""
    table = pa.table({"id": [f"doc-{i}" for i in range(len(values))], "text": values})
    pq.write_table(table, path, row_group_size=row_group_size)


def write_arrow(path: Path, values: list[str], batch_size: int = 10) -> None:
    """Write texts as an Arrow stream in several record batches, or as a file where the name ends in `.feather`."""
    table = pa.table({"id": [f"doc-{i}" for i in range(len(values))], "text": values})
    make = pa.ipc.new_file if path.suffix == ".feather" else pa.ipc.new_stream
    with pa.OSFile(str(path), "wb") as file, make(file, table.schema) as out:
        out.write_table(table, max_chunksize=batch_size)


def tar_of(members: dict[str, bytes]) -> bytes:
    """Return a tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zip_of(members: dict[str, bytes]) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def write_all_formats(folder: Path) -> dict[str, Path]:
    """Write the same texts in every format; return the paths by name."""
    values = texts()
    lines, table = json_lines(values), comma_separated(values)
    wet = [warc_record("conversion", text.encode(), i) for i, text in enumerate(values)]
    members = {f"doc-{i:03d}.txt": text.encode() for i, text in enumerate(values)}
    contents = {
        "a.jsonl": lines,
        "b.jsonl.gz": gzip.compress(lines),
        "c.jsonl.zst": zstandard.compress(lines),
        "d.csv": table,
        "e.csv.gz": gzip.compress(table),
        "f.warc": b"".join(wet),
        "g.wet.gz": b"".join(map(gzip.compress, wet)),
        "h.wet.zst": zstandard.compress(b"".join(wet)),
        "i.tar": tar_of(members),
        "j.tar.gz": gzip.compress(tar_of(members)),
        "k.zip": zip_of(members),
    }
    paths = {}
    for name, data in contents.items():
        paths[name] = folder / name
        paths[name].write_bytes(data)
    paths["l.parquet"] = folder / "l.parquet"
    write_parquet(paths["l.parquet"], values)
    for name in ("n.arrow", "o.feather"):
        paths[name] = folder / name
        write_arrow(paths[name], values)
    paths["m"] = folder / "m"
    paths["m"].mkdir()
    for name, data in members.items():
        (paths["m"] / name).write_bytes(data)
    return paths
