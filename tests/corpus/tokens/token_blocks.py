"""Tables and blocks of ids made by hand, and in plain Python what they are decoded to."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from countermark.corpus.tokens.block import Ids, TokenBlock
from countermark.corpus.tokens.table import SPECIAL, Kind, TokenTable, table_of

if TYPE_CHECKING:
    from collections.abc import Sequence

UNKNOWN = "\ufffd".encode()


def table_from(
    tokens: Sequence[bytes], flags: Sequence[int] | None = None, *, first_space: bool = False
) -> TokenTable:
    """A table of byte-level tokens; of flagged ones the bytes are lost."""
    order = [float(number) for number in range(len(tokens))]
    flags = flags or [0] * len(tokens)
    return table_of("made", Kind.BYTES, tokens, flags, order, first_space=first_space)


def block_of(documents: Sequence[Sequence[int]], gap: Sequence[int] = (), **columns: Any) -> TokenBlock:
    """A block of documents, each a row and a sequence of its own; `gap` are ids between them, which belong to none."""
    ids: list[int] = []
    bounds = []
    for document in documents:
        ids += gap
        bounds.append((len(ids), len(ids) + len(document)))
        ids += document
    count = len(documents)
    told: dict[str, Any] = {
        "row": np.arange(count, dtype=np.int64),
        "sequence": np.arange(count, dtype=np.int64),
        "first": np.zeros(count, np.int64),
        "whole": np.ones(count, np.uint8),
        "own": np.array([len(document) for document in documents], np.int64),
    }
    told |= {name: np.asarray(column) for name, column in columns.items()}
    return TokenBlock(np.array(ids, np.int32), np.array(bounds, np.int64).reshape(-1, 2), **told)


@dataclass
class Plain:
    """What the ids of a document are, worked out byte by byte."""

    text: str
    tokens: list[set[int]]
    """For each id the code points of the text that it holds bytes of."""
    special: int
    unknown: int
    bad: int


def plainly(ids: Ids | Sequence[int], table: TokenTable) -> Plain:
    """Decode one whole document."""
    pieces, special, unknown = [], 0, 0
    for number in map(int, ids):
        if not 0 <= number < len(table) or table.flags[number] not in (0, SPECIAL):
            pieces.append(UNKNOWN)
            unknown += 1
        else:
            pieces.append(table.token(number))
            special += int(table.flags[number] == SPECIAL)
    raw = b"".join(pieces)
    dropped = int(table.first_space and raw.startswith(b" "))
    owner = [number for number, piece in enumerate(pieces) for _ in piece][dropped:]
    text = raw[dropped:].decode("utf-8", "surrogateescape")
    tokens: list[set[int]] = [set() for _ in pieces]
    at = 0
    for point, character in enumerate(text):
        width = len(character.encode("utf-8", "surrogateescape"))
        for byte in range(at, at + width):
            tokens[owner[byte]].add(point)
        at += width
    mended = re.sub("[\udc80-\udcff]", "\ufffd", text)
    return Plain(mended, tokens, special, unknown, sum("\udc80" <= one <= "\udcff" for one in text))


def written(text: str, table: TokenTable, seed: int) -> list[int]:
    """Ids that a text can be cut into, chosen at random; the table must have all single bytes."""
    raw, draw, ids, at = text.encode(), random.Random(seed), [], 0
    known: dict[bytes, int] = {}
    for number in range(len(table)):
        if not table.flags[number]:
            known.setdefault(table.token(number), number)
    longest = max(map(len, known))
    while at < len(raw):
        fitting = [n for n in range(1, longest + 1) if raw[at : at + n] in known and at + n <= len(raw)]
        length = draw.choice(fitting)
        ids.append(known[raw[at : at + length]])
        at += length
    return ids


def every_byte(*more: bytes, first_space: bool = False) -> TokenTable:
    """A table of all single bytes, of `more`, and of one special token, which is the last."""
    tokens = [bytes([value]) for value in range(256)] + list(more) + [b""]
    return table_from(tokens, [0] * (len(tokens) - 1) + [SPECIAL], first_space=first_space)
