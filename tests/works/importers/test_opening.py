"""Inputs opened: plain, compressed, archives, folders; and bombs."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pytest
import zstandard

from countermark.media import Refusal
from countermark.works.importers import opening
from countermark.works.importers.base import CatalogFile
from countermark.works.importers.opening import open_inputs
from countermark.works.importers.registry import FORMATS, detect


def opened(*paths: Path) -> dict[str, bytes | str]:
    """Name to content, or to the reason of the refusal."""
    told: dict[str, bytes | str] = {}
    for item in open_inputs(paths):
        if isinstance(item, Refusal):
            told[Path(item.where).name] = item.reason
        else:
            with item.open() as stream:
                told[Path(item.name).name] = stream.read()
    return told


def test_plain_and_compressed(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<a/>")
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(b"<b/>"))
    (tmp_path / "c.xml.zst").write_bytes(zstandard.compress(b"<c/>"))
    told = opened(*(tmp_path / name for name in ("a.xml", "b.xml.gz", "c.xml.zst")))
    assert told == {"a.xml": b"<a/>", "b.xml": b"<b/>", "c.xml": b"<c/>"}


def test_archives_folders_and_what_is_missing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.xml", "<b/>")
        archive.writestr("../../evil.xml", "<e/>")
        archive.writestr("inner.zip", b"PK\x03\x04rest")
        archive.writestr("__MACOSX/x", "debris")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "c.xml").write_bytes(b"<c/>")
    (tmp_path / "in" / "empty").touch()
    (tmp_path / "in" / "link").symlink_to("/etc")
    told = opened(tmp_path / "a.zip", tmp_path / "in", tmp_path / "none.xml")
    assert told.pop("none.xml") == "missing"
    assert told.pop("link") == "symlink"
    assert told.pop("empty") == "empty"
    assert told == {
        "a.zip!b.xml": b"<b/>",
        "evil.xml": b"<e/>",
        "a.zip!inner.zip": "archive",
        "c.xml": b"<c/>",
    }
    assert not (tmp_path.parent / "evil.xml").exists()


def test_damaged_ones(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"\x1f\x8bnot gzip at all")
    (tmp_path / "b.zst").write_bytes(b"\x28\xb5\x2f\xfdnot zstd")
    (tmp_path / "c.zip").write_bytes(b"PK\x03\x04cut")
    assert set(opened(*(tmp_path / name for name in ("a.gz", "b.zst", "c.zip"))).values()) == {
        "unreadable",
        "archive",
    }


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert opened(tmp_path / "pipe") == {"pipe": "special"}


@pytest.mark.parametrize("kind", ["gz", "zip"])
def test_bombs_end_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(opening, "RATIO_FROM", 1 << 20)
    monkeypatch.setattr(opening, "MAX_RATIO", 100)
    path = tmp_path / f"a.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(bytes(4 << 20)))
        (item,) = open_inputs([path])
        assert isinstance(item, CatalogFile)
        with pytest.raises(OSError, match="inflates"), item.open() as stream:
            stream.read()
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x", bytes(4 << 20))
        (item,) = open_inputs([path])
        assert isinstance(item, Refusal)
        assert item.reason == "bomb"


def test_every_importer_of_the_registry_is_of_its_format(tmp_path: Path) -> None:
    junk = CatalogFile("x.bin", "", b"\0\x01junk", lambda: (tmp_path / "x").open("rb"))
    assert detect(junk) is None
    assert len(FORMATS) >= 16
