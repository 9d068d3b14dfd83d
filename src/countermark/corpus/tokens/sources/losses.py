"""What encoding takes away from a text, as the normaliser and the pre-tokeniser of a tokenizer.json say it.

The types and their fields are those of the library tokenizers 0.2x (`normalizers`, `pre_tokenizers`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

CASE: Final = "capital letters"
ACCENTS: Final = "accents"
SPACES: Final = "runs of spaces and line breaks"
EDGES: Final = "spaces at the ends"
PUNCTUATION: Final = "spaces around punctuation"
CONTROLS: Final = "control characters"
REPLACED: Final = "characters that are replaced by others"
MAPPED: Final = "characters replaced by a map, mostly NFKC"
OUTSIDE: Final = "characters outside the vocabulary"
BLOCKS: Final = "the sign ▁ (comes back as a space)"
"""Of tokenisers that write each space as this sign: one that stood in the text is a space from then on."""

_BLOCK: Final = "▁"
_FORMS: Final = frozenset(("NFC", "NFD", "NFKC", "NFKD"))
_KEEPS_ALL: Final = frozenset(
    ("Prepend", "ByteLevel", "Metaspace", "Digits", "UnicodeScripts", "FixedLength")
)
_DROPS_SPACES: Final = frozenset(("Whitespace", "WhitespaceSplit", "CharDelimiterSplit"))
_SIMPLE: Final = {
    "Lowercase": CASE,
    "StripAccents": ACCENTS,
    "Nmt": CONTROLS,
    "Precompiled": MAPPED,
    "Strip": EDGES,
}


def parts(spec: object, within: str) -> Iterator[dict[str, Any]]:
    """The single steps of a normaliser, pre-tokeniser or decoder; `within` is the field of those in sequence."""
    waiting = [spec]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            continue
        inner = one.get(within)
        if one.get("type") == "Sequence" and isinstance(inner, list):
            waiting.extend(reversed(inner))
        else:
            yield one


def of_normalizer(spec: object) -> Iterator[str]:
    """What a normaliser takes away."""
    for step in parts(spec, "normalizers"):
        kind = str(step.get("type"))
        if kind in _FORMS:
            yield kind
        elif kind in _SIMPLE:
            yield _SIMPLE[kind]
        elif kind == "BertNormalizer":
            yield from _of_bert(step)
        elif kind == "Replace":
            yield from _of_replace(step)
        elif kind not in _KEEPS_ALL:
            yield f"what the normaliser {kind[:40]} changes"


def of_pre_tokenizer(spec: object) -> Iterator[str]:
    """What a pre-tokeniser takes away: the white space at which it cuts."""
    for step in parts(spec, "pretokenizers"):
        kind = str(step.get("type"))
        if kind in _DROPS_SPACES:
            yield SPACES
        elif kind == "BertPreTokenizer":
            yield SPACES
            yield PUNCTUATION
        elif step.get("behavior") == "Removed" and not _covers_all(step):
            yield SPACES


def _of_bert(step: dict[str, Any]) -> Iterator[str]:
    if step.get("clean_text", True):
        yield CONTROLS
    if step.get("lowercase", True):
        yield CASE
    accents = step.get("strip_accents")
    if accents or (accents is None and step.get("lowercase", True)):
        yield ACCENTS


def _of_replace(step: dict[str, Any]) -> Iterator[str]:
    pattern, content = step.get("pattern"), step.get("content")
    exact = pattern.get("String") if isinstance(pattern, dict) else None
    if exact == " " and content == _BLOCK:
        return  # the decoder puts the spaces back
    regular = str(pattern.get("Regex")) if isinstance(pattern, dict) else ""
    spaces = content in (" ", _BLOCK) and not set(regular) - set(" ▁\\s{2,}+()[]|nrt")
    yield SPACES if exact is None and spaces else REPLACED


def _covers_all(step: dict[str, Any]) -> bool:
    """Whether what is removed lies between matches of a pattern that matches white space too: there is none."""
    pattern = step.get("pattern")
    regular = str(pattern.get("Regex")) if isinstance(pattern, dict) else ""
    return step.get("invert") is True and "\\s+" in regular
