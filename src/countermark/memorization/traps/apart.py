"""A background must know nothing of the draw: a text that holds a trap's work is refused.

Features are counted on the background. Were a planted copy in it, its words would be common there, the features of the
published candidate would stand out, and the regression would treat it unlike its alternates: the p would be wrong, to
either side. Which of a work's versions a text holds is not asked: the work itself, without traps, has no place there
either.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from countermark.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from countermark.memorization.traps.ranking import Contest

CONTEXT: Final = 6
"""So many words before a site tell that a text holds its work."""
SITES: Final = 2
"""At so many sites of a work; one alone may stand in a set phrase."""
VARIANTS: Final = "variants"

_WORD: Final = re.compile(r"\w+")
_PIECE: Final = 1 << 20  # characters that are cut into words at a time


class Marks:
    """What tells that a text holds one of the works: the words before its sites, or the line that was published."""

    def __init__(self, contests: Sequence[Contest]) -> None:
        self._contexts: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._lines: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        self._names = [contest.name for contest in contests]
        self._wanted: list[int] = []
        for number, contest in enumerate(contests):
            self._take(contest, number)

    def _take(self, contest: Contest, number: int) -> None:
        sites = contest.passages[contest.published].sites
        if contest.form != VARIANTS:
            words = tuple(_words(" ".join(site.text for site in sites)))
            if words:
                self._lines[words[0]].append((words, number))
            self._wanted.append(1)
            return
        contexts = {tuple(_words(site.before)[-CONTEXT:]) for site in sites}
        whole = [context for context in contexts if len(context) == CONTEXT]
        for context in whole:
            self._contexts[context].add(number)
        self._wanted.append(max(1, min(SITES, len(whole))))

    def require_none(self, name: str, text: str) -> None:
        """Raise PlanError where the text `name` holds a work."""
        met: dict[int, set[tuple[str, ...]]] = defaultdict(set)
        for number, mark in self._met(text):
            met[number].add(mark)
            if len(met[number]) >= self._wanted[number]:
                raise PlanError(
                    f"{name}: holds the text of {self._names[number]}, which is tested; a background is of "
                    "other texts, without traps"
                )

    def _met(self, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        longest = max([CONTEXT, *(len(words) for lines in self._lines.values() for words, _ in lines)])
        for words in _pieces(text, longest):
            for start, word in enumerate(words):
                for line, number in self._lines.get(word, ()):
                    if tuple(words[start : start + len(line)]) == line:
                        yield number, line
                context = tuple(words[start : start + CONTEXT])
                for number in self._contexts.get(context, ()):
                    yield number, context


def _pieces(text: str, overlap: int) -> Iterator[list[str]]:
    """The words of a text, a piece at a time; each piece begins with the last words of the one before."""
    kept: list[str] = []
    begin = 0
    while begin < len(text):
        end = begin + _PIECE
        while end < len(text) and not text[end].isspace():
            end += 1
        words = kept + _words(text[begin:end])
        yield words
        kept, begin = words[-overlap:], end


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def require_apart(texts: Iterable[tuple[str, str]], contests: Sequence[Contest]) -> None:
    """Raise PlanError, naming file and work, where one of the texts (name, text) holds a work that is tested."""
    marks = Marks(contests)
    for name, text in texts:
        marks.require_none(name, text)
