"""Damaged and hostile tokenisers' files are refused in one sentence, whatever they say."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from corpus.tokens import tokenizer_files as made
from corpus.tokens.tokenizer_files import WORDS, table
from countermark.corpus.tokens.table import SPECIAL, table_bytes
from countermark.errors import InputError


def refusal(data: bytes | dict[str, Any]) -> str:
    """Why a file is refused."""
    with pytest.raises(InputError) as error:
        table(data)
    return str(error.value)


def test_a_script_is_never_run() -> None:
    """Only an object of data is read; code is damaged JSON."""
    assert "damaged JSON" in refusal(b'module.exports = {"bpe_ranks": require("fs").readFileSync("/x")};')
    assert "damaged JSON" in refusal(b"module.exports = (function () { return 1 })();")


BPE = {"type": "BPE", "vocab": {"a": 0}, "merges": []}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no tokeniser's file that is known; a tokenizer.json, a tiktoken rank file"),
        (b"hello\nworld\n", "no tokeniser's file"),
        (b"# A\n\n##Heading\n\nSome words in a line.\n" * 50, "no tokeniser's file"),
        (b"a line of words\n" * 9 + b"[UNK]\n", "no tokeniser's file"),
        (
            made.piece("a") + made.piece("b")[:-3],
            "bytes begins at byte 14 of a message of 21: was it cut short?",
        ),
        (made.piece("a") + made.piece("b"), "2 pieces and no settings behind them: was it cut short?"),
        (made.piece("a") + b"\x12\xff", "does not end: was it cut short?"),
        (b"{", "damaged JSON"),
        (b'{"model": ' + b"[" * 100_000, "damaged JSON"),
        ({"x": 1.5}, "JSON, but no tokeniser's"),
        ({"model": []}, "model is an array where an object is expected"),
        ({"model": {"type": "Neural"}}, "a model of type 'Neural'; BPE, Unigram"),
        ({"model": {"type": ["BPE"]}}, "a model of type an array"),
        ({"model": BPE, "decoder": {"type": "CTC"}}, "a decoder of type 'CTC'"),
        ({"model": BPE | {"vocab": {"a": -1}}}, "an id is -1; it is to be a number from 0 to 4,194,303"),
        ({"model": BPE | {"vocab": {"a": 2**63}}}, "an id is 9223372036854775808"),
        ({"model": BPE | {"vocab": {"a": True}}}, "an id is true or false"),
        ({"model": BPE | {"vocab": {"a": 1, "b": 1}}}, "two tokens have the id 1"),
        ({"model": BPE | {"vocab": {}}}, "there is no token in it"),
        ({"model": BPE | {"merges": ["a"]}}, "merge 0 is no pair"),
        ({"model": BPE | {"merges": ["a b"]}}, "merge 0 makes a token that is not in the vocabulary"),
        ({"model": {"type": "Unigram", "vocab": [["a", "b"]]}}, "piece 0 has no score"),
        ({"model": BPE | {"vocab": {"a" * 70_000: 1}}}, "token 1 has 70,000 bytes; 65,536 at most"),
        (
            {
                "model": BPE,
                "decoder": {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000},
            },
            "replaces a string by a longer one",
        ),
        (b"QQ== 0\nQg== x\n", "some/file, line 2: a token in base64"),
        (b"QQ== 0\nQg= 1\n", "some/file, line 2: b'Qg=' is no base64"),
        (b"QQ== 0\nQg== 0\n", "two tokens have the id 0"),
        (b"QQ== 99999999\n", "an id is 99999999"),
        (b"\x0a\x05\x0a\x03abc\x0a\xff\xff\xff\xff\x0f", "of a message of 13: was it cut short?"),
        (b"\x0a\x03\x0a\x01a" + b"\xff" * 20, "the number at byte 5 of a message does not end"),
        (made.piece("\0")[:2] + b"\x0a\x01\xff" + b"\0" * 7, "some/file"),
        (b"countermark-tokens-1\n{}\n", "a damaged table of tokens"),
    ],
)
def test_a_file_that_cannot_be_used(data: bytes | dict[str, Any], said: str) -> None:
    """Each fault is named, with its place and what is accepted."""
    assert said in refusal(data)


@pytest.mark.parametrize("page", ["README.md", "CHANGELOG.md", "docs/index.md"])
def test_a_page_is_no_vocabulary(page: str) -> None:
    """Headings begin as BERT's tokens within words do."""
    path = Path(__file__).parents[3] / page
    assert "no tokeniser's file" in refusal(path.read_bytes())


def test_a_table_whose_parts_disagree() -> None:
    """A table in which a token that is no text has bytes was not written by us."""
    data = bytearray(table_bytes(table(made.rank_file(WORDS))))
    data[-len(b"".join(WORDS)) - 256 - 8 * 260 - 1] = SPECIAL  # the last flag
    assert "do not go together" in refusal(bytes(data))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tokens", "Infinity"), ("bytes", "1e999"), ("ends", "[Infinity]"), ("ends", "[300]"), ("tokens", "NaN"),
        ("name", r'"mine\u001b[31m"'), ("losses", r'["a\nb"]'), ("kind", "[1]"), ("tokens", "[" * 20_000),
    ],
)  # fmt: skip
def test_the_first_line_of_a_table_may_say_anything(key: str, value: str) -> None:
    """Numbers that are none, and names that would command the terminal they are told in."""
    data = table_bytes(table(made.rank_file(WORDS)))
    magic, line, rest = data.split(b"\n", 2)
    said = json.dumps({**json.loads(line), key: "@"}).replace('"@"', value)
    assert "a damaged table of tokens" in refusal(b"\n".join([magic, said.encode(), rest]))


def samples() -> list[bytes]:
    """A small file of each kind."""
    said = made.byte_level(["Ġ t", "h e"])
    pieces = [made.piece("<unk>", kind=2), made.piece("▁a", -1.0), made.piece("<0x0A>", kind=6)]
    return [
        made.rank_file(WORDS),
        made.script(made.ranks_object(WORDS)),
        json.dumps(said).encode(),
        made.model(pieces, bpe=True, fallback=True, normalizer=made.flag(3, 0)),
        b"[PAD]\n[UNK]\nun\n##hur\n",
        table_bytes(table(made.rank_file(WORDS))),
    ]


@pytest.mark.parametrize("number", range(6))
def test_damaged_files_are_refused_or_read_and_nothing_else(number: int) -> None:
    """Cut short, or with other bytes put in, a file is a table or an InputError, whatever it says."""
    whole, chance = samples()[number], random.Random(number)
    table(whole)
    refused = read = 0
    for turn in range(300):
        data = bytearray(whole[: chance.randrange(len(whole))] if turn % 2 else whole)
        for _ in range(chance.choice((0, 1, 3, 30)) if data else 0):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            table(bytes(data))
        except InputError as error:
            refused += "some/file" in str(error)
        else:
            read += 1
    assert read + refused == 300
    assert refused > 20


def random_json(value: Any, chance: random.Random) -> Any:
    """The same JSON with some values replaced by others, or left out."""
    if chance.random() < 0.05:
        return chance.choice([None, 1, -1, 2**40, 1e300, True, "x", "▁", [], {}, [[]], 40_000])
    if isinstance(value, dict):
        return {key: random_json(one, chance) for key, one in value.items() if chance.random() > 0.02}
    if isinstance(value, list):
        return [random_json(one, chance) for one in value]
    return value


def test_a_tokenizer_json_with_other_values() -> None:
    """JSON of any shape is a table or an InputError."""
    chance, done = random.Random(7), 0
    said = made.byte_level(["Ġ t", "h e"], normalizer={"type": "Sequence", "normalizers": [{"type": "NFC"}]})
    said["model"]["vocab"] = dict(list(said["model"]["vocab"].items())[:5])
    said["model"]["merges"] = []
    for _ in range(1500):
        try:
            table(json.dumps(random_json(said, chance)).encode())
            done += 1
        except InputError:
            continue
    assert 20 < done < 1480
