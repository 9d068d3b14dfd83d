"""What no rule may touch: quotations, code, addresses, and what Markdown keeps for itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_QUOTATION: Final = 3000
"""A quotation ends with its mark, with its paragraph, or after so many characters."""

_QUOTED: Final = [
    re.compile(rf"{opened}(?:[^{opened}{closed}\n]|\n(?!\n)){{0,{LONGEST_QUOTATION}}}+[{closed}]?")
    for opened, closed in (("“", "”"), ("«", "»"), ("„", "“”"))
]
_STRAIGHT: Final = re.compile(r'"[^"\n]{0,3000}+["\n]?')
_SINGLE: Final = re.compile(r"(?<!\w)[‘'](?=\S)[^\n‘]{0,600}?[’'](?!\w)")
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.|doi:)\S+|\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|\b10\.\d{4,9}/\S+"
)
# What French, and some English, opens speech with.
_DIALOGUE: Final = re.compile(r"^[ \t]*[—–][^\n]*", re.MULTILINE)
_CODE: Final = re.compile(
    r"^(```|~~~)[^\n]*\n.*?(?:^\1|\Z)|`[^`\n]+`|^(?: {4}|\t)[^\n]*", re.MULTILINE | re.DOTALL
)
_MARKDOWN: Final = re.compile(
    r"\A---[ \t]*\n.*?^(?:---|\.\.\.)[ \t]*$|^#[^\n]*|^[ \t]*>[^\n]*|^[ \t]*\|[^\n]*|\]\([^)\n]*\)|^\[[^\]\n]+\]:[^\n]*"
    r"|<[^>\n]*>",
    re.MULTILINE | re.DOTALL,
)


class Protected:
    """Ranges that are kept as they are, and whether a place touches one."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(ranges):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touches(self, start: int, end: int) -> bool:
        """Whether `[start, end)` shares a character with a range."""
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        return last >= 0 and self._ends[last] > start


def protected_ranges(text: str, *, markdown: bool, also: Sequence[tuple[int, int]] = ()) -> Protected:
    """The quotations, code and addresses of `text`; `also` is what its format protects."""
    patterns = [*_QUOTED, _STRAIGHT, _SINGLE, _ADDRESS, _DIALOGUE]
    if markdown:
        patterns += [_CODE, _MARKDOWN]
    return Protected([*also, *(match.span() for pattern in patterns for match in pattern.finditer(text))])
