"""One word cut into tokens anew, as a tokeniser would cut it that is known by its table alone.

    byte-level BPE   begins with bytes, and merges the two neighbours whose union has the lowest rank, leftmost first
    BPE of pieces    the same from characters; one that is no token falls apart into its bytes
    unigram          the cut whose tokens have the greatest product of probabilities (Viterbi)
    WordPiece        the longest token that fits, again and again

BPE: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units", ACL 2016. Unigram:
Kudo, "Subword Regularization", ACL 2018; a character without a token costs 10 more than the rarest token, as
SentencePiece has it. WordPiece: Song et al., "Fast WordPiece Tokenization", EMNLP 2021.

How tokenisers cut a text into words first (their regular expressions) stands in no table: see `words`.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from countermark.corpus.tokens.table import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.tokens.table import TokenTable

LONGEST_WORD: Final = 128
"""Bytes of a word; longer ones are not cut."""
_REMEMBERED: Final = 1 << 15
_UNKNOWN_COST: Final = 10.0
_NEVER: Final = float("inf")


class WordEncoder:
    """Cuts words by one table, and remembers the last some thousands of them."""

    def __init__(self, table: TokenTable) -> None:
        self._table = table
        self._kind = table.kind
        lengths = np.diff(table.offsets)
        self._longest = int(lengths.max())
        usable = np.flatnonzero((table.flags == 0) & (lengths > 0) & (lengths <= LONGEST_WORD))
        finite = np.isfinite(table.order[usable])
        # a token that the tokeniser makes stands before one of the same bytes that it only falls back on
        self._numbers = np.concatenate([usable[~finite][::-1], usable[finite][::-1]])
        self._order = dict(zip(self._tokens(), table.order[self._numbers].tolist(), strict=True))
        least = table.order[usable[finite]].min(initial=0.0)
        self._unknown = (
            float(least) - _UNKNOWN_COST
        )  # of unigram, where order is the logarithm of a probability
        self._cut: dict[bytes, tuple[int, ...] | None] = {}

    def lengths(self, word: bytes) -> tuple[int, ...] | None:
        """How many bytes each token of a word has; None where it cannot be cut into tokens, or is too long."""
        if word not in self._cut:
            if len(self._cut) >= _REMEMBERED:
                self._cut.clear()
            parts = self._parts(word) if 0 < len(word) <= LONGEST_WORD else None
            self._cut[word] = None if parts is None else tuple(map(len, parts))
        return self._cut[word]

    def encode(self, word: bytes) -> tuple[int, ...] | None:
        """The ids of the tokens of a word; None as in `lengths`."""
        lengths = self.lengths(word)
        if lengths is None:
            return None
        ends = np.cumsum(lengths).tolist()
        return tuple(self._ids[word[end - length : end]] for length, end in zip(lengths, ends, strict=True))

    @cached_property
    def _ids(self) -> dict[bytes, int]:
        return dict(zip(self._tokens(), self._numbers.tolist(), strict=True))

    def _tokens(self) -> Iterator[bytes]:
        data, begins = self._table.data.tobytes(), self._table.offsets[self._numbers].tolist()
        ends = self._table.offsets[self._numbers + 1].tolist()
        return (data[begin:end] for begin, end in zip(begins, ends, strict=True))

    def _parts(self, word: bytes) -> list[bytes] | None:
        if self._kind is Kind.BYTES:
            return self._merged_bytes(word)
        try:
            letters = [letter.encode() for letter in word.decode()]
        except UnicodeDecodeError:
            return None
        if self._kind is Kind.PIECES:
            begun = [part for letter in letters for part in self._letter(letter)]
            return self._merged(begun)
        if self._kind is Kind.UNIGRAM:
            return self._likeliest(letters)
        return self._longest_first(word)

    def _letter(self, letter: bytes) -> list[bytes]:
        return [letter] if letter in self._order else [bytes([byte]) for byte in letter]

    def _merged_bytes(self, word: bytes) -> list[bytes] | None:
        if self._order.get(word, _NEVER) < _NEVER:
            return [word]  # tiktoken looks for the whole word first, and so do newer tables of tokenizers
        return self._merged([bytes([byte]) for byte in word])

    def _merged(self, parts: list[bytes]) -> list[bytes] | None:
        rank = self._order.get
        if any(part not in self._order for part in parts):
            return None
        ranks = [rank(left + right, _NEVER) for left, right in pairwise(parts)]
        while ranks:
            best = min(ranks)
            if best == _NEVER:
                break
            at = ranks.index(best)
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
            del ranks[at]
            if at < len(ranks):
                ranks[at] = rank(parts[at] + parts[at + 1], _NEVER)
            if at:
                ranks[at - 1] = rank(parts[at - 1] + parts[at], _NEVER)
        return parts

    def _likeliest(self, letters: list[bytes]) -> list[bytes] | None:
        best, before = [0.0] + [-_NEVER] * len(letters), [0] * (len(letters) + 1)
        for begin in range(len(letters)):
            token = b""
            for end in range(begin + 1, len(letters) + 1):
                token += letters[end - 1]
                if len(token) > self._longest:
                    break
                weight = self._order.get(token, -_NEVER)
                if weight in (-_NEVER, _NEVER) and end == begin + 1:
                    weight = self._unknown
                if weight != _NEVER and best[begin] + weight > best[end]:
                    best[end], before[end] = best[begin] + weight, begin
        parts: list[bytes] = []
        end = len(letters)
        while end:
            token = b"".join(letters[before[end] : end])
            known = abs(self._order.get(token, _NEVER)) < _NEVER
            parts[:0] = [token] if known else [bytes([byte]) for byte in token]
            end = before[end]
        return parts if all(part in self._order for part in parts) else None

    def _longest_first(self, word: bytes) -> list[bytes] | None:
        parts: list[bytes] = []
        begin = 0
        while begin < len(word):
            ends = range(min(len(word), begin + self._longest), begin, -1)
            end = next((end for end in ends if word[begin:end] in self._order), None)
            if end is None:
                return None
            parts.append(word[begin:end])
            begin = end
        return parts
