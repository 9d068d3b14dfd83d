"""A block of lines of ours in a text file of the site: found again by its first and last line, and replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

BEGIN: Final = "# countermark reserve: begin"
END: Final = "# countermark reserve: end"
_BEGIN: Final = re.compile(rb"(?:\A|(?<=[\r\n]))# countermark reserve: begin[ \t]*(?:\r\n|\r|\n|\Z)")
_END: Final = re.compile(rb"(?:\A|(?<=[\r\n]))# countermark reserve: end[ \t]*(?:\r\n|\r|\n|\Z)")
_BREAK: Final = re.compile(rb"\r\n|\r|\n")


def without_block(data: bytes, name: str) -> bytes:
    """The bytes outside of our block. Raises InputError where a block begins or ends without the other."""
    begins, ends = list(_BEGIN.finditer(data)), list(_END.finditer(data))
    if not begins and not ends:
        return data
    if len(begins) != 1 or len(ends) != 1 or ends[0].start() < begins[0].end():
        mark = (begins or ends)[-1]
        line = data[: mark.start()].count(b"\n") + 1
        raise InputError(
            f"{name}, line {line}: a block of countermark has to have one first line ({BEGIN}) and one last ({END}); "
            "put them right, or delete the block"
        )
    before, after = data[: begins[0].start()], data[ends[0].end() :]
    if not after:
        before = _without_blank_line(before)
    return before + after


def with_block(data: bytes, lines: Sequence[str]) -> bytes:
    """The bytes with a block at their end, in the line ends that the file has."""
    newline = end_of_line(data)
    gap = b"" if not data else newline if data.endswith((b"\n", b"\r")) else newline * 2
    block = newline.join(line.encode("utf-8") for line in (BEGIN, *lines, END)) + newline
    return data + gap + block


def end_of_line(data: bytes) -> bytes:
    """The first line end of a file, LF where it has none."""
    found = _BREAK.search(data)
    return found[0] if found else b"\n"


def _without_blank_line(data: bytes) -> bytes:
    """Take back the blank line that `with_block` puts before a block."""
    newline = end_of_line(data)
    return data.removesuffix(newline) if data.endswith(newline * 2) else data
