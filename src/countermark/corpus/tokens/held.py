"""The tables that this process has at hand, by their digests.

A shard of token ids names its table by digest (option `table`). Whoever opens shards sees to it first that the table
is held here: the listing of a corpus, from the user's folder of tables, and a worker, from the run folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.errors import CorpusError

if TYPE_CHECKING:
    from countermark.corpus.base import Shard
    from countermark.corpus.tokens.table import TokenTable

OPTION = "table"
"""The option of a shard that names its table."""

_held: dict[str, TokenTable] = {}


def hold(table: TokenTable) -> None:
    """Keep a table at hand."""
    _held.setdefault(table.digest, table)


def is_held(digest: str) -> bool:
    """Whether a table is at hand."""
    return digest in _held


def table_named(shard: Shard) -> str | None:
    """The digest of the table that a shard's ids are read with; None where it is no shard of ids."""
    return dict(shard.options).get(OPTION)


def held_table(shard: Shard) -> TokenTable:
    """The table of a shard. Raises CorpusError where it is not at hand."""
    digest = table_named(shard) or ""
    if digest not in _held:
        raise CorpusError(f"{shard.name}: the table of its tokeniser ({digest:.12}…) is not at hand")
    return _held[digest]
