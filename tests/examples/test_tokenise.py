"""The example tokenises texts and writes each format so that the readers give the same documents back."""

from __future__ import annotations

import base64
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from countermark.corpus.base import Shard
from countermark.corpus.listing import list_shards, reader_for
from countermark.corpus.tokens.choice import Tokenizers
from countermark.corpus.tokens.folder import table_from
from countermark.corpus.tokens.table import SPECIAL, Kind, table_of

if TYPE_CHECKING:
    from countermark.corpus.base import RecordBatch
    from countermark.corpus.tokens.table import TokenTable

EXAMPLES = Path(__file__).parents[2] / "examples"
FORMATS = ("megatron", "nanogpt", "llmc", "npy", "mds", "mds-zstd", "parquet", "arrow", "pbin")
NAMED = ("mds", "mds-zstd", "parquet", "arrow")
"""Formats with a column that names the documents."""
TEXTS = {
    "bakery.txt": "The bakery on the corner lights its oven long before the street has thought of waking up.\n"
    * 9,
    "bac.txt": "Le passeur n’avait jamais su nager ; il le disait à qui voulait l’entendre, « l’été » surtout.\n\n"
    * 7,
    "few.txt": "One line 🥖, no more.",
    "tide.txt": "When the tide is out, the boats lie on their sides and the children count the crabs.\n" * 30,
}


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder of texts."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the example in a folder."""
    command = [sys.executable, str(EXAMPLES / "tokenise.py"), *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def batches(folder: Path, table: TokenTable) -> list[RecordBatch]:
    """What Countermark reads in a folder of ids, told which tokeniser they are of."""
    found = list(list_shards([folder], tokenizers=lambda: Tokenizers([table], table)))
    shards = [one for one in found if isinstance(one, Shard)]
    assert len(shards) == len(found) > 0, found
    read: list[RecordBatch] = []
    for shard in shards:
        read += reader_for(shard.format).batches(shard)
    assert [one for batch in read for one in batch.refused] == []
    return read


def documents(read: list[RecordBatch]) -> list[tuple[str | None, str]]:
    """The records as names and texts."""
    names = [name for batch in read for name in batch.record_id.to_pylist()]
    return list(zip(names, [str(text) for batch in read for text in batch.text.to_pylist()], strict=True))


def letters(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any, TokenTable]:
    """The example as a module, and a tokeniser of the 256 bytes, whose end is 256, with its table."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    tokenise = importlib.import_module("tokenise")
    made = tokenise.Tokeniser(lambda text: list(text.encode()), 256, 257, None)
    tokens = [bytes([one]) for one in range(256)] + [b""]
    flags, order = [0] * 256 + [SPECIAL], [float(one) for one in range(257)]
    return tokenise, made, table_of("letters", Kind.BYTES, tokens, flags, order, ends=(256,))


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_gives_the_documents_back(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Needs no library: the tokeniser is made here. Names come back where the format has them."""
    tokenise, made, table = letters(monkeypatch)
    given = [tokenise.Document(name, np.array(made.encode(text), np.uint32)) for name, text in TEXTS.items()]
    tokenise.FORMATS[form](given, made, tmp_path)
    named = [(name if form in NAMED else None, text) for name, text in TEXTS.items()]
    assert documents(batches(tmp_path, table)) == named


@pytest.mark.parametrize("form", ["mds", "parquet", "arrow"])
def test_packed_rows_give_the_same_letters(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows of 512 ids cut documents; their pieces in order are the documents, and the cut ones are marked."""
    tokenise, made, table = letters(monkeypatch)
    given = [tokenise.Document(name, np.array(made.encode(text), np.uint32)) for name, text in TEXTS.items()]
    tokenise.FORMATS[form](tokenise.rows(given, made.end, 512), made, tmp_path)
    read = batches(tmp_path, table)
    pieces = "".join(text for _, text in documents(read))
    kept = [letter for letter in "".join(TEXTS.values()) if letter.isascii()]
    assert [letter for letter in pieces if letter.isascii()] == kept
    assert len(documents(read)) > len(TEXTS)
    assert sum(batch.tokens.counts.fragments for batch in read if batch.tokens) > 0


def test_a_tokenizer_json_in_every_format(texts: Path, tmp_path: Path) -> None:
    """A small tokeniser trained here, by the library of Hugging Face; nothing is padded or cut by it."""
    library = pytest.importorskip("tokenizers", reason="the library tokenizers reads tokenizer.json")
    made = library.Tokenizer(library.models.BPE())
    made.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = library.decoders.ByteLevel()
    trainer = library.trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=library.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(TEXTS.values(), trainer)
    made.enable_truncation(8)
    made.enable_padding(length=8)
    made.save(str(tmp_path / "tokenizer.json"))
    done = run(tmp_path, "tokenizer.json", "texts", "ids")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("4 documents, ")
    said = "9 copies of one text: search one at a time, countermark scan works.index "
    assert said + str(Path("ids", "megatron")) in done.stdout
    table = table_from(tmp_path / "tokenizer.json", "small")
    for form in FORMATS:
        read = [text for _, text in documents(batches(tmp_path / "ids" / form, table))]
        assert read == [TEXTS[name] for name in sorted(TEXTS)], form


def ranks() -> dict[bytes, int]:
    """A rank file's content: the bytes, and a few merges."""
    merged = (b"th", b"the", b" the", b"in", b"ing", b" t", b"er", b"on")
    return {token: rank for rank, token in enumerate([*(bytes([one]) for one in range(256)), *merged])}


@pytest.mark.parametrize("kind", ["tiktoken", "js"])
def test_ranks_of_tiktoken(kind: str, tmp_path: Path, texts: Path) -> None:
    """A rank file, and ranks in a script as js-tiktoken has them; JSON Lines are read, and keep their names."""
    pytest.importorskip("tiktoken", reason="the library tiktoken reads rank files")
    packed = [base64.b64encode(token).decode() for token in ranks()]
    if kind == "tiktoken":
        file = "ranks.tiktoken"
        content = "".join(f"{token} {rank}\n" for rank, token in enumerate(packed))
    else:
        file = "ranks.cjs"
        said = {"pat_str": r"\s?\w+|\s+|.", "special_tokens": {"<|endoftext|>": len(packed)}}
        content = "module.exports = " + json.dumps(said | {"bpe_ranks": "! 0 " + " ".join(packed)}) + ";"
    (tmp_path / file).write_text(content)
    lines = (json.dumps({"id": name, "text": text}) for name, text in TEXTS.items())
    (tmp_path / "texts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = run(tmp_path, file, "texts.jsonl", "ids", "--format", "megatron", "parquet")
    assert done.returncode == 0, done.stderr
    table = table_from(tmp_path / file, "small", {"<|endoftext|>": len(packed)})
    assert documents(batches(tmp_path / "ids" / "parquet", table)) == list(TEXTS.items())
    read = [text for _, text in documents(batches(tmp_path / "ids" / "megatron", table))]
    assert read == list(TEXTS.values())


def test_a_sentencepiece_model(tmp_path: Path, texts: Path) -> None:
    """A small unigram model trained here without normalisation gives the texts back."""
    library = pytest.importorskip("sentencepiece", reason="the library sentencepiece reads .model files")
    library.SentencePieceTrainer.train(
        sentence_iterator=iter("".join(TEXTS.values()).splitlines()),
        model_prefix=str(tmp_path / "tokenizer"),
        vocab_size=340,
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    done = run(tmp_path, "tokenizer.model", "texts", "ids", "--format", "npy", "arrow")
    assert done.returncode == 0, done.stderr
    table = table_from(tmp_path / "tokenizer.model", "small")
    for form in ("npy", "arrow"):
        read = [text for _, text in documents(batches(tmp_path / "ids" / form, table))]
        assert read == [TEXTS[name] for name in sorted(TEXTS)], form


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing.json", "texts", "ids"], "there is no nothing.json"),
        (["other.json", "texts", "ids"], "other.json: neither a tokenizer.json"),
        (["other.json", "texts", "ids", "--pack", "8"], "--pack takes a positive number"),
        (["other.json", "texts", "ids", "--format", "tfrecord"], "invalid choice: 'tfrecord'"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], said: str, tmp_path: Path, texts: Path) -> None:
    """One message, and no traceback."""
    (tmp_path / "other.json").write_text("{}")
    done = run(tmp_path, *words)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_help_gives_examples(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    assert done.stdout.count("python examples/tokenise.py ") == 3
