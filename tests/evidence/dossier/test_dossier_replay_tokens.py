"""Replay of a finding among token ids: decoded anew by the table that the dossier holds."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from countermark.corpus.tokens import held
from countermark.errors import CorpusError, DossierError
from countermark.evidence.dossier.contents import SealInputs
from countermark.evidence.dossier.keys import new_key
from countermark.evidence.dossier.replay.replay import Held, replay
from countermark.evidence.dossier.seal import seal
from countermark.index.build import build_index
from countermark.media import Refusal
from countermark.scan import AskedTokenizers, ScanSettings, run_scan
from countermark.works.reading import read_works
from token_corpora import WORKS, as_megatron, tables, texts, tokenizer


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over a Megatron file, and a dossier of it."""
    place = tmp_path_factory.mktemp("replay-tokens")
    (place / "works").mkdir()
    for name, text in WORKS.items():
        (place / "works" / f"{name}.txt").write_text(text)
    works = (work for work in read_works([place / "works"]) if not isinstance(work, Refusal))
    build_index(works, place / "works.index")
    as_megatron(place / "corpus", texts(), tokenizer())
    asked = AskedTokenizers(tables(place))
    run_scan(
        ScanSettings(place / "works.index", (place / "corpus",), place / "run", workers=1, tokenizers=asked)
    )
    seal(SealInputs((place / "run",), "2026-11-23"), new_key(place / "key.pem"), place / "bag")
    return place


def a_finding(bag: Path) -> str:
    file = next(iter(sorted(bag.glob("data/items/*/findings.csv"))))
    with file.open(encoding="utf-8", newline="") as text:
        return next(csv.DictReader(text))["finding_id"]


@pytest.fixture(autouse=True)
def _nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has seen no table yet."""
    monkeypatch.setattr(held, "_held", {})


def test_a_finding_among_ids_is_found_again(sealed: Path) -> None:
    """With nothing but the dossier and the two files of the data set."""
    done = replay(sealed / "bag", a_finding(sealed / "bag"), sealed / "corpus" / "train.bin")
    assert done.agrees, done
    assert [step.held for step in done.steps] == [Held.YES] * 4


def test_another_index_is_told_by_the_digest(sealed: Path, tmp_path: Path) -> None:
    """The digest is of both files; without the index nothing can be read."""
    corpus = tmp_path / "corpus"
    shutil.copytree(sealed / "corpus", corpus)
    index = bytearray((corpus / "train.idx").read_bytes())
    index[-16:-8] = index[-24:-16]
    (corpus / "train.idx").write_bytes(index)
    file = replay(sealed / "bag", a_finding(sealed / "bag"), corpus / "train.bin").steps[0]
    assert file.held is Held.SKIPPED
    assert "other bytes than those searched" in file.said
    (corpus / "train.idx").unlink()
    with pytest.raises(CorpusError, match=r"no \.idx beside it"):
        replay(sealed / "bag", a_finding(sealed / "bag"), corpus / "train.bin")


def test_a_dossier_without_the_table_is_told(sealed: Path, tmp_path: Path) -> None:
    """And so is one with another table under its name."""
    bag = tmp_path / "bag"
    shutil.copytree(sealed / "bag", bag)
    (table,) = bag.glob("data/runs/*/tokenizers/*.tokens")
    table.write_bytes(table.read_bytes()[:-1])
    with pytest.raises(DossierError, match="not the table that its name says"):
        replay(bag, a_finding(bag), sealed / "corpus" / "train.bin")
    table.unlink()
    with pytest.raises(DossierError, match="is missing"):
        replay(bag, a_finding(bag), sealed / "corpus" / "train.bin")
