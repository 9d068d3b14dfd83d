"""Recordings in every format that readers of recordings read, made for the tests. Nothing here is decoded."""

from __future__ import annotations

import base64
import gzip
import io
import json
import wave
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.corpus_samples import response, tar_of, zip_of
from countermark.corpus.base import Shard
from countermark.corpus.listing import list_shards, reader_for
from countermark.media import Medium, Refusal

if TYPE_CHECKING:
    from countermark.audio.source import SoundSource
    from countermark.corpus.audio.batch import AudioBatch

MAGIC = {
    "flac": b"fLaC\0\0\0\x22",
    "ogg": b"OggS\0\2" + bytes(20),
    "mp3": b"ID3\4\0\0\0\0\x0f\0",
    "m4a": b"\0\0\0\x1cftypM4A " + bytes(16),
    "mp4": b"\0\0\0\x1cftypisom" + bytes(16),
    "webm": b"\x1a\x45\xdf\xa3" + bytes(16),
    "aiff": b"FORM\0\0\1\0AIFF" + bytes(8),
}


FRAMES = (b"\xff\xfb\x90\xc4" + bytes(413)) * 4
"""Four frames of an MP3 file that has no tag."""


class Heard(NamedTuple):
    """One recording as it came out of a reader: its bytes, and what is told of it."""

    data: bytes
    row: int
    record_id: str | None = None
    url: str | None = None
    date: str | None = None
    caption: str | None = None


def recording(number: int = 0, kind: str = "wav", size: int = 300) -> bytes:
    """Return a recording, different for each number: a whole WAV file, or bytes that begin like one of the kind."""
    content = f"recording {number} ".encode() + bytes(range(1, 200)) * (size // 199)
    if kind != "wav":
        return MAGIC[kind] + content
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(content)
    return out.getvalue()


def recordings(count: int = 40) -> list[bytes]:
    """Return some recordings of all kinds and of several sizes."""
    kinds = ["wav", *MAGIC]
    return [recording(i, kinds[i % len(kinds)], 200 * (i % 5)) for i in range(count)]


def bytes_of(source: SoundSource) -> bytes:
    """All bytes of a source."""
    with source.open() as stream:
        return stream.read()


def heard_in(batches: list[AudioBatch]) -> list[Heard]:
    """Return the recordings of some batches."""
    return [
        Heard(bytes_of(source), *fields)
        for batch in batches
        for source, *fields in zip(
            batch.sources,
            batch.row.tolist(),
            batch.record_id,
            batch.record_url,
            batch.record_date,
            batch.captions,
            strict=True,
        )
    ]


def list_recordings(
    *paths: Path, column: str | None = None, part_bytes: int = 64 << 20
) -> tuple[list[Shard], list[Refusal]]:
    """List paths for recordings, the shards apart from the refusals."""
    found = list(list_shards(paths, text_column=column, part_bytes=part_bytes, medium=Medium.AUDIO))
    return [s for s in found if isinstance(s, Shard)], [r for r in found if isinstance(r, Refusal)]


def audio_batches(shards: list[Shard]) -> list[AudioBatch]:
    """Read some shards one after the other."""
    return [batch for shard in shards for batch in reader_for(shard.format, Medium.AUDIO).batches(shard)]


def read_recordings(
    *paths: Path, column: str | None = None, part_bytes: int = 64 << 20
) -> tuple[list[Heard], list[Refusal]]:
    """List paths and read all their recordings."""
    shards, refused = list_recordings(*paths, column=column, part_bytes=part_bytes)
    batches = audio_batches(shards)
    return heard_in(batches), refused + [refusal for batch in batches for refusal in batch.refused]


def sound_response(data: bytes, number: int = 0, headers: str = "Content-Type: audio/mpeg") -> bytes:
    """Return a WARC response record that is a recording."""
    return response(data, number, headers)


def write_audio_formats(folder: Path) -> dict[str, Path]:
    """Write the same recordings in every format; return the paths by name."""
    values = recordings()
    members = {f"{i:03d}.mp3": data for i, data in enumerate(values)}
    warc = [sound_response(data, i) for i, data in enumerate(values)]
    lines = b"".join(
        json.dumps({"key": str(i), "audio": base64.b64encode(data).decode()}).encode() + b"\n"
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
    paths = {name: folder / name for name in (*contents, "h.parquet", "i.parquet", "k")}
    for name, data in contents.items():
        paths[name].write_bytes(data)
    structs = [{"bytes": data, "path": f"{i}.mp3", "sampling_rate": 8000} for i, data in enumerate(values)]
    pq.write_table(pa.table({"mp3": values}), paths["h.parquet"], row_group_size=10)
    pq.write_table(pa.table({"audio": structs}), paths["i.parquet"], row_group_size=10)
    paths["k"].mkdir()
    for name, data in members.items():
        (paths["k"] / name).write_bytes(data)
    return paths
