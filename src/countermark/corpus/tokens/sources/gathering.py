"""The tokens of a tokeniser while they are gathered from its file: by id, each once, within bounds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.tokens.sources.json_text import described
from countermark.corpus.tokens.table import LONGEST_TOKEN, MOST_TOKENS, SPECIAL, UNUSED, table_of
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from countermark.corpus.tokens.table import Kind, TokenTable

MOST_BYTES: Final = 64 << 20
"""All tokens together hold at most so many bytes."""

NEVER: Final = math.inf
"""The order of a token that no merge makes."""

UNKNOWN: Final = "\ufffd".encode()
"""What stands in the text for the token that a tokeniser writes where it has none: there was something."""

DOCUMENT_ENDS: Final = frozenset(
    """
    </s> <|endoftext|> <|end_of_text|> <|endofdocument|> <|end_of_document|> <eos> <EOS> [EOS] <|eos|> <eod> <EOD>
    <|eod|> [SEP] <|endofsentence|> <｜end▁of▁sentence｜> <end_of_text> <|EOS_TOKEN|>
    """.split()  # noqa: SIM905
)
"""Names of tokens that end a document. Those that end a turn of a conversation (`<|im_end|>`, `<|eot_id|>`) do not:
a conversation is one document."""


@dataclass(slots=True)
class Gathering:
    """Tokens by id. `where` begins each error; `specials` are the names of tokens that are no text, by id."""

    where: str
    tokens: dict[int, bytes] = field(default_factory=dict)
    order: dict[int, float] = field(default_factory=dict)
    specials: dict[int, str] = field(default_factory=dict)
    unused: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)
    size: int = 0

    def number(self, value: object) -> int:
        """An id as a file says it. Raises InputError where it is none."""
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < MOST_TOKENS:
            raise InputError(
                f"{self.where}: an id is {described(value)}; it is to be a number from 0 to {MOST_TOKENS - 1:,}"
            )
        return value

    def put(self, number: int, token: bytes, order: float = NEVER, *, again: bool = False) -> None:
        """Add a token, in place of an earlier one where `again`. Raises InputError where the id is taken."""
        if not again and number in self.tokens:
            raise InputError(f"{self.where}: two tokens have the id {number:,}")
        if len(token) > LONGEST_TOKEN:
            raise InputError(
                f"{self.where}: token {number:,} has {len(token):,} bytes; {LONGEST_TOKEN:,} at most are accepted"
            )
        self.size += len(token)
        if self.size > MOST_BYTES:
            raise InputError(f"{self.where}: tokens of more than {MOST_BYTES:,} bytes in all")
        self.tokens[number] = token
        self.order[number] = order

    def put_special(self, number: int, name: str) -> None:
        """Say that an id is no text."""
        self.specials[number] = name
        if name in DOCUMENT_ENDS:
            self.ends.add(number)

    def utf8(self, text: object) -> bytes:
        """A string of the file as UTF-8. Raises InputError where it is none."""
        if not isinstance(text, str):
            raise InputError(f"{self.where}: {described(text)} where a token is expected, a string")
        try:
            return text.encode()
        except UnicodeEncodeError as error:
            raise InputError(f"{self.where}: a token that is no Unicode text: {text[:40]!a}") from error

    def table(self, name: str, kind: Kind, *, losses: Iterable[str] = (), **facts: Any) -> TokenTable:
        """The table; ids that were not given are unused. Raises InputError where there is no token at all."""
        count = max((*self.tokens, *self.specials), default=-1) + 1
        if not any(self.tokens.values()):
            raise InputError(f"{self.where}: there is no token in it")
        flags = [UNUSED] * count
        for number in self.tokens.keys() - self.unused:
            flags[number] = 0
        for number in self.specials:
            flags[number] = SPECIAL
        tokens = [self.tokens.get(number, b"") for number in range(count)]
        order = [self.order.get(number, NEVER) for number in range(count)]
        ends = tuple(sorted(number for number in self.ends if number < count))
        return table_of(
            name, kind, tokens, flags, order, ends=ends, losses=tuple(dict.fromkeys(losses)), **facts
        )
