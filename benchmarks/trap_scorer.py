"""A scorer that runs what all candidates of a trap share once: the product's driver runs it for each of them.

Some million tokens of bench_traps.py are the same text before a hundred candidates. The rows, the weights and the sums
are the driver's; `agreement` says by how much the two differ on the same questions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from countermark.memorization.drivers.driver import Scored
from countermark.memorization.drivers.local import LocalModel, open_local

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.memorization.drivers.cutting import Row
    from countermark.memorization.drivers.driver import ModelIdentity, Query, Token

LEAST_SHARED = 16  # tokens; below that nothing is gained


class SharedPrefix:
    """A Scorer of the model in a folder; what was asked once is remembered."""

    hosted = False

    def __init__(self, folder: Path) -> None:
        self.model: LocalModel = open_local(folder)
        self._known: dict[Query, Scored] = {}

    @property
    def identity(self) -> ModelIdentity:
        """The driver's."""
        return self.model.identity

    def tokens(self, text: str) -> list[Token]:
        """The driver's."""
        return self.model.tokens(text)

    def logprobs(self, queries: Sequence[Query]) -> list[Scored]:
        """As the driver's, without what only the 40 most probable tokens tell."""
        fresh = [query for query in dict.fromkeys(queries) if query not in self._known]
        rows = [self.model._cutter.row(query) for query in fresh]
        shared = common(rows)
        if shared < LEAST_SHARED:
            answers = self.model.logprobs(fresh)
        else:
            with torch.inference_mode():
                answers = self._after(rows, shared)
        self._known.update(zip(fresh, answers, strict=True))
        return [self._known[query] for query in queries]

    def _after(self, rows: list[Row], shared: int) -> list[Scored]:
        network: Any = self.model._network.model
        head = torch.tensor([rows[0].ids[:shared]])
        memory = network.base_model(input_ids=head, use_cache=True).past_key_values
        memory.batch_repeat_interleave(len(rows))
        longest = max(len(row.ids) for row in rows) - 1 - shared
        # nothing that is asked for can see the padding, which stands to its right
        tails = [row.ids[shared:-1] for row in rows]
        ids = torch.tensor([[*tail, *[0] * (longest - len(tail))] for tail in tails])
        hidden = network.base_model(input_ids=ids, past_key_values=memory, use_cache=True).last_hidden_state
        found = []
        for row, states in zip(rows, hidden, strict=True):
            first = row.first - 1 - shared
            logits = network.lm_head(states[first : len(row.ids) - 1 - shared]).float()
            targets = torch.tensor(row.ids[row.first :])
            values = logits.log_softmax(-1).gather(1, targets[:, None])[:, 0].clamp(max=0.0)
            found.append(Scored(row.tokens, tuple(values.tolist()), None))
        return found


def common(rows: Sequence[Row]) -> int:
    """How many ids all rows begin with, short of the last before what is asked."""
    if len(rows) < 2 or not all(row.ids for row in rows):
        return 0
    most = min(row.first for row in rows) - 1
    lowest, highest = min(row.ids for row in rows), max(row.ids for row in rows)
    return next((n for n in range(most) if lowest[n] != highest[n]), most)


def agreement(scorer: SharedPrefix, queries: Sequence[Query]) -> float:
    """The largest difference of a log-probability from the product's driver."""
    ours, driver = scorer.logprobs(queries), scorer.model.logprobs(queries)
    pairs = zip(ours, driver, strict=True)
    return max(abs(a - b) for one, other in pairs for a, b in zip(one.logprobs, other.logprobs, strict=True))
