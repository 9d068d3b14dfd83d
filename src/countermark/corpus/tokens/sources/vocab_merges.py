"""GPT-2's pair of files: vocab.json (or encoder.json), tokens with their ids, and merges.txt (or vocab.bpe) beside it.

Together they say what the `model` of a tokenizer.json says, and are read as one. Which tokens are no text they do not
say: those are that no merge makes and whose names stand in brackets, as `<|endoftext|>` and `</s>`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from countermark.corpus.tokens.sources.decoders import BYTE_CHARACTERS
from countermark.corpus.tokens.sources.tokenizer_json import table_of_tokenizer
from countermark.corpus.tokens.table import MOST_TOKENS
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.corpus.tokens.table import TokenTable

_SPECIAL: Final = re.compile(r"</?\|?[^<>\s]{1,60}\|?>|\[[A-Z]{3,20}\]")
_WORD_END: Final = "</w>"


def is_vocabulary(said: dict[str, Any]) -> bool:
    """Whether JSON is tokens with their ids, and nothing else."""
    return len(said) > 1 and all(type(number) is int for number in said.values())


def merges_beside(filename: str) -> tuple[str, ...]:
    """How the file with the merges may be called, of a file with the vocabulary."""
    stem = filename.removesuffix(".json")
    own = [stem.replace(old, "merges") + ".txt" for old in ("vocab", "encoder") if old in stem]
    return tuple(dict.fromkeys((*own, "merges.txt", "vocab.bpe")))


def table_of_pair(
    vocabulary: dict[str, Any],
    merges: bytes | None,
    where: str,
    name: str,
    specials: Mapping[str, int] | None = None,
    **facts: Any,
) -> TokenTable:
    """Read the pair. Raises InputError where the merges are missing, or something is damaged."""
    if merges is None:
        raise InputError(
            f"{where}: a vocabulary without merges; {' or '.join(merges_beside(where))} belongs beside it"
        )
    named = specials or {token: number for token, number in vocabulary.items() if _SPECIAL.fullmatch(token)}
    model = {"type": "BPE", "vocab": vocabulary, "merges": _pairs(merges, where)}
    if any(token.endswith(_WORD_END) for token in vocabulary):
        model["end_of_word_suffix"] = _WORD_END
    byte_level = vocabulary.keys() >= BYTE_CHARACTERS.keys()
    said = {
        "model": model,
        "decoder": {"type": "ByteLevel"} if byte_level else None,
        "added_tokens": [
            {"id": number, "content": token, "special": True} for token, number in named.items()
        ],
    }
    return table_of_tokenizer(said, where, name, **facts)


def _pairs(merges: bytes, where: str) -> list[str]:
    if merges.count(b"\n") > MOST_TOKENS:
        raise InputError(f"{where}: more than {MOST_TOKENS:,} merges")
    try:
        lines = merges.decode().split("\n")
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: its merges are no UTF-8 at byte {error.start:,}") from error
    stripped = (line.removesuffix("\r") for line in lines)
    return [line for line in stripped if line and not line.startswith("#version")]
