"""datatrove's NGramsDecontFilter with its default of 12 words: one work named a document, no span.

The index files are written with the library's own `compute_hashes`, one for each work; its `run` would need lighteval.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import harness
import numpy as np
from datatrove.data import Document
from datatrove.pipeline.decont.n_grams import NGramsDecontConfig, NGramsDecontFilter, NGramsDecontIndexer
from datatrove.utils.hashing import create_hash_func
from datatrove.utils.word_tokenizers import load_word_tokenizer
from loguru import logger

if TYPE_CHECKING:
    from collections.abc import Iterator


logger.remove()  # it names every file of the index


class DatatroveNgrams:
    """One dictionary from the hash of 12 words to a work; the first hit decides."""

    tool = "datatrove n=12"
    packages = ("datatrove", "xxhash", "spacy", "numpy")
    gives_span = False

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._filter: NGramsDecontFilter | None = None

    def index(self, works: list[tuple[str, str]]) -> None:
        """Take in the works."""
        config = NGramsDecontConfig()
        indexer = SimpleNamespace(
            config=config,
            tokenizer=load_word_tokenizer("eng_Latn"),
            hash_func=create_hash_func(config.hash_config),
        )
        for name, text in works:
            found = NGramsDecontIndexer.compute_hashes(indexer, text)
            hashes = np.array(sorted(set(found)), dtype=config.hash_config.np_descr)
            hashes.tofile(Path(self._folder.name) / f"{name}.index.hashes")
        self._filter = NGramsDecontFilter(self._folder.name, config, language="eng_Latn")
        self._filter.load_index_hashes()

    def match(self, documents: list[tuple[str, str]]) -> Iterator[harness.Prediction]:
        """Yield what is found."""
        assert self._filter is not None  # noqa: S101
        for name, text in documents:
            document = Document(text=text, id=name)
            if self._filter.filter(document) is not True:
                yield name, document.metadata["contaminated_task"], None, None, 1.0


if __name__ == "__main__":
    harness.main(DatatroveNgrams(), "datatrove")
