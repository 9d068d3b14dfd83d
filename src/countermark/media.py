"""The few value types that every room shares."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Medium(StrEnum):
    """What kind of thing an asset is."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"


class Span(NamedTuple):
    """A half-open range `[start, end)`; for text the unit is code points of the original."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of one work, with what was read from it.

    `path` is as the user named it (relative to the folder given, `/` between parts); `digest` is the
    SHA-256 of the file's bytes in hexadecimal; `text` is the extracted text that offsets count in, `data` the bytes
    of a picture's file, and `file` the path at which a recording is opened, to be streamed. Each is empty for the
    other media.
    """

    work_id: str
    path: str
    medium: Medium
    digest: str
    text: str = ""
    data: bytes = b""
    file: str = ""


class Refusal(NamedTuple):
    """One thing that was not read: where it stands, a stable reason for counting, and the detail.

    `row` is the 0-based row in its shard or catalogue, or -1 where the whole file is meant. For catalogue files that
    have lines and no rows it is the line, from 1, or 0 where it is not known.
    """

    where: str
    row: int
    reason: str
    detail: str
