"""What two nodes of a Ray cluster make of faults: how soon they are noticed, what is scanned again, and the bytes.

    sudo python benchmarks/bench_ray_faults.py        writes results/ray-faults.json

Each node is a network namespace of this machine with a veth cable between them (root, iproute2). The corpus has ten
tiny shards, two of which wait to be told to go on, so that each node has one in hand when the fault comes. `noticed_s`
is the time to the line in the run log (of a dead driver: until its workers are gone), `ended_s` from the word to go on
to the end of the scan. A silent node is given up after 3 seconds here, after 60 by default.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import ROOT, save

sys.path.insert(0, str(ROOT.parent / "tests"))

from countermark.scan.runlog import read_events
from scan.furnished import furnish, result, scan, wait_until, write_lines
from scan.ray_namespaces import TwoNodes, missing
from scan.test_ray_faults import PROGRAM, SILENCE, begin, end, events

if TYPE_CHECKING:
    from collections.abc import Callable

Fault = tuple[float, str]
PACKAGES = ("pyarrow", "ray")


def furnished(place: Path) -> Path:
    furnish(place)
    for number in range(4, 8):
        write_lines(place / "corpus" / f"{number}.jsonl", [{"text": f"new and old {number}"}])
    for name in ("8.jsonl", "9.jsonl"):
        write_lines(place / "corpus" / name, [{"text": f"WAIT old {name}"}])
    (place / "go-on").touch()
    scan(place, "undisturbed")
    (place / "go-on").unlink()
    return place


def until(condition: Callable[[], bool]) -> float:
    begun = time.monotonic()
    wait_until(condition, 60)
    return round(time.monotonic() - begun, 2)


def nothing(_nodes: TwoNodes, _place: Path, _driver: Any) -> float:
    return 0.0


def kill_worker(nodes: TwoNodes, _place: Path, _driver: Any) -> float:
    (worker,) = nodes.workers(1)
    os.kill(worker, signal.SIGKILL)
    return until(lambda: worker not in nodes.workers(1))


def kill_node(nodes: TwoNodes, place: Path, _driver: Any) -> float:
    nodes.kill(1)
    noticed = until(lambda: "node_lost" in events(place))
    nodes.start_second()
    wait_until(lambda: events(place).count("node") == 3, 60)
    return noticed


def cut_for_a_while(nodes: TwoNodes, _place: Path, _driver: Any) -> float:
    nodes.cut()
    time.sleep(1.5)
    nodes.mend()
    return 0.0


def kill_driver(nodes: TwoNodes, _place: Path, driver: Any) -> float:
    orphans = nodes.workers(0) + nodes.workers(1)
    driver.kill()
    driver.wait()
    return until(lambda: not any(Path(f"/proc/{orphan}").exists() for orphan in orphans))


def cut_for_good(nodes: TwoNodes, place: Path, _driver: Any) -> float:
    nodes.cut()
    return until(lambda: "node_lost" in events(place))


FAULTS = (nothing, kill_worker, kill_node, cut_for_a_while, kill_driver, cut_for_good)


def fill_disk(nodes: TwoNodes, place: Path) -> dict[str, Any]:
    """The run folder on a disk of 160 kB, which then gets room."""
    (place / "go-on").touch()
    run = nodes.small / "run"
    command = (nodes.scratch / "program.py", str(place), str(run), nodes.address, SILENCE)
    begun = time.monotonic()
    said = end(nodes, place, nodes.driver(*command)).replace(str(nodes.small), "small")
    noticed = round(time.monotonic() - begun, 2)
    nodes.resize("16m")
    begun = time.monotonic()
    last = end(nodes, place, nodes.driver(*command))
    ended = round(time.monotonic() - begun, 2)
    same = result(run) == result(place / "undisturbed")
    return {
        "fault": "fill_disk",
        "noticed_s": noticed,
        "ended_s": ended,
        "same_bytes": same,
        "said": [said, last],
    }


def suffer(fault: Callable[..., float], nodes: TwoNodes, place: Path) -> dict[str, Any]:
    """One fault in the middle of a scan."""
    driver = begin(nodes, place)
    noticed = fault(nodes, place, driver)
    begun = time.monotonic()
    if fault is kill_driver:
        driver = nodes.driver(nodes.scratch / "program.py", str(place), "run", nodes.address, SILENCE)
    said = end(nodes, place, driver)
    ended = round(time.monotonic() - begun, 2)
    log = list(read_events(place / "run" / "runlog.jsonl"))
    receipts = Counter(event["shard"] for event in log if event["event"] == "receipt")
    return {
        "fault": fault.__name__,
        "noticed_s": noticed,
        "ended_s": ended,
        "nodes_lost": sum(event["event"] == "node_lost" for event in log),
        "shards_with_several_receipts": sum(count > 1 for count in receipts.values()),
        "same_bytes": result(place / "run") == result(place / "undisturbed"),
        "said": [said],
    }


def main() -> None:
    if (reason := missing()) is not None:
        raise SystemExit(reason)
    nodes, told = TwoNodes(), []
    try:
        nodes.start()
        (nodes.scratch / "program.py").write_text(PROGRAM)
        with tempfile.TemporaryDirectory() as folder:
            for number, fault in enumerate([*FAULTS[:-1], fill_disk, FAULTS[-1]]):
                place = Path(folder, str(number))
                place.mkdir()
                furnished(place)
                told.append(fault(nodes, place) if fault is fill_disk else suffer(fault, nodes, place))  # type: ignore[arg-type,call-arg]
                print(told[-1], flush=True)
    finally:
        nodes.end_drivers()
        nodes.close()
    save("ray-faults", {"nodes": 2, "slots_per_node": 1, "faults": told}, PACKAGES)


if __name__ == "__main__":
    main()
