"""The rows of findings among pictures: pixels of both sides, digests, and what was reserved."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest

from countermark.captures.judging import CaptureJudge
from countermark.corpus.captured import Captured
from countermark.corpus.images.batch import ImageBatch
from countermark.findings.finding import Grade
from countermark.findings.table import findings_table
from countermark.images.frame import Frame
from countermark.matching.image.match import ImageMatch
from countermark.matching.image.rows import CAPTION, Seen, finding_of
from countermark.matching.rows import Context

ASSET: dict[str, Any] = {
    "work_id": "w",
    "work_title": "Title",
    "work_author": "A",
    "work_published": "2024-06-01",
    "work_licence": "",
    "asset_path": "w.png",
    "asset_digest": "0" * 64,
    "width": 1000,
    "height": 500,
}


def match_of(box: list[float], outline: list[list[float]], **given: Any) -> ImageMatch:
    """A match, of which only places matter."""
    plain: dict[str, Any] = {
        "asset": 0,
        "placement": np.eye(3),
        "box": np.array(box),
        "outline": np.array(outline),
        "mirrored": False,
        "rotation": -0.04,
        "inliers": 33,
        "agreement": 0.91234,
        "share_of_work": 0.5,
        "share_of_record": 0.25,
        "score": 123.4567,
        "grade": Grade.COPY,
        "distance": 7,
    }
    return ImageMatch(**{**plain, **given})


def batch_of(
    data: bytes = b"bytes", caption: str | None = "seen", captured: Captured | None = None
) -> ImageBatch:
    """One record."""
    return ImageBatch(
        data=(data,),
        names=("a.jpg",),
        row=np.array([5]),
        record_id=("id",),
        record_url=("https://x.example/a.jpg",),
        record_date=("2024-01-02T00:00:00Z",),
        captions=(caption,),
        captured=None if captured is None else (captured,),
    )


FRAME = Frame(np.zeros((64, 128), dtype=np.uint8), 256, 128, 3)
WHOLE = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]


def row_of(
    match: ImageMatch, batch: ImageBatch | None = None, context: Context | None = None
) -> dict[str, Any]:
    """The finding as a row of the published table."""
    plain = Context("c", "2024-05-01", "s.tar", False)
    seen = Seen(match, FRAME, ASSET, "image-v1")
    finding = finding_of(seen, batch or batch_of(), 0, context or plain)
    return dict(findings_table([finding]).to_pylist()[0])


def test_places_are_pixels_of_the_originals() -> None:
    """The box in pixels of the work's file, the outline in those of the record's, and not of its frame."""
    row = row_of(match_of([0.1, 0.2, 0.9, 1.0], [[0.25, 0.5], [0.75, 0.5], [0.75, 1.0], [0.25, 1.0]]))
    assert row["asset_box"] == [100, 100, 900, 500]
    assert row["record_outline"] == [64, 64, 192, 64, 192, 128, 64, 128]
    assert row["record_box"] == [64, 64, 192, 128]
    assert (row["record_width"], row["record_height"], row["record_frame"]) == (256, 128, 3)
    assert row["matched"] == 250_000
    assert (row["rotation"], str(row["rotation"])) == (0.0, "0.0")
    assert (row["inliers"], row["longest_run"], row["hash_distance"]) == (33, 33, 7)
    assert (row["agreement"], row["bits"]) == (0.9123, 123.457)
    assert row["record_digest"] == hashlib.sha256(b"bytes").hexdigest()
    assert (row["unit"], row["edits"], row["asset_excerpt"]) == ("pixel", 0, None)


def test_the_outline_keeps_the_order_of_the_works_corners() -> None:
    """Of a mirrored work the first corner is where its own top left lies: on the right."""
    mirrored = [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    row = row_of(match_of([0, 0, 1, 1], mirrored, mirrored=True))
    assert row["record_outline"] == [256, 0, 0, 0, 0, 128, 256, 128]
    assert row["record_box"] == [0, 0, 256, 128]
    assert row["mirrored"] is True


@pytest.mark.parametrize("far", [1.02, 7.0, 1e30])
def test_no_place_leaves_its_picture(far: float) -> None:
    """A corner that is reckoned to lie outside is moved to the edge, however far it was."""
    row = row_of(match_of([-0.01, 0, 1.01, 1], [[-far, -0.01], [far, 0.0], [far, far], [0.0, far]]))
    assert row["asset_box"] == [0, 0, 1000, 500]
    assert row["record_outline"] == [0, 0, 256, 0, 256, 128, 0, 128]
    assert row["record_box"] == [0, 0, 256, 128]


def test_works_published_later_and_controls_are_marked() -> None:
    """A work cannot be in a data set that is older than it, and a control cannot be in any."""
    match = match_of([0, 0, 1, 1], WHOLE)
    assert row_of(match)["is_control"] is True
    earlier = Context("c", "2024-07-01", "s.tar", False)
    assert row_of(match, context=earlier)["is_control"] is False
    given = Context("c", None, "s.tar", True)
    assert row_of(match, context=given)["is_control"] is True
    ids = {row_of(match, context=context)["finding_id"] for context in (earlier, given)}
    assert len(ids) == 2


def test_captions_are_cut_and_may_be_missing() -> None:
    """The caption stands in the row as far as it is of use."""
    match = match_of([0, 0, 1, 1], WHOLE)
    assert row_of(match, batch_of(caption=None))["record_excerpt"] == ""
    assert len(row_of(match, batch_of(caption="long " * 500))["record_excerpt"]) == CAPTION


def test_what_a_capture_reserved_stands_in_the_row() -> None:
    """The columns reservation_… are those of the capture that the picture came in."""
    match = match_of([0, 0, 1, 1], WHOLE)
    judge = CaptureJudge(None, "*", 30)
    context = Context("c", None, "s.warc", False, judge)
    silent = row_of(match, context=context)
    assert silent["reservation_tdm"] is None
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\ntdm-reservation: 1\r\n\r\n"
    captured = Captured("https://x.example/a.jpg", "2024-01-02T00:00:00Z", 200, "image/jpeg", head)
    assert row_of(match, batch_of(captured=captured), context)["reservation_tdm"] == "reserved"
