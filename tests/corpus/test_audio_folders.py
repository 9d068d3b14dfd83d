"""Folders of recordings, and recordings in tables and captures: what counts as one, side files, reasons."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import countermark.corpus.listing as listing_module
from corpus.audio_samples import (
    FRAMES,
    MAGIC,
    audio_batches,
    heard_in,
    list_recordings,
    read_recordings,
    recording,
    sound_response,
)
from corpus.corpus_samples import response, tar_of, warc_record, zip_of
from corpus.image_samples import picture, told
from countermark.corpus.audio.folder import recording_files
from countermark.errors import CorpusError

AUDIO = pa.struct([("bytes", pa.binary()), ("path", pa.string()), ("sampling_rate", pa.int64())])


def make(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_the_kind_of_a_file_is_found_by_its_bytes(tmp_path: Path) -> None:
    """Recordings of every format under any name, and everything that may hold some."""
    cases = {f"p-{kind}": (magic + bytes(80), "recordings") for kind, magic in MAGIC.items()}
    cases |= {
        "a.txt": (recording(), "recordings"),
        "b.mp3": (b"no recording, but named as one", "recordings"),
        "c.dat": (tar_of({"a.mp3": recording()}), "tar"),
        "d.tar.gz": (gzip.compress(tar_of({"a.mp3": recording()})), "tar"),
        "f.warc": (sound_response(recording()), "warc"),
        "g.jsonl": (b'{"audio": "x"}\n', "jsonl"),
    }
    for name, (data, expected) in cases.items():
        (tmp_path / name).write_bytes(data)
        assert [shard.format for shard in list_recordings(tmp_path / name)[0]] == [expected], name


def test_what_holds_an_mp3_file_near_its_beginning_is_none(tmp_path: Path) -> None:
    """Archives, captures and tables keep their format; behind rubbish, only a name makes frames a recording."""
    pq.write_table(
        pa.table({"mp3": [FRAMES]}), tmp_path / "d.parquet", compression="none", use_dictionary=False
    )
    files = {
        "a.tar": tar_of({"a.mp3": FRAMES}),
        "b.zip": zip_of({"a.mp3": FRAMES}),
        "c.warc": sound_response(FRAMES),
        "e.mp3": bytes(300) + FRAMES,
        "f.bin": bytes(300) + FRAMES,
        "g": FRAMES,
        "h.tar": tar_of({"in.tar": tar_of({"a.mp3": FRAMES}), "b.mp3": bytes(300) + FRAMES}),
    }
    shards, refused = list_recordings(make(tmp_path, files))
    assert [shard.format for shard in shards] == ["tar", "zip", "warc", "parquet", "tar", "recordings"]
    assert [(refusal.where, refusal.reason) for refusal in refused] == [("f.bin", "not-a-recording")]
    heard, refused = read_recordings(tmp_path)
    assert sorted(one.data for one in heard) == sorted([FRAMES] * 5 + [bytes(300) + FRAMES] * 2)
    assert sorted(told(refused)) == [(-1, "not-a-recording"), (0, "nested-data")]


def test_what_holds_no_recordings_is_refused_with_a_reason(tmp_path: Path) -> None:
    """One refusal a file, and it says what to do."""
    files = {
        "a.csv": b"url,text\nhttps://e/a.mp3,c\n",
        "b.pdf": b"%PDF-1.7 and so on",
        "cover.jpg": picture(),
        "d.json": b'[{"a": 1}]',
        "e": b"",
    }
    shards, refused = list_recordings(make(tmp_path, files))
    assert shards == []
    assert {refusal.where: refusal.reason for refusal in refused} == {
        "a.csv": "no-recordings",
        "b.pdf": "not-a-recording",
        "cover.jpg": "not-a-recording",
        "d.json": "not-json-lines",
        "e": "empty",
    }
    details = {refusal.where: refusal.detail for refusal in refused}
    assert (
        details["a.csv"]
        == "a table in text holds no recordings; if it lists their addresses, countermark link reads it"
    )
    assert details["b.pdf"] == "neither a recording nor a data set of recordings"


def test_recordings_share_shards_and_are_told_by_what_lies_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By number and by bytes; the texts beside recordings are told, and not refused; the digest covers them."""
    monkeypatch.setattr(listing_module, "DOCUMENTS_PER_SHARD", 4)
    files = {f"{i:03d}.wav": recording(i) for i in range(8)}
    record = {"url": "https://e/3", "key": "k3", "title": "Three"}
    beside = {
        "003.LRC": b"[00:01.00]One\n[00:02.00]two",
        "003.json": json.dumps(record).encode(),
        "notes.txt": b"x",
    }
    shards, refused = list_recordings(make(tmp_path, {**files, **beside}))
    assert [shard.name for shard in shards] == ["./#0-6", "./#6-11"]
    assert [(refusal.where, refusal.reason) for refusal in refused] == [("notes.txt", "not-a-recording")]
    heard = heard_in(audio_batches(shards))
    assert [one.data for one in heard] == list(files.values())
    assert heard[3][2:] == ("k3", "https://e/3", None, "Three\nOne\ntwo")
    assert [file.sides for shard in shards for file in recording_files(shard) if file.sides] == [
        ("003.LRC", "003.json")
    ]
    assert [len(list_recordings(tmp_path, part_bytes=bytes_)[0]) for bytes_ in (1, 100_000)] == [8, 2]


def test_files_that_are_not_read_have_a_reason(tmp_path: Path) -> None:
    """Named as recordings and none, empty, gone since."""
    files = {"a.mp3": b"", "b.flac": b"text", "c.wav": recording(), "d.wav": recording()}
    (shard,), _ = list_recordings(make(tmp_path, files))
    (tmp_path / "d.wav").unlink()
    (batch,) = audio_batches([shard])
    assert [one.data for one in heard_in([batch])] == [recording()]
    assert told(list(batch.refused)) == [(0, "empty"), (1, "not-a-recording"), (3, "unreadable")]


def test_a_long_file_is_never_read_into_memory(tmp_path: Path) -> None:
    """Gigabytes of a sparse file: its range only, and a shard of its own."""
    make(tmp_path, {"a.wav": recording(0), "c.wav": recording(2)})
    with (tmp_path / "b.wav").open("wb") as file:
        file.write(recording(1))
        file.truncate(5 << 30)
    shards, _ = list_recordings(tmp_path)
    assert [(shard.begin, shard.end) for shard in shards] == [(0, 1), (1, 2), (2, 3)]
    sources = [source for batch in audio_batches(shards) for source in batch.sources]
    assert [len(source) for source in sources] == [len(recording(0)), 5 << 30, len(recording(2))]


def test_columns_of_recordings_are_found_and_what_stands_beside_them(tmp_path: Path) -> None:
    """The feature Audio of Hugging Face, and plain bytes; title and words under several names."""
    columns = {
        "sentence": ["one", None],
        "Audio": pa.array(
            [{"bytes": recording(i), "path": f"{i}.mp3", "sampling_rate": 8} for i in range(2)], AUDIO
        ),
        "audio_url": ["https://e/0", "https://e/1"],
        "track_id": [7, 8],
        "title": ["First", "Second"],
        "artist": [["Zoé", "B."], None],
    }
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    heard, refused = read_recordings(tmp_path / "a.parquet")
    assert [tuple(one) for one in heard] == [
        (recording(0), 0, "7", "https://e/0", None, "First\nZoé\none"),
        (recording(1), 1, "8", "https://e/1", None, "Second"),
    ]
    assert refused == []
    paths = pa.array([{"bytes": None, "path": "0.mp3", "sampling_rate": 8}, None], AUDIO)
    table = {"audio": paths, "blob": [b"\0\1", b"\1"], "other": [recording(3), b"x"]}
    pq.write_table(pa.table(table), tmp_path / "b.parquet")
    heard, refused = read_recordings(tmp_path / "b.parquet")
    assert [one.data for one in heard] == [recording(3)]
    assert told(refused) == [(1, "not-a-recording")]
    assert told(read_recordings(tmp_path / "b.parquet", column="audio")[1]) == [(0, "null"), (1, "null")]
    (shard,) = list_recordings(tmp_path / "b.parquet", column="nowhere")[0]
    assert dict(shard.options) == {"audio_column": "nowhere"}
    with pytest.raises(
        CorpusError, match="no column “nowhere” that can hold recordings; the columns are: audio"
    ):
        audio_batches([shard])


def test_tables_without_recordings_say_so(tmp_path: Path) -> None:
    """Listings of addresses, texts, and numbers where sound was decoded to samples."""
    arrays = pa.array([{"array": [0.5], "path": "a.wav", "sampling_rate": 8}])
    pq.write_table(pa.table({"audio": arrays}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"url": ["https://e/a.mp3"]}), tmp_path / "b.parquet")
    (tmp_path / "c.jsonl").write_bytes(b'{"url": "https://e/a.mp3", "title": "t"}\n')
    _, refused = read_recordings(tmp_path)
    assert told(refused) == [(-1, "no-recordings")] * 3
    assert "no column of recordings; the columns are: audio" in refused[0].detail
    assert (
        refused[1].detail
        == refused[2].detail
        == "a listing of addresses without recordings: countermark link reads it"
    )


def test_json_lines_hold_recordings_in_base64(tmp_path: Path) -> None:
    """In fields of several shapes; each line that is not read has a reason."""

    def encoded(number: int) -> str:
        return base64.b64encode(recording(number)).decode()

    records = [
        {"id": 1, "audio": encoded(0), "title": "one", "lyrics": "la la"},
        {"audio": {"bytes": encoded(1), "path": "x.wav"}},
        {"audio": "data:audio/wav;base64," + encoded(2)},
        {"audio": None},
        {"audio": base64.b64encode(b"<html>").decode()},
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)))
    heard, refused = read_recordings(tmp_path / "a.jsonl")
    assert [one.data for one in heard] == [recording(i) for i in range(3)]
    assert heard[0][2:] == ("1", None, None, "one\nla la")
    assert told(refused) == [(3, "null"), (4, "not-a-recording")]


def test_captures_of_sound_and_video_are_read(tmp_path: Path) -> None:
    """Whatever their media type; pages and errors are refused, and what may reserve is handed over."""
    records = [
        sound_response(recording(0), 0, "Content-Type: audio/wav\r\nTDM-Reservation: 1"),
        response(b"<html></html>", 1),
        sound_response(recording(2, "mp4"), 2, "Content-Type: video/mp4"),
        response(recording(3), 3, "Content-Type: audio/wav", "404 Not Found"),
        sound_response(recording(4), 4, "Content-Type: text/html\r\nContent-Encoding: gzip"),
        warc_record("resource", recording(5), 5, "audio/wav"),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    batches = audio_batches(list_recordings(tmp_path / "a.warc")[0])
    heard = heard_in(batches)
    assert [one.data for one in heard] == [recording(0), recording(2, "mp4"), recording(4), recording(5)]
    assert [reason for batch in batches for _, reason in told(list(batch.refused))] == [
        "not-a-recording",
        "status",
    ]
    assert heard[1][3] == "https://example.org/2"
    captured = (batches[0].captured or (None,))[0]
    assert captured is not None
    assert b"TDM-Reservation: 1" in captured.head
