"""The tokeniser and the integer type of each data set of token ids: found by trial, or named by the user.

A data set is the files of one folder, format and choice of integer types. One of them is tried for all, the next one
where that one does not tell (it may be small), up to TRIED. A file that does not say its integer type, and whose
numbers are plainly not those of the others, is tried for itself. Whether the others were written alike is looked at
when their shards are read (`trial.check`).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.corpus.tokens.formats import format_named
from countermark.corpus.tokens.held import OPTION, hold
from countermark.corpus.tokens.trial import (
    DOUBLED,
    TOO_FEW,
    Evidence,
    Trial,
    few_beyond,
    in_range,
    misread,
    nearest,
    passes,
    try_tables,
)
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.corpus.tokens.block import Sample
    from countermark.corpus.tokens.table import TokenTable

NO_TOKENIZER: Final = "no-tokenizer"
UNCLEAR: Final = "tokenizer-unclear"
TRIED: Final = 8
"""After so many files of a data set that do not tell, the rest are refused untried."""
NAMED: Final = "named"
"""The option of shards whose tokeniser the user named: their words are no reason to refuse them."""
_TOLD: Final = 2
_KEPT: Final = 8
_ADD: Final = "add the right one with `countermark tokenizer get` or `countermark tokenizer add`"
_BUILD: Final = (
    "at home, build a kit that has the right one (countermark kit build --tokenizer NAME; this one has {})"
)
_NAME: Final = "name the right one with --tokenizer, if you know it otherwise"
_WIDE: Final = (
    "each number seems to have twice the bytes (every second one is next to nothing): 64-bit ids; write them as .npy, "
    "which says so"
)


class TokenizerUnclear(CorpusError):  # noqa: N818 (what it says, as the other reasons do)
    """It cannot be told how ids are to be read; `reason` is a stable word for counting."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[TokenizerUnclear], tuple[str, str]]:
        """Cross process borders whole."""
        return type(self), (self.reason, str(self))


@dataclass(frozen=True, slots=True)
class Choice:
    """How the ids of a data set are read. `named` where the user said so; `where` is the file that was tried."""

    dtype: str
    table: TokenTable
    named: bool
    trial: Trial | None
    where: str = ""

    def options(self) -> tuple[tuple[str, str], ...]:
        """The options of the shards."""
        by = ((NAMED, "yes"),) if self.named else ()
        return (("ids", self.dtype), (OPTION, self.table.digest), ("tokenizer", self.table.name), *by)

    def facts(self) -> dict[str, Any]:
        """What was chosen and by which evidence, for JSON; of the other readings those that came nearest."""
        trial = self.trial
        return {
            "ids": self.dtype,
            "tokenizer": self.table.name,
            "table": self.table.digest,
            "named": self.named,
            "tried": self.where,
            "clear": trial is not None and trial.clear,
            "reason": trial.reason if trial is not None else "",
            "same_text": list(trial.same) if trial is not None else [],
            "evidence": trial.best.facts() if trial is not None and trial.best is not None else None,
            "others": [one.facts() for one in nearest(trial)[:_KEPT]] if trial is not None else [],
        }


class Tokenizers:
    """Chooses among tables, or takes the one that is named, and remembers what it chose for each data set."""

    def __init__(
        self, tables: Sequence[TokenTable], named: TokenTable | None = None, *, kit: bool = False
    ) -> None:
        """`kit` says that the tables are those of a kit: what is advised can be done where it runs."""
        self._tables = list({table.digest: table for table in tables}.values())
        self._named = named
        self._add = build_with([table.name for table in self._tables]) if kit else _ADD
        self._known: dict[tuple[str, str, tuple[str, ...]], list[Choice]] = {}
        self._refused: dict[tuple[str, str, tuple[str, ...]], list[TokenizerUnclear]] = {}

    def choose(self, format_: str, path: str, name: str, column: str | None = None) -> Choice:
        """How the ids of a file are read, in the `column` that the user named; the table is held from then on.

        Raises TokenizerUnclear where that cannot be told, and CorpusError where the file cannot be read.
        """
        if self._named is None and not self._tables:
            raise TokenizerUnclear(
                NO_TOKENIZER, f"{name}: holds token ids, and no tokeniser is at hand: {self._add}"
            )
        sample = format_named(format_).sample(path, name, column)
        key = (posixpath.dirname(path), format_, sample.dtypes)
        refused, known = self._refused.setdefault(key, []), self._known.setdefault(key, [])
        found = next((one for one in known if _may_be(sample, one)), None)
        if found is None and len(refused) < TRIED:
            try:
                found = self._found(sample, name)
                known.append(found)
            except TokenizerUnclear as error:
                refused.append(error)
        if found is None:
            raise TokenizerUnclear(refused[-1].reason, f"{name}: {refused[-1]}")
        hold(found.table)
        return found

    def chosen(self) -> tuple[Choice, ...]:
        """What was chosen so far, data set by data set."""
        return tuple(one for known in self._known.values() for one in known)

    def _found(self, sample: Sample, name: str) -> Choice:
        if self._named is not None:
            return _as_named(sample, self._named, name)
        trial = try_tables(sample, self._tables)
        if not trial.clear or trial.best is None:
            raise TokenizerUnclear(UNCLEAR, _unclear(trial, len(self._tables), self._add))
        table = next(table for table in self._tables if table.digest == trial.best.table)
        return Choice(trial.best.dtype, table, named=False, trial=trial, where=name)


def build_with(names: Sequence[str]) -> str:
    """What to do where the right table is in no kit with these: in its room there is no other to be had."""
    return _BUILD.format(f"only the tables of {', '.join(sorted(names))}" if names else "no table")


def _may_be(sample: Sample, choice: Choice) -> bool:
    """Whether a file can be read as others of its data set are, going by its numbers alone."""
    return len(sample.dtypes) == 1 or not misread(sample, choice.table, choice.dtype)


def _as_named(sample: Sample, table: TokenTable, name: str) -> Choice:
    """Read by the table that was named. Raises TokenizerUnclear where the numbers, and not the words, speak against it.

    More than a few of them are beyond it, or they are halves of ids.
    """
    trial = try_tables(sample, [table])
    tried = [one for one in (trial.best, *trial.others) if one is not None]
    readable = [one for one in tried if not misread(sample, table, one.dtype)]
    best = _likeliest(trial, readable or tried)
    if not readable and any(map(few_beyond, tried)):
        raise TokenizerUnclear(
            UNCLEAR, f"cannot be read with {table.name}, the tokeniser that was named: {_WIDE}"
        )
    if best is not None and not few_beyond(best):
        raise TokenizerUnclear(
            UNCLEAR,
            f"not written with {table.name}, the tokeniser that was named: {best.out_of_range:,} of "
            f"{best.ids:,} ids are beyond its {len(table):,} tokens; name another, or leave --tokenizer out",
        )
    rest = tuple(one for one in (trial.best, *trial.others) if one is not None and one is not best)
    dtype = best.dtype if best is not None else sample.dtypes[0]
    return Choice(
        dtype, table, named=True, trial=Trial(best, rest, trial.clear, trial.reason, trial.same), where=name
    )


def _likeliest(trial: Trial, tried: Sequence[Evidence]) -> Evidence | None:
    """The type of those `tried` that fits best, where words do not tell: fewest ids out of range, then the widest.

    Numbers read at half their width can be in range and still be none; at twice their width they are far out of it.
    """
    if trial.clear or not tried:
        return trial.best
    return max(
        tried,
        key=lambda one: (
            passes(one),
            few_beyond(one),
            in_range(one),
            -one.out_of_range / max(1, one.ids),
            np.dtype(one.dtype).itemsize,
            one.weight,
        ),
    )


def _unclear(trial: Trial, tables: int, add: str) -> str:
    """Why a trial came to nothing, what to do, and then the evidence: where a line is cut, the figures go.

    `add` is what to do where the right table is not at hand.
    """
    tried = [one for one in (trial.best, *trial.others) if one is not None]
    likeliest: dict[str, Evidence] = {}
    for one in sorted(tried, key=lambda one: (-passes(one), not in_range(one), one.doubled, -one.weight)):
        likeliest.setdefault(one.table, one)
    told = "; ".join(_said(one) for one in list(likeliest.values())[:_TOLD])
    among = "the only tokeniser" if tables == 1 else f"any of the {tables} tokenisers"
    if trial.best is not None and passes(trial.best):
        return f"it cannot be told by which tokeniser: {trial.reason}; {_NAME} ({told})"
    if trial.reason == DOUBLED:
        return f"cannot be read with {among} at hand: {_WIDE}"
    if trial.reason == TOO_FEW:
        remedy = f"{_NAME}, or {add}"
    else:
        remedy = f"{add}, or name it with --tokenizer; or the file holds no token ids"
    return f"cannot be shown to be written with {among} at hand, because {trial.reason}: {remedy} ({told})"


def _said(one: Evidence) -> str:
    if one.doubled:
        return f"as {one.name} each number seems to have twice the bytes"
    if not in_range(one):
        return f"as {one.name} {_share(one.out_of_range, one.ids)} of the ids stand for nothing"
    if not one.telling:
        return f"as {one.name} no word is of several tokens"
    same = f"{_share(one.agree, one.telling)} of {one.telling:,} telling words come out the same"
    return f"as {one.name} {same}, {100 * one.chance:.0f} % would by chance"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.0f} %"
