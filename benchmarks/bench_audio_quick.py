"""What `scan --quick` loses, and what it saves: a quick search and a whole one of the same records.

Two corpora of one seed of audio_queries.py, searched for its 200 works:
- `hidden`: that of audio_corpus.py: 300 records, 40 of which hold an excerpt of a work, 20 of them nothing else;
- `whole`: 60 of the works themselves, encoded anew as MP3 at 64 kbit/s: as they are, at another pitch (+1 semitone), or
  faster (+5 %), 20 each.

A record counts as found where a finding of the right work, `identical` or `copy`, lies in it. CPU seconds of one
worker.

`python benchmarks/bench_audio_quick.py --data SEED_FOLDER --index FOLDER` writes results/audio_quick.json. It needs
what audio_corpus.py wrote, and Debian's ffmpeg.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from audio_alterations import QUIET, RATE
from results import one_thread, save

one_thread()

import pyarrow as pa  # noqa: E402
import pyarrow.dataset as ds  # noqa: E402

WHOLE = 60
CHANGES = {
    "as it is": "anull",
    "pitch+1": f"rubberband=pitch={2 ** (1 / 12):.9f}",
    "speed+5": f"asetrate={RATE * 1.05:.0f},aresample={RATE}",
}
MP3 = ["-map_metadata", "-1", "-c:a", "libmp3lame", "-b:a", "64k"]
PACKAGES = ("numpy", "numba", "av", "pyarrow")


def whole_works(data: Path, folder: Path) -> dict[str, tuple[str, str]]:
    """A tar of works encoded anew; for each record its work and how it was changed."""
    works = sorted((data / "works").iterdir())
    works = works[:: max(1, len(works) // WHOLE)][:WHOLE]
    told: dict[str, tuple[str, str]] = {}
    with tarfile.open(folder / "whole.tar", "w") as tar:
        for number, work in enumerate(works):
            how = list(CHANGES)[number % len(CHANGES)]
            out = folder / f"{number:05d}.mp3"
            filters = [*["-vn", "-map", "0:a:0", "-ar"], str(RATE), "-af", CHANGES[how]]
            subprocess.run([*QUIET, "-i", work, *filters, *MP3, out], check=True)
            tar.add(out, out.name)
            out.unlink()
            told[f"{number:05d}"] = (work.name, how)
    return told


def hidden_works(data: Path) -> dict[str, tuple[str, str]]:
    """The records of audio_corpus.py that hold a work: which, and whether anything else."""
    rows = map(json.loads, (data / "corpus.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["key"]: (row["work"], "alone" if row["alone"] else "within another track") for row in rows}


def searched(
    index: Path, corpus: Path, run: Path, *words: str
) -> tuple[float, set[tuple[str, str]], dict[str, Any]]:
    """CPU seconds of a search, the records and works found, and what its receipts count."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        sys.executable,
        "-m",
        "countermark",
        "scan",
        index,
        corpus,
        "--out",
        run,
        "--workers",
        "1",
        *words,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "NO_COLOR": "1"})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    table: pa.Table = ds.dataset(run / "findings", format="parquet").to_table()
    found = {
        (row["record_id"].split(".")[0], Path(row["asset_path"]).name)
        for row in table.to_pylist()
        if row["grade"] in ("identical", "copy")
    }
    receipts = [json.loads(path.read_bytes()) for path in (run / "receipts").glob("*.json")]
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (
        spent,
        found,
        {"quick_passed": sum((one.get("recordings") or {}).get("quick_passed", 0) for one in receipts)},
    )


def compared(index: Path, corpus: Path, held: dict[str, tuple[str, str]], folder: Path) -> dict[str, Any]:
    """A quick search and a whole one."""
    numbers: dict[str, Any] = {"records_that_hold_a_work": len(held)}
    for name, words in (("whole", ["--no-excerpts"]), ("quick", ["--quick", "--no-excerpts"])):
        spent, found, counts = searched(index, corpus, folder / name, *words)
        right = {key for key, (work, _) in held.items() if (key, work) in found}
        kinds = sorted({how for _, how in held.values()})
        numbers[name] = {
            "cpu_seconds": round(spent, 1),
            "found": len(right),
            "by_kind": {
                how: [sum(held[key][1] == how for key in right), sum(one == how for _, one in held.values())]
                for how in kinds
            },
            "other_records_answered": len({key for key, _ in found} - set(held)),
            **counts,
        }
    return numbers


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name in ("hidden", "whole"):
            (folder / name).mkdir()
        held = whole_works(options.data, folder)
        numbers = {
            "seed": json.loads((options.data / "summary.json").read_text())["seed"],
            "whole": compared(options.index, folder / "whole.tar", held, folder / "whole"),
            "hidden": compared(
                options.index,
                options.data / "corpus" / "00000.tar",
                hidden_works(options.data),
                folder / "hidden",
            ),
        }
    print(json.dumps(numbers, indent=1))
    save("audio_quick", numbers, PACKAGES)


if __name__ == "__main__":
    main()
