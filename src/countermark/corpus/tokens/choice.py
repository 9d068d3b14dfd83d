"""The tokeniser and the integer type of each data set of token ids: found by trial, or named by the user.

A data set is the files of one folder, format and choice of integer types. One of them is tried for all, the next one
where that one does not tell (it may be small), up to TRIED. Whether the others were written alike is looked at when
their shards are read (`trial.check`).
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.corpus.tokens.formats import format_named
from countermark.corpus.tokens.held import OPTION, hold
from countermark.corpus.tokens.trial import MOST_OF_FEW_KINDS, Evidence, Trial, in_range, passes, try_tables
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
_TOLD: Final = 4
_KEPT: Final = 8
_REMEDY: Final = "add the right one with `countermark tokenizer add`, or name it with --tokenizer"


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
            "others": [one.facts() for one in trial.others[:_KEPT]] if trial is not None else [],
        }


class Tokenizers:
    """Chooses among tables, or takes the one that is named, and remembers what it chose for each data set."""

    def __init__(self, tables: Sequence[TokenTable], named: TokenTable | None = None) -> None:
        self._tables = list({table.digest: table for table in tables}.values())
        self._named = named
        self._known: dict[tuple[str, str, tuple[str, ...]], Choice] = {}
        self._refused: dict[tuple[str, str, tuple[str, ...]], list[TokenizerUnclear]] = {}

    def choose(self, format_: str, path: str, name: str, column: str | None = None) -> Choice:
        """How the ids of a file are read, in the `column` that the user named; the table is held from then on.

        Raises TokenizerUnclear where that cannot be told, and CorpusError where the file cannot be read.
        """
        if self._named is None and not self._tables:
            raise TokenizerUnclear(
                NO_TOKENIZER, f"{name}: holds token ids, and no tokeniser is at hand; {_REMEDY}"
            )
        sample = format_named(format_).sample(path, name, column)
        key = (posixpath.dirname(path), format_, sample.dtypes)
        refused = self._refused.setdefault(key, [])
        if key not in self._known and len(refused) < TRIED:
            try:
                self._known[key] = self._found(sample, name)
            except TokenizerUnclear as error:
                refused.append(error)
        if key not in self._known:
            raise TokenizerUnclear(refused[-1].reason, f"{name}: {refused[-1]}")
        found = self._known[key]
        hold(found.table)
        return found

    def chosen(self) -> tuple[Choice, ...]:
        """What was chosen so far, in the order in which it was."""
        return tuple(self._known.values())

    def _found(self, sample: Sample, name: str) -> Choice:
        if self._named is not None:
            return _as_named(sample, self._named, name)
        trial = try_tables(sample, self._tables)
        if not trial.clear or trial.best is None:
            raise TokenizerUnclear(UNCLEAR, f"{_unclear(trial, len(self._tables))}; {_REMEDY}")
        table = next(table for table in self._tables if table.digest == trial.best.table)
        return Choice(trial.best.dtype, table, named=False, trial=trial, where=name)


def _as_named(sample: Sample, table: TokenTable, name: str) -> Choice:
    """Read by the table that was named. Raises TokenizerUnclear where more than a few of the ids are beyond it."""
    trial = try_tables(sample, [table])
    best = _likeliest(trial)
    if best is not None and best.out_of_range > MOST_OF_FEW_KINDS * max(1, best.ids):
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


def _likeliest(trial: Trial) -> Evidence | None:
    """The integer type that fits best, where the words do not tell: fewest ids out of range, then the widest.

    Numbers read at half their width can be in range and still be none; at twice their width they are far out of it.
    """
    tried = [one for one in (trial.best, *trial.others) if one is not None]
    if trial.clear or not tried:
        return trial.best
    return max(
        tried,
        key=lambda one: (
            passes(one),
            in_range(one),
            not one.doubled,
            -one.out_of_range / max(1, one.ids),
            np.dtype(one.dtype).itemsize,
            one.weight,
        ),
    )


def _unclear(trial: Trial, tables: int) -> str:
    """Why a trial came to nothing, with its evidence, in words for readers who are no engineers."""
    tried = [one for one in (trial.best, *trial.others) if one is not None]
    likeliest: dict[str, Evidence] = {}
    for one in sorted(tried, key=lambda one: (-passes(one), not in_range(one), one.doubled, -one.weight)):
        likeliest.setdefault(one.table, one)
    told = ", ".join(_said(one) for one in list(likeliest.values())[:_TOLD])
    among = "the only tokeniser" if tables == 1 else f"any of the {tables} tokenisers"
    more = f", and {tables - _TOLD} more" if tables > _TOLD else ""
    if trial.best is not None and passes(trial.best):
        return f"it cannot be told by which tokeniser: {trial.reason} ({told}{more})"
    return f"cannot be shown to be written with {among} at hand, because {trial.reason} ({told}{more})"


def _said(one: Evidence) -> str:
    if one.doubled:
        return f"as {one.name} every second number is next to nothing"
    if not in_range(one):
        return f"as {one.name} {_share(one.out_of_range, one.ids)} of the ids stand for nothing"
    if not one.telling:
        return f"as {one.name} no word is of several tokens"
    same = f"{_share(one.agree, one.telling)} of {one.telling:,} telling words come out the same"
    return f"as {one.name} {same}, {100 * one.chance:.0f} % would by chance"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(1, whole):.0f} %"
