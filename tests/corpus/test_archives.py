"""Tar, zip and WebDataset: members as records, hostile archives bounded."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

import countermark.corpus.archives as archives_module
from corpus.corpus_samples import read_path, reasons, tar_of, zip_of
from countermark.errors import CorpusError


def write(path: Path, data: bytes) -> Path:
    """Write a file."""
    path.write_bytes(data)
    return path


def test_webdataset_samples_are_one_record_each(tmp_path: Path) -> None:
    """The text member carries the text, the JSON the address; the image belongs to the sample."""
    data = tar_of(
        {
            "s/001.jpg": b"\xff\xd8",
            "s/001.txt": b"first",
            "s/001.json": b'{"url": "https://a", "key": "k1"}',
            "s/002.json": b'{"text": "second", "id": 9}',
            "s/002.cls": b"3",
            "s/003.png": b"\x89PNG",
        }
    )
    rows, refused = read_path(write(tmp_path / "a.tar", data))
    assert [row[:4] for row in rows] == [("first", 1, "k1", "https://a"), ("second", 3, "9", None)]
    assert [(r.row, r.reason) for r in refused] == [(5, "media-type"), (-1, "medium")]
    assert refused[-1].detail == "pictures not searched: 1; the index is of texts"


@pytest.mark.parametrize("form", ["a.tar", "a.tar.gz", "a.zip"])
def test_each_member_is_a_document(tmp_path: Path, form: str) -> None:
    """HTML becomes text, data files within are refused, and so is what is empty."""
    members = {
        "b/a.html": b"<p>page</p>",
        "b/e.txt": b"",
        "b/n.jsonl": b"{}",
        "b/t.txt": "été".encode("cp1252") * 9,
    }
    data = zip_of(members) if form == "a.zip" else tar_of(members)
    rows, refused = read_path(write(tmp_path / form, gzip.compress(data) if form.endswith("gz") else data))
    assert [(row.text.strip(), row.row, row.record_id) for row in rows] == [
        ("page", 0, "b/a.html"),
        ("été" * 9, 3, "b/t.txt"),
    ]
    assert [(r.row, r.reason) for r in refused] == [(1, "empty"), (2, "nested-data")]


def test_path_traversal_writes_nothing(tmp_path: Path) -> None:
    """Names are only names."""
    inner = tmp_path / "in"
    inner.mkdir()
    for name, data in (
        ("a.tar", tar_of({"../../evil.txt": b"x" * 9})),
        ("a.zip", zip_of({"/etc/evil.txt": b"x" * 9})),
    ):
        rows, _ = read_path(write(inner / name, data))
        assert [row.record_id for row in rows] in (["../../evil.txt"], ["/etc/evil.txt"])
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.tar", "a.zip", "in"]


def test_links_in_an_archive_are_refused(tmp_path: Path) -> None:
    """A link could point anywhere."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("l.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert reasons(read_path(write(tmp_path / "a.tar", out.getvalue()))[1]) == ["not-a-file"]


def test_a_long_member_is_refused_and_the_next_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member that unpacks beyond the bound is never held in memory."""
    monkeypatch.setattr(archives_module, "MAX_MEMBER", 1000)
    members = {"a.txt": b"x" * 1001, "b.txt": b"b"}
    for name, data in (("a.tar", tar_of(members)), ("a.zip", zip_of(members))):
        rows, refused = read_path(write(tmp_path / name, data))
        assert [row.text for row in rows] == ["b"]
        assert reasons(refused) == ["too-large"]


def test_a_zip_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many members that each swell, under the bound of one: the ratio of the whole stops them."""
    monkeypatch.setattr(archives_module, "BOMB_FLOOR", 1 << 20)
    data = zip_of({f"{i}.txt": b"a" * (1 << 19) for i in range(40)})
    rows, refused = read_path(write(tmp_path / "a.zip", data))
    assert len(rows) < 40
    assert reasons(refused) == ["bomb"]


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    """The flag in the directory says so."""
    data = bytearray(zip_of({"a.txt": b"secret"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    assert reasons(read_path(write(tmp_path / "a.zip", bytes(data)))[1]) == ["encrypted"]


def test_a_huge_tar_header_is_not_read_into_memory(tmp_path: Path) -> None:
    """An extended header that claims two gigabytes ends the reading."""
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 2 << 30
    data = tar_of({"a.txt": b"a"})[:1024] + header.tobuf() + b"\0" * 4096
    rows, refused = read_path(write(tmp_path / "a.tar", data))
    assert [row.text for row in rows] == ["a"]
    assert reasons(refused) == ["corrupt"]


@pytest.mark.parametrize("cut", [700, 1500])
def test_a_truncated_tar_gives_what_stands_before(tmp_path: Path, cut: int) -> None:
    """The rest is one refusal."""
    data = tar_of({"a.txt": b"a" * 100, "b.txt": b"b" * 4000})[: 1024 + cut]
    rows, refused = read_path(write(tmp_path / "a.tar", data))
    assert [row.text for row in rows] == ["a" * 100]
    assert len(refused) == 1
    assert refused[0].reason in {"truncated", "corrupt"}


def test_a_damaged_zip_is_one_clear_error(tmp_path: Path) -> None:
    """Without its directory nothing of a zip archive can be read."""
    path = write(tmp_path / "a.zip", zip_of({"a.txt": b"a"})[:-30])
    with pytest.raises(CorpusError, match=r"a\.zip"):
        read_path(path)


def test_a_damaged_member_costs_only_itself(tmp_path: Path) -> None:
    """The checksum tells."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.txt", b"aaaaaaaa")
        archive.writestr("b.txt", b"bbbbbbbb")
    rows, refused = read_path(write(tmp_path / "a.zip", out.getvalue().replace(b"aaaaaaaa", b"axaaaaaa")))
    assert [row.text for row in rows] == ["bbbbbbbb"]
    assert reasons(refused) == ["corrupt"]


def test_a_name_that_is_not_in_its_encoding(tmp_path: Path) -> None:
    """A flipped byte in the name of a member, in its header or in the directory, is told and not raised."""
    data = zip_of({"a.txt": b"first", "é.txt": b"second", "z.txt": b"third"})
    name = "é.txt".encode()
    once = data.replace(name, b"\xc3\xff.txt", 1)
    rows, refused = read_path(write(tmp_path / "a.zip", once))
    assert [row.text for row in rows] == ["first", "third"]
    assert reasons(refused) == ["corrupt"]
    with pytest.raises(CorpusError, match="no readable zip archive"):
        read_path(write(tmp_path / "b.zip", data.replace(name, b"\xc3\xff.txt")))


def test_a_chain_of_extended_headers_is_cut(tmp_path: Path) -> None:
    """Three thousand headers before one member: what stands before them is kept, the rest is told."""
    header = tarfile.TarInfo("x").create_pax_global_header({"comment": "x"})
    data = tar_of({"a.txt": b"first"})[:1024] + header * 3000 + bytes(1024)
    rows, refused = read_path(write(tmp_path / "a.tar", data))
    assert [row.text for row in rows] == ["first"]
    assert reasons(refused) == ["corrupt"]
