"""Melody and harmony in an index of recordings: there where asked for, and nothing in them that cannot be."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.errors import UnusableIndexError
from countermark.index.audio import layout
from countermark.index.audio.collect import Compositions, Wanted
from countermark.index.audio.lookup import open_audio_index
from countermark.matching.audio.composition.table import pack
from index.rewritten_index import edited, rewritten
from played_works import WORKS, build, file_of, part

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def harmonious(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that holds melody and harmony too, of works of six seconds; not to be changed."""
    place = tmp_path_factory.mktemp("harmonious")
    (place / "works").mkdir()
    for seed in range(WORKS):
        (place / "works" / f"{seed}.flac").write_bytes(file_of(part(seed, 0, 6)))
    return build(place / "works", place / "index", Wanted(compositions=Compositions(None, pack)))[0]


@pytest.fixture
def tuneful(harmonious: Path, tmp_path: Path) -> Path:
    """The same, to be damaged."""
    return shutil.copytree(harmonious, tmp_path / "tuneful.index")


def test_melody_and_harmony_are_kept_where_asked_for(harmonious: Path) -> None:
    """All their arrays, by their own names; the copies and codes beside them."""
    opened = open_audio_index(harmonious)
    opened.verify()
    assert (opened.manifest.facts["compositions"], opened.manifest.facts["notes"]) == (True, None)
    arrays = opened.harmony_arrays
    assert arrays["chroma"].shape[1] == 12
    assert arrays["ends"].shape == (WORKS, 3)
    assert arrays["seconds"].tolist() == [6.0] * WORKS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ends", 1 << 50),
        ("ends", -1),
        ("pitches", 255),
        ("voices", 0),
        ("voices", 4),
        ("starts", 1 << 31),
        ("seconds", np.nan),
        ("seconds", 60.0),
        ("seconds", -1.0),
        ("seconds", 1e300),
        ("norms", np.inf),
        ("norms", -1.0),
        ("notes_by", 255),
    ],
)
def test_numbers_of_harmony_that_cannot_be(tuneful: Path, name: str, value: float) -> None:
    """Each is held against what it counts."""
    array = np.array(open_audio_index(tuneful).harmony_arrays[name])
    array.reshape(-1)[-1] = value
    rewritten(tuneful, layout.HARMONY + name, array)
    with pytest.raises(UnusableIndexError, match=layout.HARMONY + name):
        open_audio_index(tuneful).verify()


def test_norms_of_other_stretches_than_the_works_have(tuneful: Path) -> None:
    """A work of six seconds has one stretch; a row more is of none."""
    norms = np.array(open_audio_index(tuneful).harmony_arrays["norms"])
    rewritten(tuneful, layout.HARMONY + "norms", np.concatenate([norms, norms[:1]]))
    with pytest.raises(UnusableIndexError, match=layout.HARMONY + "norms"):
        open_audio_index(tuneful).verify()


@pytest.mark.parametrize("name", ["chroma", "ends", "norms", "pitches", "seconds", "starts"])
def test_arrays_of_harmony_that_were_cut(tuneful: Path, name: str) -> None:
    """What does not fit the others is noticed, one that is missing too."""
    array = np.array(open_audio_index(tuneful).harmony_arrays[name])
    rewritten(tuneful, layout.HARMONY + name, np.ascontiguousarray(array[: len(array) // 2]))
    with pytest.raises(UnusableIndexError):
        open_audio_index(tuneful).verify()
    edited(tuneful, lambda content: content["facts"]["arrays"].pop(layout.HARMONY + name))
    with pytest.raises(UnusableIndexError, match=layout.HARMONY + name):
        open_audio_index(tuneful)
