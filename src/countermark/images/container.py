"""A file of some format, walked through without decoding: what it holds, and only the parts that decoding needs.

Libraries read text, profiles and comments too, some of them in time that grows with the square of their size. So what
is handed to them is put together anew from the parts that make the picture; each format has its own walk.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Container:
    """`data` is the file with only the parts that are needed; `width` and `height` are as stored, before any turning.

    `count` is how many frames were found in it, and `truncated` that it ends within one of its parts.
    """

    data: bytes
    width: int
    height: int
    count: int = 1
    truncated: bool = False
