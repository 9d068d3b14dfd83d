"""Tokenisers' files of every kind become tables that decode as the tokenisers' own libraries do."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from corpus.tokens import tokenizer_files as made
from corpus.tokens.tokenizer_files import WORDS, table
from countermark.corpus.tokens.sources import losses, packages, public
from countermark.corpus.tokens.sources.decoders import BYTE_CHARACTERS
from countermark.corpus.tokens.table import SPECIAL, UNUSED, Kind
from countermark.errors import InputError


def test_a_rank_file() -> None:
    """Ranks are ids; single bytes are made by no merge; special tokens are those that are given."""
    read = table(made.rank_file(WORDS), specials={"<|endoftext|>": 270})
    assert (read.name, read.kind, read.source, len(read)) == ("mine", Kind.BYTES, "file", 271)
    assert [read.token(number) for number in (0, 255, 256, 258)] == [b"\0", b"\xff", b" the", WORDS[2]]
    assert read.order[[10, 256, 259]].tolist() == [math.inf, 256.0, 259.0]
    assert read.flags[[259, 260, 269, 270]].tolist() == [0, UNUSED, UNUSED, SPECIAL]
    assert (read.ends, read.losses, read.first_space) == ((270,), (), False)
    assert table(made.rank_file(WORDS)).ends == ()


def test_ranks_in_a_script() -> None:
    """js-tiktoken's scripts and JSON are read as data, gaps between stretches stay."""
    said = made.ranks_object(WORDS)
    for data in (made.script(said), made.script(said, "export default "), json.dumps(said).encode()):
        read = table(data)
        assert [read.token(number) for number in (65, 256, 257)] == [b"A", b"", b" the"]
        assert (read.flags[256], read.ends) == (SPECIAL, (256,))


def test_special_tokens_of_public_ranks() -> None:
    """Public rank files are known by digest; those of OpenAI stand in tiktoken's source with the same digests."""
    known = public.known("306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930")
    assert known == ("gpt2", {"<|endoftext|>": 50256})
    llama = public.known("82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55")
    assert llama is not None
    assert (llama.specials["<|end_of_text|>"], max(llama.specials.values())) == (128_001, 128_255)
    assert public.known("0" * 64) is None


def test_a_special_token_with_text_is_refused() -> None:
    """An id cannot be text and none."""
    with pytest.raises(InputError, match="id 65 of <x> is that of a token with text"):
        table(made.rank_file([]), specials={"<x>": 65})


def test_tekken() -> None:
    """Ids begin after the special tokens; tokens beyond the size that is used are left out."""
    said = {
        "config": {"default_num_special_tokens": 20, "default_vocab_size": 20 + 257},
        "vocab": [
            {"rank": rank, "token_bytes": line.split()[0].decode()}
            for rank, line in enumerate(made.rank_file(WORDS).splitlines())
        ],
    }
    read = table(said)
    assert (len(read), read.token(20 + 65), read.token(276)) == (277, b"A", b" the")
    assert (read.order[276], read.ends) == (256.0, (2,))
    named = table(
        said | {"special_tokens": [{"rank": 2, "token_str": "<x>"}, {"rank": 4, "token_str": "</s>"}]}
    )
    assert named.ends == (4,)
    with pytest.raises(InputError, match="2,000 ids, 20 of them special"):
        table(said | {"config": {"default_num_special_tokens": 20, "default_vocab_size": 2000}})


def test_byte_level_bpe() -> None:
    """GPT-2's characters are bytes again, merges give the order, added tokens are text or none."""
    said = made.byte_level(["Ġ t", "h e", "Ġt he"])
    said["added_tokens"].append({"id": 300, "content": "<tool é>", "special": False})
    read = table(said)
    ids = [said["model"]["vocab"][token] for token in ("Ġthe", "Ġ", "Ã", "©", "Ċ")]
    assert made.text_of(read, ids) == " the é\n"
    assert read.order[said["model"]["vocab"]["Ġthe"]] == 2.0
    assert read.order[said["model"]["vocab"]["h"]] == math.inf
    assert (read.kind, read.ends, read.losses) == (Kind.BYTES, (259,), ())
    assert (read.token(300), read.flags[299]) == ("<tool é>".encode(), UNUSED)
    pairs = table(said | {"model": said["model"] | {"merges": [["Ġ", "t"], ["h", "e"], ["Ġt", "he"]]}})
    assert (pairs.order == read.order).all()


def test_a_space_put_before_a_text_is_taken_away_again() -> None:
    """What the encoder puts before each text is no part of it."""
    before = {"type": "ByteLevel", "add_prefix_space": True}
    assert table(made.byte_level([], pre_tokenizer=before)).first_space
    never = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "never"}
    said = {"model": {"type": "BPE", "vocab": {"▁a": 0}, "merges": []}, "decoder": never}
    assert not table(said).first_space
    assert table(said | {"decoder": never | {"prepend_scheme": "first"}}).first_space


def test_pieces_with_bytes_to_fall_back_to() -> None:
    """As Llama 2 has them: ▁ is a space, <0x0A> a byte, and <unk> is never written."""
    vocabulary = {"<unk>": 0, "<s>": 1, "</s>": 2, "<0x0A>": 3, "<0xE9>": 4, "▁": 5, "a": 6, "▁a": 7}
    said = {
        "model": {
            "type": "BPE",
            "vocab": vocabulary,
            "merges": ["▁ a"],
            "byte_fallback": True,
            "unk_token": "<unk>",
        },
        "added_tokens": [
            {"id": number, "content": name, "special": True}
            for name, number in vocabulary.items()
            if number < 3
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Prepend", "prepend": "▁"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
            ],
        },
        "decoder": {
            "type": "Sequence",
            "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": 1, "stop": 0},
            ],
        },
    }
    read = table(said)
    assert (read.kind, read.first_space, read.losses, read.ends) == (
        Kind.PIECES,
        True,
        (losses.BLOCKS,),
        (2,),
    )
    assert [read.token(number) for number in (3, 4, 7)] == [b"\n", b"\xe9", b" a"]
    assert made.text_of(read, [1, 7, 3, 7, 6]) == "a\n aa"
    assert (read.flags[0], read.order[7]) == (SPECIAL, 0.0)


def test_unigram() -> None:
    """Scores are the order; where there is no piece, something stands in the text, and that is said."""
    said = {
        "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0], ["▁a", -1.5], ["b", -2.5]]},
        "decoder": {"type": "Metaspace", "replacement": "▁", "add_prefix_space": True},
        "normalizer": {"type": "Precompiled", "precompiled_charsmap": "AA=="},
    }
    read = table(said)
    assert (read.kind, read.losses) == (Kind.UNIGRAM, (losses.MAPPED, losses.BLOCKS, losses.OUTSIDE))
    assert made.text_of(read, [1, 2, 0]) == "ab\ufffd"
    assert read.order.tolist() == [-math.inf, -1.5, -2.5]


def test_wordpiece() -> None:
    """Tokens that begin a word have a space before them, but for those that clean-up takes it from."""
    vocabulary = {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "un": 3, "##hur": 4, ".": 5, "##.": 6, "(": 7}
    said = {
        "model": {"type": "WordPiece", "vocab": vocabulary, "unk_token": "[UNK]"},
        "added_tokens": [{"id": n, "content": t, "special": True} for t, n in vocabulary.items() if n < 3],
        "normalizer": {
            "type": "BertNormalizer",
            "lowercase": True,
            "strip_accents": None,
            "clean_text": False,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    }
    read = table(said)
    assert made.text_of(read, [1, 3, 4, 5, 7, 0, 2]) == "unhur. ( \ufffd"
    assert (read.kind, read.ends, read.order.max()) == (Kind.WORDPIECE, (2,), 0.0)
    assert read.losses == (losses.CASE, losses.ACCENTS, losses.SPACES, losses.PUNCTUATION, losses.OUTSIDE)


def test_vocab_txt() -> None:
    """One token a line; what was lost follows from the letters that there are."""
    lines = ["[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "un", "##hur", ",", "e"]
    read = table("\n".join(lines).encode() + b"\n")
    assert made.text_of(read, [3, 5, 6, 7, 8, 2, 4]) == "unhur, e \ufffd"
    assert (len(read), read.flags[1], read.ends) == (9, UNUSED, (4,))
    assert {losses.CASE, losses.ACCENTS} < set(read.losses)
    cased = table("\r\n".join([*lines, "É"]).encode())
    assert not {losses.CASE, losses.ACCENTS} & set(cased.losses)


def test_a_vocabulary_with_its_merges() -> None:
    """vocab.json and merges.txt say what a tokenizer.json says; names in brackets that no merge makes are no text."""
    said = made.byte_level(["Ġ t", "h e"])
    vocabulary = said["model"]["vocab"] | {"<|endoftext|>": 258}
    read = table(vocabulary, merges="#version: 0.2\nĠ t\nh e\n".encode)
    other = table(said)
    assert (read.data == other.data).all()
    assert (read.order == other.order).all()
    assert (read.ends, read.kind) == ((258,), Kind.BYTES)
    with pytest.raises(InputError, match=r"merges\.txt or vocab\.bpe belongs beside it"):
        table(vocabulary)


@pytest.mark.parametrize(("bpe", "fallback"), [(True, True), (False, False)])
def test_a_sentencepiece_model(bpe: bool, fallback: bool) -> None:
    """Pieces, types and settings are read from the bytes."""
    pieces = [
        made.piece("<unk>", kind=2),
        made.piece("<s>", kind=3),
        made.piece("</s>", kind=3),
        made.piece("<0x0A>", kind=6),
        made.piece("▁a", -3.0),
        made.piece("b", -4.0),
        made.piece("[X]", kind=4),
        made.piece("c", -5.0, kind=5),
    ]
    normalizer = made.message(1, b"nmt_nfkc_cf" if not bpe else b"identity") + made.flag(3, 1)
    normalizer += made.flag(4, int(not bpe)) + made.message(2, b"" if bpe else b"map")
    read = table(made.model(pieces, bpe=bpe, fallback=fallback, normalizer=normalizer))
    assert (read.kind, read.ends, read.first_space) == (Kind.PIECES if bpe else Kind.UNIGRAM, (2,), True)
    assert made.text_of(read, [1, 4, 3, 6, 5, 7, 2]) == "a\n[X]b"
    assert read.flags.tolist() == [SPECIAL if fallback else 0, SPECIAL, SPECIAL, 0, 0, 0, 0, UNUSED]
    if bpe:
        assert read.order[[3, 4, 5, 6]].tolist() == [math.inf, 3.0, math.inf, math.inf]
        assert read.losses == (losses.BLOCKS,)
    else:
        assert read.order[[3, 4, 5, 6]].tolist() == [-math.inf, -3.0, -4.0, 0.0]
        lost = ("NFKC", losses.CONTROLS, losses.CASE, losses.SPACES, losses.BLOCKS, losses.OUTSIDE)
        assert read.losses == lost
        assert read.token(0) == "\ufffd".encode()


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"type": "NFC"}, ["NFC"]),
        (
            {
                "type": "Sequence",
                "normalizers": [{"type": "NFD"}, {"type": "Lowercase"}, {"type": "StripAccents"}],
            },
            ["NFD", losses.CASE, losses.ACCENTS],
        ),
        ({"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, []),
        ({"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}, [losses.SPACES]),
        ({"type": "Replace", "pattern": {"String": "``"}, "content": '"'}, [losses.REPLACED]),
        ({"type": "BertNormalizer", "lowercase": False}, [losses.CONTROLS]),
        ({"type": "Strip"}, [losses.EDGES]),
        ({"type": "Odd"}, ["what the normaliser Odd changes"]),
        (None, []),
    ],
)
def test_what_a_normaliser_takes_away(spec: Any, said: list[str]) -> None:
    """Each normaliser is named by what a text loses by it."""
    assert list(losses.of_normalizer(spec)) == said


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"type": "Whitespace"}, [losses.SPACES]),
        ({"type": "Split", "pattern": {"String": " "}, "behavior": "Isolated"}, []),
        ({"type": "Split", "pattern": {"String": " "}, "behavior": "Removed"}, [losses.SPACES]),
        ({"type": "Split", "pattern": {"Regex": "\\p{L}+|\\s+"}, "behavior": "Removed", "invert": True}, []),
    ],
)
def test_what_a_pre_tokeniser_takes_away(spec: Any, said: list[str]) -> None:
    """White space at which texts are cut is lost, unless it is kept as tokens."""
    assert list(losses.of_pre_tokenizer(spec)) == said


def test_the_names_of_public_tokenisers() -> None:
    """The command offers what the package holds, without loading anything for it."""
    from countermark.cli.tokenizer_get import NAMES

    assert NAMES == packages.NAMES


def trained(kind: str) -> Any:
    """A tokeniser of the library tokenizers, trained on a few sentences."""
    library = pytest.importorskip("tokenizers")
    models, before, after, trainers = (
        library.models,
        library.pre_tokenizers,
        library.decoders,
        library.trainers,
    )
    texts = [made.TEXT, "the ferry and the tide, the heron and the quay " * 3]
    names = ["<unk>", "</s>", "[UNK]", "[SEP]"]
    if kind == "bytes":
        made_of = library.Tokenizer(models.BPE())
        made_of.pre_tokenizer, made_of.decoder = before.ByteLevel(add_prefix_space=False), after.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=330, special_tokens=["</s>"], initial_alphabet=before.ByteLevel.alphabet()
        )
    elif kind == "unigram":
        made_of = library.Tokenizer(models.Unigram())
        made_of.pre_tokenizer, made_of.decoder = before.Metaspace(), after.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=80, special_tokens=names[:2], unk_token=names[0])
    else:
        made_of = library.Tokenizer(models.WordPiece(unk_token=names[2]))
        made_of.normalizer = library.normalizers.BertNormalizer()
        made_of.pre_tokenizer, made_of.decoder = before.BertPreTokenizer(), after.WordPiece()
        trainer = trainers.WordPieceTrainer(vocab_size=120, special_tokens=names[2:])
    made_of.train_from_iterator(texts, trainer)
    return made_of


@pytest.mark.parametrize("kind", ["bytes", "unigram", "wordpiece"])
def test_ids_decode_as_the_library_decodes_them(kind: str) -> None:
    """The bytes of a table's tokens side by side are what the library tokenizers makes of the same ids."""
    library = trained(kind)
    read = table(library.to_str().encode())
    for text in (made.TEXT, "the tide, and the quay.", " heron", "waits"):
        ids = library.encode(text).ids
        assert made.text_of(read, ids) == library.decode(ids)
        if kind == "bytes":
            assert made.text_of(read, ids) == text
    assert len(read) == library.get_vocab_size()


def test_the_characters_of_bytes_are_those_of_the_library() -> None:
    """GPT-2's rule gives the 256 characters that the library uses."""
    library = pytest.importorskip("tokenizers")
    assert sorted(BYTE_CHARACTERS) == sorted(library.pre_tokenizers.ByteLevel.alphabet())
    assert sorted(BYTE_CHARACTERS.values()) == list(range(256))
