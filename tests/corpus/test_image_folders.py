"""Folders of pictures: what counts as one, shards, side files, the digest of what was read."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path

import pytest

import countermark.corpus.listing as listing_module
from corpus.corpus_samples import tar_of, zip_of
from corpus.image_samples import (
    MAGIC,
    batches_of,
    list_images,
    picture,
    picture_response,
    read_images,
    seen_in,
    told,
)
from countermark.corpus.base import Shard
from countermark.errors import CorpusError
from countermark.scan.source import digest_source, require_unchanged, source_state


def make(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_the_kind_of_a_file_is_found_by_its_bytes(tmp_path: Path) -> None:
    """Pictures of every format under any name, and everything that may hold some."""
    cases = {f"p-{kind}": (magic + bytes(80), "pictures") for kind, magic in MAGIC.items()}
    cases |= {
        "a.txt": (picture(), "pictures"),
        "b.jpg": (b"no picture, but named as one", "pictures"),
        "c.dat": (tar_of({"a.jpg": picture()}), "tar"),
        "d.tar.gz": (gzip.compress(tar_of({"a.jpg": picture()})), "tar"),
        "e.x": (zip_of({"a.jpg": picture()}), "zip"),
        "f.warc": (picture_response(picture()), "warc"),
        "g.jsonl": (b'{"image": "x"}\n', "jsonl"),
    }
    for name, (data, expected) in cases.items():
        (tmp_path / name).write_bytes(data)
        assert [shard.format for shard in list_images(tmp_path / name)[0]] == [expected], name


def test_what_holds_no_pictures_is_refused_with_a_reason(tmp_path: Path) -> None:
    """One refusal a file, and it says what to do."""
    files = {
        "a.csv": b"url,text\nhttps://e/a.jpg,c\n",
        "b.pdf": b"%PDF-1.7 and so on",
        "c": b"plain text",
        "d.json": b'[{"a": 1}]',
        "e": b"",
        "f.txt": b"long text " * 2_000_000,
    }
    shards, refused = list_images(make(tmp_path, files))
    assert shards == []
    assert {refusal.where: refusal.reason for refusal in refused} == {
        "a.csv": "no-pictures",
        "b.pdf": "not-a-picture",
        "c": "not-a-picture",
        "d.json": "not-json-lines",
        "e": "empty",
        "f.txt": "no-pictures",
    }
    assert "countermark link" in next(refusal.detail for refusal in refused if refusal.where == "a.csv")


def test_pictures_share_shards_and_data_files_keep_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As documents do; the texts beside pictures are told, and not refused."""
    monkeypatch.setattr(listing_module, "DOCUMENTS_PER_SHARD", 4)
    files = {f"{i:03d}.jpg": picture(i) for i in range(10)}
    record = {"url": "https://e/3", "key": "k3", "caption": "no"}
    beside = {
        "003.txt": b"three",
        "003.JSON": json.dumps(record).encode(),
        "004.json": b"no JSON",
        "notes.txt": b"x",
    }
    shards, refused = list_images(make(tmp_path, {**files, **beside, "005x.tar": tar_of(files)}))
    assert [shard.name for shard in shards] == ["./#0-6", "005x.tar", "./#6-12", "./#12-15"]
    assert [(refusal.where, refusal.reason) for refusal in refused] == [("notes.txt", "not-a-picture")]
    seen = seen_in(batches_of([shard for shard in shards if shard.format == "pictures"]))
    assert [one.data for one in seen] == list(files.values())
    assert [one.row for one in seen] == [0, 1, 2, 4, 6, 8, 10, 11, 12, 13]
    assert seen[3][2:] == ("k3", "https://e/3", None, "three")
    assert [one.record_id for one in seen] == [name if name != "003.jpg" else "k3" for name in files]


def test_files_that_are_not_read_have_a_reason(tmp_path: Path) -> None:
    """Named as pictures and none, empty, gone since."""
    files = {"a.jpg": b"", "b.png": b"text", "c.jpg": picture(), "d.jpg": picture()}
    (shard,), _ = list_images(make(tmp_path, files))
    (tmp_path / "d.jpg").unlink()
    (batch,) = batches_of([shard])
    assert batch.data == (picture(),)
    assert told(list(batch.refused)) == [(0, "empty"), (1, "not-a-picture"), (3, "unreadable")]


def test_a_folder_that_lost_files_is_an_error(tmp_path: Path) -> None:
    """Positions would no longer mean the same."""
    make(tmp_path, {"a.jpg": picture()})
    shard = Shard("./#0-2", str(tmp_path), "pictures", 1, 0, 2)
    with pytest.raises(CorpusError, match="it has changed since it was listed"):
        batches_of([shard])


def test_names_of_any_bytes_are_shown(tmp_path: Path) -> None:
    """And files are found beside them."""
    folder = os.fsencode(tmp_path)
    for name, data in ((b"\xe9.jpg", picture()), (b"\xe9.txt", b"caption")):
        with open(folder + b"/" + name, "wb") as file:  # noqa: PTH123 (a path of bytes)
            file.write(data)
    seen, refused = read_images(tmp_path)
    assert [(one.record_id, one.caption) for one in seen] == [("\\xe9.jpg", "caption")]
    assert refused == []


def test_the_digest_covers_what_is_read(tmp_path: Path) -> None:
    """The lines of `sha256sum` of the pictures and of what speaks of them; other files are left to their shards."""
    files = {
        "a.jpg": picture(),
        "a.txt": b"caption",
        "b.jsonl": b'{"a": 1}\n',
        "c.bin": picture(3),
        "d.txt": b"none",
    }
    make(tmp_path, files)
    shard = next(shard for shard in list_images(tmp_path)[0] if shard.format == "pictures")
    lines = "".join(
        f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in ("a.jpg", "a.txt", "c.bin")
    )
    source = digest_source(shard)
    assert (source.sha256, source.begin, source.end, source.unit) == (
        hashlib.sha256(lines.encode()).hexdigest(), 0, 5, "files",
    )  # fmt: skip
    before = source_state(shard)
    require_unchanged(shard, before)
    (tmp_path / "a.txt").write_bytes(b"another caption")
    with pytest.raises(CorpusError, match="changed while it was read"):
        require_unchanged(shard, before)


def test_one_picture_is_a_shard(tmp_path: Path) -> None:
    """Its digest is that of the file."""
    make(tmp_path, {"a.jpg": picture()})
    (shard,), _ = list_images(tmp_path / "a.jpg")
    assert (shard.name, shard.format) == ("a.jpg", "pictures")
    assert digest_source(shard).sha256 == hashlib.sha256(picture()).hexdigest()
    assert [one.record_id for one in read_images(tmp_path / "a.jpg")[0]] == ["a.jpg"]
