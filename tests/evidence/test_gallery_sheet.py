"""Evidence pictures: the same from the same run, at print quality, and never a crash."""

from __future__ import annotations

import hashlib
import io
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from countermark.errors import RunError
from countermark.evidence.gallery.drawing import cut_out, outlined, turned_back
from countermark.evidence.gallery.parts import part_of
from countermark.evidence.gallery.pictures import write_pictures
from countermark.evidence.gallery.placement import placed
from countermark.evidence.gallery.selection import all_found
from countermark.evidence.gallery.sheet import evidence_picture
from countermark.evidence.gallery.stored import open_record, open_work
from evidence.gallery_run import PictureRun, encoded, gallery_run, painting, whole
from evidence.synthetic import SyntheticRun

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with one of everything."""
    return gallery_run(tmp_path_factory.mktemp("run"))


def mirrored_find(run: Path) -> dict[str, Any]:
    """The find that is mirrored and turned."""
    return next(finding for finding in all_found(run) if finding["mirrored"])


def test_print_quality(run: Path) -> None:
    """2,400 pixels at 300 dpi; the comment holds the whole text, letters that the type lacks among it."""
    finding = next(found for found in all_found(run) if found["work_id"] == "open")
    picture = Image.open(io.BytesIO(evidence_picture(finding, run)))
    assert picture.format == "JPEG"
    assert picture.width == 2400
    assert 1500 < picture.height < 3600
    assert picture.info["dpi"] == (300, 300)
    said = picture.info["comment"].decode()
    for fact in (
        "雨の駅",
        finding["record_digest"],
        finding["asset_digest"],
        finding["finding_id"],
        "00003.tar",
    ):
        assert fact in said
    assert "not proof that a model was trained" in said


def test_the_same_bytes_from_the_same_run(run: Path, tmp_path: Path) -> None:
    """Again, and from a copy of the folder elsewhere."""
    finding = mirrored_find(run)
    first = evidence_picture(finding, run)
    copy = shutil.copytree(run, tmp_path / "copy")
    assert evidence_picture(finding, run) == first == evidence_picture(finding, copy)
    assert evidence_picture(finding, run, "fr") != first


def test_turned_back_it_lies_as_in_the_work(run: Path) -> None:
    """The part of the mirrored, turned find, warped back, is that of the work, pixel for pixel or nearly."""
    finding = mirrored_find(run)
    work, record = open_work(run, finding, 1600, {}).picture, open_record(run, finding, 1600).picture
    assert work is not None
    assert record is not None
    where = placed(finding, work.size, record.size)
    assert (where.mirrored, where.turn, part_of(where.box, where.share).name) == (True, 90, "middle")
    mine, back = cut_out(work, where, (360, 256)), turned_back(record, where, (360, 256))
    assert mine is not None
    assert back is not None
    apart = np.abs(np.asarray(mine, np.int16) - np.asarray(back, np.int16))
    assert float(apart.mean()) < 4


def test_the_outline_is_drawn_where_it_lies() -> None:
    """Bright on the line, untouched well within; the picture keeps its proportions."""
    picture = Image.new("RGB", (300, 200), (90, 90, 90))
    drawn = outlined(picture, ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)), 5)
    margin = (drawn.width - 300) // 2
    assert drawn.size == (300 + 2 * margin, 200 + 2 * margin)
    assert drawn.getpixel((margin + 150, margin + 20)) == (245, 213, 101)
    assert drawn.getpixel((margin + 150, margin + 100)) == (90, 90, 90)


@pytest.mark.parametrize("store", ["works", "pictures"])
def test_a_missing_store_is_said(run: Path, tmp_path: Path, store: str) -> None:
    """Without the pictures of one side, the other is shown, and the sheet says why."""
    copy = shutil.copytree(run, tmp_path / "copy")
    shutil.rmtree(copy / store)
    finding = mirrored_find(copy)
    assert len(evidence_picture(finding, copy)) > 10_000
    opened = open_work(copy, finding, 640, {}) if store == "works" else open_record(copy, finding, 640)
    assert (opened.picture, opened.absent) == (None, "missing")


@pytest.mark.parametrize(
    ("data", "absent"),
    [(b"not a picture", "changed"), (encoded(painting(9)), "changed"), (None, "unreadable")],
)
def test_a_changed_or_unreadable_record_is_not_shown(tmp_path: Path, data: bytes | None, absent: str) -> None:
    """A file whose SHA-256 is not that of the finding proves nothing."""
    made = PictureRun()
    made.painted("one", painting(1))
    finding = made.seen("one", painting(1), (0, 0, 900, 640), whole((900, 640)))
    digest = finding.record_digest
    if data is None:
        broken = b"\xff\xd8\xff\xe0 no picture after all"
        digest = hashlib.sha256(broken).hexdigest()
        made.shards.clear()
        made.seen("one", painting(1), (0, 0, 900, 640), whole((900, 640)), record_digest=digest)
        made.records_kept = {digest: broken}
    run = made.write(tmp_path)
    if data is not None:
        (run / "pictures" / digest[:2] / digest).write_bytes(data)
    (found,) = all_found(run)
    assert open_record(run, found, 640).absent == absent
    assert evidence_picture(found, run)


def test_a_digest_that_is_none_names_no_file(run: Path) -> None:
    """A damaged finding cannot lead out of the folder."""
    for digest in ("../../run.json", "", "A" * 64, "/etc/passwd"):
        assert open_record(run, {"record_digest": digest, "grade": "copy"}, 640).absent == "missing"


def test_a_damaged_row_gives_a_sheet_without_outline(run: Path) -> None:
    """Boxes out of reach, corners missing, no sizes: still both pictures side by side."""
    finding = mirrored_find(run)
    for damage in (
        {"asset_box": None, "record_outline": None},
        {"asset_box": [5, 5, 5, 5], "record_outline": [1, 2, 3]},
        {"record_outline": [-(10**9)] * 8, "record_width": 1, "record_height": 1},
        {"record_width": None, "record_height": None, "mirrored": None, "rotation": None},
        {"record_frame": 900, "record_excerpt": "\x00\ud800", "share_of_record": None, "inliers": None},
    ):
        assert evidence_picture(finding | damage, run)


def test_one_evidence_picture_for_each_finding(run: Path) -> None:
    """Named by the finding; written again, the same bytes."""
    assert write_pictures(run) == 9
    paths = list((run / "evidence").iterdir())
    assert sorted(path.name for path in paths) == sorted(
        f"{finding['finding_id']}.en.jpg" for finding in all_found(run)
    )
    before = {path: path.read_bytes() for path in paths}
    assert write_pictures(run) == 9
    assert {path: path.read_bytes() for path in paths} == before


def test_a_run_of_texts_has_none(tmp_path: Path) -> None:
    """And says so."""
    made = SyntheticRun()
    made.work("novel")
    with pytest.raises(RunError, match="not a run of pictures"):
        write_pictures(made.write(tmp_path))
