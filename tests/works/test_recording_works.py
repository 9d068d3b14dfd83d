"""Works that are recordings: streamed, what they say of themselves, and other media among them."""

from __future__ import annotations

import hashlib
import io
import os
from collections import Counter
from typing import TYPE_CHECKING

import av
import numpy as np

import countermark.audio.source as source_module
from countermark.media import Medium, Refusal
from countermark.works.medium import media_in
from countermark.works.reading import read_works
from countermark.works.work import WorkFile

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

JPEG = b"\xff\xd8\xff\xe0" + bytes(80)
MP4 = b"\0\0\0\x1cftypisom" + bytes(64)
SAID = {
    "title": "La  Mer",
    "artist": "Zoé A.",
    "copyright": "© 2020 Zoé A., https://creativecommons.org/licenses/by/4.0/",
    "originaldate": "1999-02",
    "date": "2020-05-05",
}


def flac(said: dict[str, str], number: int = 0) -> bytes:
    """A moment of sound with tags, another for each number."""
    out = io.BytesIO()
    with av.open(out, "w", format="flac") as file:
        file.metadata.update(said)
        stream = file.add_stream("flac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.full((1, 800), number, np.int16), format="s16", layout="mono")
        frame.sample_rate, frame.pts = 8000, 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def _write(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def _read(*paths: Path, medium: Medium = Medium.AUDIO) -> tuple[dict[str, WorkFile], list[Refusal]]:
    """Work files by the path of their asset, and refusals."""
    items = list(read_works(paths, medium))
    files = [item for item in items if isinstance(item, WorkFile)]
    return {file.asset.path: file for file in files}, [item for item in items if isinstance(item, Refusal)]


def test_recordings_of_a_folder_are_known_by_their_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The asset carries where the file is opened and no bytes; films are read for their sound."""
    monkeypatch.setattr(source_module, "_CHUNK", 16)  # the digest is that of all pieces
    _write(tmp_path, {"b.flac": flac({}), "a.txt": flac({}, 1), "in/c.mp4": MP4})
    files, refused = _read(tmp_path)
    assert list(files) == ["a.txt", "b.flac", "in/c.mp4"]
    asset = files["b.flac"].asset
    assert (asset.medium, asset.text, asset.data) == (Medium.AUDIO, "", b"")
    assert asset.file == str(tmp_path / "b.flac")
    assert asset.digest == hashlib.sha256(flac({})).hexdigest()
    assert [file.work.title for file in files.values()] == ["a", "b", "c"]
    assert refused == []


def test_a_recording_says_its_work_itself(tmp_path: Path) -> None:
    """Title, artist, open licence; of dates, that of the first publication."""
    later = {"title": "Late", "artist": "B.", "date": "2020", "copyright": "© B."}
    _write(
        tmp_path, {"a.flac": flac(SAID), "b.flac": flac(later), "c.flac": flac({"originaldate": "no date"})}
    )
    files, refused = _read(tmp_path)
    works = [file.work for file in files.values()]
    assert [(work.title, work.author, work.licence) for work in works] == [
        ("La Mer", "Zoé A.", "CC-BY-4.0"), ("Late", "B.", "© B."), ("c", "", ""),
    ]  # fmt: skip
    assert [str(work.published) for work in works] == ["1999-02-01", "None", "None"]
    assert refused == []


def test_catalogues_and_sidecars_speak_of_recordings(tmp_path: Path) -> None:
    """As of texts and pictures; what is listed goes before what the file says."""
    catalog = "fichier;titre;artiste;date;licence\na.flac;Été;Anne;1950;CC0-1.0\nnone.mp3;T;;;\n"
    _write(tmp_path / "one", {"c.csv": catalog, "a.flac": flac(SAID)})
    files, refused = _read(tmp_path / "one" / "c.csv")
    work = files["a.flac"].work
    assert (work.title, work.author, work.licence, str(work.published)) == (
        "Été",
        "Anne",
        "CC0-1.0",
        "1950-01-01",
    )
    assert [refusal.reason for refusal in refused] == ["missing"]
    _write(
        tmp_path / "two",
        {"works.csv": "path,title\nx.flac,Listed\n", "x.flac": flac(SAID), "y.flac": flac({})},
    )
    files, refused = _read(tmp_path / "two")
    assert [(f.work.title, f.work.author) for f in files.values()] == [("Listed", "Zoé A."), ("y", "")]
    assert refused == []


def test_other_media_are_refused_with_a_hint(tmp_path: Path) -> None:
    """Each way, one refusal a file."""
    files: dict[str, str | bytes] = {
        "a.txt": "A text.", "b.jpg": JPEG, "c.flac": flac({}), "d.mp4": MP4, "e.lrc": "[00:01.00]La mer",
    }  # fmt: skip
    _write(tmp_path, files)
    hints = {
        "text": "a text; build a second index with --medium text",
        "image": "a picture; build a second index with --medium image",
        "audio": "a recording; build a second index with --medium audio",
    }
    kinds = {"a.txt": "text", "b.jpg": "image", "c.flac": "audio", "d.mp4": "audio", "e.lrc": "text"}
    for medium in Medium:
        read, refused = _read(tmp_path, medium=medium)
        assert list(read) == [name for name, kind in kinds.items() if kind == medium]
        assert {r.where: (r.reason, r.detail) for r in refused} == {
            name: ("medium", f"{name}: {hints[kind]}") for name, kind in kinds.items() if kind != medium
        }


def test_an_archive_that_holds_an_mp3_file_is_no_recording(tmp_path: Path) -> None:
    """By its beginning it might be one; only a name that says so makes frames behind rubbish count."""
    frames = (b"\xff\xfb\x90\xc4" + bytes(413)) * 4
    _write(tmp_path, {"a.bin": b"PK\3\4" + bytes(60) + frames, "b.mp3": bytes(60) + frames})
    files, refused = _read(tmp_path)
    assert list(files) == ["b.mp3"]
    assert [(refusal.where, refusal.reason) for refusal in refused] == [("a.bin", "not-a-recording")]
    _, refused = _read(tmp_path, medium=Medium.TEXT)
    assert [(r.where, r.reason) for r in refused] == [("a.bin", "damaged"), ("b.mp3", "medium")]


def test_a_recording_too_long_for_a_text_is_still_named(tmp_path: Path) -> None:
    """A film among texts is told by its beginning."""
    with (tmp_path / "a.mp4").open("wb") as file:
        file.write(MP4)
        file.truncate(1 << 30)
    assert [refusal.reason for refusal in _read(tmp_path, medium=Medium.TEXT)[1]] == ["medium"]
    assert [refusal.reason for refusal in _read(tmp_path, medium=Medium.IMAGE)[1]] == ["medium"]


def test_lyrics_are_read_as_texts(tmp_path: Path) -> None:
    """Without their stamps."""
    _write(tmp_path, {"a.lrc": "[ti:La Mer]\n[ar:Zoé A.]\n[00:01.00]La mer\n[00:02.00]qu’on voit"})
    (file,) = _read(tmp_path, medium=Medium.TEXT)[0].values()
    assert (file.work.title, file.work.author, file.asset.text) == ("La Mer", "Zoé A.", "La mer\nqu’on voit")


def test_every_skip_has_a_reason(tmp_path: Path) -> None:
    """Empty, damaged at the head, something else, no regular file, not there; the same bytes twice."""
    root = _write(
        tmp_path / "works",
        {
            "a.mp3": b"",
            "b.mp3": b"\0\1\2\3" * 99,
            "c.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
            "e.flac": flac({}),
            "f.csv": "x,y\n",
        },
    )
    os.mkfifo(root / "pipe")
    files, refused = _read(root)
    assert list(files) == ["e.flac"]
    assert {refusal.where: refusal.reason for refusal in refused} == {
        "a.mp3": "empty", "b.mp3": "not-a-recording", "c.svg": "not-a-recording", "f.csv": "table", "pipe": "special",
    }  # fmt: skip
    assert "accepted are MP3" in next(r.detail for r in refused if r.where == "b.mp3")
    _, refused = _read(root / "pipe", tmp_path / "nowhere")
    assert [refusal.reason for refusal in refused] == ["unreadable", "missing"]
    assert "a folder, a recording or a catalogue is accepted" in refused[1].detail
    _write(tmp_path, {"c.csv": "path,title\nw,T\n", "w/a.flac": flac({}), "w/b.flac": flac({})})
    assert [refusal.reason for refusal in _read(tmp_path / "c.csv")[1]] == ["duplicate"]


def test_media_are_counted_without_reading(tmp_path: Path) -> None:
    """By names, by bytes where a name says nothing."""
    files: dict[str, str | bytes] = {
        "a.mp3": b"", "b": flac({}), "c.txt": "x", "d.jpg": b"", "in/e.mkv": b"", "in/f.lrc": "x", "g.bin": b"\0",
    }  # fmt: skip
    root = _write(tmp_path / "w", files)
    assert media_in([root]) == Counter({Medium.AUDIO: 3, Medium.TEXT: 2, Medium.IMAGE: 1})
    assert media_in([root / "b", root / "none.mp3"]) == Counter({Medium.AUDIO: 1})
