"""The reader of token ids: one for all formats, which hand it blocks of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.corpus.tokens.held import held_table
from countermark.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import RecordBatch, Shard
    from countermark.corpus.tokens.block import TokenBlock, TokenFormat
    from countermark.corpus.tokens.table import TokenTable

CHECKED_IDS: Final = 1 << 14
"""So many of the first ids of a shard are held against its table."""


class TokenReader:
    """Reads the shards of a format of token ids as batches of text. See CorpusReader."""

    def __init__(self, format_: TokenFormat) -> None:
        self._format = format_
        self.format = format_.format

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the documents of a shard as texts, decoded by the table that its options name.

        Raises CorpusError when nothing of the shard can be read, its table is not at hand, or its first ids were
        written with another tokeniser.
        """
        from countermark.corpus.tokens.decoding import Decoding  # noqa: PLC0415 (loads the kernel)

        table = held_table(shard)
        decoding = Decoding(table, shard.name)
        check: dict[str, Any] | None = None
        for block in self._format.blocks(shard, table):
            fresh = (
                check is None and bool(len(block)) and bool(np.any(block.bounds[:, 0] < block.bounds[:, 1]))
            )
            if fresh:
                check = _checked(block, table, shard)
            batch = decoding.batch(block)
            if fresh and batch.tokens is not None:
                batch.tokens.check = check
            yield batch


def _checked(block: TokenBlock, table: TokenTable, shard: Shard) -> dict[str, Any]:
    """What the first ids of a shard say of its table. Raises CorpusError where they were written with another.

    Where the user named the tokeniser, words are no reason, but ids that it does not have are.
    """
    from countermark.corpus.tokens.choice import NAMED  # noqa: PLC0415 (only for ids)
    from countermark.corpus.tokens.trial import check, contradicts  # noqa: PLC0415

    begins, ends = block.bounds[:, 0], block.bounds[:, 1]
    before = np.cumsum(ends - begins) - (ends - begins)
    first = before < CHECKED_IDS
    until = np.minimum(ends, begins + CHECKED_IDS - before)
    evidence = check(block.ids, np.stack([begins, until], axis=1)[first], table)
    if contradicts(evidence, by_words=NAMED not in dict(shard.options)):
        raise CorpusError(
            f"{shard.name}: its first ids were not written with the tokeniser {table.name}: of {evidence.telling:,} "
            f"words {evidence.agree:,} are cut as it cuts them ({evidence.chance:.0%} would be by chance), and "
            f"{evidence.out_of_range:,} of {evidence.ids:,} ids are beyond it; name the right one with --tokenizer"
        )
    return evidence.facts()
