"""SentencePiece's .model: pieces with scores and types, read from the bytes without the library.

Numbers of fields and types are those of `sentencepiece_model.proto` (version 0.2): ModelProto has pieces (1), the
trainer's settings (2) and the normaliser's (3).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from countermark.corpus.tokens.sources import losses
from countermark.corpus.tokens.sources.gathering import NEVER, UNKNOWN, Gathering
from countermark.corpus.tokens.sources.protobuf import fields
from countermark.corpus.tokens.table import MOST_TOKENS, Kind
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.tokens.table import TokenTable

_UNKNOWN_PIECE: Final = 2
_CONTROL: Final = 3
_USER_DEFINED: Final = 4
_UNUSED: Final = 5
_BYTE: Final = 6
_BPE: Final = 2
_BYTE_NAME: Final = re.compile("<0x([0-9A-Fa-f]{2})>")
_SPACE: Final = "▁"

_Value: TypeAlias = "int | float | memoryview"


@dataclass(slots=True)
class _Model:
    """What a file says, as far as it is of use; the defaults are those of the format."""

    pieces: list[tuple[str, float, int]] = field(default_factory=list)
    model_type: int = 1
    byte_fallback: bool = False
    end: int = 2
    normalizer: str = ""
    mapped: bool = False
    dummy_prefix: bool = True
    trims_spaces: bool = True


def is_model(data: bytes) -> bool:
    """Whether a file begins as a model does: with a piece, which begins with its text."""
    return len(data) > 4 and data[0] == 0x0A and 0x0A in data[2:4]


def table_of_model(data: bytes, where: str, name: str, **facts: Any) -> TokenTable:
    """Read a .model. Raises InputError where it is damaged."""
    model = _read(data, where)
    gathered = Gathering(where)
    for number, piece in enumerate(model.pieces):
        _put(gathered, gathered.number(number), piece, model)
    if model.end in gathered.specials:
        gathered.ends.add(model.end)
    kind = Kind.PIECES if model.model_type == _BPE else Kind.UNIGRAM
    facts["first_space"] = model.dummy_prefix or model.trims_spaces
    return gathered.table(name, kind, losses=_lost(model), **facts)


def _read(data: bytes, where: str) -> _Model:
    model, settings = _Model(), False
    for number, value in fields(memoryview(data), where):
        if number == 1:
            if len(model.pieces) >= MOST_TOKENS:
                raise InputError(
                    f"{where}: more than {MOST_TOKENS:,} pieces; a table has as many tokens at most"
                )
            model.pieces.append(_piece(_message(value, where), where, len(model.pieces)))
        elif number == 2:
            _read_trainer(model, _message(value, where), where)
        elif number == 3:
            _read_normalizer(model, _message(value, where), where)
        settings = settings or number in {2, 3}
    if not settings:
        raise InputError(
            f"{where}: {len(model.pieces):,} pieces and no settings behind them: was it cut short?"
        )
    return model


def _message(value: _Value, where: str) -> memoryview:
    if not isinstance(value, memoryview):
        raise InputError(f"{where}: damaged: a number where a message is expected")
    return value


def _piece(message: memoryview, where: str, number: int) -> tuple[str, float, int]:
    text, score, kind = "", 0.0, 1
    for name, value in fields(message, where):
        if name == 1:
            try:
                text = str(_message(value, where), "utf-8")
            except UnicodeDecodeError as error:
                raise InputError(f"{where}: piece {number:,} is no UTF-8") from error
        elif name == 2 and isinstance(value, float) and math.isfinite(value):
            score = value
        elif name == 3 and isinstance(value, int):
            kind = value
        elif name in {2, 3}:
            raise InputError(f"{where}: piece {number:,} has no score and type that are numbers")
    return text, score, kind


def _read_trainer(model: _Model, message: memoryview, where: str) -> None:
    for number, value in fields(message, where):
        if not isinstance(value, int):
            continue
        if number == 3:
            model.model_type = value
        elif number == 35:
            model.byte_fallback = bool(value)
        elif number == 42:
            model.end = value


def _read_normalizer(model: _Model, message: memoryview, where: str) -> None:
    for number, value in fields(message, where):
        if number == 1:
            model.normalizer = bytes(_message(value, where)[:100]).decode(errors="replace")
        elif number == 2:
            model.mapped = len(_message(value, where)) > 0
        elif number == 3:
            model.dummy_prefix = bool(value)
        elif number == 4:
            model.trims_spaces = bool(value)


def _put(gathered: Gathering, number: int, piece: tuple[str, float, int], model: _Model) -> None:
    text, score, kind = piece
    apart = -math.inf if model.model_type != _BPE else NEVER  # what no word is cut into
    if kind == _CONTROL or (kind == _UNKNOWN_PIECE and model.byte_fallback):
        gathered.put_special(number, text)
    elif kind == _UNKNOWN_PIECE:
        gathered.put(number, UNKNOWN, apart)
    elif kind == _UNUSED:
        gathered.unused.add(number)
        gathered.put(number, b"", apart)
    elif kind == _BYTE:
        byte = _BYTE_NAME.fullmatch(text)
        if byte is None:
            raise InputError(f"{gathered.where}: piece {number:,} is a byte and called {text[:40]!r}")
        gathered.put(number, bytes([int(byte[1], 16)]), apart)
    else:
        merged = len(text) > 1 and kind != _USER_DEFINED
        order = score if model.model_type != _BPE else -score if merged else NEVER
        gathered.put(number, text.replace(_SPACE, " ").encode(), order)


def _lost(model: _Model) -> Iterator[str]:
    name = model.normalizer.lower()
    if "nfkc" in name:
        yield "NFKC"
    if name.startswith("nmt"):
        yield losses.CONTROLS
    if name.endswith("_cf"):
        yield losses.CASE
    if model.mapped and "nfkc" not in name:
        yield losses.MAPPED
    if model.trims_spaces:
        yield losses.SPACES
    yield losses.BLOCKS
    if not model.byte_fallback:
        yield losses.OUTSIDE
