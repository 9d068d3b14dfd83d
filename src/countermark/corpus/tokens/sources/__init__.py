"""Tables from tokenisers' files, one file a kind: what a file is, is told by its content, never by its name.

Every file is hostile: it is parsed as data, nothing in it is run, and what it may cost is bounded before it is parsed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.corpus.tokens.table import MAGIC, read_table
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from countermark.corpus.tokens.table import TokenTable

MOST_FILE: Final = 96 << 20
"""Tokenisers' files have at most so many bytes; the largest known has 35 MB."""

ACCEPTED: Final = (
    "a tokenizer.json, a tiktoken rank file, js-tiktoken's ranks, a tekken.json, a SentencePiece .model, "
    "a vocab.json with its merges.txt, a WordPiece vocab.txt and a table (.tokens) are accepted"
)


def table_of_file(
    data: bytes,
    filename: str,
    name: str,
    specials: Mapping[str, int] | None = None,
    merges: Callable[[], bytes | None] = lambda: None,
) -> TokenTable:
    """Build the table of a tokeniser from its file, called `filename` in errors and in the table.

    `specials` are ids that are no text, by name, for files that do not say them; None takes those of the public
    tokenisers for theirs. `merges` gives the file of merges beside a vocab.json, if there is one. Raises InputError
    where the file is of no known kind, damaged or too large.
    """
    if len(data) > MOST_FILE:
        raise InputError(f"{filename}: {len(data):,} bytes; a tokeniser's file has {MOST_FILE:,} at most")
    if data.startswith(MAGIC):
        return read_table(data, filename)
    facts: dict[str, Any] = {
        "source": filename.rpartition("/")[2],
        "source_sha256": hashlib.sha256(data).hexdigest(),
    }
    return _table(data, filename, name, _Given(specials, merges), facts)


class _Given(NamedTuple):
    specials: Mapping[str, int] | None
    merges: Callable[[], bytes | None]


def _table(data: bytes, where: str, name: str, given: _Given, facts: dict[str, Any]) -> TokenTable:
    from countermark.corpus.tokens.sources import ranks, sentencepiece, wordpiece  # noqa: PLC0415  only what is used

    if ranks.LINE.match(data):
        return ranks.table_of_ranks(data, where, name, given.specials, **facts)
    if ranks.SCRIPT.match(data):
        return ranks.table_of_script(data, where, name, given.specials, **facts)
    if data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _table_of_json(data, where, name, given, facts)
    if sentencepiece.is_model(data):
        return sentencepiece.table_of_model(data, where, name, **facts)
    if wordpiece.is_vocabulary(data):
        return wordpiece.table_of_vocabulary(data, where, name, **facts)
    raise InputError(f"{where}: no tokeniser's file that is known; {ACCEPTED}")


def _table_of_json(data: bytes, where: str, name: str, given: _Given, facts: dict[str, Any]) -> TokenTable:
    from countermark.corpus.tokens.sources import json_text, ranks, tokenizer_json, vocab_merges  # noqa: PLC0415

    said = json_text.mapping(json_text.parsed(data.removeprefix(b"\xef\xbb\xbf"), where), where, "the file")
    if "model" in said:
        return tokenizer_json.table_of_tokenizer(said, where, name, **facts)
    if "bpe_ranks" in said:
        return ranks.table_of_object(said, where, name, given.specials, **facts)
    if "config" in said and "vocab" in said:
        return ranks.table_of_tekken(said, where, name, **facts)
    if vocab_merges.is_vocabulary(said):
        return vocab_merges.table_of_pair(said, given.merges(), where, name, given.specials, **facts)
    raise InputError(f"{where}: JSON, but no tokeniser's that is known; {ACCEPTED}")
