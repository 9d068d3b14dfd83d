"""BERT's vocab.txt: one token a line, its number in the file is its id.

The file does not say what the tokeniser took away: that follows from the vocabulary. Where no token has a capital
letter, capitals were lost; where none has an accent, accents were.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.tokens.sources import losses
from countermark.corpus.tokens.sources.decoders import Decoder
from countermark.corpus.tokens.sources.gathering import UNKNOWN, Gathering
from countermark.corpus.tokens.table import MOST_TOKENS, Kind
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.corpus.tokens.table import TokenTable

_SPECIAL: Final = frozenset(("[PAD]", "[CLS]", "[SEP]", "[MASK]"))
_UNKNOWN: Final = "[UNK]"
_WITHIN: Final = re.compile(rb"##[^#\s]\S*")
_FEWEST_WITHIN: Final = 0.02
_FEWEST_ALONE: Final = 0.9
"""Shares of the lines; BERT's own vocabularies have more than a tenth of tokens within words, and no line of two."""
_UNUSED: Final = re.compile(r"\[unused[0-9]+\]")


def is_vocabulary(data: bytes) -> bool:
    """Whether a file may be such a vocabulary: words alone on their lines, one for unknown ones or many within words.

    A page of Markdown, whose headings begin with the same sign, has lines of several words.
    """
    lines = [line for line in data[: 1 << 20].splitlines() if line.strip()]
    within = sum(_WITHIN.fullmatch(line) is not None for line in lines)
    if _UNKNOWN.encode() not in lines and within < _FEWEST_WITHIN * max(1, len(lines)):
        return False
    return sum(len(line.split()) == 1 for line in lines) >= _FEWEST_ALONE * len(lines)


def table_of_vocabulary(data: bytes, where: str, name: str, **facts: Any) -> TokenTable:
    """Read a vocab.txt. Raises InputError where it is no UTF-8 or has too many lines."""
    if data.count(b"\n") > MOST_TOKENS:
        raise InputError(f"{where}: more than {MOST_TOKENS:,} lines; a table has as many tokens at most")
    try:
        lines = data.decode().removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: no UTF-8 at byte {error.start:,}; one token a line is expected"
        ) from error
    gathered = Gathering(where)
    decoder = Decoder(prefix="##", cleaned=True)
    words = []
    for number, line in enumerate(lines):
        token = line.removesuffix("\r")
        if token in _SPECIAL:
            gathered.put_special(number, token)
        elif token == _UNKNOWN:
            gathered.put(number, b" " + UNKNOWN)
        elif not token or _UNUSED.fullmatch(token):
            continue
        else:
            gathered.put(number, decoder.token(token), 0.0)
            words.append(token)
    taken = [losses.CONTROLS, *_lost(words), losses.SPACES, losses.PUNCTUATION, losses.OUTSIDE]
    return gathered.table(name, Kind.WORDPIECE, losses=taken, first_space=True, **facts)


def _lost(words: Iterable[str]) -> Iterator[str]:
    letters = set("".join(words))
    if all(letter.lower() == letter for letter in letters):
        yield losses.CASE
    if not any(unicodedata.combining(unicodedata.normalize("NFD", letter)[-1]) for letter in letters):
        yield losses.ACCENTS
