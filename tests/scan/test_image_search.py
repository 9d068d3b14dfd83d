"""The searcher of pictures: one finding a work and record, what is kept beside it, a clean start after a failure."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from countermark.corpus.images.batch import ImageBatch
from countermark.errors import UnusableIndexError
from countermark.index.image.lookup import open_image_index
from countermark.scan.image_search import ImageSearcher
from countermark.scan.receipt import ScanIdentity
from countermark.scan.search import Begun, ControlsWanted, IndexBackend, SearchSettings, kernels_are_compiled
from drawn_works import FIRST_OTHER, build, drawing, encoded, film, shared_index, shared_works, write_works

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def settings() -> SearchSettings:
    """A search for eight works, without controls."""
    facts = IndexBackend().describe(shared_index(), None)
    identity = ScanIdentity(facts.identity, None, facts.scheme, "0")
    return SearchSettings(str(shared_index()), None, identity, "c", "2024-05-01", medium=facts.medium)


@pytest.fixture(scope="module")
def opened(settings: SearchSettings) -> ImageSearcher:
    """A searcher for them."""
    return ImageSearcher(settings)


@pytest.fixture
def searcher(opened: ImageSearcher, tmp_path: Path) -> ImageSearcher:
    """The same, at the beginning of a shard."""
    opened.begin(Begun(tmp_path, "0" * 20, "s.tar", "0" * 64))
    return opened


def batch_of(*pictures: bytes) -> ImageBatch:
    """A batch of pictures with nothing but names."""
    nothing = (None,) * len(pictures)
    names = tuple(f"{number}.jpg" for number in range(len(pictures)))
    return ImageBatch(pictures, names, np.arange(len(pictures)), nothing, nothing, nothing, nothing)


def test_one_finding_a_work_and_record(searcher: ImageSearcher) -> None:
    """Two works in one picture are two findings; the same work twice in it is one."""
    sheet = drawing(FIRST_OTHER, 960, 720)
    for seed, place in ((6, (0, 0)), (1, (480, 360)), (1, (480, 0))):
        sheet.paste(drawing(seed), place)
    found = searcher.findings(batch_of(encoded(drawing(FIRST_OTHER)), encoded(sheet)), "s.tar")
    assert sorted((finding.row, finding.asset_path) for finding in found) == [
        (1, "work-1.png"),
        (1, "work-6.png"),
    ]
    assert len({finding.finding_id for finding in found}) == 2


def test_of_an_animation_the_frame_that_shows_it_best(searcher: ImageSearcher) -> None:
    """All frames are looked at; the finding says which one it is of."""
    scenes = [drawing(seed).resize((320, 240)) for seed in (FIRST_OTHER, FIRST_OTHER + 1, 4)]
    (finding,) = searcher.findings(batch_of(film(scenes)), "s.tar")
    assert (finding.asset_path, finding.record_frame) == ("work-4.png", 2)
    assert searcher.finish() == {"pictures": {"bytes": len(film(scenes)), "frames": 3, "frames_skipped": 0}}


def test_what_is_found_is_kept_as_it_stood(searcher: ImageSearcher, tmp_path: Path) -> None:
    """The records with findings under their digests, the works for print, and nothing else."""
    copy, other = encoded(drawing(2).resize((300, 225))), encoded(drawing(FIRST_OTHER))
    (finding,) = searcher.findings(batch_of(other, copy, other), "s.tar")
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    record = tmp_path / "pictures" / finding.record_digest[:2] / finding.record_digest
    work = tmp_path / "works" / finding.asset_digest[:2] / finding.asset_digest
    assert sorted(stored) == sorted([record, work])
    assert record.read_bytes() == copy
    assert finding.record_digest == hashlib.sha256(copy).hexdigest()
    assert work.read_bytes() == open_image_index(shared_index()).print_of(2)
    before = record.stat().st_mtime_ns
    searcher.findings(batch_of(copy), "s.tar")
    assert record.stat().st_mtime_ns == before


def test_what_cannot_be_decoded_is_told_with_its_place(searcher: ImageSearcher) -> None:
    """A reason, the shard, the row, and the name; what was cut short is searched as far as it goes."""
    work = encoded(drawing(3))
    found = searcher.findings(batch_of(b"", work[:60], work[: len(work) * 3 // 4], b"text"), "s.tar")
    assert [finding.row for finding in found] == [2]
    refused = searcher.take_refused()
    assert [(each.where, each.row, each.reason) for each in refused] == [
        ("s.tar", 0, "empty"),
        ("s.tar", 1, "truncated"),
        ("s.tar", 2, "damaged"),
        ("s.tar", 3, "format"),
    ]
    assert [each.detail.split(":")[0] for each in refused] == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]
    assert searcher.take_refused() == []


def test_a_shard_that_failed_leaves_nothing_behind(
    searcher: ImageSearcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was counted and refused before the failure is not told of the shard that comes next."""
    monkeypatch.setattr("countermark.scan.image_search.finding_of", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        searcher.findings(batch_of(b"no picture", encoded(drawing(3))), "s.tar")
    monkeypatch.undo()
    searcher.begin(Begun(tmp_path / "next", "1" * 20, "t.tar", "0" * 64))
    (finding,) = searcher.findings(batch_of(encoded(drawing(3))), "t.tar")
    assert (finding.shard, searcher.take_refused()) == ("t.tar", [])
    assert searcher.finish() == {
        "pictures": {"bytes": len(encoded(drawing(3))), "frames": 1, "frames_skipped": 0}
    }


def test_controls_are_searched_in_the_same_pass(settings: SearchSettings, tmp_path: Path) -> None:
    """Both indices find their works; rows of the controls say so; broken controls are counted."""
    write_works(tmp_path / "controls", [FIRST_OTHER])
    (tmp_path / "controls" / "cut.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    backend, out = IndexBackend(), tmp_path / "controls.index"
    tally = backend.build_controls(ControlsWanted(tmp_path / "controls", shared_index()), out)
    assert tally.total == 1
    identity = replace(settings.identity, controls=backend.describe(out, None).identity)
    searcher = ImageSearcher(replace(settings, controls=str(out), identity=identity))
    searcher.begin(Begun(tmp_path / "run", "0" * 20, "s.tar", "0" * 64))
    found = searcher.findings(batch_of(encoded(drawing(FIRST_OTHER)), encoded(drawing(0))), "s.tar")
    assert [(finding.asset_path, finding.is_control) for finding in found] == [
        (f"work-{FIRST_OTHER}.png", True),
        ("work-0.png", False),
    ]


def test_prints_that_were_declined_are_declined_for_controls(tmp_path: Path) -> None:
    """Controls are indexed as the works are."""
    index, _ = build(shared_works(), tmp_path / "w.index", prints=False)
    write_works(tmp_path / "controls", [FIRST_OTHER])
    IndexBackend().build_controls(ControlsWanted(tmp_path / "controls", index), tmp_path / "c.index")
    assert open_image_index(tmp_path / "c.index").manifest.facts["prints"] is False


def test_a_replaced_index_is_noticed(settings: SearchSettings) -> None:
    """Workers open what the run was planned with, or nothing."""
    foreign = replace(settings, identity=replace(settings.identity, index="0" * 64))
    with pytest.raises(UnusableIndexError, match="the index was replaced while the run was on"):
        ImageSearcher(foreign)


def test_the_kernels_are_compiled_when_an_index_is_described(settings: SearchSettings) -> None:
    """So that workers need not do it all at once, and that nobody is told to wait in vain."""
    assert settings.medium == "image"
    assert kernels_are_compiled("image")
    assert kernels_are_compiled("a medium of the future")
