"""How a benchmark's numbers are kept: JSON with the command, the versions and the class of machine."""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent
PACKAGES = ("numba", "numpy", "pyarrow", "fastwarc", "isal", "zstandard", "orjson")


def one_thread() -> None:
    """Keep the libraries in use to one thread. Call before they are imported."""
    for name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "RAYON", "POLARS"):
        os.environ[f"{name}_NUM_THREADS"] = "1"


def data_folder(seed: int) -> Path:
    """The folder of a data set. Stops with a message where it was not built."""
    folder = ROOT / "data" / f"seed{seed}"
    if not (folder / "summary.json").exists():
        raise SystemExit(f"{folder} does not hold a data set; benchmarks/README.md says how to build it")
    return folder


def machine() -> dict[str, Any]:
    """CPU model, cores, memory, operating system and Python; no names of hosts or users."""
    cpu = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next(
        (line.partition(":")[2].strip() for line in cpu.splitlines() if line.startswith("model name")), ""
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cpu": model or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "load_at_end": round(os.getloadavg()[0], 1),
    }


def versions(names: tuple[str, ...] = PACKAGES) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit() -> str:
    """The commit that was measured, with + where files of the engine differ from it."""

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False
        ).stdout.strip()

    changed = git("status", "--porcelain", "--", "../src")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def save(name: str, numbers: dict[str, Any], packages: tuple[str, ...] = PACKAGES) -> Path:
    """Write results/<name>.json."""
    given = [
        Path(word).name if word.startswith("/") else word for word in sys.argv[1:]
    ]  # no paths of a machine
    command = " ".join([f"benchmarks/{Path(sys.argv[0]).name}", *given])
    whole = {
        "command": command,
        "commit": commit(),
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
        "versions": versions(packages),
        **numbers,
    }
    path = ROOT / "results" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"written: {path.relative_to(ROOT.parent)}")
    return path


def cpu_seconds(work: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """Median CPU seconds (user and system, this process) of `work`, and its last result."""
    taken, result = [], None
    for _ in range(repeats):
        begin = time.process_time()
        result = work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken), result


def peak_memory_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, 1)
