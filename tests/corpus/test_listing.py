"""From paths to shards: formats by content, names, groups of documents, links."""

from __future__ import annotations

import gzip
import itertools
import json
import os
from pathlib import Path

import pytest
import zstandard

import countermark.corpus.listing as listing_module
from corpus.corpus_samples import json_lines, listed, read, read_path, tar_of, texts, warc_record, zip_of
from countermark.errors import CorpusError


def make(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_the_format_is_found_by_content_whatever_the_name(tmp_path: Path) -> None:
    """Wrongly labelled files are read as what they are."""
    lines, wet = json_lines(texts(3)), warc_record("conversion", b"a")
    cases = {
        "a.data": (lines, "jsonl"),
        "b": (gzip.compress(lines), "jsonl"),
        "c.gz": (zstandard.compress(wet), "warc"),
        "d.bin": (tar_of({"a.txt": b"a"}), "tar"),
        "e.dat": (zip_of({"a.txt": b"a"}), "zip"),
        "f.json.gz": (gzip.compress(lines), "jsonl"),
        "g.csv": (b"id,text\n1,a\n", "delimited"),
        "h.epub": (zip_of({"mimetype": b"application/epub+zip"}), "documents"),
        "i.html": (b"<p>a</p>", "documents"),
        "j": (b"plain text", "documents"),
    }
    for name, (data, expected) in cases.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert [shard.format for shard in listed(path)[0]] == [expected], name


def test_small_files_share_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million tiny files must not become a million shards; data files among them keep their own."""
    monkeypatch.setattr(listing_module, "DOCUMENTS_PER_SHARD", 4)
    files = {f"{i:03d}.txt": f"text {i}".encode() for i in range(10)}
    make(tmp_path, {**files, "003x.jsonl": json_lines(["in between"])})
    shards, refused = listed(tmp_path)
    assert [shard.name for shard in shards] == ["003x.jsonl", "./#0-5", "./#5-9", "./#9-11"]
    rows, more = read(shards[1:])
    assert [row.text for row in rows] == [f"text {i}" for i in range(10)]
    assert [row.record_id for row in rows] == list(files)
    assert refused + more == []


def test_names_do_not_depend_on_where_the_corpus_lies(tmp_path: Path) -> None:
    """The same folder elsewhere gives the same names; two folders of one name are told apart."""
    for place in ("here", "there"):
        make(tmp_path / place / "c", {"x/a.jsonl": b'{"text": "a"}\n', "b.txt": b"b"})
    first, second = (listed(tmp_path / place / "c")[0] for place in ("here", "there"))
    assert [shard.name for shard in first] == [shard.name for shard in second] == ["x/a.jsonl", "./#0-2"]
    both = listed(tmp_path / "here/c", tmp_path / "there/c")[0]
    assert [shard.name for shard in both] == ["c/x/a.jsonl", "c/#0-2", "c~2/x/a.jsonl", "c~2/#0-2"]


def test_links_and_hidden_files_are_refused_and_counted(tmp_path: Path) -> None:
    """Nothing outside the folder is ever read."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    corpus = make(tmp_path / "c", {"a.txt": b"a", ".git/config": b"x"})
    (corpus / "out.txt").symlink_to(secret)
    (corpus / "up").symlink_to("..")
    (corpus / "in.txt").symlink_to("a.txt")
    os.mkfifo(corpus / "pipe")
    rows, refused = read_path(corpus)
    assert [row.text for row in rows] == ["a"]
    assert [(r.where, r.reason) for r in refused] == [
        (".git", "hidden"), ("in.txt", "symlink"), ("out.txt", "symlink"), ("pipe", "not-a-file"), ("up", "symlink"),
    ]  # fmt: skip


def test_documents_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    """Empty, binary and damaged files: each a refusal with its name, the others are read."""
    good = {"a.txt": b"", "b.dat": bytes(range(256)) * 30, "d.txt": b"good"}
    corpus = make(tmp_path / "c", {**good, "c.pdf": b"%PDF-1.4 cut", "e.docx": b"PK\x03\x04"})
    rows, refused = read_path(corpus)
    assert [(row.text, row.record_id) for row in rows] == [("good", "d.txt")]
    assert [refusal.where for refusal in refused] == ["a.txt", "b.dat", "c.pdf", "e.docx"]
    assert refused[0].reason == "empty"


def test_a_name_that_is_no_utf8_can_be_written_down(tmp_path: Path) -> None:
    """Shards and records have names that JSON and Parquet can hold."""
    corpus = tmp_path / "c"
    corpus.mkdir()
    (corpus / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"text")
    (corpus / os.fsdecode(b"caf\xe9.jsonl")).write_bytes(b'{"text": "a"}\n')
    shards, _ = listed(corpus)
    rows, _ = read(shards)
    names = [shard.name for shard in shards] + [row.record_id for row in rows]
    assert (
        json.dumps(names).encode() == json.dumps(["caf\\xe9.jsonl", "./#0-2", None, "caf\\xe9.txt"]).encode()
    )


def test_a_path_that_does_not_exist_is_one_clear_error(tmp_path: Path) -> None:
    """Before anything is scanned."""
    with pytest.raises(CorpusError, match="nowhere"):
        listed(tmp_path / "nowhere")


def test_listing_again_sees_what_is_new(tmp_path: Path) -> None:
    """The listing that readers share is made anew each time shards are listed."""
    assert [row.text for row in read_path(make(tmp_path / "c", {"a.txt": b"a"}))[0]] == ["a"]
    assert [row.text for row in read_path(make(tmp_path / "c", {"b.txt": b"b"}))[0]] == ["a", "b"]


def test_a_folder_that_changed_is_told(tmp_path: Path) -> None:
    """Positions in a listing mean nothing once files are gone."""
    corpus = make(tmp_path / "c", {"a.txt": b"a", "b.txt": b"b"})
    shard = listed(corpus)[0][0]
    moved = make(tmp_path / "d", {"a.txt": b"a"})
    with pytest.raises(CorpusError, match="changed"):
        read([type(shard)(shard.name, str(moved), "documents", 2, 0, 2)])


@pytest.mark.parametrize("part_bytes", [1, 50, 400])
def test_parts_cover_the_file_once(tmp_path: Path, part_bytes: int) -> None:
    """Begin of one is end of the other, whatever the size."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(json_lines(texts(20)))
    shards, _ = listed(path, part_bytes=part_bytes)
    edges = [(shard.begin, shard.end) for shard in shards]
    assert edges[0][0] == 0
    assert edges[-1][1] == path.stat().st_size
    assert all(left[1] == right[0] for left, right in itertools.pairwise(edges))
    assert sum(shard.size for shard in shards) == path.stat().st_size


def test_what_countermark_made_is_no_corpus(tmp_path: Path) -> None:
    """An index or a run in a corpus quotes the works: it is refused, and the rest is read."""
    make(tmp_path, {"a.jsonl": json_lines(["one"]), "r/run.json": b'{"index": {"guarantee_letters": 80}}'})
    make(
        tmp_path / "x.index",
        {"manifest.json": b'{"format": "countermark-index-1"}', "letters.u1": b"letters"},
    )
    shards, refused = listed(tmp_path)
    assert [shard.name for shard in shards] == ["a.jsonl"]
    assert {(refusal.where, refusal.reason) for refusal in refused} == {
        ("x.index/", "countermark-folder"),
        ("r/", "countermark-folder"),
    }
