"""passim's seriatim, document-wise: rare runs of 25 letters, dynamic programming, beam alignment; gives spans.

Needs Java, a checkout of dasmiq/passim in benchmarks/work/src/passim, and `pip install pyspark graphframes-py
intervaltree` beside the harness's packages. Works are cut into sources of 2,000 words, and only sources are compared
with documents; --min-match 3, all else at its default. A prediction is one passage that it aligned; with --lines, one
line of its document-wise output.

CPU seconds are summed over the Java machine and its Python workers, sampled from /proc; indexing the sources is part
of matching, since the tool does both in one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import harness
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = harness.ROOT / "work" / "passim"
SOURCE = harness.ROOT / "work" / "src" / "passim"
PIECE_WORDS = 2000
ARGUMENTS = ["--docwise", "--min-match", "3", "--fields", "ref", "--filterpairs", "ref = 1 AND ref2 = 0"]


class Seriatim:
    """One Spark thread."""

    tool = "passim/seriatim"
    packages = ("pyspark", "graphframes-py")
    gives_span = True
    in_one_go = True

    def __init__(self, *, lines: bool) -> None:
        self._lines = lines
        if lines:
            self.tool += ", by line"
        self._sources: list[dict[str, object]] = []
        self._children: dict[int, float] = {}

    def clock(self) -> float:
        """CPU seconds so far."""
        return time.process_time() + sum(self._children.values())

    def index(self, works: list[tuple[str, str]]) -> None:
        """Take in the works."""
        for name, text in works:
            words = list(harness.WORD.finditer(text))
            for at in range(0, len(words), PIECE_WORDS):
                part = text[words[at].start() : words[min(at + PIECE_WORDS, len(words)) - 1].end()]
                self._sources.append({"id": f"{name}#{at}", "text": part, "ref": 1})

    def match(self, documents: list[tuple[str, str]]) -> Iterator[harness.Prediction]:
        """Yield what is found."""
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        rows = [*self._sources, *({"id": name, "text": text, "ref": 0} for name, text in documents)]
        with (FOLDER / "in.json").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        self._run()
        yield from self._by_line() if self._lines else self._by_passage()

    def _run(self) -> None:
        program = "import sys; from passim import seriatim; seriatim.main(sys.argv[1:])"
        environment = {
            **os.environ,
            "PYTHONPATH": str(SOURCE),
            "PYSPARK_PYTHON": sys.executable,
            "PYSPARK_SUBMIT_ARGS": "--master local[1] --driver-memory 4g pyspark-shell",
        }
        paths = [str(FOLDER / "in.json"), str(FOLDER / "out")]
        with (FOLDER / "log.txt").open("w") as log:
            run = subprocess.Popen(
                [sys.executable, "-c", program, *ARGUMENTS, *paths], env=environment, stdout=log, stderr=log
            )
            while run.poll() is None:
                self._children.update(_descendants(run.pid))
                time.sleep(0.25)
        if run.returncode:
            raise SystemExit(f"seriatim ended with {run.returncode}: see {FOLDER / 'log.txt'}")

    def _by_passage(self) -> Iterator[harness.Prediction]:
        names = self._names()
        columns = ["uid", "uid2", "begin2", "end2"]
        for row in pq.read_table(FOLDER / "out" / "tmp" / "extents.parquet", columns=columns).to_pylist():
            source = names[row["uid"]].partition("#")[0]
            yield names[row["uid2"]], source, row["begin2"], row["end2"], float(row["end2"] - row["begin2"])

    def _names(self) -> dict[int, str]:
        """From seriatim's own numbers (Spark's xxhash64 of the identifier) to identifiers."""
        import xxhash  # noqa: PLC0415

        known = [str(row["id"]) for row in map(json.loads, (FOLDER / "in.json").open(encoding="utf-8"))]
        return {_signed(xxhash.xxh64_intdigest(name, 42)): name for name in known}

    def _by_line(self) -> Iterator[harness.Prediction]:
        for path in sorted((FOLDER / "out" / "out.json").glob("part-*")):
            for document in map(json.loads, path.open(encoding="utf-8")):
                for line in document["lines"]:
                    for wit in line.get("wits") or ():
                        end = line["begin"] + len(line["text"])
                        yield document["id"], wit["id"].partition("#")[0], line["begin"], end, 1.0


def _signed(value: int) -> int:
    return value - 2**64 if value >= 2**63 else value


def _descendants(root: int) -> dict[int, float]:
    """CPU seconds so far of a process and of all below it, by process."""
    parents, seconds = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
        seconds[int(path.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    below, wave = {root}, {root}
    while wave:
        wave = {child for child, parent in parents.items() if parent in wave} - below
        below |= wave
    return {process: seconds[process] for process in below if process in seconds}


if __name__ == "__main__":
    parser = harness.arguments()
    parser.add_argument("--lines", action="store_true")
    by_line = parser.parse_known_args()[0].lines
    harness.main(Seriatim(lines=by_line), "seriatim-lines" if by_line else "seriatim", parser)
