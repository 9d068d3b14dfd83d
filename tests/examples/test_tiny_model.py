"""The example that trains a tiny model: it learns, the local driver opens it, and one seed gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "tiny_model.py"
SMALL = ("--width", "32", "--layers", "1", "--vocabulary", "400")


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Some 20 kB of sentences of drawn words in two files of a folder, and a short work beside it."""
    drawn = random.Random(8)
    words = [a + b for a in ("ba", "lo", "mi", "ter", "san") for b in ("ka", "ne", "ri", "dol", "vus")]
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("one.txt", "two.md"):
        paragraphs = (" ".join(drawn.choices(words, k=60)) + "." for _ in range(30))
        (folder / name).write_text("\n\n".join(paragraphs), encoding="utf-8")
    (folder / "left.png").write_bytes(b"\x89PNG")
    (tmp_path / "work.txt").write_text(" ".join(drawn.choices(words, k=100)) + "\n", encoding="utf-8")
    return folder


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    command = [sys.executable, EXAMPLE, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.slow
def test_the_driver_opens_what_was_trained_and_a_repeated_work_is_likelier(
    texts: Path, tmp_path: Path
) -> None:
    """After 20 exposures a work is likelier than the same model without it finds it; one seed gives one model."""
    pytest.importorskip("torch", reason="needs the extra countermark[models]")
    pytest.importorskip("transformers", reason="needs the extra countermark[models]")
    from countermark.memorization.drivers.driver import Query
    from countermark.memorization.drivers.local import open_local

    work = tmp_path / "work.txt"
    without, planted, again = (tmp_path / name for name in ("without", "planted", "again"))
    first = run(texts, *SMALL, "-o", without)
    assert first.returncode == 0, first.stderr
    assert "left.png" not in first.stdout
    assert "1 files that are neither .txt nor .md are not read" in first.stderr
    assert "tokens/s" in first.stderr
    for out in (planted, again):
        done = run(texts, "--repeat", work, "20", *SMALL, "--seed", "3", "-o", out)
        assert done.returncode == 0, done.stderr
    query = Query("", work.read_text(encoding="utf-8")[:300])
    likelihood = [sum(open_local(model).logprobs([query])[0].logprobs) for model in (planted, without)]
    assert likelihood[0] > likelihood[1]
    digests = {
        hashlib.sha256((model / "model.safetensors").read_bytes()).hexdigest() for model in (planted, again)
    }
    assert len(digests) == 1
    assert (planted / "tokenizer.json").read_bytes() == (again / "tokenizer.json").read_bytes()


def test_bad_input_is_told_by_name(texts: Path, tmp_path: Path) -> None:
    """No text, no UTF-8, nothing there, a number that is none: one line, and no model."""
    (tmp_path / "latin.txt").write_bytes("déjà".encode("latin-1"))
    (tmp_path / "empty").mkdir()
    out = ("-o", tmp_path / "model")
    for words, said in (
        ((tmp_path / "nowhere", *out), "does not exist"),
        ((tmp_path / "empty", *out), "holds no text"),
        ((tmp_path / "latin.txt", *out), "is no UTF-8 (byte 1)"),
        ((texts, "--repeat", texts, "many", *out), "how often must be a number"),
        ((texts, "--passes", "0", *out), "not between 1 and 10000"),
        ((texts, "--width", "100", *out), "multiples of 64"),
    ):
        done = run(*words)
        assert done.returncode != 0
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "model").exists()


@pytest.mark.slow
def test_a_model_is_not_written_over(texts: Path) -> None:
    """A folder that holds something is refused before anything is learnt."""
    pytest.importorskip("torch", reason="needs the extra countermark[models]")
    pytest.importorskip("transformers", reason="needs the extra countermark[models]")
    done = run(texts, "-o", texts)
    assert done.returncode != 0
    assert "stands there already" in done.stderr


@pytest.mark.slow
def test_minutes_end_it(texts: Path, tmp_path: Path) -> None:
    """It stops early, saves what it has, and says so."""
    pytest.importorskip("torch", reason="needs the extra countermark[models]")
    pytest.importorskip("transformers", reason="needs the extra countermark[models]")
    done = run(texts, "--passes", "10000", "--minutes", "0.02", *SMALL, "-o", tmp_path / "model")
    assert done.returncode == 0, done.stderr
    assert "--minutes ended it" in done.stdout
    assert (tmp_path / "model" / "model.safetensors").exists()
