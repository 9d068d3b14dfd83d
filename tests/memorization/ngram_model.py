"""A small language model in pure Python, and works for it: words after the three words before them, counted."""

from __future__ import annotations

import hashlib
import math
import random
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from countermark.memorization.drivers.driver import TOP_K, Completion, ModelIdentity, Scored, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.memorization.drivers.driver import Decoding, Query

ORDER = 3
TRUST = 0.98  # in what was counted, at each order; the rest goes to the shorter context

SYLLABLES = [
    "ba",
    "co",
    "di",
    "fu",
    "ga",
    "ho",
    "ji",
    "ka",
    "lo",
    "mi",
    "nu",
    "po",
    "ra",
    "se",
    "ti",
    "vu",
    "wa",
    "xo",
    "yi",
    "zé",
]


def lexicon(seed: int, size: int = 400) -> list[str]:
    """Words of our own."""
    draw = random.Random(seed)
    return sorted({"".join(draw.choices(SYLLABLES, k=draw.randint(1, 3))) for _ in range(size)})


def work(seed: int, words: int = 200, lexicon_seed: int = 0) -> str:
    """A text of so many words, in sentences, with words of its own more often than others."""
    draw, known = random.Random(seed), lexicon(lexicon_seed)
    weights = [draw.gammavariate(1.0, 1.0) / (place + 1) for place in range(len(known))]
    chosen = draw.choices(known, weights, k=words)
    return " ".join(f"{word}.\n" if n % 11 == 10 else word for n, word in enumerate(chosen)).replace(
        "\n ", "\n"
    )


class NgramModel:
    """A Scorer and a Generator that was given some texts."""

    hosted = False

    def __init__(self, texts: Sequence[str], name: str = "ngram") -> None:
        digest = hashlib.sha256("\x00".join(texts).encode()).hexdigest()
        self.identity = ModelIdentity(name, f"sha256:{digest}", "ngram")
        self.asked: list[Query] = []
        self.fail_after = math.inf
        self._counts: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for text in texts:
            words = self._words(text)
            for place, word in enumerate(words):
                for length in range(ORDER + 1):
                    if place >= length:
                        self._counts[tuple(words[place - length : place])][word] += 1
        self._ranked: dict[tuple[str, ...], list[tuple[float, str]]] = {}
        self._totals = {context: counts.total() for context, counts in self._counts.items()}
        self._frequent = [word for word, _ in self._counts[()].most_common(TOP_K)]

    def tokens(self, text: str) -> list[Token]:
        """Words, each with the space before it."""
        return [Token(*match.span()) for match in re.finditer(r"\s*\S+|\s+$", text)]

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """Weigh; after `fail_after` questions somebody presses Ctrl-C."""
        if len(self.asked) + len(queries) > self.fail_after:
            raise KeyboardInterrupt
        self.asked += queries
        return [self._scored(query) for query in queries]

    def complete(self, prompts: Sequence[str], decoding: Decoding) -> list[list[Completion]]:
        """The most probable word, again and again."""
        return [[self._written(prompt, decoding.tokens)] for prompt in prompts]

    def _words(self, text: str) -> list[str]:
        return [text[token.start : token.end] for token in self.tokens(text)]

    def _probability(self, before: Sequence[str], word: str) -> float:
        known = self._counts[()]
        value = 1 / (len(known) + 1) / 3.0 ** len(word)  # of a word never seen: the longer, the less
        for length in range(ORDER + 1):
            context = tuple(before[len(before) - length :])
            if length <= len(before) and context in self._totals:
                value = TRUST * self._counts[context][word] / self._totals[context] + (1 - TRUST) * value
        return value

    def _best(self, before: Sequence[str]) -> list[tuple[float, str]]:
        """The most probable words: who follows no context is beaten by the 40 most frequent."""
        context = tuple(before[-ORDER:])
        if context not in self._ranked:
            words = set(self._frequent)
            for length in range(1, len(context) + 1):
                words |= self._counts.get(context[len(context) - length :], Counter()).keys()
            ranked = sorted((-self._probability(context, word), word) for word in words)
            self._ranked[context] = [(-value, word) for value, word in ranked[:TOP_K]]
        return self._ranked[context]

    def _scored(self, query: Query) -> Scored:
        whole = query.prefix + query.continuation
        border = len(query.prefix)
        every = self.tokens(whole)
        words = [whole[token.start : token.end] for token in every]
        found: list[tuple[Token, float, float, bool]] = []
        for place, (token, word) in enumerate(zip(every, words, strict=True)):
            if token.end <= border:
                continue
            before = words[max(0, place - ORDER) : place]
            best = self._best(before)
            value = math.log(self._probability(before, word))
            mass = math.log(sum(p for p, _ in best))
            inside = word in {one for _, one in best}
            place_in = Token(max(0, token.start - border), token.end - border)
            found.append((place_in, value, value - mass if inside else -math.inf, best[0][1] == word))
        columns = list(zip(*found, strict=True)) or [(), (), (), ()]
        return Scored(columns[0], columns[1], columns[2], 0, columns[3])

    def _written(self, prompt: str, tokens: int) -> Completion:
        words, places, values, text = self._words(prompt), [], [], ""
        for _ in range(tokens):
            probability, word = self._best(words[-ORDER:])[0]
            places.append(Token(len(text), len(text) + len(word)))
            values.append(math.log(probability))
            words.append(word)
            text += word
        return Completion(text, "length", tuple(places), tuple(values))
