"""The reader of token ids: one for all formats, which hand it blocks of ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from countermark.corpus.tokens.held import held_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import RecordBatch, Shard
    from countermark.corpus.tokens.block import TokenBlock, TokenFormat
    from countermark.corpus.tokens.table import TokenTable
    from countermark.corpus.tokens.trial import Evidence

CHECKED_IDS: Final = 1 << 14
"""So many of the first ids of a shard are held against its table."""
CHECKED_EVERY: Final = 16
"""After so many blocks some ids are held against it again: a file may be two that were put together."""
CHECKED_LATER: Final = 1 << 12


class TokenReader:
    """Reads the shards of a format of token ids as batches of text. See CorpusReader."""

    def __init__(self, format_: TokenFormat) -> None:
        self._format = format_
        self.format = format_.format

    def batches(self, shard: Shard) -> Iterator[RecordBatch]:
        """Yield the documents of a shard as texts, decoded by the table that its options name.

        Raises CorpusError when nothing of the shard can be read, its table is not at hand, or, as TokenizerUnclear, its
        ids from some place on, which is named, were written with another tokeniser.
        """
        from countermark.corpus.tokens.decoding import Decoding  # noqa: PLC0415 (loads the kernel)

        table = held_table(shard)
        decoding = Decoding(table, shard.name)
        seen = 0
        for block in self._format.blocks(shard, table):
            told = _has_ids(block)
            check = _checked(block, table, shard, seen) if told and seen % CHECKED_EVERY == 0 else None
            seen += told
            batch = decoding.batch(block)
            if batch.tokens is not None:
                batch.tokens.check = check
            yield batch


def check_first(format_: TokenFormat, shard: Shard) -> None:
    """Hold the first ids of a shard against its table, and read no further. Raises CorpusError as `batches` does."""
    table = held_table(shard)
    block = next(filter(_has_ids, format_.blocks(shard, table)), None)
    if block is not None:
        _checked(block, table, shard, 0)


def _has_ids(block: TokenBlock) -> bool:
    return bool(len(block)) and bool(np.any(block.bounds[:, 0] < block.bounds[:, 1]))


def _checked(block: TokenBlock, table: TokenTable, shard: Shard, before_it: int) -> dict[str, Any]:
    """What the first ids of a block say of the table. Raises TokenizerUnclear where they were written with another.

    `before_it` blocks were read. Where the user named the tokeniser, words are no reason, but ids that it does not have
    are.
    """
    from countermark.corpus.tokens.choice import NAMED, UNCLEAR, TokenizerUnclear  # noqa: PLC0415 (only for ids)
    from countermark.corpus.tokens.trial import check, contradicts  # noqa: PLC0415

    begins, ends = block.bounds[:, 0], block.bounds[:, 1]
    before = np.cumsum(ends - begins) - (ends - begins)
    most = CHECKED_LATER if before_it else CHECKED_IDS
    first = before < most
    until = np.minimum(ends, begins + most - before)
    evidence = check(block.ids, np.stack([begins, until], axis=1)[first], table)
    named = NAMED in dict(shard.options)
    if contradicts(evidence, by_words=not named):
        advice = (
            "name the right one with --tokenizer, or leave the option out"
            if named
            else "scan this file by itself, or name its tokeniser with --tokenizer"
        )
        later = f"its ids from sequence {block.sequence[0]:,}, position {block.first[0]:,} on"
        raise TokenizerUnclear(
            UNCLEAR,
            f"{shard.name}: {later if before_it else 'its first ids'} were not written with the tokeniser "
            f"{table.name}: {advice} ({_against(evidence)})",
        )
    return evidence.facts()


def _against(evidence: Evidence) -> str:
    """What speaks against a table, in words."""
    from countermark.corpus.tokens.trial import DOUBLED  # noqa: PLC0415

    if evidence.doubled:
        return f"{DOUBLED}: 64-bit ids are read from .npy, which says their type"
    beyond = f"{evidence.out_of_range:,} of {evidence.ids:,} ids are beyond it"
    if not evidence.telling:
        return beyond
    share = f"{evidence.agree / evidence.telling:.0%}"
    return (
        f"of {evidence.telling:,} words {share} are cut as it cuts them, {evidence.chance:.0%} would be by chance; "
        f"{beyond}"
    )
