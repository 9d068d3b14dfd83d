"""Pictures in every format that readers of pictures read, made for the tests. Nothing here is decoded."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.corpus_samples import response, tar_of, zip_of
from countermark.corpus.base import Shard
from countermark.corpus.listing import list_shards, reader_for
from countermark.media import Medium, Refusal

if TYPE_CHECKING:
    from countermark.corpus.images.batch import ImageBatch

MAGIC = {
    "jpg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "gif": b"GIF89a",
    "webp": b"RIFF\x10\0\0\0WEBP",
    "tif": b"II*\0",
    "bmp": b"BM" + bytes(12) + b"\x28\0\0\0",
    "avif": b"\0\0\0\x1cftypavif" + bytes(16),
}


class Seen(NamedTuple):
    """One picture as it came out of a reader."""

    data: bytes
    row: int
    record_id: str | None = None
    url: str | None = None
    date: str | None = None
    caption: str | None = None


def picture(number: int = 0, kind: str = "jpg", size: int = 300) -> bytes:
    """Return bytes that begin like a picture, different for each number."""
    return MAGIC[kind] + f"picture {number} ".encode() + bytes(range(1, 200)) * (size // 199)


def pictures(count: int = 40) -> list[bytes]:
    """Return some pictures of all kinds and of several sizes."""
    kinds = list(MAGIC)
    return [picture(i, kinds[i % len(kinds)], 200 * (i % 5)) for i in range(count)]


def seen_in(batches: list[ImageBatch]) -> list[Seen]:
    """Return the pictures of some batches."""
    return [
        Seen(*fields)
        for batch in batches
        for fields in zip(
            batch.data,
            batch.row.tolist(),
            batch.record_id,
            batch.record_url,
            batch.record_date,
            batch.captions,
            strict=True,
        )
    ]


def list_images(
    *paths: Path, column: str | None = None, part_bytes: int = 64 << 20
) -> tuple[list[Shard], list[Refusal]]:
    """List paths for pictures, the shards apart from the refusals."""
    found = list(list_shards(paths, text_column=column, part_bytes=part_bytes, medium=Medium.IMAGE))
    return [s for s in found if isinstance(s, Shard)], [r for r in found if isinstance(r, Refusal)]


def batches_of(shards: list[Shard]) -> list[ImageBatch]:
    """Read some shards one after the other."""
    return [batch for shard in shards for batch in reader_for(shard.format, Medium.IMAGE).batches(shard)]


def read_images(
    *paths: Path, column: str | None = None, part_bytes: int = 64 << 20
) -> tuple[list[Seen], list[Refusal]]:
    """List paths and read all their pictures."""
    shards, refused = list_images(*paths, column=column, part_bytes=part_bytes)
    batches = batches_of(shards)
    return seen_in(batches), refused + [refusal for batch in batches for refusal in batch.refused]


def told(refused: list[Refusal]) -> list[tuple[int, str]]:
    """Return the rows and reasons of some refusals."""
    return [(refusal.row, refusal.reason) for refusal in refused]


def picture_response(data: bytes, number: int = 0, headers: str = "Content-Type: image/jpeg") -> bytes:
    """Return a WARC response record that is a picture."""
    return response(data, number, headers)


def write_image_formats(folder: Path) -> dict[str, Path]:
    """Write the same pictures in every format; return the paths by name."""
    values = pictures()
    members = {f"{i:03d}.jpg": data for i, data in enumerate(values)}
    warc = [picture_response(data, i) for i, data in enumerate(values)]
    lines = b"".join(
        json.dumps({"key": str(i), "image": base64.b64encode(data).decode()}).encode() + b"\n"
        for i, data in enumerate(values)
    )
    contents = {
        "a.tar": tar_of(members),
        "b.tar.gz": gzip.compress(tar_of(members)),
        "c.zip": zip_of(members),
        "d.warc": b"".join(warc),
        "e.warc.gz": b"".join(map(gzip.compress, warc)),
        "f.jsonl": lines,
        "g.jsonl.gz": gzip.compress(lines),
    }
    paths = {name: folder / name for name in (*contents, "h.parquet", "i.parquet", "j.parquet", "k")}
    for name, data in contents.items():
        paths[name].write_bytes(data)
    structs = [{"bytes": data, "path": f"{i}.jpg"} for i, data in enumerate(values)]
    pairs = [structs[i : i + 2] for i in range(0, len(values), 2)]
    pq.write_table(pa.table({"jpg": values}), paths["h.parquet"], row_group_size=10)
    pq.write_table(pa.table({"image": structs}), paths["i.parquet"], row_group_size=10)
    pq.write_table(pa.table({"images": pairs}), paths["j.parquet"], row_group_size=5)
    paths["k"].mkdir()
    for name, data in members.items():
        (paths["k"] / name).write_bytes(data)
    return paths
