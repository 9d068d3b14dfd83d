"""decon (allenai/decon): sampled n-grams, expansion around a hit, overlap weighted by rarity; names the work.

Needs the `decon` program, named by DECON. It was built without its server and without BPE tokenizers, for want of
crates, and runs with its own `uniseg` tokenizer (white space is a token: n = 9 is 5 words). decon scores a hit against
the whole reference item, so works are given as windows of 50 words, one every 25; one worker thread; --score sets
--contamination-score-threshold, all else at its default. Spans are token indices after its own cleaning of the text:
its matches are scored by document.

CPU seconds of matching are those of a run less those of a run on one short document, which indexes the same works.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
from typing import TYPE_CHECKING

import harness

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = harness.ROOT / "work" / "decon"
WINDOW, STEP = 50, 25


class Decon:
    """One setting of n and of the least score."""

    packages = ()
    gives_span = False

    def __init__(self, size: int, least: float) -> None:
        self.tool = f"decon, uniseg n={size}, score {least}"
        self._arguments = ["--tokenizer", "uniseg", "--ngram-size", str(size)]
        self._arguments += ["--contamination-score-threshold", str(least), "--worker-threads", "1"]
        self._indexing = self._spent = 0.0

    def clock(self) -> float:
        """CPU seconds so far."""
        return self._spent

    def index(self, works: list[tuple[str, str]]) -> None:
        """Write the windows, and measure what indexing them costs."""
        shutil.rmtree(FOLDER, ignore_errors=True)
        (FOLDER / "evals").mkdir(parents=True)
        with (FOLDER / "evals" / "works.jsonl").open("w", encoding="utf-8") as file:
            number = 0
            for name, text in works:
                words = text.split()
                for at in range(0, max(1, len(words) - WINDOW + STEP), STEP):
                    question = " ".join(words[at : at + WINDOW])
                    row = {
                        "eval_key": name,
                        "eval_instance_index": number,
                        "split": "test",
                        "question": question,
                    }
                    file.write(json.dumps(row | {"doc_id": number, "fingerprint": f"{number:016x}"}) + "\n")
                    number += 1
        self._indexing = self._run([("none", "A document of a few words.")])
        self._spent += self._indexing

    def match(self, documents: list[tuple[str, str]]) -> Iterator[harness.Prediction]:
        """Yield a document and a work for each that decon reports."""
        self._spent += max(0.0, self._run(documents) - self._indexing)
        best: dict[tuple[str, str], float] = {}
        for path in sorted((FOLDER / "report").rglob("*.jsonl")):
            for row in map(json.loads, path.open(encoding="utf-8")):
                key = documents[row["training_line"]][0], row["eval_key"]
                best[key] = max(best.get(key, 0.0), row["contamination_score"])
        for (document, work), score in best.items():
            yield document, work, None, None, score

    def _run(self, documents: list[tuple[str, str]]) -> float:
        for name in ("training", "report"):
            shutil.rmtree(FOLDER / name, ignore_errors=True)
            (FOLDER / name).mkdir()
        with (FOLDER / "training" / "documents.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps({"text": text}) + "\n" for _, text in documents)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        folders = {"training-dir": "training", "evals-dir": "evals", "report-output-dir": "report"}
        paths = [word for option, name in folders.items() for word in (f"--{option}", str(FOLDER / name))]
        command = [os.environ["DECON"], "detect", *paths, *self._arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        (FOLDER / "log.txt").write_text(done.stdout + done.stderr)
        if done.returncode:
            raise SystemExit(f"decon ended with {done.returncode}: see {FOLDER / 'log.txt'}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    parser = harness.arguments()
    parser.add_argument("--n", type=int, default=9)
    parser.add_argument("--score", type=float, default=0.8)
    given = parser.parse_known_args()[0]
    harness.main(Decon(given.n, given.score), f"decon-{given.n}-{given.score}", parser)
