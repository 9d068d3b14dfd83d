"""The tokenised copies of a corpus that the token benchmark scans, and where each document stands in them.

They are written by `examples/tokenise.py`, with each tokeniser's own library. Ids and the bytes of each token are taken
from there too, so that what is compared with Countermark shares no code with it.
"""

from __future__ import annotations

import importlib
import json
import shutil
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from results import ROOT
from token_sources import FOLDER

if TYPE_CHECKING:
    import numpy.typing as npt

EXACT = {
    "gpt2": "gpt2.cjs",
    "cl100k_base": "cl100k_base.cjs",
    "o200k_base": "o200k_base.cjs",
    "qwen": "qwen.tiktoken",
    "tekken": "tekken.json",
}
OTHERS = {"mistral-v1": "mistral-v1.model", "unigram-nfkc": "unigram-nfkc.model", "minilm": "minilm.json"}
FORMATS = ("megatron", "nanogpt", "mds", "parquet", "arrow")
EXTRAS = ("llmc", "pbin", "npy", "mds-zstd")
STREAMS = ("nanogpt", "llmc", "npy")


def example() -> Any:
    """`examples/tokenise.py` as a module."""
    folder = str(ROOT.parent / "examples")
    if folder not in sys.path:
        sys.path.append(folder)
    return importlib.import_module("tokenise")


def tokeniser_file(name: str) -> Path:
    """The file of a tokeniser. Stops with a message where it was not got."""
    path = FOLDER / (EXACT | OTHERS)[name]
    if not path.exists():
        raise SystemExit(f"{path} is missing: run benchmarks/token_sources.py")
    return path


@dataclass
class Texts:
    """The documents of a corpus, in their order."""

    names: list[str]
    texts: list[str]

    @cached_property
    def size(self) -> int:
        """Bytes of UTF-8."""
        return sum(len(text.encode()) for text in self.texts)


def texts_of(corpus: Path, most_bytes: int) -> Texts:
    """The first documents of a Parquet file, up to so many bytes of UTF-8."""
    table = pq.read_table(corpus, columns=["id", "text"])
    names, texts, size = [], [], 0
    for name, text in zip(table["id"].to_pylist(), table["text"].to_pylist(), strict=True):
        names.append(name)
        texts.append(text)
        size += len(text.encode())
        if size >= most_bytes:
            break
    return Texts(names, texts)


@dataclass
class Tokenised:
    """A corpus as ids: `documents` as the example has them, without ends; `files` by format."""

    name: str
    made: Any
    documents: list[Any]
    pack: int = 0
    shards: dict[str, list[int]] = field(default_factory=dict)

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        """The number of ids of each document, without its end."""
        return np.array([len(one.ids) for one in self.documents], np.int64)

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """Where each document begins in the row of all ids, one end after each; and where all end."""
        return np.concatenate([[0], np.cumsum(self.lengths + 1)])

    def write(self, format_: str, folder: Path) -> Path:
        """The files of a format, in a new folder."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        module = example()
        rows = module.rows(self.documents, self.made.end, self.pack)
        module.FORMATS[format_](rows, self.made, folder)
        if (folder / "index.json").exists():
            said = json.loads((folder / "index.json").read_text())
            self.shards[format_] = np.cumsum([0, *(one["samples"] for one in said["shards"])]).tolist()
        return folder

    def place(self, format_: str, shard: str, row: int, start: int | None) -> tuple[int, int]:
        """Which document a finding is of, and the position of its first id within it.

        `row` and `start` are what the finding says: the record, and the position of the token in its sequence.
        """
        at = start or 0
        if format_ in STREAMS:
            document = int(np.searchsorted(self.starts, row, side="right")) - 1
            first = self.starts[document] + (1 if format_ == "llmc" else 0)
            return document, at - int(first)
        if self.pack:
            whole = row * self.pack + at
            document = int(np.searchsorted(self.starts, whole, side="right")) - 1
            return document, whole - int(self.starts[document])
        if format_ in self.shards:
            row += self.shards[format_][int(Path(shard.partition("#")[0]).name.split(".")[1])]
        return row, at


def tokenised(name: str, corpus: Texts) -> Tokenised:
    """Encode a corpus with a tokeniser's own library."""
    module = example()
    made = module.tokeniser(tokeniser_file(name))
    documents = [
        module.Document(called, np.array(made.encode(text), np.uint32))
        for called, text in zip(corpus.names, corpus.texts, strict=True)
    ]
    return Tokenised(name, made, documents)


def token_bytes(name: str) -> dict[int, bytes]:
    """The bytes of each token of a byte-level tokeniser, as its own library has them."""
    found = example().tokeniser(tokeniser_file(name))
    tokens = found.made.token_byte_values()
    return {found.made.encode_single_token(token) + found.shift: token for token in tokens}
