"""Words and spellings that an editor lists as alternatives, and where a text has one of them."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from countermark.documents import decode, read_bytes
from countermark.errors import DocumentError, InputError
from countermark.memorization.traps.forms.legible import illegible, stay_apart
from countermark.memorization.traps.forms.variants import MOST_RENDERINGS, Variant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

Pair = tuple[str, ...]
MOST_PAIRS: Final = 5000
LONGEST_CELL: Final = 1 << 17
"""Characters of one cell of a table that an editor gives."""
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W_]|[ ’'-](?=[^\W_])){0,59}")
_VOWELS: Final = frozenset("aeiouyàâäéèêëîïôöùûüœæh")  # h too: whether it is sounded, no rule here knows
# What changes its own form with the sound that follows it.
_ELIDING: Final = re.compile(
    r"(?:^|[\s(])(?:an?|l[ea]|[ldnsjmtc]e|qu[e’']|[ldnsjmtc][’']|du|au|ma|ta|sa|[mts]on|cet|beau|bel|vieux|vieil|"
    r"nouveau|nouvel)[ ]?$",
    re.IGNORECASE,
)
_SENTENCE_START: Final = re.compile(r"(?:[.!?…]\s+|\n\s*|\A\s*)$")


class Headline(NamedTuple):
    """An alternative headline that the editor gives: of which work or file, as it stands, and in another way."""

    of: str
    headline: str
    alternative: str


def read_pairs(path: Path) -> tuple[Pair, ...]:
    """The alternatives of a list: a line each, `that = which`; `#` begins a remark. Raises InputError."""
    pairs: list[Pair] = []
    for number, line in enumerate(_lines(path), 1):
        words = line.partition("#")[0].strip()
        if not words:
            continue
        pair = tuple(" ".join(word.split()) for word in words.split("="))
        if not 2 <= len(pair) <= MOST_RENDERINGS or not all(map(_is_word, pair)) or not stay_apart(pair):
            raise InputError(
                f"{path}, line {number}: accepted are different words or short phrases with = between them, "
                "such as: that = which"
            )
        pairs.append(pair)
    if len(pairs) > MOST_PAIRS:
        raise InputError(f"{path}: {len(pairs):,} alternatives; up to {MOST_PAIRS:,} are accepted")
    return tuple(pairs)


def read_headlines(path: Path) -> tuple[Headline, ...]:
    """The headlines of a table (CSV) with the columns work, headline, alternative. Raises InputError."""
    csv.field_size_limit(LONGEST_CELL)  # of the whole process: other readers set their own
    rows = csv.DictReader(io.StringIO("\n".join(_lines(path))))
    found = []
    try:
        if rows.fieldnames is None or not {"work", "headline", "alternative"} <= set(rows.fieldnames):
            raise InputError(
                f"{path}: the columns work, headline and alternative are needed in its first line"
            )
        for row in rows:
            of, written, other = ((row[name] or "").strip() for name in ("work", "headline", "alternative"))
            if not of or not written or not other or written == other or max(len(written), len(other)) > 500:
                raise InputError(
                    f"{path}, line {rows.line_num}: needs a work (its id or its file), a headline, and another one"
                )
            if illegible(other) or not stay_apart((written, other)):
                raise InputError(
                    f"{path}, line {rows.line_num}: the alternative holds a character that hides or looks like another "
                    "one, or differs from the headline in nothing that lasts"
                )
            found.append(Headline(of, written, other))
    except csv.Error as error:
        raise InputError(f"{path}, line {rows.line_num}: is no CSV: {error}") from None
    return tuple(found)


def find_pairs(text: str, pairs: Sequence[Pair]) -> Iterator[Variant]:
    """Every place where the text has one side of a pair, as a whole word, and no name."""
    known: dict[str, Pair] = {}
    for pair in pairs:
        for word in pair:
            known.setdefault(word.lower(), pair)
    if not known:
        return
    words = "|".join(re.escape(word) for word in sorted(known, key=lambda word: (-len(word), word)))
    for match in re.finditer(rf"(?<![\w-])(?:{words})(?![\w-]|[’']\w)", text, re.IGNORECASE):
        pair = known.get(match[0].lower(), ())
        renderings = _in_case(match[0], pair, text[max(0, match.start() - 40) : match.start()])
        if len(set(renderings)) > 1:
            yield Variant(match.start(), match.end(), renderings, "pair", f"pair:{pair[0].lower()}")


def find_headlines(text: str, headlines: Iterable[Headline]) -> Iterator[Variant]:
    """Where each headline stands on a line of its own, for the first time."""
    for one in headlines:
        found = re.search(rf"^[#*_= \t]*({re.escape(one.headline)})[#*_= \t]*$", text, re.MULTILINE)
        if found:
            yield Variant(*found.span(1), (one.headline, one.alternative), "headline")


def _in_case(written: str, pair: Pair, before: str) -> Pair:
    """The alternatives as they would be written here; none where the place is a name, or hangs on its first sound."""
    first = {_opens_with_vowel(word) for word in pair}
    if len(first) > 1 and _ELIDING.search(before):
        return ()
    if written in pair:
        return pair
    capitals = tuple(word[:1].upper() + word[1:] for word in pair)
    return capitals if written in capitals and _SENTENCE_START.search(before) else ()


def _opens_with_vowel(word: str) -> bool:
    return word[:1].lower() in _VOWELS


def _is_word(text: str) -> bool:
    return _WORD.fullmatch(text) is not None and not illegible(text)


def _lines(path: Path) -> list[str]:
    try:
        text, _ = decode(read_bytes(path))
    except DocumentError as error:
        raise InputError(f"{path}: {error}") from None
    return text.removeprefix("\ufeff").splitlines()
