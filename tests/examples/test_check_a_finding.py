"""The example goes from a row to both passages with public libraries only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from corpus.tokens.token_samples import write_megatron
from countermark.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "check_a_finding.py"
POEM = """
The bakery on the corner lights its oven long before the street has thought of waking up, and what the
baker hums while kneading is a tune his father brought across two borders in a coat with nothing else.
By five the first loaves crackle on the shelf; a taxi idles, someone buys a roll and eats it standing,
looking at the rain as though it had been ordered for a film. The florist comes, the postwoman, a boy
who counts his coins aloud and gets a bun for less; and none of them has ever asked the song its name.
When shutters rise along the avenue the tune is over, flour settles, and the day may begin its trade.
"""


@pytest.fixture
def scanned(tmp_path: Path) -> Path:
    """A folder with works, corpus and run: the poem stands in the third line of a JSON Lines file, altered in case."""
    (tmp_path / "works").mkdir()
    (tmp_path / "works" / "poem.txt").write_text(POEM, encoding="utf-8")
    (tmp_path / "corpus").mkdir()
    texts = [
        "Nothing to see in this line.",
        "Nor here.",
        f"Some words in front. {POEM[100:500].upper()} And after.",
    ]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    (tmp_path / "corpus" / "a.jsonl").write_text(lines, encoding="utf-8")
    index, run = str(tmp_path / "works.index"), str(tmp_path / "run")
    for arguments in (
        ["index", "build", str(tmp_path / "works"), "--out", index],
        ["scan", index, str(tmp_path / "corpus"), "--out", run, "--workers", "1"],
    ):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
    return tmp_path


def check(folder: Path, finding_id: str) -> subprocess.CompletedProcess[str]:
    """Run the example on one finding."""
    command = [sys.executable, str(EXAMPLE), "run", "works", "corpus", finding_id]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_finding_holds(scanned: Path) -> None:
    """Both digests agree, and both passages are shown; the record's is the altered one, in its third line."""
    rows = ds.dataset(scanned / "run" / "findings", format="parquet").to_table().to_pylist()
    assert [row["row"] for row in rows] == [2]
    done = check(scanned, rows[0]["finding_id"])
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("\nyes  ") == 2
    assert "THE FIRST LOAVES CRACKLE" in done.stdout
    assert "the first loaves crackle" in done.stdout


def test_a_changed_work_is_noticed(scanned: Path) -> None:
    """When the work's file is no longer what was indexed, the example says so and fails."""
    findings = next((scanned / "run" / "findings").glob("*.parquet"))
    finding_id = pq.read_table(findings)["finding_id"][0].as_py()
    with (scanned / "works" / "poem.txt").open("a", encoding="utf-8") as file:
        file.write("One more line.")
    done = check(scanned, finding_id)
    assert done.returncode == 1
    assert "NO " in done.stdout


def test_an_unknown_finding_is_said_to_be_unknown(scanned: Path) -> None:
    """An identifier that no row has is named."""
    done = check(scanned, "nothing")
    assert done.returncode == 1
    assert "nothing" in done.stderr


def test_a_finding_among_token_ids_holds(scanned: Path, tmp_path: Path) -> None:
    """The ids of the finding, decoded by the tokeniser's own library, hold the passage; other ids do not."""
    library = pytest.importorskip("tokenizers")
    made = library.Tokenizer(library.models.BPE())
    made.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = library.decoders.ByteLevel()
    alphabet = library.pre_tokenizers.ByteLevel.alphabet()
    trainer = library.trainers.BpeTrainer(
        vocab_size=400, initial_alphabet=alphabet, special_tokens=["<|endoftext|>"]
    )
    made.train_from_iterator([POEM], trainer)
    made.save(str(tmp_path / "tokenizer.json"))
    lines = (scanned / "corpus" / "a.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [made.encode(json.loads(line)["text"]).ids for line in lines]
    (tmp_path / "ids").mkdir()
    write_megatron(tmp_path / "ids" / "a.bin", [[one] for one in ids])
    scan = [
        "scan",
        scanned / "works.index",
        tmp_path / "ids",
        "--out",
        tmp_path / "run-of-ids",
        "--workers",
        1,
    ]
    named = ["--tokenizer", tmp_path / "tokenizer.json"]
    done = CliRunner().invoke(main, [str(word) for word in (*scan, *named)])
    assert done.exit_code == 0, done.output
    (row,) = ds.dataset(tmp_path / "run-of-ids" / "findings", format="parquet").to_table().to_pylist()
    command = [sys.executable, str(EXAMPLE), "run-of-ids", "works", "ids", row["finding_id"]]
    silent = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "give the tokeniser's tokenizer.json as well" in silent.stderr
    told = subprocess.run(
        [*command, "tokenizer.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert POEM[100:300].upper().split()[3] in told.stdout
    bad = subprocess.run(
        [*command, "run-of-ids/run.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "run.json: cannot be read as a tokenizer.json" in bad.stderr
    write_megatron(tmp_path / "ids" / "a.bin", [[one[::-1]] for one in ids])
    other = subprocess.run(
        [*command, "tokenizer.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "NO   the ids hold the finding's excerpt" in other.stdout
    (tmp_path / "ids" / "a.idx").unlink()
    alone = subprocess.run(
        [*command, "tokenizer.json"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "read here are ids in Megatron and Parquet files" in alone.stderr
