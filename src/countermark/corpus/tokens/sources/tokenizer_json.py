"""Hugging Face's tokenizer.json: vocabulary, merges or scores, added tokens, decoder, and what encoding takes away.

Fields are those that the library tokenizers 0.2x writes: `model`, `added_tokens`, `normalizer`, `pre_tokenizer`,
`post_processor`, `decoder`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from countermark.corpus.tokens.sources import losses
from countermark.corpus.tokens.sources.decoders import decoder_of
from countermark.corpus.tokens.sources.gathering import NEVER, UNKNOWN, Gathering
from countermark.corpus.tokens.sources.json_text import described, listed, mapping
from countermark.corpus.tokens.table import Kind
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.tokens.sources.decoders import Decoder
    from countermark.corpus.tokens.table import TokenTable


def table_of_tokenizer(said: dict[str, Any], where: str, name: str, **facts: Any) -> TokenTable:
    """Read a tokenizer.json that was parsed. Raises InputError where it is damaged, or of a type that is not known."""
    model = mapping(said.get("model"), where, "model")
    kind = _type_of(model, where)
    decoder = decoder_of(said, model | {"type": kind}, where)
    gathered = Gathering(where)
    if kind == "Unigram":
        unknown = _gather_unigram(gathered, model, decoder)
    else:
        unknown = _gather_vocabulary(gathered, model, decoder)
        if kind == "BPE":
            _order_merges(gathered, model)
        else:
            gathered.order = dict.fromkeys(gathered.order, 0.0)
    closed = kind in {"WordPiece", "WordLevel"} or not (decoder.byte_level or decoder.byte_fallback)
    _add_tokens(gathered, said, decoder)
    _end_texts(gathered, said.get("post_processor"))
    if unknown is not None and closed:
        _put_unknown(gathered, unknown, decoder)
    elif unknown is not None:
        gathered.put_special(unknown, "<unk>")
    taken = [
        *losses.of_normalizer(said.get("normalizer")),
        *losses.of_pre_tokenizer(said.get("pre_tokenizer")),
        *([losses.BLOCKS] if ("▁", " ") in decoder.replaced else []),
        *([losses.OUTSIDE] if closed else []),
    ]
    facts["first_space"] = decoder.first_space
    return gathered.table(name, _kind_of(kind, decoder), losses=taken, **facts)


def _type_of(model: dict[str, Any], where: str) -> str:
    kind = model.get("type")
    if kind is None:  # written by older versions: told by its fields
        kind = "BPE" if "merges" in model else "Unigram" if "unk_id" in model else "WordPiece"
    if kind not in ("BPE", "Unigram", "WordPiece", "WordLevel"):  # no set: it may be a list
        raise InputError(
            f"{where}: a model of type {described(kind)}; BPE, Unigram, WordPiece and WordLevel are known"
        )
    return str(kind)


def _kind_of(kind: str, decoder: Decoder) -> Kind:
    if kind == "BPE":
        return Kind.BYTES if decoder.byte_level else Kind.PIECES
    return Kind.UNIGRAM if kind == "Unigram" else Kind.WORDPIECE


def _gather_vocabulary(gathered: Gathering, model: dict[str, Any], decoder: Decoder) -> int | None:
    """Tokens by their ids; the id that stands for what has none."""
    vocabulary = mapping(model.get("vocab"), gathered.where, "vocab")
    plain = "merges" in model and not decoder.byte_level and not decoder.replaced
    if plain and any(token.startswith("▁") for token in vocabulary):
        decoder.replaced.append(("▁", " "))
    for token, number in vocabulary.items():
        gathered.utf8(token)
        gathered.put(gathered.number(number), decoder.token(token))
    unknown = model.get("unk_token")
    return vocabulary.get(unknown) if isinstance(unknown, str) else None


def _gather_unigram(gathered: Gathering, model: dict[str, Any], decoder: Decoder) -> int | None:
    """Pieces with the logarithms of their probabilities; the id that stands for what has no piece."""
    for number, entry in enumerate(listed(model.get("vocab"), gathered.where, "vocab")):
        piece, score = entry if isinstance(entry, list) and len(entry) == 2 else (None, None)
        text = gathered.utf8(piece).decode()
        if not isinstance(score, int | float) or isinstance(score, bool):
            raise InputError(f"{gathered.where}: piece {number:,} has no score")
        alone = decoder.fallback_byte(text) is not None  # no word is cut into these
        gathered.put(gathered.number(number), decoder.token(text), -math.inf if alone else float(score))
    unknown = model.get("unk_id")
    return None if unknown is None else gathered.number(unknown)


def _order_merges(gathered: Gathering, model: dict[str, Any]) -> None:
    """Say of each token at which rank it is made, the first where there are several."""
    vocabulary: dict[str, int] = model["vocab"]
    prefix = model.get("continuing_subword_prefix")
    for rank, merge in enumerate(listed(model.get("merges", []), gathered.where, "merges")):
        pair = merge.split(" ") if isinstance(merge, str) else merge
        if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
            raise InputError(f"{gathered.where}: merge {rank:,} is no pair of tokens")
        left, right = pair
        made = vocabulary.get(left + (right.removeprefix(prefix) if isinstance(prefix, str) else right))
        if made is None:
            raise InputError(f"{gathered.where}: merge {rank:,} makes a token that is not in the vocabulary")
        if gathered.order[made] == NEVER:
            gathered.order[made] = float(rank)


def _add_tokens(gathered: Gathering, said: dict[str, Any], decoder: Decoder) -> None:
    for entry in listed(said.get("added_tokens") or [], gathered.where, "added_tokens"):
        one = mapping(entry, gathered.where, "an added token")
        number = gathered.number(one.get("id"))
        content = gathered.utf8(one.get("content"))
        if one.get("special") is True:
            gathered.put_special(number, content.decode())
            continue
        before = b" " if decoder.prefix is not None else b""
        gathered.put(number, before + content, gathered.order.get(number, NEVER), again=True)


def _put_unknown(gathered: Gathering, unknown: int, decoder: Decoder) -> None:
    gathered.specials.pop(unknown, None)
    gathered.ends.discard(unknown)
    gathered.put(unknown, (b" " if decoder.prefix is not None else b"") + UNKNOWN, -math.inf, again=True)


def _end_texts(gathered: Gathering, post_processor: object) -> None:
    """Take what the post-processor puts after a text for the end of a document."""
    for step in losses.parts(post_processor, "processors"):
        for number in _after_text(step):
            if isinstance(number, int) and number in gathered.specials:
                gathered.ends.add(number)


def _after_text(step: dict[str, Any]) -> Iterator[object]:
    separator = step.get("sep")
    if step.get("type") in ("BertProcessing", "RobertaProcessing") and isinstance(separator, list):
        yield separator[-1] if separator else None
    single, ids = step.get("single"), step.get("special_tokens")
    if step.get("type") != "TemplateProcessing" or not isinstance(single, list) or not isinstance(ids, dict):
        return
    texts = [place for place, piece in enumerate(single) if isinstance(piece, dict) and "Sequence" in piece]
    for piece in single[texts[-1] + 1 if texts else len(single) :]:
        special = piece.get("SpecialToken") if isinstance(piece, dict) else None
        entry = ids.get(str(special.get("id"))) if isinstance(special, dict) else None
        numbers = entry.get("ids") if isinstance(entry, dict) else None
        yield from numbers if isinstance(numbers, list) else ()
