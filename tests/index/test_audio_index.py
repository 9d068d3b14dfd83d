"""An index of recordings: the same bytes twice, and nothing that is damaged, foreign or made to harm is opened."""

from __future__ import annotations

import hashlib
import io
import shutil
from typing import TYPE_CHECKING, Any

import av
import numpy as np
import pyarrow.parquet as pq
import pytest

from countermark.errors import InputError, UnusableIndexError
from countermark.fingerprint.audio.extract import extract
from countermark.index import open_index
from countermark.index.audio import checking, layout
from countermark.index.audio.build import build_audio_index
from countermark.index.audio.collect import DULL, Wanted
from countermark.index.audio.lookup import open_audio_index
from countermark.index.build import build_index
from countermark.media import Asset, Medium, Refusal
from countermark.works.work import Work, WorkFile
from index.rewritten_index import described_anew, edited, rewritten
from played_works import (
    RATE,
    SECONDS,
    WORKS,
    build,
    file_of,
    of_tracks,
    part,
    shared_index,
    shared_works,
    tune,
    work,
)
from written_works import prose, work_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BARE = Wanted(copies=False)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """An index of the works, to be damaged."""
    return shutil.copytree(shared_index(), tmp_path / "works.index")


def test_it_holds_what_was_put_in(index: Path) -> None:
    """Counts, facts, features and copies of each work."""
    opened = open_audio_index(index)
    opened.verify()
    manifest = opened.manifest
    assert (manifest.works, manifest.assets, manifest.medium) == (WORKS, WORKS, "audio")
    assert (manifest.facts["copies"], manifest.facts["compositions"]) == (True, False)
    assert manifest.facts["seconds"] == WORKS * SECONDS
    assert opened.harmony_arrays == {}
    for number, row in enumerate(opened.assets()):
        data = (shared_works() / row["asset_path"]).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        assert (row["asset_digest"], row["duration"]) == (digest, 1000 * SECONDS)
        assert opened.of_file(digest) == [number]
        assert opened.features(number).seconds == SECONDS
        copy = opened.copy_of(number)
        assert row["copy_digest"] == hashlib.sha256(copy).hexdigest()
        with av.open(io.BytesIO(copy)) as container:
            assert container.streams.audio[0].codec_context.name.endswith("opus")
    assert opened.of_file("0" * 64) == []


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """Of every file."""
    again, _ = build(shared_works(), tmp_path / "again")
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in shared_index().iterdir()
    }


def test_refusals_are_told_with_their_reasons(tmp_path: Path) -> None:
    """Nothing stands for what cannot be decoded; what is odd is indexed with a remark."""
    works = tmp_path / "works"
    works.mkdir()
    whole = file_of(part(0, 0, 8))
    files = {
        "cut.flac": whole[: len(whole) * 6 // 10],
        "head.flac": whole[:60],
        "silence.flac": file_of(np.zeros(4 * RATE)),
        "text.mp3": b"ID3\4\0\0\0\0\x0f\0 and no sound in it",
        "two.mkv": of_tracks(part(0, 0, 6), part(1, 0, 6)),
        "whole.flac": whole,
    }
    for name, data in files.items():
        (works / name).write_bytes(data)
    out, refused = build(works, tmp_path / "index", BARE)
    told = {each.where: each for each in refused}
    assert told.keys() == files.keys() - {"whole.flac"}
    assert all(each.detail.startswith(f"{name}: ") for name, each in told.items())
    warned = {name for name, each in told.items() if each.reason == "warning"}
    assert warned == {"cut.flac", "silence.flac", "two.mkv"}
    assert told["silence.flac"].detail == f"silence.flac: {DULL}"
    assert "holds 2 sound tracks; the first stands for the work" in told["two.mkv"].detail
    assert told["cut.flac"].detail.endswith("; the rest stands for the work")
    opened = open_audio_index(out)
    opened.verify()
    assert [row["asset_path"] for row in opened.assets()] == [*sorted(warned), "whole.flac"]


def test_nothing_to_index(tmp_path: Path) -> None:
    """No works, or none that can be decoded: a message, and nothing left behind."""
    with pytest.raises(InputError, match="no recording was found"):
        build_audio_index([], tmp_path / "none")
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"ID3\4\0\0\0\0\x0f\0 and no sound in it")
    refused: list[Refusal] = []
    works = [WorkFile(Work("b", "B"), Asset("b", broken.name, Medium.AUDIO, "0" * 64, file=str(broken)))]
    with pytest.raises(
        InputError, match=r"none of the recordings could be decoded; the first: broken\.mp3: "
    ):
        build_audio_index(works, tmp_path / "none", refuse=refused.append)
    assert len(refused) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["broken.mp3"]


def test_copies_can_be_declined(tmp_path: Path) -> None:
    """Then there is nothing of the works to listen to, and all else is the same."""
    out, refused = build(shared_works(), tmp_path / "index", BARE)
    opened, full = open_audio_index(out), open_audio_index(shared_index())
    opened.verify()
    assert not refused
    assert opened.manifest.facts["copies"] is False
    assert (out / layout.COPIES).stat().st_size == 0
    for number, row in enumerate(opened.assets()):
        assert (opened.copy_of(number), row["copy_digest"]) == (b"", None)
        assert np.array_equal(opened.features(number).codes, full.features(number).codes)


def test_features_are_those_of_the_whole_work(index: Path) -> None:
    """They come back as they were extracted, the peaks that are not indexed aside."""
    found = open_audio_index(index).features(0)
    wav = np.interp(np.arange(0, SECONDS * RATE, RATE / 16_000), np.arange(SECONDS * RATE), tune(0))
    made = extract([wav.astype(np.float32)])
    assert abs(len(found.codes) - len(made.codes)) <= 1
    assert 50 < len(found.times) <= 1.05 * len(made.times)


def test_indices_of_other_media_and_schemes(index: Path, tmp_path: Path) -> None:
    """An index of texts and one of recordings are each refused by the other's opening, with its medium."""
    build_index([work_file("a", prose(80, 1))], tmp_path / "texts")
    with pytest.raises(UnusableIndexError, match=r"another medium \(text\), not of recordings"):
        open_audio_index(tmp_path / "texts")
    with pytest.raises(UnusableIndexError, match=r"another medium \(audio\), not of texts"):
        open_index(index)
    edited(index, lambda content: content.update(scheme="audio-peaks60-codes-v9"))
    with pytest.raises(UnusableIndexError, match="v9; this version reads"):
        open_audio_index(index)


FILES = sorted(
    [*(f"{name}.array" for name in checking.POSTINGS), "copy_ends.array", "assets.parquet", "copies.bin"]
)


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_held_against_its_size_and_its_digest(index: Path, name: str) -> None:
    """A file that is short or missing is told at opening, one with a flipped byte by `verify`."""
    path = index / name
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[len(changed) // 2] ^= 0x10
    path.write_bytes(changed)
    with pytest.raises(UnusableIndexError, match=name.removesuffix(".array")):
        open_audio_index(index).verify()
    path.write_bytes(whole[:-1])
    with pytest.raises(UnusableIndexError, match=name):
        open_audio_index(index)
    path.unlink()
    with pytest.raises(UnusableIndexError, match=f"{name} is missing"):
        open_audio_index(index)


@pytest.mark.parametrize(
    ("dtype", "shape"),
    [
        ("|O", [WORKS + 1]),
        ("<u8", [-1]),
        ("<u8", [1 << 60]),
        ("<u8", [0, 1 << 62]),
        ("<u8", [WORKS + 2]),
        ("<u8", [WORKS]),
        ("<u8", [[3]]),
        ("<u8", [3.0]),
        ("<u8", [True]),
        ("<u8", "3"),
        ("<u8", None),
        ("<u4", [2 * WORKS + 2]),
        ("<f8", [WORKS + 1]),
        ("<M8[s]", [WORKS + 1]),
        ("<u8", [1, 3]),
        (">u8", [WORKS + 1]),
        ({"names": ["a"], "formats": ["O"]}, [3]),
        (7, [3]),
        ("no type", [3]),
    ],
)
def test_a_manifest_may_say_anything_of_an_array(index: Path, dtype: object, shape: object) -> None:
    """Types that hold addresses, lengths below nothing or beyond memory, and what is no type or shape at all."""
    array = {"dtype": dtype, "shape": shape}
    edited(index, lambda content: content["facts"]["arrays"].update(copy_ends=array))
    with pytest.raises(UnusableIndexError, match="copy_ends"):
        open_audio_index(index)


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["facts"].pop("arrays"),
        lambda content: content["facts"].update(arrays=[]),
        lambda content: content["facts"]["arrays"].pop("codes"),
        lambda content: content["facts"]["arrays"].update(copy_ends=3),
        lambda content: content["facts"]["arrays"].update(copy_ends={}),
        lambda content: content["facts"]["arrays"].update(foreign={"dtype": "|u1", "shape": [0]}),
        lambda content: content["facts"]["arrays"].update(harmony_chroma={"dtype": "|u1", "shape": [0, 12]}),
        lambda content: content["facts"]["arrays"].update({"harmony_/../codes": {"dtype": "|u1", "shape": [0]}}),
        lambda content: content.update(facts=None),
        lambda content: content.update(facts=[]),
        lambda content: content.update(works="two"),
        lambda content: content.update(assets=-1),
        lambda content: content.update(assets=WORKS + 1),
        lambda content: content.update(assets=True),
        lambda content: content.update(fingerprints=None),
        lambda content: content["files"].pop("codes.array"),
        lambda content: content["files"].pop("copies.bin"),
    ],
)  # fmt: skip
def test_a_manifest_that_lacks_or_contradicts(
    index: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    """Whatever is missing or of another kind is told as an unusable index."""
    edited(index, change)
    with pytest.raises(UnusableIndexError):
        open_audio_index(index)


@pytest.mark.parametrize(
    "facts",
    [{"copies": 5}, {"compositions": "yes"}, {"compositions": True}, {"notes": 7}, {"seconds": "long"}],
)
def test_facts_that_are_not_so(index: Path, facts: dict[str, Any]) -> None:
    """What is said of the whole does not open a door to what is not there."""
    edited(index, lambda content: content["facts"].update(facts))
    with pytest.raises(UnusableIndexError):
        open_audio_index(index)


WRONG = {
    "starts": 1 << 60,
    "code_starts": -7,
    "copy_ends": 1 << 62,
    "peaks": (1 << 32) - 1,
    "ranks": 255,
    "counts": 255,
    "bases": (1 << 32) - 1,
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_numbers_that_lead_nowhere_are_noticed(index: Path, name: str) -> None:
    """The kernels check no bounds: an index of a stranger must not make them read elsewhere."""
    array = np.array(open_audio_index(index)._arrays[name])
    array.reshape(-1)[array.size // 2] = WRONG[name]
    rewritten(index, name, array)
    with pytest.raises(UnusableIndexError, match="bases|counts" if name in ("bases", "counts") else name):
        open_audio_index(index).verify()


def test_two_lengths_of_a_work_are_noticed(index: Path) -> None:
    """The share of a work that is heard rests on how long it lasts, which table and array both say."""
    array = np.array(open_audio_index(index)._arrays["lengths"])
    array[0] += 60_000
    rewritten(index, "lengths", array)
    with pytest.raises(UnusableIndexError, match="disagree on how long works last"):
        open_audio_index(index).verify()


POSTING_ARRAYS = sorted(name for name, (kind, *_) in checking.POSTINGS.items() if _ == ["postings"])


@pytest.mark.parametrize("name", [name for name in POSTING_ARRAYS if name != "details"])
def test_postings_that_lead_nowhere_are_noticed(index: Path, name: str) -> None:
    """A posting says where its peaks stand."""
    array = np.array(open_audio_index(index)._arrays[name])
    array[array.size // 2] = np.iinfo(array.dtype).max
    rewritten(index, name, array)
    with pytest.raises(UnusableIndexError, match=name):
        open_audio_index(index).verify()


@pytest.mark.parametrize("name", sorted([*checking.POSTINGS, "copy_ends"]))
def test_arrays_that_were_cut_are_told_at_the_latest_by_verify(index: Path, name: str) -> None:
    """The manifest may say so of itself: what does not fit the other arrays is noticed."""
    array = np.array(open_audio_index(index)._arrays[name])
    rewritten(index, name, np.ascontiguousarray(array[: len(array) // 2]))
    with pytest.raises(UnusableIndexError):
        open_audio_index(index).verify()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("asset_digest", "../../../etc/passwd"),
        ("asset_digest", "0" * 64 + "\n"),
        ("copy_digest", "no digest"),
        ("duration", -1),
        ("duration", 1 << 60),
        ("duration", None),
        ("work_title", None),
    ],
)
def test_a_table_of_works_that_was_made_up(index: Path, column: str, value: object) -> None:
    """A digest becomes the name of a file in the run folder: a path in its place is refused."""
    path = index / layout.ASSETS
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[1][column] = value
    pq.write_table(type(table).from_pylist(rows, schema=table.schema), path)
    described_anew(index, path)
    opened = open_audio_index(index)
    with pytest.raises(UnusableIndexError, match="not the works of an index of recordings"):
        opened.verify()
    with pytest.raises(UnusableIndexError, match="not the works of an index of recordings"):
        opened.assets()


def test_a_table_that_is_none(index: Path) -> None:
    """Bytes that are no Parquet are told as what they are."""
    path = index / layout.ASSETS
    path.write_bytes(bytes(path.stat().st_size))
    described_anew(index, path)
    with pytest.raises(UnusableIndexError, match=layout.ASSETS):
        open_audio_index(index).assets()


def test_a_work_twice_is_one_work_and_found_by_either_file(tmp_path: Path) -> None:
    """Two names of one file are two assets of the same digest."""
    works = tmp_path / "works"
    works.mkdir()
    data = file_of(part(0, 0, 6))
    for name in ("a.flac", "b.flac"):
        (works / name).write_bytes(data)
    opened = open_audio_index(build(works, tmp_path / "index", BARE)[0])
    digest = hashlib.sha256(data).hexdigest()
    assert opened.of_file(digest) == list(range(opened.manifest.assets))
    assert hashlib.sha256(work(0)).hexdigest() != digest
