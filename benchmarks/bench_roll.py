"""The verifiable roll: how fast it grows, proves, and is verified.

`python benchmarks/bench_roll.py` writes results/roll.json: CPU seconds (user and system) of

- the tree alone: 100,000 leaves appended, and an inclusion proof made and checked for each; 1,000 consistency proofs;
- the sequencer on SQLite, in ticks of 1,000 signatories who wait in memory: entries per second of CPU and of the clock,
  with what SQLite writes to a disk (synchronous=FULL);
- the export of that roll, and its verification by `verify_roll.py`, the one file, in an interpreter of its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, cpu_seconds, one_thread, save

one_thread()

from countermark.roll.hashing import hash_leaf, is_beginning, root_of_path  # noqa: E402
from countermark.roll.joined import verifier_source  # noqa: E402
from countermark.roll.tree import Tree  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TICK = 1_000
CONSISTENCY = 1_000


def measure_tree(leaves: int) -> dict[str, float]:
    contents = [
        b'{"commitment":"%064x","kind":"person","number":%d,"type":"entry"}' % (i, i) for i in range(leaves)
    ]
    tree = Tree()
    appended, _ = cpu_seconds(lambda: tree.extend(contents))
    proved, paths = cpu_seconds(lambda: [tree.inclusion(i) for i in range(leaves)])
    root = tree.root()

    def check() -> bool:
        return all(
            root_of_path(hash_leaf(content), i, leaves, path) == root
            for i, (content, path) in enumerate(zip(contents, paths, strict=True))
        )

    checked, holds = cpu_seconds(check)
    firsts = range(1, leaves, max(1, leaves // CONSISTENCY))

    def grow() -> bool:
        return all(is_beginning(n, tree.root(n), leaves, root, tree.consistency(n)) for n in firsts)

    grown, consistent = cpu_seconds(grow)
    if not (holds and consistent):
        raise SystemExit("a proof does not hold")
    return {
        "leaves": leaves,
        "append_s": round(appended, 3),
        "prove_all_s": round(proved, 3),
        "check_all_s": round(checked, 3),
        "consistency_proofs": len(firsts),
        "consistency_s": round(grown, 3),
    }


class Waiting:
    """Signatories in memory."""

    kind = "person"

    def __init__(self, count: int) -> None:
        self.left = list(range(1, count + 1))

    def waiting(self, limit: int) -> Sequence[Any]:
        """The first of them."""
        from countermark.web.roll.source import Face  # noqa: PLC0415

        return [
            Face(
                source_id=key,
                kind="person",
                record={"name": f"Signatory {key}", "trades": ["composer", "poet"], "country": "FR"},
                display=1,
                name=f"Signatory {key}",
                folded=f"signatory {key}",
                trades=",composer,poet,",
                country="FR",
            )
            for key in self.left[:limit]
        ]

    def entered(self, numbers: Mapping[int, int]) -> None:
        """Those are no longer waiting."""
        self.left = self.left[len(numbers) :]

    def face(self, source_id: int) -> None:
        """Never asked for: nothing is amended."""
        raise LookupError(source_id)


def measure_site(folder: Path, entries: int) -> dict[str, float]:
    os.environ |= {
        "COUNTERMARK_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "countermark.web.config.settings",
        "DATABASE_URL": "",
    }
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", "roll", verbosity=0)
    from countermark.web.roll.export import export_document  # noqa: PLC0415
    from countermark.web.roll.sequencer import tick  # noqa: PLC0415

    source = Waiting(entries)
    begin, ticks = time.perf_counter(), []

    def fill() -> None:
        while source.left:
            start = time.perf_counter()
            tick([source])
            ticks.append(time.perf_counter() - start)

    cpu, _ = cpu_seconds(fill)
    wall = time.perf_counter() - begin
    path = folder / "export.json"
    exporting, size = cpu_seconds(lambda: path.write_bytes(b"".join(export_document())))
    return {
        "entries": entries,
        "entries_per_cpu_s": round(entries / cpu),
        "entries_per_s": round(entries / wall),
        "slowest_tick_ms": round(1000 * max(ticks), 1),
        "export_cpu_s": round(exporting, 2),
        "export_mb": round(size / 1e6, 1),
    }


def measure_verifier(folder: Path) -> dict[str, float]:
    program = folder / "verify_roll.py"
    program.write_text(verifier_source(), encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    whole = [sys.executable, "-I", str(program), str(folder / "export.json")]
    subprocess.run(whole, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"verify_cpu_s": round(taken, 2), "verify_peak_mb": round(after.ru_maxrss / 1024)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--leaves", type=int, default=100_000)
    parser.add_argument("--no-save", action="store_true")
    options = parser.parse_args()
    kept: dict[str, Any] = {"tree": measure_tree(options.leaves)}
    print(kept["tree"])
    (ROOT / "work").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ROOT / "work") as name:
        kept["site"] = measure_site(Path(name), options.leaves)
        kept["site"] |= measure_verifier(Path(name))
    print(kept["site"])
    if not options.no_save:
        save("roll", kept, ("django", "cryptography"))


if __name__ == "__main__":
    main()
