"""The formats of token ids, by name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from countermark.corpus.tokens.block import TokenFormat

FORMATS: Final = ("megatron", "token-stream", "pbin", "mds", "token-parquet", "token-arrow")
"""`token-stream` is one row of ids in one file: nanoGPT, llm.c, `.npy`."""


@cache
def format_named(name: str) -> TokenFormat:
    """What reads a format of FORMATS."""
    from countermark.corpus.tokens import columns, mds, megatron, pbin, streams  # noqa: PLC0415

    formats: tuple[TokenFormat, ...] = (
        megatron.Megatron(),
        streams.TokenStream(),
        pbin.PackedBin(),
        mds.MosaicShards(),
        columns.TokenParquet(),
        columns.TokenArrow(),
    )
    return {one.format: one for one in formats}[name]
