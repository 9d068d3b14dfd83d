"""Pictures in JSON Lines: base64 in fields that are known by name and by their first bytes."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from corpus.image_samples import picture, read_images, told


def encoded(number: int) -> str:
    """A picture in base64."""
    return base64.b64encode(picture(number)).decode()


def write(path: Path, *records: Any) -> Path:
    """Write one value a line; bytes as they are."""
    lines = [record if isinstance(record, bytes) else json.dumps(record).encode() for record in records]
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def test_pictures_may_stand_in_fields_of_many_shapes(tmp_path: Path) -> None:
    """Plain, as a data URI, within an object, several in a list."""
    path = write(
        tmp_path / "a.jsonl",
        {"id": 1, "image": encoded(0), "caption": "one", "url": "https://e/0"},
        {"jpg": "data:image/jpeg;base64," + encoded(1), "content": "no picture"},
        {"image": {"bytes": encoded(2), "path": "x.jpg"}},
        {"images": [encoded(3), encoded(4)]},
    )
    seen, refused = read_images(path)
    assert [(one.data, one.row) for one in seen] == [
        (picture(0), 0), (picture(1), 1), (picture(2), 2), (picture(3), 3), (picture(4), 3),
    ]  # fmt: skip
    assert seen[0][2:] == ("1", "https://e/0", None, "one")
    assert refused == []


def test_each_line_that_is_not_read_has_a_reason(tmp_path: Path) -> None:
    """Blank lines are no records."""
    path = write(
        tmp_path / "a.jsonl",
        {"image": encoded(0)},
        {"image": None},
        {"image": "no base64!"},
        {"image": base64.b64encode(b"<html>").decode()},
        b"",
        b"{not json",
        [1],
        {"image": 7},
        {"image": "data:text/plain,hello"},
    )
    seen, refused = read_images(path)
    assert [one.row for one in seen] == [0]
    assert told(refused) == [
        (1, "null"),
        (2, "not-a-picture"),
        (3, "not-a-picture"),
        (5, "bad-json"),
        (6, "not-an-object"),
        (7, "not-a-picture"),
        (8, "not-a-picture"),
    ]


def test_a_file_without_pictures_is_one_refusal(tmp_path: Path) -> None:
    """It says what the file is."""
    _, refused = read_images(write(tmp_path / "a.jsonl", *[{"url": "https://e/a.jpg", "text": "c"}] * 9))
    assert told(refused) == [(-1, "no-pictures")]
    assert "countermark link" in refused[0].detail
    _, refused = read_images(write(tmp_path / "b.jsonl", *[{"text": "c"}] * 9))
    assert told(refused) == [(-1, "no-pictures")]


def test_the_field_may_be_named(tmp_path: Path) -> None:
    """Then every line is expected to have it."""
    path = write(tmp_path / "a.jsonl", {"scan": encoded(0), "image": encoded(9)}, {"x": 1})
    seen, refused = read_images(path, column="Scan")
    assert [one.data for one in seen] == [picture(0)]
    assert told(refused) == [(1, "null")]
