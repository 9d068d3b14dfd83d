"""Byte-level BPE as tokens with their ranks: tiktoken's files, js-tiktoken's, and Mistral's tekken.json.

A rank file has one token a line: its bytes in base64, a space, its rank. The rank is the id, and says which merges come
first. Tokens that are no text stand in code, not in the file; of public files they are known (`public`), of others they
can be given.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.tokens.sources.gathering import NEVER, Gathering
from countermark.corpus.tokens.sources.json_text import listed, mapping, parsed
from countermark.corpus.tokens.sources.public import known
from countermark.corpus.tokens.table import MOST_TOKENS, Kind
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.corpus.tokens.table import TokenTable

LINE: Final = re.compile(rb"[A-Za-z0-9+/]+={0,2} [0-9]+\s*?(\n|$)")
SCRIPT: Final = re.compile(rb"\s*(module\.exports\s*=|export\s+default)\s*")

_TEKKEN_SPECIALS: Final = {0: "<unk>", 1: "<s>", 2: "</s>", 11: "<pad>"}
"""Of files that leave them out (before version 7), as mistral-common 1.13 has them; the others end no document."""


def table_of_ranks(
    data: bytes, where: str, name: str, specials: Mapping[str, int] | None = None, **facts: Any
) -> TokenTable:
    """Read a rank file. `specials` are the ids that are no text, by name. Raises InputError where it is damaged."""
    lines = data.split(b"\n", MOST_TOKENS + 1)
    if len(lines) > MOST_TOKENS + 1:
        raise InputError(f"{where}: more than {MOST_TOKENS:,} lines; a table has as many tokens at most")
    gathered = Gathering(where)
    for row, line in enumerate(lines, 1):
        token, space, rank = line.strip().partition(b" ")
        if not token:
            continue
        if not space or not rank.isdigit() or len(rank) > 9:
            raise InputError(f"{where}, line {row:,}: a token in base64, a space and its rank are expected")
        _put(gathered, token, int(rank), f"line {row:,}")
    return _table(gathered, name, specials, facts)


def table_of_script(
    data: bytes, where: str, name: str, specials: Mapping[str, int] | None = None, **facts: Any
) -> TokenTable:
    """Read ranks as js-tiktoken has them: an object in a script (never run) or in JSON. Raises InputError."""
    head = SCRIPT.match(data)
    said = parsed(data[head.end() if head else 0 :].rstrip().rstrip(b";"), where)
    return table_of_object(mapping(said, where, "the file"), where, name, specials, **facts)


def table_of_object(
    said: dict[str, Any], where: str, name: str, specials: Mapping[str, int] | None = None, **facts: Any
) -> TokenTable:
    """Read js-tiktoken's object: lines of `! FIRST TOKEN TOKEN …`, each token in base64. Raises InputError."""
    gathered = Gathering(where)
    for line in gathered.utf8(said.get("bpe_ranks")).split(b"\n"):
        mark, _, rest = line.partition(b" ")
        first, _, tokens = rest.partition(b" ")
        if not line:
            continue
        if mark != b"!" or not first.isdigit() or len(first) > 9:
            raise InputError(f"{where}: ranks that begin {line[:20]!r}; '! FIRST TOKEN …' is expected")
        for rank, token in enumerate(tokens.split(), int(first)):
            _put(gathered, token, rank, f"rank {rank:,}")
    own = mapping(said.get("special_tokens", {}), where, "special_tokens")
    return _table(gathered, name, specials if specials is not None else own, facts)


def table_of_tekken(said: dict[str, Any], where: str, name: str, **facts: Any) -> TokenTable:
    """Read Mistral's tekken.json: ids are ranks, after those of the special tokens. Raises InputError."""
    config = mapping(said.get("config"), where, "config")
    gathered = Gathering(where)
    first = gathered.number(config.get("default_num_special_tokens"))
    size = gathered.number(config.get("default_vocab_size"))
    vocabulary = listed(said.get("vocab"), where, "vocab")
    if not first <= size <= first + len(vocabulary):
        raise InputError(f"{where}: {size:,} ids, {first:,} of them special, of {len(vocabulary):,} tokens")
    for number in range(first):
        gathered.put_special(number, _TEKKEN_SPECIALS.get(number, ""))
    for entry in listed(said.get("special_tokens") or [], where, "special_tokens"):
        one = mapping(entry, where, "a special token")
        number = gathered.number(one.get("rank"))
        gathered.ends.discard(number)
        gathered.put_special(number, str(one.get("token_str")))
    for entry in vocabulary:
        one = mapping(entry, where, "a token")
        rank = gathered.number(one.get("rank"))
        if rank < size - first:  # a file may hold more tokens than the tokeniser uses
            _put(gathered, gathered.utf8(one.get("token_bytes")), rank, f"rank {rank:,}", first)
    return gathered.table(name, Kind.BYTES, **facts)


def _put(gathered: Gathering, token: bytes, rank: int, place: str, first: int = 0) -> None:
    try:
        decoded = binascii.a2b_base64(token, strict_mode=True)
    except binascii.Error as error:
        raise InputError(f"{gathered.where}, {place}: {token[:40]!r} is no base64: {error}") from error
    gathered.put(gathered.number(rank + first), decoded, float(rank) if len(decoded) > 1 else NEVER)


def _table(
    gathered: Gathering, name: str, specials: Mapping[str, int] | None, facts: dict[str, Any]
) -> TokenTable:
    if specials is None:
        public = known(_digest(gathered))
        specials = public.specials if public else {}
    for called, value in specials.items():
        number = gathered.number(value)
        if number in gathered.tokens:
            raise InputError(f"{gathered.where}: the id {number:,} of {called} is that of a token with text")
        gathered.put_special(number, called)
    return gathered.table(name, Kind.BYTES, **facts)


def _digest(gathered: Gathering) -> str:
    """The SHA-256 of the rank file that holds these tokens, whatever they were read from."""
    digest = hashlib.sha256()
    for number, token in sorted(gathered.tokens.items()):
        digest.update(b"%s %d\n" % (binascii.b2a_base64(token, newline=False), number))
    return digest.hexdigest()
