"""What a server answers to the request for a range, held against what was asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import CorpusError
from countermark.storage.connection import TransientError
from countermark.storage.faults import changed, of_status
from countermark.storage.place import shown

if TYPE_CHECKING:
    from countermark.storage.remote import ObjectState

PIECE: Final = 256 << 10
"""Bytes that are read of an answer at a time."""
_PARTIAL, _OK = 206, 200
_RANGE: Final = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")


def check_range(
    url: str,
    asked: tuple[int, int],
    state: ObjectState,
    there: ObjectState,
    status: int,
    content_range: str | None,
    content_length: Any,
) -> None:
    """Raise unless an answer holds the bytes `[begin, end)` of an object in that `state`.

    `there` is what the answer says of the object's version. Raises CorpusError where the object was replaced or the
    server knows no ranges, and TransientError where its headers contradict each other.
    """
    if status not in (_OK, _PARTIAL):
        raise of_status(status, url)
    if state.version and there.version and there.version != state.version:
        raise changed(url)
    begin, end = asked
    if status == _OK and not content_range:
        _check_whole(url, asked, state, content_length)
        return
    told = _RANGE.fullmatch((content_range or "").strip())
    if told is None:
        raise TransientError("the server does not say which part it sends")
    if told[3] != "*" and int(told[3]) != state.size:
        raise changed(url, f"{state.size} bytes then, {told[3]} now")
    if int(told[1]) != begin or int(told[2]) != end - 1:
        raise TransientError(f"the server sends bytes {told[1]}-{told[2]}; asked for were {begin}-{end - 1}")
    if content_length is not None and int(content_length) != end - begin:
        raise TransientError(f"the server announces {int(content_length)} bytes for a part of {end - begin}")


def _check_whole(url: str, asked: tuple[int, int], state: ObjectState, content_length: Any) -> None:
    """A whole object is right where all of it was asked for."""
    if content_length is not None and int(content_length) != state.size:
        raise changed(url, f"{state.size} bytes then, {int(content_length)} now")
    if asked != (0, state.size):
        raise CorpusError(
            f"{shown(url)}: this server sends whole files only (it ignores the header Range), and large files are read "
            "in parts; download the file and scan it here"
        )
