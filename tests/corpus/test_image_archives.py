"""Pictures in tar and zip: samples with their texts, and hostile archives bounded."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

import countermark.corpus.archives as archives_module
import countermark.corpus.carried.archives as carried_archives
import countermark.corpus.images.sought as sought_module
from corpus.corpus_samples import tar_of, zip_of
from corpus.image_samples import picture, read_images, told
from countermark.corpus.images.sought import PICTURES


def write(path: Path, data: bytes) -> Path:
    """Write a file."""
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("form", ["a.tar", "a.zip"])
def test_a_sample_of_img2dataset_says_what_stands_beside_the_picture(tmp_path: Path, form: str) -> None:
    """Caption, address and key; a text of its own wins over the caption in the object."""
    record = {
        "caption": "in the object",
        "url": "https://example.org/a.jpg",
        "key": "000000001",
        "status": "success",
        "width": 512,
        "sha256": "0" * 64,
    }
    members = {
        "000000001.jpg": picture(1),
        "000000001.json": json.dumps(record).encode(),
        "000000001.txt": "légende\n".encode(),
        "000000002.jpg": picture(2),
        "000000002.json": json.dumps(record | {"key": "000000002", "caption": None}).encode(),
        "000000003.webp": picture(3, "webp"),
    }
    seen, refused = read_images(
        write(tmp_path / form, tar_of(members) if form == "a.tar" else zip_of(members))
    )
    address = "https://example.org/a.jpg"
    assert [one[1:] for one in seen] == [
        (0, "000000001", address, None, "légende"),
        (3, "000000002", address, None, None),
        (5, "000000003.webp", None, None, None),
    ]
    assert refused == []


def test_each_member_that_is_not_read_has_a_reason(tmp_path: Path) -> None:
    """By its bytes, whatever its name."""
    members = {
        "a.jpg": b"",
        "b.jpg": b"<html>not found</html>",
        "c.npy": b"\x93NUMPY",
        "d.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "e.txt": b"a text beside nothing",
        "f.parquet": b"PAR1",
        "g.data": picture(1),
        "h.jpg": b"\xff\xd8",
        "h.txt": b"a text beside what is no picture",
    }
    seen, refused = read_images(write(tmp_path / "a.tar", tar_of(members)))
    assert [(one.data, one.row) for one in seen] == [(picture(1), 6)]
    assert sorted(told(refused)) == [
        (0, "empty"),
        (1, "not-a-picture"),
        (2, "not-a-picture"),
        (3, "not-a-picture"),
        (4, "not-a-picture"),
        (5, "nested-data"),
        (7, "not-a-picture"),
    ]
    assert "b.jpg: is a page of text; accepted are JPEG" in refused[1].detail
    assert "SVG" in refused[3].detail


def test_names_lead_nowhere(tmp_path: Path) -> None:
    """Nothing is written, links and devices are refused."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for kind, name in (
            (tarfile.SYMTYPE, "l.jpg"),
            (tarfile.LNKTYPE, "h.jpg"),
            (tarfile.CHRTYPE, "d.jpg"),
        ):
            link = tarfile.TarInfo(name)
            link.type, link.linkname = kind, "/etc/passwd"
            archive.addfile(link)
        info = tarfile.TarInfo("../../evil.jpg")
        info.size = len(picture())
        archive.addfile(info, io.BytesIO(picture()))
    inner = tmp_path / "in"
    inner.mkdir()
    seen, refused = read_images(write(inner / "a.tar", out.getvalue()))
    assert [(one.row, one.record_id) for one in seen] == [(3, "../../evil.jpg")]
    assert told(refused) == [(row, "not-a-file") for row in range(3)]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.tar", "in"]


@pytest.mark.parametrize("form", ["a.tar", "a.zip"])
def test_a_long_member_is_refused_and_the_next_is_read(
    tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not read; nor is a text that is too long to speak of a picture."""
    monkeypatch.setattr(sought_module, "PICTURES", replace(PICTURES, most=1000))
    monkeypatch.setattr(carried_archives, "MAX_SIDE", 1000)
    members = {"a.jpg": picture(size=2000), "b.jpg": picture(2), "b.txt": b"x" * 1001}
    seen, refused = read_images(
        write(tmp_path / form, tar_of(members) if form == "a.tar" else zip_of(members))
    )
    assert [(one.data, one.caption) for one in seen] == [(picture(2), None)]
    assert told(refused) == [(0, "too-large"), (2, "too-large")]


def test_a_zip_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ratio of the whole stops pictures that each swell."""
    monkeypatch.setattr(archives_module, "BOMB_FLOOR", 1 << 20)
    members = {f"{i}.jpg": picture() + bytes(1 << 19) for i in range(40)}
    seen, refused = read_images(write(tmp_path / "a.zip", zip_of(members)))
    assert 0 < len(seen) < 40
    assert [reason for _, reason in told(refused)] == ["bomb"]


def test_a_truncated_archive_keeps_what_stands_before(tmp_path: Path) -> None:
    """Whole members are read, the rest is one refusal."""
    data = tar_of({f"{i}.jpg": picture(i, size=800) for i in range(5)})
    each = 512 + 1024
    for cut in range(each + 100, 4 * each, 300):
        seen, refused = read_images(write(tmp_path / "a.tar", data[:cut]))
        assert [(one.data, one.row) for one in seen] == [(picture(i, size=800), i) for i in range(len(seen))]
        assert cut // each - 1 <= len(seen) <= cut // each + 1
        assert [reason for _, reason in told(refused)] in ([], ["truncated"])


def test_what_is_told_is_bounded(tmp_path: Path) -> None:
    """Names, captions, addresses and identifiers of any length, and letters that are none."""
    record = {
        "url": "https://e/" + "u" * 90_000,
        "id": "i" * 90_000,
        "text": "t\ud800" * 90_000,
        "date": "d" * 999,
    }
    members = {"n" * 9000 + ".jpg": picture(), "n" * 9000 + ".json": json.dumps(record).encode()}
    seen, refused = read_images(write(tmp_path / "a.tar", tar_of(members)))
    (one,) = seen
    lengths = [len(value or "") for value in one[2:]]
    assert lengths == [1024, 8192, 64, 4096]
    assert all((value or "").endswith("…") and (value or "").encode() for value in one[2:])
    assert refused == []


@pytest.mark.slow
def test_many_members_that_are_no_pictures(tmp_path: Path) -> None:
    """They are counted in batches, whatever their number."""
    header = tarfile.TarInfo("a.bin").tobuf()
    with (tmp_path / "a.tar").open("wb") as file:
        for _ in range(100):
            file.write(header * 2000)
        file.write(bytes(1024))
    seen, refused = read_images(tmp_path / "a.tar")
    assert seen == []
    assert {reason for _, reason in told(refused)} == {"empty"}
    assert [row for row, _ in told(refused)] == list(range(200_000))
