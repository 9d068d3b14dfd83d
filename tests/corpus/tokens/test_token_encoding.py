"""Words cut anew, against the library `tokenizers`, on tokenisers trained on the repository's own pages."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from countermark.corpus.tokens.encoding import LONGEST_WORD, WordEncoder
from countermark.corpus.tokens.table import SPECIAL, Kind, TokenTable, table_of

ROOT = Path(__file__).parents[3]
NEVER = float("inf")
UNKNOWN = "[UNK]"


@cache
def text() -> str:
    """The guides, in two languages."""
    pages = sorted((ROOT / "docs" / "howto").glob("*.md"))
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)[:150_000]


@cache
def words() -> tuple[str, ...]:
    """Words as the pages have them, and some in other scripts."""
    found = re.findall(r"[^\W\d_]+", text())
    return (*dict.fromkeys(found[:4000]), "Ωραίος", "слово", "你好", "naïveté")


def trained(model: Any, trainer: Any, before: Any) -> Any:
    tokenizers = pytest.importorskip("tokenizers")
    made = tokenizers.Tokenizer(model)
    made.pre_tokenizer = before
    made.train_from_iterator([text()], trainer)
    return made


def byte_level() -> tuple[Any, TokenTable]:
    tokenizers = pytest.importorskip("tokenizers")
    before = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=700, initial_alphabet=alphabet, show_progress=False)
    made = trained(tokenizers.models.BPE(), trainer, before)
    vocabulary = made.get_vocab()
    decoder = tokenizers.decoders.ByteLevel()
    # the printed letters of bytes: those that are printable stand for themselves, the rest follow from U+0100 on
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {chr(byte): byte for byte in plain}
    letters |= {chr(256 + at): byte for at, byte in enumerate(b for b in range(256) if b not in plain)}
    assert decoder.decode(["Ġa"]) == " a"
    tokens = [b""] * len(vocabulary)
    for token, number in vocabulary.items():
        tokens[number] = bytes(letters[letter] for letter in token)
    order = [NEVER if len(token) == 1 else float(number) for number, token in enumerate(tokens)]
    return made, table_of("tiny", Kind.BYTES, tokens, [0] * len(tokens), order)


def unigram() -> tuple[Any, TokenTable]:
    tokenizers = pytest.importorskip("tokenizers")
    before = tokenizers.pre_tokenizers.Metaspace()
    trainer = tokenizers.trainers.UnigramTrainer(
        vocab_size=600, unk_token=UNKNOWN, special_tokens=[UNKNOWN], show_progress=False
    )
    made = trained(tokenizers.models.Unigram(), trainer, before)
    pieces = json.loads(made.to_str())["model"]["vocab"]
    tokens = [piece.replace("▁", " ").encode() for piece, _ in pieces]
    flags = [SPECIAL if piece == UNKNOWN else 0 for piece, _ in pieces]
    return made, table_of("tiny", Kind.UNIGRAM, tokens, flags, [weight for _, weight in pieces])


def wordpiece() -> tuple[Any, TokenTable]:
    tokenizers = pytest.importorskip("tokenizers")
    trainer = tokenizers.trainers.WordPieceTrainer(
        vocab_size=700, special_tokens=[UNKNOWN], show_progress=False
    )
    model = tokenizers.models.WordPiece(unk_token=UNKNOWN)
    made = trained(model, trainer, tokenizers.pre_tokenizers.BertPreTokenizer())
    vocabulary = sorted(made.get_vocab().items(), key=lambda one: one[1])
    tokens = [(word[2:] if word.startswith("##") else " " + word).encode() for word, _ in vocabulary]
    flags = [SPECIAL if word == UNKNOWN else 0 for word, _ in vocabulary]
    return made, table_of("tiny", Kind.WORDPIECE, tokens, flags, [0.0] * len(tokens))


@pytest.mark.parametrize(("make", "prefix"), [(byte_level, " "), (unigram, ""), (wordpiece, "")])
def test_words_are_cut_as_the_library_cuts_them(make: Any, prefix: str) -> None:
    """Every word of the pages has the same ids, and of those that the library cannot write we say so."""
    made, table = make()
    encoder, unknown = WordEncoder(table), table.flags == SPECIAL
    several = 0
    for word in words():
        theirs = tuple(made.encode(prefix + word, add_special_tokens=False).ids)
        ours = encoder.encode(f" {word}".encode())
        assert ours == (None if unknown[list(theirs)].any() else theirs), word
        several += len(theirs) > 1
    assert several > 500


def test_another_order_cuts_otherwise() -> None:
    """The ranks decide: turned round, they cut many words of several tokens in another way, though by no means all."""
    _, table = byte_level()
    turned = replace(table, order=np.where(np.isfinite(table.order), -table.order, np.inf))
    right, wrong = WordEncoder(table), WordEncoder(turned)
    several = [word for word in (f" {one}".encode() for one in words()) if len(right.lengths(word) or ()) > 1]
    otherwise = sum(right.lengths(word) != wrong.lengths(word) for word in several)
    assert len(several) / 4 < otherwise < len(several)


def pieces(*tokens: tuple[bytes, float]) -> TokenTable:
    return table_of(
        "pieces", Kind.PIECES, [one for one, _ in tokens], [0] * len(tokens), [rank for _, rank in tokens]
    )


def test_pieces_begin_with_characters_and_fall_back_on_bytes() -> None:
    """A character that is a token is never taken apart; one that is none becomes its bytes."""
    known = [
        (b"\xc3", NEVER),
        (b"\xa9", NEVER),
        (b"a", NEVER),
        (b"a", 9.0),
        (b"aa", 1.0),
        (" é".encode(), 2.0),
    ]
    encoder = WordEncoder(pieces(*known))
    assert encoder.lengths("é".encode()) == (1, 1)
    assert encoder.lengths(b"aaa") == (2, 1)
    assert encoder.encode(b"aaa") == (4, 3)  # the letter, and not the byte of the same looks
    with_letter = WordEncoder(pieces(*known, ("é".encode(), NEVER)))
    assert with_letter.lengths("é".encode()) == (2,)


def test_what_cannot_be_cut_is_none() -> None:
    """A missing byte, a word that is too long, nothing at all, and bytes that are no characters."""
    encoder = WordEncoder(pieces((b"a", NEVER), (b"b", NEVER)))
    assert encoder.lengths(b"abc") is None
    assert encoder.encode(b"abc") is None
    assert encoder.lengths(b"") is None
    assert encoder.lengths(b"\xff") is None
    assert encoder.lengths(b"a" * LONGEST_WORD) == (1,) * LONGEST_WORD
    assert encoder.lengths(b"a" * (LONGEST_WORD + 1)) is None


def test_unigram_falls_back_on_bytes() -> None:
    """An unknown character costs more than any token, and becomes its bytes."""
    tokens = [b"\xc3", b"\xa9", b"a", b"b", b"ab"]
    table = table_of("unigram", Kind.UNIGRAM, tokens, [0] * 5, [NEVER, NEVER, -1.0, -1.0, -5.0])
    encoder = WordEncoder(table)
    assert encoder.lengths("abé".encode()) == (1, 1, 1, 1)
    likelier = replace(table, order=np.array([NEVER, NEVER, -3.0, -3.0, -5.0]))
    assert WordEncoder(likelier).lengths("abé".encode()) == (2, 1, 1)
