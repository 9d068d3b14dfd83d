"""The how-to of token ids: every command on it runs in the order of the page, and shows what the page shows.

The page fetches public tokenisers; here small ones, trained on the documents, take their places, so that no network is
needed. Numbers in the output are not compared: they are those of the public ones.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("search-token-ids.md", "chercher-dans-des-jetons.md")
RANKS, OURS = "package/dist/ranks/gpt2.cjs", "package/tokenizer.json"
SAME = (
    "work_id",
    "asset_path",
    "asset_start",
    "asset_end",
    "record_start",
    "record_end",
    "record_digest",
    "grade",
)


def steps(page: str) -> list[tuple[str, list[str]]]:
    """The lines of a page that begin with a prompt, each with what is shown below it."""
    text = (ROOT / "docs" / "howto" / page).read_text(encoding="utf-8")
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```\n(\$ .*?)^```", text, flags=re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def program(page: str) -> tuple[str, str]:
    """The Python on a page, and what it prints."""
    text = (ROOT / "docs" / "howto" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:python)?\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    at = next(number for number, block in enumerate(blocks) if block.startswith("import sys"))
    return blocks[at], blocks[at + 1]


def masked(line: str) -> str:
    """A line without its numbers."""
    return re.sub(r"[\d,.]*\d", "N", line).strip()


def test_both_pages_give_the_same_commands() -> None:
    """French and English take the same way, and see the same."""
    english, french = map(steps, PAGES)
    assert english == french
    assert len(english) > 6
    assert program(PAGES[0]) == program(PAGES[1])


def train(library: Any, texts: list[str], size: int, out: Path) -> None:
    """A byte-level tokenizer.json."""
    made = library.Tokenizer(library.models.BPE())
    made.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = library.decoders.ByteLevel()
    trainer = library.trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=library.pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator(texts, trainer)
    out.parent.mkdir(exist_ok=True)
    made.save(str(out))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the examples, and two small tokenisers where the page has public ones."""
    library = pytest.importorskip("tokenizers", reason="the library tokenizers tokenises the texts")
    pages = sorted((ROOT / "docs").rglob("*.md"))
    texts = [page.read_text(encoding="utf-8") for page in pages]
    train(library, texts, 4000, tmp_path / OURS)
    train(library, texts[::3], 2500, tmp_path / "other" / "tokenizer.json")
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


def stand_in(command: str) -> str | None:
    """The command with the tokenisers of this test; None where it only fetches the public ones."""
    if command.startswith(("npm ", "tar ")):
        return None
    if command.startswith("countermark tokenizer get"):
        return (
            f"countermark tokenizer add {OURS} --name gpt2 && countermark tokenizer add other/tokenizer.json"
        )
    return command.replace(RANKS, OURS)


def run(command: str | list[str], place: Path) -> str:
    """What a command prints; it is to end well."""
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "COUNTERMARK_TOKENIZERS": str(place / "tables"),
    }
    words = ["sh", "-c", command] if isinstance(command, str) else command
    done = subprocess.run(
        words, cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=170
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_every_command_of_the_page_runs(place: Path) -> None:
    """From ids to findings that are those in the text, and one that holds with the tokeniser's own library."""
    for command, shown in steps(PAGES[0]):
        stands_in = stand_in(command)
        if stands_in is None:
            continue
        printed = [masked(line) for line in run(stands_in, place).splitlines()]
        assert [masked(line) for line in shown if masked(line) not in printed] == [], (command, printed)
    code, prints = program(PAGES[0])
    assert run([sys.executable, "-c", code.replace(RANKS, OURS)], place).strip() == prints.strip()
    assert found_in(place / "run") == {shard: found_in(place / "plain")["pages.jsonl"] for shard in shards()}


def shards() -> list[str]:
    """The files that the page writes."""
    return ["megatron/tokens.bin", "nanogpt/tokens.bin", "parquet/tokens.parquet"]


def found_in(run_: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The findings of each shard of a run, without where their records stand."""
    rows = ds.dataset(run_ / "findings", format="parquet").to_table().to_pylist()
    by_shard: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        by_shard.setdefault(row["shard"].partition("#")[0], []).append(tuple(row[name] for name in SAME))
    return {shard: sorted(found) for shard, found in by_shard.items()}
