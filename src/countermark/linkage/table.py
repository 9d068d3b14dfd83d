"""The catalog as a table of keys, and the candidates that a batch of rows has in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from countermark.linkage import _keys_kernel, _probe_kernel
from countermark.linkage.letters import words_of
from countermark.linkage.names import Name, parse_names
from countermark.linkage.titles import Title, parse_title
from countermark.linkage.vocabulary import ENDING_CORE, SKIPPED_IN_NAMES, SKIPPED_IN_TITLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from countermark.linkage.catalog import Sought
    from countermark.linkage.letters import Words

COMMON_WORD = 3
"""A word that the titles of this many works use is a word of the language, no slip of the hand."""
_FIRST_ROOM = 1 << 18


def _packed(words: Iterable[str]) -> npt.NDArray[np.uint64]:
    """Words of up to eight letters as sorted numbers, as the kernel packs them."""
    return np.array(
        sorted(int.from_bytes(word.encode(), "big") for word in words if len(word) <= 8), np.uint64
    )


_TITLE_WORDS, _NAME_WORDS, _ENDING = (
    _packed(SKIPPED_IN_TITLES),
    _packed(SKIPPED_IN_NAMES),
    _packed(ENDING_CORE),
)


class Candidates(NamedTuple):
    """Pairs (row, form) int32[n, 2], in the order of the rows; how many rows had too many; the keys of the titles."""

    pairs: npt.NDArray[np.int32]
    curbed: int
    titles: npt.NDArray[np.uint64]


class LinkTable:
    """All titles (*forms*) of all works of a catalog, and the keys that lead to them.

    `form_works` int32[f] says whose title each form is; `works` are numbered as they stand.
    """

    def __init__(self, works: Sequence[Sought]) -> None:
        self.works = works
        named = [number for number, work in enumerate(works) if work.names]
        self.form_works = np.array([n for n in named for _ in works[n].titles], np.int32)
        self._words = words_of([title for n in named for title in works[n].titles])
        self._titles = _titles_of(self._words)
        self._names: dict[int, tuple[Name, ...]] = {}
        self._place(named)

    def _place(self, named: list[int]) -> None:
        names = [words_of(["; ".join(self.works[n].names) for n in named for _ in self.works[n].titles])]
        rows = np.arange(len(self.form_works) + 1, dtype=np.int64)
        given = (self._titles, *names[0], rows, _NAME_WORDS)
        total = _probe_kernel.fill_table(*given, np.empty(0, np.uint64), np.empty(0, np.int32))
        keys, forms = np.empty(total, np.uint64), np.empty(total, np.int32)
        _probe_kernel.fill_table(*given, keys, forms)
        order = np.lexsort((forms, keys))
        keys, forms = keys[order], forms[order]
        once = np.ones(total, bool)
        once[1:] = (keys[1:] != keys[:-1]) | (forms[1:] != forms[:-1])
        keys, self._forms = keys[once], forms[once]
        different, starts, counts = np.unique(keys, return_index=True, return_counts=True)
        self._counts = np.zeros(max(1, len(keys)), np.int32)
        self._counts[starts] = counts
        room = 1 << max(10, int(2 * len(different)).bit_length())
        self._slots, self._firsts = np.zeros(room, np.uint64), np.zeros(room, np.int32)
        self._seen = np.zeros(max(1, room // 8), np.uint64)  # eight bits for each slot
        _probe_kernel.place(self._slots, self._firsts, self._seen, different, starts.astype(np.int32))

    @cached_property
    def title_keys(self) -> npt.NDArray[np.uint64]:
        """The different cores of all titles, as sorted keys."""
        return np.unique(self._titles[:, _keys_kernel.EXACT])

    def title_keys_by_number(self, number: int) -> frozenset[int]:
        """The keys of the cores of the titles of a work."""
        return self._keys_of_works.get(number, frozenset())

    @cached_property
    def _keys_of_works(self) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = defaultdict(set)
        for number, key in zip(
            self.form_works.tolist(), self._titles[:, _keys_kernel.EXACT].tolist(), strict=True
        ):
            found[number].add(key)
        return {number: frozenset(keys) for number, keys in found.items()}

    def candidates(self, titles: Words, names: Words) -> Candidates:
        """The forms that each row of a batch may name; `titles` and `names` have one field a row."""
        keys = _titles_of(titles)
        rows = np.arange(len(keys) + 1, dtype=np.int64)
        room = _FIRST_ROOM
        while True:
            pairs = np.empty((room, 2), np.int32)
            found, curbed = _probe_kernel.candidates(
                keys, *names, rows, _NAME_WORDS,
                self._slots, self._firsts, self._seen, self._counts, self._forms, self._titles, pairs,
            )  # fmt: skip
            if found >= 0:
                return Candidates(pairs[:found].copy(), int(curbed), keys)
            room *= 4

    def count_titles(self, keys: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64]) -> None:
        """Count in `counts` the rows whose title has the core `title_keys[i]`."""
        _probe_kernel.count_titles(keys, self.title_keys, counts)

    def title(self, form: int) -> Title:
        """A title of the catalog, taken apart."""
        return parse_title(self._words.text(form))

    def names(self, number: int) -> tuple[Name, ...]:
        """The names of a work."""
        known = self._names.get(number)
        if known is None:
            words = words_of(list(self.works[number].names))
            parsed = [
                name for at in range(len(self.works[number].names)) for name in parse_names(words.text(at))
            ]
            known = self._names[number] = tuple(dict.fromkeys(parsed))
        return known

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Words that the titles of several works use."""
        seen: Counter[str] = Counter()
        held: dict[str, int] = {}
        for form, number in enumerate(self.form_works.tolist()):
            for word in self.title(form).core:
                if held.get(word) != number:
                    held[word] = number
                    seen[word] += 1
        return frozenset(word for word, works in seen.items() if works >= COMMON_WORD)

    @cached_property
    def subtitled(self) -> frozenset[int]:
        """The works of which a subtitle is known."""
        return frozenset(
            number for form, number in enumerate(self.form_works.tolist()) if self.title(form).subtitle
        )

    @cached_property
    def rare(self) -> frozenset[str]:
        """Family names that only one person of the catalog has."""
        people: dict[str, set[Any]] = defaultdict(set)
        for number in set(self.form_works.tolist()):
            for name in self.names(number):
                if len(name.words) > 1 and len(name.words[-1]) > 3:
                    people[name.words[-1]].add(name.words)
        return frozenset(family for family, names in people.items() if len(names) == 1)

    @cached_property
    def same_works(self) -> npt.NDArray[np.int32]:
        """For each work how many works of the catalog, itself included, have a title and a name of it."""
        holders: dict[tuple[int, tuple[str, ...]], set[int]] = defaultdict(set)
        exact = self._titles[:, _keys_kernel.EXACT].tolist()
        numbers = self.form_works.tolist()
        for number, title in zip(numbers, exact, strict=True):
            for name in self.names(number):
                holders[title, tuple(sorted(name.words))].add(number)
        counts = np.ones(len(self.works), np.int32)
        for sharing in holders.values():
            if len(sharing) > 1:
                for number in sharing:
                    counts[number] = max(counts[number], len(sharing))
        return counts


def _titles_of(words: Words) -> npt.NDArray[np.uint64]:
    keys: npt.NDArray[np.uint64] = _probe_kernel.all_titles(*words, _TITLE_WORDS, _ENDING)
    return keys
