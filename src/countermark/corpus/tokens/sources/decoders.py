"""From the strings of a tokenizer.json to bytes: its decoder, token by token.

What decoders do is that of the library tokenizers 0.2x (`decoders`): here each token becomes bytes once, so that a text
is the tokens' bytes side by side. What only the first token of a text loses is said apart (`first_space`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from countermark.corpus.tokens.sources.json_text import described
from countermark.corpus.tokens.sources.losses import parts
from countermark.errors import InputError

_BYTE: Final = re.compile("<0x([0-9A-Fa-f]{2})>")
_MOST_REPLACEMENTS: Final = 16
_CLEANED: Final = (".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re")
"""A WordPiece decoder that cleans up puts no space before these."""


def _byte_characters() -> dict[str, int]:
    """GPT-2's rule: a byte that prints in Latin-1 stands for itself, the others for U+0100 and on, in their order."""
    printing = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printing]
    return {chr(byte): byte for byte in printing} | {chr(0x100 + i): byte for i, byte in enumerate(others)}


BYTE_CHARACTERS: Final = _byte_characters()


@dataclass(slots=True)
class Decoder:
    """How one tokeniser's strings become bytes. `prefix` is that of tokens within a word, None where there is none."""

    byte_level: bool = False
    byte_fallback: bool = False
    first_space: bool = False
    replaced: list[tuple[str, str]] = field(default_factory=list)
    prefix: str | None = None
    cleaned: bool = False
    suffix: str = ""

    def token(self, text: str) -> bytes:
        """The bytes of a token."""
        said = self.fallback_byte(text)
        if said is not None:
            return said
        if self.prefix is not None:
            text = self._word_piece(text)
        ends_word = bool(self.suffix) and text.endswith(self.suffix)
        if ends_word:
            text = text[: -len(self.suffix)]
        for old, new in self.replaced:
            text = text.replace(old, new)
        plain = self._plain(text)
        return plain + b" " if ends_word else plain

    def fallback_byte(self, text: str) -> bytes | None:
        """The byte that a token stands for, where the tokeniser falls back to bytes; None where it does not."""
        found = _BYTE.fullmatch(text) if self.byte_fallback else None
        return bytes([int(found[1], 16)]) if found else None

    def _plain(self, text: str) -> bytes:
        if self.byte_level:
            found = [BYTE_CHARACTERS.get(character) for character in text]
            if None not in found:
                return bytes(found)  # type: ignore[arg-type]  # there is no None
        return text.encode()

    def _word_piece(self, text: str) -> str:
        if self.prefix and text.startswith(self.prefix):
            return text.removeprefix(self.prefix)
        return text if self.cleaned and text.startswith(_CLEANED) else f" {text}"


def decoder_of(said: dict[str, Any], model: dict[str, Any], where: str) -> Decoder:
    """The decoder of a tokenizer.json. Raises InputError where it is of a type that is not known."""
    made = Decoder(byte_fallback=model.get("byte_fallback") is True)
    spec = said.get("decoder")
    for step in parts(spec, "decoders") if spec is not None else _implied(said, model):
        _add(made, step, where)
    for step in parts(said.get("normalizer"), "normalizers"):
        if step.get("type") == "Prepend" and step.get("prepend") in (" ", "▁"):
            made.first_space = True
    for step in parts(said.get("pre_tokenizer"), "pretokenizers"):
        if step.get("type") == "ByteLevel" and step.get("add_prefix_space") is True:
            made.first_space = True
    if len(made.replaced) > _MOST_REPLACEMENTS:
        raise InputError(
            f"{where}: its decoder replaces {len(made.replaced):,} strings; 16 at most are accepted"
        )
    suffix = model.get("end_of_word_suffix")
    if isinstance(suffix, str) and suffix:
        made.suffix = suffix
    return made


def _implied(said: dict[str, Any], model: dict[str, Any]) -> list[dict[str, Any]]:
    """The decoder that fits a tokeniser which names none."""
    if model.get("type") in ("WordPiece", "WordLevel"):
        prefix = model.get("continuing_subword_prefix", "")
        return [{"type": "WordPiece", "prefix": prefix, "cleanup": model["type"] == "WordPiece"}]
    before = parts(said.get("pre_tokenizer"), "pretokenizers")
    return [step for step in before if step.get("type") in ("ByteLevel", "Metaspace")][:1]


def _add(made: Decoder, step: dict[str, Any], where: str) -> None:
    kind = step.get("type")
    if kind == "ByteLevel":
        made.byte_level = True
    elif kind == "ByteFallback":
        made.byte_fallback = True
    elif kind == "Metaspace":
        made.replaced.append((str(step.get("replacement") or "▁")[:1], " "))
        scheme = step.get("prepend_scheme", "always" if step.get("add_prefix_space", True) else "never")
        made.first_space = made.first_space or scheme != "never"
    elif kind == "WordPiece":
        made.prefix = str(step.get("prefix", "##"))
        made.cleaned = step.get("cleanup", True) is True
        made.first_space = True
    elif kind == "BPEDecoder":
        made.suffix = str(step.get("suffix", "</w>"))
    elif kind == "Replace":
        made.replaced.append(_replacement(step, where))
    elif kind == "Strip":
        made.first_space = made.first_space or (step.get("content") == " " and step.get("start") != 0)
    elif kind != "Fuse":
        raise InputError(
            f"{where}: a decoder of type {described(kind)}; ByteLevel, ByteFallback, Metaspace, WordPiece, "
            "BPEDecoder, Replace, Strip and Fuse are known"
        )


def _replacement(step: dict[str, Any], where: str) -> tuple[str, str]:
    pattern, content = step.get("pattern"), step.get("content")
    old = pattern.get("String") if isinstance(pattern, dict) else None
    if not isinstance(old, str) or not isinstance(content, str) or not old:
        raise InputError(f"{where}: its decoder replaces by a pattern; only plain strings are known")
    if len(content) > len(old):
        raise InputError(f"{where}: its decoder replaces a string by a longer one; none that is known does")
    return old, content
