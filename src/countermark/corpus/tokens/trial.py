"""Which tokeniser wrote these ids, and with which integer type? Told by trial, with all tables at hand.

The right table is the one whose own encoder would have written them. So words of several tokens are cut anew
(`words`, `encoding`). With the right table they come out the same; but with a wrong one most of them do too, because
long tokens put side by side at random are seldom cut otherwise: 63 to 98 % were seen. A share of agreement says
nothing by itself, then. What it would be by chance is measured on the sample: words put together of the beginning
of one and the end of another (`recombined`). `Evidence.weight` is the logarithm, to the base 10, of how many times
likelier the words found are if the table is right than if it is wrong; the second is held to differ by fewer words than
chance would have it (LENIENT), so that the doubt counts for the wrong table.

Where hardly a word can be cut otherwise (a table of characters; Thai, in tables that know little Thai) the weight is
near 0 whatever the table, and only frequent words of some languages can speak for it: see KNOWN and SPELT.

The limits were chosen on 289 random passages of 12 kB (54 texts in over 30 languages and in Python; nine tokenisers;
ids as written, swapped, halved, shuffled and random; seeds 1 and 2). Each of 35,731 words of right tables came out
the same; no wrong reading weighed more than 0.78, and of those that weighed 0 or more none had over 7.4 % known words.
On 19 passages of up to 220 kB wrong readings weighed -7 at most. A first rule for known words, without SPELT, named a
wrong table in 2 of 1,000 trials of `benchmarks/bench_tokenizer_trial.py` (seed 8); its results are of another seed, of
the rules as they stand here.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.corpus.tokens.block import Ids, int32_ids
from countermark.corpus.tokens.encoding import WordEncoder
from countermark.corpus.tokens.table import UNUSED
from countermark.corpus.tokens.words import comes_out_the_same, recombined, words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from countermark.corpus.tokens.block import Sample
    from countermark.corpus.tokens.table import TokenTable

CLEAR: Final = 2.0
"""The least weight of a table that is named."""
MARGIN: Final = 1.5
"""And how much more it must be than that of any table that reads another text."""
CONTRADICTED: Final = -6.0
"""A weight that says that the ids are of something else."""
LENIENT: Final = 0.6
RIGHT_MISSES: Final = 0.01
KNOWN: Final = 0.15
SPELT: Final = 12
ENOUGH_TELLING: Final = 150
"""The share of function words, how many different ones are put together of several tokens, and the telling words that
name a table where no word can be cut otherwise. Function words that are single tokens show nothing: a few ids that
come again and again, read as something else, can be such words by chance."""
FEW_TELLING: Final = 20
MOST_BEYOND: Final = 0.001
FEW_KINDS_BEYOND: Final = 8
MOST_OF_FEW_KINDS: Final = 0.05
"""Ids beyond a table: more are borne where they are a few different ones, as tokens that part documents are."""
MOST_BAD: Final = 0.02
DOUBLED: Final = "every second number is next to nothing, as if each had twice the bytes"
TOO_FEW: Final = "there are too few words of several tokens to tell by"
"""Reasons why no table is named, for which there is other advice than to add the right one."""

_FIRST_IDS: Final = 1 << 13
_FIRST_WORDS: Final = 300
_MOST_IDS: Final = 1 << 16
_MOST_BYTES: Final = 4 << 20
_MOST_WORDS: Final = 1500
_HOPELESS: Final = 0.2
_SAME_HALF: Final = 4
_UPPER_HALVES: Final = (0, 1, 2, 3, 1 << 8, 2 << 8, 3 << 8, -1, 0xFFFF)
"""The upper halves of ids, as they are and with their bytes swapped. A table of figures has a comma in every second
place, and is a text: among files that were tried, only these speak against one."""
_FEWEST_HALVES: Final = 256


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one table and integer type make of some ids.

    `out_of_range` of the `ids` stand for nothing in the table, `kinds_beyond` different ones; `bad_bytes` of the
    `bytes` are no UTF-8. `doubled` says that every second id is next to nothing, as when numbers are read at half their
    width. Of `telling` words `agree` come out the same, and `by_chance` of `recombined`. `known` is the share of
    function words among `words`, `kinds` how many different ones, `spelt` those of them that are telling words. Where
    the ids were out of the question before their words were looked at, these are 0.
    """

    name: str
    table: str
    dtype: str
    ids: int
    out_of_range: int
    kinds_beyond: int
    doubled: bool = False
    bytes: int = 0
    bad_bytes: int = 0
    words: int = 0
    known: float = 0.0
    kinds: int = 0
    spelt: int = 0
    telling: int = 0
    agree: int = 0
    recombined: int = 0
    by_chance: int = 0

    @property
    def chance(self) -> float:
        """The share of words that would come out the same with a wrong table, as measured."""
        return (self.by_chance + 1) / (self.recombined + 2)

    @property
    def weight(self) -> float:
        """The logarithm of the likelihood of right to wrong; 0 where nothing can be told."""
        if not self.telling or not self.recombined:
            return 0.0
        wrong = LENIENT * (1 - self.chance)
        right = min(RIGHT_MISSES, wrong / 4)
        missed = self.telling - self.agree
        return missed * math.log10(right / wrong) + self.agree * math.log10((1 - right) / (1 - wrong))

    def facts(self) -> dict[str, Any]:
        """Everything, for JSON."""
        said = asdict(self)
        return said | {
            "known": round(self.known, 4),
            "chance": round(self.chance, 4),
            "weight": round(self.weight, 2),
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying all tables: the best evidence and all other, best first, and why it is (not) clear.

    `same` names tables that read the same text from the sample; they count as one with the best.
    """

    best: Evidence | None
    others: tuple[Evidence, ...]
    clear: bool
    reason: str
    same: tuple[str, ...] = ()


def in_range(evidence: Evidence) -> bool:
    """Whether the ids can be the table's, but for a few."""
    share = evidence.out_of_range / max(1, evidence.ids)
    if share <= MOST_BEYOND:
        return True
    return share <= MOST_OF_FEW_KINDS and evidence.kinds_beyond <= FEW_KINDS_BEYOND


def few_beyond(evidence: Evidence) -> bool:
    """Whether so few ids are none of the table's that they are borne, if they are of few kinds."""
    return evidence.out_of_range <= MOST_OF_FEW_KINDS * max(1, evidence.ids)


def passes(evidence: Evidence) -> bool:
    """Whether a table would be named if there were no other."""
    if evidence.doubled or not in_range(evidence) or evidence.bad_bytes > MOST_BAD * max(1, evidence.bytes):
        return False
    if evidence.weight >= CLEAR:
        return True
    spelt = evidence.spelt >= SPELT and evidence.telling >= ENOUGH_TELLING
    return spelt and evidence.known >= KNOWN and evidence.weight >= 0


def contradicts(evidence: Evidence, *, by_words: bool = True) -> bool:
    """Whether these ids were plainly written with something else. Too little evidence is no contradiction.

    Without `by_words` only the numbers say so: ids that the table does not have, or halves of ids.
    """
    return evidence.doubled or _far_beyond(evidence) or (by_words and evidence.weight <= CONTRADICTED)


def says(evidence: Evidence) -> str:
    """What the words say of a table, in one word: `for` it, `against` it, or `nothing`."""
    if evidence.weight >= CLEAR:
        return "for"
    return "against" if evidence.weight <= CONTRADICTED else "nothing"


def nearest(trial: Trial) -> list[Evidence]:
    """The other readings, those that came nearest first: whose words were looked at, and whose ids are the table's."""
    return sorted(
        trial.others, key=lambda one: (-(one.telling > 0 and in_range(one)), -(one.telling > 0), -one.weight)
    )


def rivals(trial: Trial) -> list[Evidence]:
    """Of the other readings those by other tables, which read another text; in the order of `nearest`."""
    table = trial.best.table if trial.best is not None else ""
    return [one for one in nearest(trial) if one.table != table and one.name not in trial.same]


def try_tables(sample: Sample, tables: Sequence[TokenTable]) -> Trial:
    """Try every table with every integer type of a sample."""
    read = {dtype: _numbers(sample, dtype) for dtype in sample.dtypes}
    found = [(_evidence(ids, table, dtype), table) for table in tables for dtype, ids in read.items()]
    found.sort(key=lambda one: (-passes(one[0]), -one[0].weight, -one[0].known, one[0].name))
    passing = [one for one in found if passes(one[0])]
    if not passing:
        rest = tuple(one for one, _ in found)
        return Trial(rest[0] if rest else None, rest[1:], clear=False, reason=_why_none(rest))
    first = passing[0]
    alike = [
        one for one in passing if one[0].dtype == first[0].dtype and _alike(read[first[0].dtype], first, one)
    ]
    best, _ = min(
        alike, key=lambda one: (one[0].out_of_range, one[0].telling - one[0].agree, len(one[1]), one[0].name)
    )
    same = tuple(sorted({one.name for one, _ in alike if one is not best}))
    others = tuple(one for one, _ in found if one is not best)
    apart = [one for one in others if not any(one is like for like, _ in alike)]
    rival = next((one for one in apart if passes(one)), None)
    if rival is None and best.weight >= CLEAR:
        rival = next((one for one in apart if best.weight - one.weight < MARGIN and not _fell(one)), None)
    if rival is None:
        return Trial(best, others, clear=True, reason=f"the ids read as {best.name}", same=same)
    return Trial(
        best,
        others,
        clear=False,
        reason=f"{best.name} and {rival.name} both fit, and read other texts",
        same=same,
    )


def check(ids: Ids, bounds: npt.NDArray[np.int64], table: TokenTable) -> Evidence:
    """Look at the first ids of a shard, those of its documents, and tell whether the table wrote them."""
    runs, total = [], 0
    for begin, end in bounds.tolist():
        if total >= _MOST_IDS:
            break
        runs.append(ids[begin : min(end, begin + _MOST_IDS - total)])
        total += len(runs[-1])
    # documents of halved numbers begin at either half; all ids together do not
    together = ids[int(bounds[:, 0].min(initial=len(ids))) :][: max(total, 2 * _FEWEST_HALVES)]
    return replace(_evidence(runs, table, ids.dtype.str), doubled=_is_doubled([together], _UPPER_HALVES))


def misread(sample: Sample, table: TokenTable, dtype: str) -> bool:
    """Whether the numbers of a sample alone say that they are not of this type: its words are not looked at."""
    runs = _numbers(sample, dtype)
    return _is_doubled(runs, _UPPER_HALVES) or _far_beyond(_without_words(runs, table, dtype))


def _far_beyond(evidence: Evidence) -> bool:
    """Whether ids of many kinds, and many of them, are none of the table's."""
    return not few_beyond(evidence) and evidence.kinds_beyond > FEW_KINDS_BEYOND


def _fell(evidence: Evidence) -> bool:
    return evidence.doubled or not in_range(evidence) or not evidence.words


def _why_none(rest: tuple[Evidence, ...]) -> str:
    if not rest:
        return "there is no table at hand"
    if all(one.doubled or not in_range(one) for one in rest) and any(one.doubled for one in rest):
        return DOUBLED
    if not any(in_range(one) for one in rest):
        return "many ids are beyond every table"
    standing = [one for one in rest if in_range(one) and not one.doubled]
    spoken_for = any(one.weight > 0 for one in standing)
    if spoken_for or max((one.telling for one in standing), default=0) < FEW_TELLING:
        return TOO_FEW
    return "no table cuts the words as they were found cut"


def _numbers(sample: Sample, dtype: str) -> list[Ids]:
    """The runs of a sample as ids of an integer type."""
    kind, runs = np.dtype(dtype), []
    for stretch in sample.stretches:
        if stretch.dtype == np.uint8 and kind.itemsize > 1:
            runs.append(int32_ids(stretch[: len(stretch) // kind.itemsize * kind.itemsize].view(kind)))
        else:
            runs.append(int32_ids(stretch))
    return runs


def _evidence(runs: list[Ids], table: TokenTable, dtype: str) -> Evidence:
    """Look at some of the ids, and at more of them where that leaves hope."""
    if sum(map(len, runs)) > 2 * _FIRST_IDS:
        some = _look(_shortened(runs, _FIRST_IDS), table, dtype, _FIRST_WORDS)
        if _fell(some) or some.weight <= CONTRADICTED:
            return some
    return _look(_shortened(runs, _MOST_IDS), table, dtype, _MOST_WORDS)


def _shortened(runs: list[Ids], most: int) -> list[Ids]:
    """The beginning of each run, so that about so many ids remain."""
    total = sum(map(len, runs))
    return [run[: max(1, len(run) * most // total)] if total > most else run for run in runs]


def _look(runs: list[Ids], table: TokenTable, dtype: str, most: int) -> Evidence:
    plain = _without_words(runs, table, dtype)
    if plain.doubled or plain.out_of_range > _HOPELESS * plain.ids:
        return plain
    return _with_words(plain, runs, table, most)


def _without_words(runs: list[Ids], table: TokenTable, dtype: str) -> Evidence:
    ids = np.concatenate([np.zeros(0, np.int32), *runs])
    inside = (ids >= 0) & (ids < len(table))
    inside[inside] = table.flags[ids[inside]] != UNUSED
    return Evidence(
        table.name,
        table.digest,
        dtype,
        len(ids),
        int((~inside).sum()),
        len(np.unique(ids[~inside])),
        doubled=_is_doubled(runs),
    )


def _is_doubled(runs: list[Ids], among: tuple[int, ...] | None = None) -> bool:
    """Whether every second id is one of very few (of those `among`), and those between are of many kinds.

    Each run begins with a whole number.
    """
    if sum(map(len, runs)) < _FEWEST_HALVES:
        return False
    sides = [
        np.unique(np.concatenate([np.zeros(0, np.int32), *(run[first::2] for run in runs)]))
        for first in (0, 1)
    ]
    few, many = sorted(sides, key=len)
    return len(few) <= _SAME_HALF < len(many) and (among is None or bool(np.isin(few, among).all()))


def _with_words(plain: Evidence, runs: list[Ids], table: TokenTable, most: int) -> Evidence:
    data, starts = token_bytes(runs, table)
    raw = data.tobytes()
    bad = len(raw) - len(raw.decode("utf-8", "ignore").encode())
    words = words_in(data, starts)
    telling = words.telling[:most]
    made = recombined(telling, most)[:most] if telling else ()
    encoder = _encoder(table) if telling else None
    agree, by_chance = (
        sum(comes_out_the_same(word, encoder) for word in some) if encoder else 0 for some in (telling, made)
    )
    said = asdict(plain) | {
        "bytes": len(raw),
        "bad_bytes": bad,
        "words": words.total,
        "known": words.known / max(1, words.total),
        "kinds": len(words.kinds),
        "spelt": words.spelt,
        "telling": len(telling),
        "agree": agree,
        "recombined": len(made),
        "by_chance": by_chance,
    }
    return Evidence(**said)


@lru_cache(maxsize=2)
def _encoder(table: TokenTable) -> WordEncoder:
    return WordEncoder(table)


def token_bytes(runs: list[Ids], table: TokenTable) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """The bytes of all runs and where each token begins; a NUL stands for an id without text, and after each run."""
    parted = [part for run in runs for part in (run, np.array([-1], np.int32))]
    ids = np.concatenate([np.zeros(0, np.int32), *parted])
    known = np.where((ids >= 0) & (ids < len(table)), ids, 0)
    lengths = np.where(known == ids, np.diff(table.offsets)[known], 0)
    empty = lengths == 0
    sizes = np.where(empty, 1, lengths)
    fits = int(np.searchsorted(np.cumsum(sizes), _MOST_BYTES, "right"))
    known, empty, sizes = known[:fits], empty[:fits], sizes[:fits]
    starts = np.cumsum(sizes) - sizes
    source = np.repeat(np.where(empty, 0, table.offsets[known]) - starts, sizes) + np.arange(int(sizes.sum()))
    data = table.data[source]
    data[starts[empty]] = 0
    return data, starts


def _alike(runs: list[Ids], one: tuple[Evidence, TokenTable], other: tuple[Evidence, TokenTable]) -> bool:
    """Whether two tables give the same bytes to all ids of the runs that both know."""
    ids = np.unique(np.concatenate(runs))
    ids = ids[(ids >= 0) & (ids < min(len(one[1]), len(other[1])))]
    known = (one[1].flags[ids] != UNUSED) & (other[1].flags[ids] != UNUSED)
    left, right = (token_bytes([ids[known]], table) for table in (one[1], other[1]))
    return np.array_equal(left[1], right[1]) and np.array_equal(left[0], right[0])
