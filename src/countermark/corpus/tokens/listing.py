"""Files of token ids as shards: which format, which tokeniser, and a refusal where that cannot be told."""

from __future__ import annotations

import os
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Final

from countermark.corpus.tokens.formats import FORMATS, format_named
from countermark.errors import CorpusError
from countermark.media import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.tokens.choice import Tokenizers

_MAY_HOLD_IDS: Final = {"parquet": "token-parquet", "arrow": "token-arrow"}
_WITH_COLUMNS: Final = frozenset({"mds", *_MAY_HOLD_IDS.values()})
_UNASKED: Final = "holds token ids; they are read by a search for texts, which finds out by which tokeniser"


@dataclass(frozen=True, slots=True)
class TokenListing:
    """Makes shards of files of token ids. Without `tokenizers` they are refused, and tables are read as tables.

    `column` is the column that the user named, `part_bytes` the size of a shard.
    """

    tokenizers: Callable[[], Tokenizers] | None
    column: str | None
    part_bytes: int

    def format_of(self, path: str, kind: str) -> str | None:
        """The format of ids of a file that detection calls `kind`; None where it holds none. Raises OSError."""
        if kind == "mds":
            return kind if self._mosaic_of_ids(path) else None
        if kind in FORMATS:
            return kind
        if kind not in _MAY_HOLD_IDS or self.tokenizers is None:
            return None
        from countermark.corpus.tokens.columns import has_ids  # noqa: PLC0415

        return _MAY_HOLD_IDS[kind] if has_ids(path, self.column) else None

    def _mosaic_of_ids(self, path: str) -> bool:
        """Whether a MosaicML shard holds ids and not texts; what is damaged is refused as one that does."""
        from countermark.corpus.tokens.mds import holds_ids  # noqa: PLC0415

        try:
            return holds_ids(path, "", self.column)
        except CorpusError:
            return True

    def shards(self, path: str, name: str, size: int, format_: str) -> Iterator[Shard | Refusal]:
        """Yield the shards of a file, or why it has none. Raises OSError, and InputError for a damaged table."""
        from countermark.corpus.tokens.choice import TokenizerUnclear  # noqa: PLC0415

        if self.tokenizers is None:
            yield Refusal(name, -1, "no-tokenizer", _UNASKED)
            return
        column = (("text_column", self.column),) if self.column and format_ in _WITH_COLUMNS else ()
        try:
            choice = self.tokenizers().choose(format_, path, name, self.column if column else None)
            options = (*column, *choice.options())
            yield from format_named(format_).shards(path, name, size, self.part_bytes, options)
        except TokenizerUnclear as error:
            yield Refusal(name, -1, error.reason, str(error).removeprefix(f"{name}: "))
        except CorpusError as error:
            yield Refusal(name, -1, "corrupt", str(error).removeprefix(f"{name}: "))

    def missing(self, path: str, name: str, named: str, files: tuple[str, ...]) -> Iterator[Refusal]:
        """Yield what the index of a folder of MDS shards, one of its `files`, names and is not there."""
        from countermark.corpus.mosaic_index import INDEX, missing_shards  # noqa: PLC0415

        if name.rpartition("/")[2] != INDEX:
            return
        folder = name.removesuffix(INDEX)
        begin = bisect_left(files, os.fsencode(folder), key=os.fsencode)
        beside = takewhile(lambda file: file.startswith(folder), islice(files, begin, None))
        gone = missing_shards(path, {file.removeprefix(folder) for file in beside}, named)
        if gone is not None:
            yield gone
