"""Works that are pictures: folders, catalogues, what they say of themselves, and texts among them."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest

import countermark.works.pictures as pictures_module
from countermark.media import Medium, Refusal
from countermark.works.medium import media_in
from countermark.works.pictures import Said, said_within
from countermark.works.reading import read_works
from countermark.works.work import WorkFile

if TYPE_CHECKING:
    from pathlib import Path

JPEG, PNG, WEBP = b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP"
XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:DateCreated="2019-01-01">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">La  Mer</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Zoé A.</rdf:li><rdf:li>B. C.</rdf:li></rdf:Seq></dc:creator>
<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Zoé A.</rdf:li></rdf:Alt></dc:rights>
</rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def _write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def _read(*paths: Path, medium: Medium = Medium.IMAGE) -> tuple[dict[str, WorkFile], list[Refusal]]:
    """Work files by the path of their asset, and refusals."""
    items = list(read_works(paths, medium))
    files = [item for item in items if isinstance(item, WorkFile)]
    return {file.asset.path: file for file in files}, [item for item in items if isinstance(item, Refusal)]


def test_pictures_of_a_folder_are_known_by_their_bytes(tmp_path: Path) -> None:
    """The asset carries the bytes and no text; the file's name is the title of what has none."""
    _write(tmp_path, {"b.jpg": JPEG + b"b", "a.png": WEBP + b"a", "in/c": PNG + b"c"})
    files, refused = _read(tmp_path)
    assert list(files) == ["a.png", "b.jpg", "in/c"]
    asset = files["b.jpg"].asset
    assert (asset.medium, asset.text, asset.data) == (Medium.IMAGE, "", JPEG + b"b")
    assert asset.digest == hashlib.sha256(JPEG + b"b").hexdigest()
    assert [file.work.title for file in files.values()] == ["a", "b", "c"]
    assert refused == []


def test_the_other_medium_is_refused_with_a_hint(tmp_path: Path) -> None:
    """Both ways, one refusal a file."""
    files: dict[str, str | bytes] = {
        "a.txt": "A text.", "b.jpg": JPEG + bytes(80), "c.pdf": b"%PDF-1.7\0", "d.txt": PNG + bytes(80),
    }  # fmt: skip
    _write(tmp_path, files)
    images, refused = _read(tmp_path)
    assert list(images) == ["b.jpg", "d.txt"]
    assert [(r.where, r.reason) for r in refused] == [("a.txt", "medium"), ("c.pdf", "medium")]
    assert refused[0].detail == "a.txt: a text; build a second index with --medium text"
    (tmp_path / "c.pdf").unlink()
    texts, refused = _read(tmp_path, medium=Medium.TEXT)
    assert list(texts) == ["a.txt"]
    assert [(r.where, r.reason) for r in refused] == [("b.jpg", "medium"), ("d.txt", "medium")]
    assert refused[0].detail == "b.jpg: a picture; build a second index with --medium image"


def test_every_skip_has_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty, too large, of a format that is not read, no regular file."""
    monkeypatch.setattr(pictures_module, "MOST_BYTES", 1000)
    root = _write(
        tmp_path / "works",
        {
            "a.jpg": b"",
            "b.jpg": JPEG + bytes(1000),
            "c.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "d.psd": b"8BPS\0\1",
            "e.jpg": JPEG,
            "f.csv": "x,y\n",
        },
    )
    os.mkfifo(root / "pipe")
    files, refused = _read(root)
    assert list(files) == ["e.jpg"]
    assert {refusal.where: refusal.reason for refusal in refused} == {
        "a.jpg": "empty",
        "b.jpg": "too-large",
        "c.svg": "not-a-picture",
        "d.psd": "not-a-picture",
        "f.csv": "table",
        "pipe": "special",
    }
    _, refused = _read(root / "pipe", tmp_path / "nowhere")
    assert [refusal.reason for refusal in refused] == ["unreadable", "missing"]
    assert "a folder, a picture or a catalogue is accepted" in refused[1].detail


def test_catalogues_and_sidecars_speak_of_pictures(tmp_path: Path) -> None:
    """As of texts; the columns of artists and photographers are authors, where there is no other."""
    catalog = "fichier;titre;photographe;licence\na.jpg;Été;Zoé;CC0-1.0\nnone.jpg;T;;\n"
    _write(tmp_path / "one", {"c.csv": catalog, "a.jpg": JPEG + XMP})
    files, refused = _read(tmp_path / "one" / "c.csv")
    work = files["a.jpg"].work
    assert (work.title, work.author, work.licence) == ("Été", "Zoé", "CC0-1.0")
    assert [refusal.reason for refusal in refused] == ["missing"]
    sidecar = "path,title,published\na.jpg,Listed,1899\n"
    _write(tmp_path / "two", {"works.csv": sidecar, "a.jpg": JPEG + XMP, "b.jpg": JPEG + b"b"})
    files, refused = _read(tmp_path / "two")
    work = files["a.jpg"].work
    assert (work.title, work.author, str(work.published)) == ("Listed", "Zoé A.; B. C.", "1899-01-01")
    assert files["b.jpg"].work.title == "b"
    assert refused == []


def test_a_picture_says_its_title_and_makers_itself(tmp_path: Path) -> None:
    """By its XMP, in files of any format; never a date."""
    _write(
        tmp_path, {"a.png": PNG + bytes(99) + XMP + bytes(99), "b.png": PNG + XMP.replace(b"</rdf:RDF>", b"")}
    )
    files, refused = _read(tmp_path)
    work = files["a.png"].work
    assert (work.title, work.author, work.published, work.licence) == (
        "La Mer",
        "Zoé A.; B. C.",
        None,
        "© Zoé A.",
    )
    assert files["b.png"].work.title == "b"
    assert refused == []


@pytest.mark.parametrize(
    "data",
    [
        b"<x:xmpmeta" * 9000,
        b"</x:xmpmeta><x:xmpmeta",
        b"<x:xmpmeta>" + bytes(2 << 20) + b"</x:xmpmeta>",
        b'<!DOCTYPE a [<!ENTITY b "b">]><x:xmpmeta xmlns:x="x">&b;</x:xmpmeta>',
        b"<x:xmpmeta xmlns:x='x'>\xff</x:xmpmeta>",
    ],
)
def test_packets_that_cannot_be_read_say_nothing(data: bytes) -> None:
    """The picture is read all the same."""
    assert said_within(JPEG + data) == Said()


def test_the_same_bytes_count_once_for_one_work(tmp_path: Path) -> None:
    """As for texts."""
    _write(tmp_path, {"c.csv": "path,title\nw,T\n", "w/a.jpg": JPEG, "w/b.jpg": JPEG})
    files, refused = _read(tmp_path / "c.csv")
    assert list(files) == ["w/a.jpg"]
    assert [refusal.reason for refusal in refused] == ["duplicate"]


def test_media_are_counted_without_reading(tmp_path: Path) -> None:
    """By names, by bytes where a name says nothing, by the rows of catalogues."""
    files: dict[str, str | bytes] = {
        "a.jpg": b"",
        "b": PNG + bytes(9),
        "c.txt": "x",
        "d.bin": b"\0",
        ".e.jpg": b"",
        "in/f.epub": b"",
        "works.csv": "path\na.jpg\n",
    }
    root = _write(tmp_path / "w", files)
    assert media_in([root]) == Counter({Medium.IMAGE: 2, Medium.TEXT: 2})
    found = media_in([root / "a.jpg", root / "none.jpg", root / "c.txt"])
    assert found == Counter({Medium.IMAGE: 1, Medium.TEXT: 1})
    _write(tmp_path / "w", {"cat.csv": "path,title\na.jpg,A\nin,B\nnone.jpg,C\na.jpg,D\n"})
    assert media_in([root / "cat.csv"]) == Counter({Medium.IMAGE: 1, Medium.TEXT: 1})
    assert media_in([tmp_path / "nowhere"]) == Counter()
