"""Words in runs of token ids, and how they may be cut anew.

What the regular expressions of tokenisers hold together differs: a mark of an abugida belongs to the letters before it,
or to those after it, or stands alone; a bracket or a comma before a word may be one with it. So a word can be cut in
several ways, and is the tokeniser's own where one of them gives the tokens that were found. Left out is what is cut too
differently to be of use: words beside an apostrophe, a digit or a second space, and those with capitals inside.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from countermark.corpus.tokens.encoding import LONGEST_WORD
from countermark.corpus.tokens.function_words import FUNCTION_WORDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from countermark.corpus.tokens.encoding import WordEncoder

_APOSTROPHES: Final = frozenset("'’ʼ‘`´\"")
_NO_TEXT: Final = "\0"
_TURNS: Final = 7
_MARKS_END: Final = 0x11A00  # the scripts beyond are not written today


class Telling(NamedTuple):
    """A word of two tokens or more.

    `word` is its bytes, with the space before it where there is one, and `lengths` how many bytes each token has.
    `before` is what stands before it where that is no space: some tokenisers take it for a part of the word.
    """

    word: bytes
    lengths: tuple[int, ...]
    before: bytes = b""


class Words(NamedTuple):
    """The words of some runs: how many, how many function words, which ones, and the telling words, once each."""

    total: int
    known: int
    kinds: frozenset[str]
    telling: tuple[Telling, ...]

    @property
    def spelt(self) -> int:
        """How many different function words are put together of several tokens."""
        texts = {one.word.decode("utf-8", "replace").strip().lower() for one in self.telling}
        return len(texts & FUNCTION_WORDS)


@cache
def _mark_class() -> str:
    """The combining marks, as a regular expression writes them between brackets; Python knows no name for them."""
    marks = [code for code in range(0x300, _MARKS_END) if unicodedata.category(chr(code))[0] == "M"]
    begins = [code for code, before in zip(marks, [0, *marks], strict=False) if code != before + 1]
    ends = [code for code, after in zip(marks, [*marks[1:], 0], strict=True) if code + 1 != after]
    return "".join(f"{chr(begin)}-{chr(end)}" for begin, end in zip(begins, ends, strict=True))


@cache
def _runs() -> re.Pattern[str]:
    """Longest runs of letters, marks and digits."""
    return re.compile(rf"[\w{_mark_class()}]+")


@cache
def _pieces() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Marks for themselves; and the first of several marks with the letters after it."""
    mark = f"[{_mark_class()}]"
    return re.compile(rf" ?[^{mark[1:-1]}]+|{mark}+"), re.compile(
        rf"[ {mark[1:-1]}]?[^{mark[1:-1]}]+|{mark}+"
    )


def words_in(data: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64]) -> Words:
    """Find the words in the bytes of a run of tokens; token `i` begins at byte `starts[i]`, and none is empty.

    Words at the ends of the run are left out, because they may go on beyond it, and so are those beside a NUL, which
    stands for what is no text.
    """
    text = data.tobytes().decode("utf-8", "surrogateescape")
    parted = text.replace("_", "-")  # an underscore parts the words of source code
    spans = np.array([found.span() for found in _runs().finditer(parted)], np.int64).reshape(-1, 2)
    spans = spans[(spans[:, 0] > 0) & (spans[:, 1] < len(text))]
    if not len(spans):
        return Words(0, 0, frozenset(), ())
    offsets = _byte_offsets(text)
    words = [text[begin:end] for begin, end in spans.tolist()]
    known = [lower for word in words if (lower := word.lower()) in FUNCTION_WORDS]
    telling = _telling(text, spans, words, offsets, starts)
    return Words(len(words), len(known), frozenset(known), telling)


def _byte_offsets(text: str) -> npt.NDArray[np.int64]:
    """At which byte each code point begins, and the end; bytes that are no UTF-8 stand for themselves."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    escaped = (codes >= 0xDC80) & (codes <= 0xDCFF)
    sizes = 1 + (codes >= 0x80).astype(np.int64) + (codes >= 0x800) + (codes >= 0x10000)
    offsets = np.zeros(len(codes) + 1, np.int64)
    np.cumsum(np.where(escaped, 1, sizes), out=offsets[1:])
    return offsets


def _telling(
    text: str,
    spans: npt.NDArray[np.int64],
    words: list[str],
    offsets: npt.NDArray[np.int64],
    starts: npt.NDArray[np.int64],
) -> tuple[Telling, ...]:
    """The telling words among `words`, in their order, each one once."""
    spaced = np.array([text[begin - 1] == " " for begin in spans[:, 0].tolist()])
    begins, ends = offsets[spans[:, 0] - spaced], offsets[spans[:, 1]]
    first, last = np.searchsorted(starts, begins), np.searchsorted(starts, ends)
    whole = (starts[np.minimum(first, len(starts) - 1)] == begins) & (last < len(starts))
    whole &= starts[np.minimum(last, len(starts) - 1)] == ends
    found: dict[Telling, None] = {}
    some = np.flatnonzero(whole & (last - first > 1) & (ends - begins <= LONGEST_WORD))
    for at in some.tolist():
        begin, end = spans[at].tolist()
        if not _is_plain(text, begin, end, words[at]):
            continue
        cuts = starts[first[at] : last[at] + 1].tolist()
        lengths = tuple(after - before for before, after in pairwise(cuts))
        before = b"" if spaced[at] or text[begin - 1] in "\r\n" else _bytes(text[begin - 1])
        found[Telling(_bytes(text[begin - spaced[at] : end]), lengths, before)] = None
    return tuple(found)


def _is_plain(text: str, begin: int, end: int, word: str) -> bool:
    """Whether a word stands as all tokenisers take it for one, lower case after the first letter."""
    before, after = text[begin - 1], text[end]
    if before in _APOSTROPHES or after in _APOSTROPHES or _NO_TEXT in (before, after):
        return False
    if word[1:] != word[1:].lower():
        return False
    if before == " " and begin > 1 and text[begin - 2].isspace():
        return False
    letters = word if word.isalpha() else re.sub(f"[{_mark_class()}]", "", word)
    return letters.isalpha() and word[0].isalpha()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def comes_out_the_same(telling: Telling, encoder: WordEncoder) -> bool:
    """Whether the tokeniser would have cut a word as it was found cut."""
    if encoder.lengths(telling.word) == telling.lengths:
        return True
    if telling.before:
        held = encoder.lengths(telling.before + telling.word)
        if held is not None and held[0] == len(telling.before) and held[1:] == telling.lengths:
            return True
    text = telling.word.decode("utf-8", "replace")
    if text.isascii() or not re.search(f"[{_mark_class()}]", text):
        return False
    return any(_cut_by(pieces, text, encoder) == telling.lengths for pieces in _pieces())


def _cut_by(pieces: re.Pattern[str], text: str, encoder: WordEncoder) -> tuple[int, ...] | None:
    lengths: list[int] = []
    for piece in pieces.findall(text):
        cut = encoder.lengths(piece.encode())
        if cut is None:
            return None
        lengths.extend(cut)
    return tuple(lengths)


def recombined(telling: tuple[Telling, ...], most: int) -> tuple[Telling, ...]:
    """Words that nobody wrote: the beginning of each telling word with the end of another; up to about `most`.

    How many of them come out the same says how much it means when words do: a table of single bytes cuts every word
    as it was found.
    """
    real = {one.word for one in telling}
    cut = [half for half in map(_halves, telling) if half is not None]
    made: dict[Telling, None] = {}
    for turn in range(1, _TURNS + 1):
        away = max(turn, turn * len(cut) // (_TURNS + 1))
        for at, (head, _) in enumerate(cut):
            _, tail = cut[(at + away) % len(cut)]
            word = Telling(head.word + tail.word, head.lengths + tail.lengths, head.before)
            if word.word not in real and len(word.word) <= LONGEST_WORD:
                made[word] = None
        if len(made) >= most:
            break
    return tuple(made)


def _halves(telling: Telling) -> tuple[Telling, Telling] | None:
    """A word divided after its first token that ends with a character; None where there is none before the last."""
    at = 0
    for number, length in enumerate(telling.lengths[:-1], 1):
        at += length
        if telling.word[at] & 0xC0 != 0x80:
            head = Telling(telling.word[:at], telling.lengths[:number], telling.before)
            return head, Telling(telling.word[at:], telling.lengths[number:])
    return None
