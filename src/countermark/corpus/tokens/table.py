"""Tables of tokens: what each id of a tokeniser stands for, as flat bytes."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

MAGIC: Final = b"countermark-tokens-1\n"
PADDING: Final = 32
"""Bytes after the last token, so that whole words can be loaded at its end."""

SPECIAL: Final = 1
"""The flag of a token that is no text: padding, beginning, end, chat and the like. Its bytes are empty."""
UNUSED: Final = 2
"""The flag of an id that stands for nothing. Its bytes are empty."""

MOST_TOKENS: Final = 4 << 20
LONGEST_TOKEN: Final = 1 << 16
_MOST_HEADER: Final = 1 << 20
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
"""What would command the terminal or the report in which a table's name is told."""


class Kind(StrEnum):
    """How a tokeniser cuts a word into tokens, which is how ids can be told to be its own."""

    BYTES = "byte-level BPE"
    PIECES = "BPE of pieces"
    UNIGRAM = "unigram"
    WORDPIECE = "WordPiece"


@dataclass(frozen=True, slots=True, eq=False)
class TokenTable:
    """What each id stands for: token `i` is `data[offsets[i]:offsets[i + 1]]`, UTF-8 when whole words are put together.

    `data` uint8[offsets[-1] + PADDING], `offsets` int64[n + 1], `flags` uint8[n] (0, SPECIAL or UNUSED).
    `order` float64[n] says how the tokeniser cuts: for BPE the rank at which two tokens are merged into this one (lower
    ones first, infinite where it is never made by a merge), for unigram the logarithm of its probability, for WordPiece
    0. In a WordPiece table each token that begins a word has a space before it. `first_space` says that the
    decoder takes away one space at the beginning of a text. `ends` are the ids that stand at the end of a document;
    `losses` name what encoding takes away from a text (normalisation), and is empty where decoding gives it back whole.
    `source` is the name of the file that the table was built from, `source_sha256` its digest.
    """

    name: str
    kind: Kind
    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    flags: npt.NDArray[np.uint8]
    order: npt.NDArray[np.float64]
    ends: tuple[int, ...] = ()
    first_space: bool = False
    losses: tuple[str, ...] = ()
    source: str = ""
    source_sha256: str = ""
    digest: str = field(default="", compare=False)

    def __len__(self) -> int:
        """The number of ids."""
        return len(self.flags)

    def token(self, number: int) -> bytes:
        """The bytes of one token."""
        return self.data[self.offsets[number] : self.offsets[number + 1]].tobytes()


def table_of(
    name: str,
    kind: Kind,
    tokens: Sequence[bytes],
    flags: Sequence[int],
    order: Sequence[float],
    **facts: Any,
) -> TokenTable:
    """Build a table from its tokens in the order of their ids; special and unused ones lose their bytes.

    Raises InputError where there are none, too many, or one is far too long.
    """
    if not tokens or len(tokens) > MOST_TOKENS:
        raise InputError(f"{name}: {len(tokens):,} tokens; a table has 1 to {MOST_TOKENS:,}")
    kept = [b"" if flag else token for token, flag in zip(tokens, flags, strict=True)]
    longest = max(map(len, kept))
    if longest > LONGEST_TOKEN:
        raise InputError(f"{name}: a token of {longest:,} bytes; {LONGEST_TOKEN:,} at most are accepted")
    offsets = np.zeros(len(kept) + 1, np.int64)
    np.cumsum([len(token) for token in kept], out=offsets[1:])
    data = np.frombuffer(b"".join(kept) + bytes(PADDING), np.uint8)
    table = TokenTable(
        name,
        kind,
        data,
        offsets,
        np.array(flags, np.uint8),
        np.array(order, np.float64),
        **facts,
    )
    return read_table(table_bytes(table), name)


def table_bytes(table: TokenTable) -> bytes:
    """The file of a table: a line of JSON after the magic, then offsets, flags, order and bytes, little-endian."""
    said = {
        "name": table.name,
        "kind": str(table.kind),
        "tokens": len(table),
        "bytes": int(table.offsets[-1]),
        "ends": list(table.ends),
        "first_space": table.first_space,
        "losses": list(table.losses),
        "source": table.source,
        "source_sha256": table.source_sha256,
    }
    header = json.dumps(said, sort_keys=True, ensure_ascii=True).encode() + b"\n"
    arrays = (
        table.offsets.astype("<i8"),
        table.flags.astype("u1"),
        table.order.astype("<f8"),
        table.data[: table.offsets[-1]],
    )
    return MAGIC + header + b"".join(array.tobytes() for array in arrays)


def read_table(data: bytes, where: str) -> TokenTable:
    """Read the file of a table; its digest is the SHA-256 of the file. Raises InputError where it is none."""
    if not data.startswith(MAGIC):
        raise InputError(f"{where}: not a table of tokens")
    line, newline, _ = data[len(MAGIC) : len(MAGIC) + _MOST_HEADER].partition(b"\n")
    try:
        said = cast("dict[str, Any]", json.loads(line)) if newline else {}
        count, size = int(said["tokens"]), int(said["bytes"])
        facts: dict[str, Any] = {
            "name": str(said["name"]),
            "kind": Kind(said["kind"]),
            "ends": tuple(int(one) for one in said["ends"]),
            "first_space": bool(said["first_space"]),
            "losses": tuple(str(one) for one in said["losses"]),
            "source": str(said["source"]),
            "source_sha256": str(said["source_sha256"]),
        }
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise InputError(f"{where}: a damaged table of tokens: its first line says {error}") from error
    if any(_CONTROLS.search(one) for one in (facts["name"], facts["source"], *facts["losses"])):
        raise InputError(f"{where}: a damaged table of tokens: control characters in its name or source")
    begin = len(MAGIC) + len(line) + 1
    if not 0 < count <= MOST_TOKENS or size < 0 or len(data) - begin != 8 * (count + 1) + 9 * count + size:
        raise InputError(
            f"{where}: a damaged table of tokens: {len(data):,} bytes, not what its first line says"
        )
    offsets = np.frombuffer(data, "<i8", count + 1, begin).astype(np.int64)
    begin += 8 * (count + 1)
    flags = np.frombuffer(data, np.uint8, count, begin).copy()
    order = np.frombuffer(data, "<f8", count, begin + count).astype(np.float64)
    tokens = np.frombuffer(data[begin + 9 * count :] + bytes(PADDING), np.uint8)
    lengths = np.diff(offsets)
    if offsets[0] != 0 or offsets[-1] != size or lengths.min() < 0 or lengths.max() > LONGEST_TOKEN:
        raise InputError(f"{where}: a damaged table of tokens: its offsets do not ascend")
    if flags.max() > UNUSED or lengths[flags > 0].any() or np.isnan(order).any():
        raise InputError(f"{where}: a damaged table of tokens: flags, order and bytes do not go together")
    if any(not 0 <= one < count for one in facts["ends"]):
        raise InputError(f"{where}: a damaged table of tokens: it ends documents with an id that it has not")
    for array in (offsets, flags, order):
        array.flags.writeable = False  # one kind of array, one compiled kernel
    return TokenTable(
        data=tokens,
        offsets=offsets,
        flags=flags,
        order=order,
        digest=hashlib.sha256(data).hexdigest(),
        **facts,
    )
