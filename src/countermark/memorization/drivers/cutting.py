"""Text to tokens and back, with the place of each token in the text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from countermark.errors import ModelError
from countermark.memorization.drivers.driver import Token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from countermark.memorization.drivers.driver import Query

_BEFORE = 8  # tokens of the prompt that are decoded with what follows, for joints such as spaces and half characters


class Row(NamedTuple):
    """One query as the model is given it: the continuation is `ids[first:]`, each with its place in `tokens`."""

    ids: tuple[int, ...]
    first: int
    tokens: tuple[Token, ...]
    left_out: int


class Cutter:
    """The tokenizer of a model.

    The text is all text: the name of a special token in it is cut like other words. `start` is the id put before a
    text that would otherwise begin with a token that nothing stands before; `context` the most tokens of one row.
    """

    def __init__(self, path: Path, start: int | None, context: int | None) -> None:
        self._tokenizer = _load(path)
        self._start = start
        self._context = context

    def tokens(self, text: str) -> list[Token]:
        """How `text` is cut, without what the tokenizer adds around it."""
        _, ids, tokens = self._cut(text)
        return [] if not ids else tokens

    def row(self, query: Query) -> Row:
        """The two texts joined and cut together; a prefix too long for the context loses its beginning.

        A token that begins in the prefix and ends in the continuation is weighed with the continuation, from its place
        0. Raises ModelError for a continuation longer than the context.
        """
        lead, ids, tokens = self._cut(query.prefix + query.continuation)
        border = len(query.prefix)
        first = (
            0 if not border else next((n for n, token in enumerate(tokens) if token.end > border), len(ids))
        )
        inside = tuple(Token(max(0, start - border), end - border) for start, end in tokens[first:])
        if not inside:
            return Row((), 0, (), 0)
        if first == 0 and not lead:
            lead = [self._needed_start()]
        left_out = self._too_many(len(lead), first, len(inside))
        return Row((*lead, *ids[left_out:]), len(lead) + first - left_out, inside, left_out)

    def prompt(self, text: str, room: int) -> list[int]:
        """The ids of a prompt after which `room` tokens are to be written. Raises ModelError where that is too long."""
        lead, ids, _ = self._cut(text)
        whole = [*lead, *ids] or [self._needed_start()]
        if self._context is not None and len(whole) + room > self._context:
            raise ModelError(
                f"a prompt of {len(whole)} tokens and {room} to be written are more than the context of"
                f" {self._context} tokens; give a shorter prompt or ask for fewer"
            )
        return whole

    def written(self, prompt: Sequence[int], ids: Sequence[int]) -> tuple[str, tuple[Token, ...]]:
        """What `ids` spell after the prompt, and the place of each; a character of several tokens is the place of all.

        A character left half written at the end stands as U+FFFD.
        """
        before = list(prompt[-_BEFORE:])
        begin = self._decode(before)
        texts = [self._decode([*before, *ids[:n]]) for n in range(1, len(ids) + 1)]
        base = len(begin.rstrip("\ufffd"))
        ends = [max(0, len(text.rstrip("\ufffd")) - base) for text in texts]
        text = texts[-1][base:] if texts else ""
        return text, tuple(_places(ends, len(text)))

    def _decode(self, ids: list[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True))

    def _cut(self, text: str) -> tuple[list[int], list[int], list[Token]]:
        """What the tokenizer puts before a text, the ids of the text, and their places in it."""
        cut = self._tokenizer.encode(text, add_special_tokens=True)
        all_ids, offsets, added = cut.ids, cut.offsets, cut.special_tokens_mask  # each read makes a list anew
        own = [n for n, mark in enumerate(added) if not mark]
        lead = [all_ids[n] for n in range(own[0] if own else len(added)) if added[n]]
        return lead, [all_ids[n] for n in own], [Token(*offsets[n]) for n in own]

    def _needed_start(self) -> int:
        if self._start is None:
            raise ModelError(
                "this model has no token for the beginning of a text: the first token of a text has no probability;"
                " give a prefix"
            )
        return self._start

    def _too_many(self, lead: int, prefix: int, continuation: int) -> int:
        """How many tokens of the prefix do not fit. Something must stand before the continuation."""
        if self._context is None:
            return 0
        over = max(0, lead + prefix + continuation - self._context)
        if over > prefix - (0 if lead else 1):
            raise ModelError(
                f"a continuation of {continuation} tokens is longer than the context of {self._context} tokens;"
                " cut it into shorter ones"
            )
        return over


def _places(ends: list[int], length: int) -> list[Token]:
    """Places from where each token ends: one that ends nothing shares the character that it begins."""
    places: list[Token] = []
    for n, end in enumerate(ends):
        start = ends[n - 1] if n else 0
        close = next((later for later in ends[n:] if later > start), min(length, start + 1))
        places.append(Token(min(start, length), min(max(end, close), length)))
    return places


def _load(path: Path) -> Any:
    """The tokenizer without what would lose text: truncation, padding, and places trimmed of their spaces."""
    from tokenizers import Tokenizer  # noqa: PLC0415 (an extra)

    try:
        described = json.loads(path.read_bytes())
        described["truncation"] = described["padding"] = None
        tokenizer = Tokenizer.from_str(json.dumps(_untrimmed(described)))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except Exception as error:  # the library raises bare exceptions for whatever it cannot use
        raise ModelError(f"{path}: not a tokenizer: {str(error)[:200]}") from error
    tokenizer.encode_special_tokens = True
    return tokenizer


def _untrimmed(value: Any) -> Any:
    if isinstance(value, list):
        return [_untrimmed(item) for item in value]
    if isinstance(value, dict):
        return {key: False if key == "trim_offsets" else _untrimmed(item) for key, item in value.items()}
    return value
