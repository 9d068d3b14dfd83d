"""Tokenisers' files for tests, made by hand: each kind as its own library writes it."""

from __future__ import annotations

import base64
import json
import re
import struct
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from countermark.corpus.tokens.sources import table_of_file
from countermark.corpus.tokens.sources.decoders import BYTE_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.corpus.tokens.table import TokenTable

TEXT = "Le bac passait à six heures ; naïve café, 日本語 🙂.\n\n\tIt's 12 o'clock,  and no one waits.\r\n"


WORDS = [b" the", b"ing", " café".encode(), "日本".encode()]


def table(data: bytes | dict[str, Any], name: str = "mine", **given: Any) -> TokenTable:
    """The table of a file."""
    content = json.dumps(data).encode() if isinstance(data, dict) else data
    return table_of_file(content, "some/file", name, **given)


def rank_file(tokens: Sequence[bytes]) -> bytes:
    """A tiktoken rank file: the 256 bytes, then `tokens`."""
    every = [*(bytes([byte]) for byte in range(256)), *tokens]
    return b"".join(b"%s %d\n" % (base64.b64encode(token), rank) for rank, token in enumerate(every))


def ranks_object(tokens: Sequence[bytes], **fields: Any) -> dict[str, Any]:
    """js-tiktoken's object with the same tokens, in two stretches with a gap of one id between."""
    letters = " ".join(base64.b64encode(bytes([byte])).decode() for byte in range(256))
    more = " ".join(base64.b64encode(token).decode() for token in tokens)
    said = {"pat_str": ".", "special_tokens": {"<|endoftext|>": 256}}
    return said | {"bpe_ranks": f"! 0 {letters}\n! 257 {more}"} | fields


def script(said: dict[str, Any], head: str = "module.exports = ") -> bytes:
    """The script that js-tiktoken ships."""
    return f"{head}{json.dumps(said)};\n".encode()


def byte_level(merges: Sequence[str], **fields: Any) -> dict[str, Any]:
    """A tokenizer.json of byte-level BPE."""
    characters = sorted(BYTE_CHARACTERS)
    made = [merge.replace(" ", "") for merge in merges]
    vocabulary = {token: number for number, token in enumerate(dict.fromkeys((*characters, *made)))}
    end = len(vocabulary)
    return {
        "model": {"type": "BPE", "vocab": vocabulary, "merges": list(merges)},
        "added_tokens": [{"id": end, "content": "<|endoftext|>", "special": True}],
        "normalizer": None,
        "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": False},
        "decoder": {"type": "ByteLevel"},
    } | fields


def varint(number: int) -> bytes:
    """A number as protocol buffers write it."""
    done = bytearray()
    while number > 0x7F:
        done.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*done, number))


def message(number: int, content: bytes) -> bytes:
    """A field that is a message or a string."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def flag(number: int, value: int) -> bytes:
    """A field that is a number."""
    return varint(number << 3) + varint(value)


def piece(text: str, score: float = 0.0, kind: int = 1) -> bytes:
    """A piece of a SentencePiece model."""
    return message(
        1, message(1, text.encode()) + varint(2 << 3 | 5) + struct.pack("<f", score) + flag(3, kind)
    )


def model(pieces: Sequence[bytes], *, bpe: bool, fallback: bool, normalizer: bytes) -> bytes:
    """A SentencePiece model."""
    trainer = flag(3, 2 if bpe else 1) + flag(35, int(fallback)) + flag(42, 2)
    return b"".join(pieces) + message(2, trainer) + message(3, normalizer)


def text_of(read: TokenTable, ids: Sequence[int]) -> str:
    """What ids say by a table: its tokens side by side, less the first space where the decoder takes it away."""
    data = b"".join(read.token(number) for number in ids)
    return (data.removeprefix(b" ") if read.first_space else data).decode()


def learnt(text: str, merges: int) -> list[bytes]:
    """The tokens that byte-level BPE learns from a text, after the 256 bytes, in their order."""
    words = [
        ([bytes([byte]) for byte in word.encode()], count)
        for word, count in Counter(re.findall(r" ?\w+|\W", text)).items()
    ]
    tokens = []
    for _ in range(merges):
        pairs: Counter[tuple[bytes, bytes]] = Counter()
        for word, count in words:
            for pair in pairwise(word):
                pairs[pair] += count
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        tokens.append(best[0] + best[1])
        for word, _ in words:
            _merge(word, best)
    return tokens


def cut(text: str, read: TokenTable) -> list[int]:
    """The ids of a text by a table of byte-level BPE, word by word."""
    number = {read.token(one): one for one in range(len(read)) if not read.flags[one]}
    ids: list[int] = []
    for word in re.findall(r" ?\w+|\W", text):
        parts = [bytes([byte]) for byte in word.encode()]
        while made := [pair for pair in pairwise(parts) if pair[0] + pair[1] in number]:
            _merge(parts, min(made, key=lambda pair: read.order[number[pair[0] + pair[1]]]))
        ids.extend(number[part] for part in parts)
    return ids


def _merge(parts: list[bytes], pair: tuple[bytes, bytes]) -> None:
    at = 0
    while at < len(parts) - 1:
        if (parts[at], parts[at + 1]) == pair:
            parts[at : at + 2] = [pair[0] + pair[1]]
        at += 1
