"""The part of docs/reference/benchmarks.md on size: large catalogues, storage, many shards, Ray, the kit, watching."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from report_site import NOT_YET, measured, own, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from report_site import Read

FAULTS = {
    "nothing": "none",
    "kill_worker": "a worker is killed",
    "kill_node": "a node is killed",
    "cut_for_a_while": "the network is cut for a while",
    "cut_for_good": "the network is cut for good",
    "kill_driver": "the driver is killed, and the command given again",
    "fill_disk": "the disk of the run folder is full, and the command given again",
}
MEDIA = {"text": "text", "image": "pictures", "audio": "recordings"}
DISKS = {"memory": "a disk in memory", "disk": "a disk"}
STEPS = {"plan": "planned", "scan": "scanned", "resume": "resumed", "conclude": "concluded"}
LARGEST_OVERHEAD, SLOWEST_SCAN, LEAST_KILLS, MANY = 1.1, 0.5, 100, 100_000
FEW_BYTES, FEW_MINUTES = 1000, 30  # of the driver for each shard; planning and scanning together
RESULTS = Path(__file__).parent / "results"


def met(held: bool) -> str:
    """A word for a target."""
    return "met" if held else "missed"


def yes(value: object) -> str:
    """A truth in words; a dash where it is not told."""
    return "–" if value is None else "yes" if value else "**no**"


def number(value: float | None, digits: int = 1) -> str:
    """A number with so many decimals; a dash for what is not told."""
    return "–" if value is None else f"{value:,.{digits}f}"


def load(found: dict[str, Any]) -> str:
    """The load average when a benchmark ended."""
    return str(found.get("machine", {}).get("load_at_end", "–"))


def catalogues(found: dict[str, Any]) -> str:
    """Building and scanning by the number of works."""
    rows = []
    for size in found["sizes"]:
        build, scan = size["build"], size["scan"]
        files = build.get("temporary_files_mb", build.get("temporary_files_mb_computed"))
        planted, of = scan["planted_found"]
        speed = number(scan["mb_per_cpu_second"], 0)
        slow, fast = (number(one, 0) for one in scan["slowest_and_fastest"])
        rows.append(
            [f"{size['works']:,}", number(size["words"] / 1e6, 2), size["scheme"], number(size["index_mb"]),
             number(size["index_mb_per_million_words"]), number(size["lookup_mb"]), number(build["cpu_seconds"]),
             number(build["anonymous_mb"], 0), number(files, 0), f"{speed} ({slow} to {fast})",
             f"{planted} of {of}", str(scan["found_elsewhere"])]
        )  # fmt: skip
    head = ["works", "M words", "scheme", "index MB", "MB a million words", "lookup MB", "build: CPU s", "memory MB",
            "files meanwhile, MB", "scan MB/s", "planted, found", "found elsewhere"]  # fmt: skip
    return table(head, rows)


def merging(found: dict[str, Any]) -> str:
    """Merging, beside building and copying."""
    told = found["merging"]
    merge, copy = told["merge"], told["cp_and_sync"]
    rows = [
        [
            "merging",
            number(merge["cpu_seconds"]),
            number(merge["seconds"]),
            number(merge["mb_per_second"], 0),
        ],
        ["building", number(told["build_cpu_seconds"]), "–", "–"],
        ["`cp` and `sync`", "–", number(copy["seconds"]), number(copy["mb_per_second"], 0)],
    ]
    said = (
        f"Merging {told['of_indices']} indices of {told['works']:,} works together, {told['index_mb']:g} MB; the bytes "
        f"are those of building: {yes(told['same_bytes_as_building'])}."
    )
    return f"{said}\n\n{table(['', 'CPU s', 'wall s', 'MB/s'], rows)}"


def segments(found: dict[str, Any]) -> str:
    """An index in segments beside one built whole."""
    rows = []
    for key, words in (("added", "works added"), ("dropped", "works dropped")):
        told, speed = found[key], found[key]["mb_per_cpu_second"]
        rows.append(
            [words, f"{told['findings']:,}", str(told["only_in_one"]), str(told["not_the_same"]),
             number(speed["whole"], 0), number(speed["segments"], 0)]
        )  # fmt: skip
    head = [
        "after",
        "findings",
        "in one of both only",
        "not the same",
        "built whole, MB/s",
        "in segments, MB/s",
    ]
    return table(head, rows)


def timed(told: dict[str, Any], names: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row with seconds below a part of the results, under the names that lead to it."""
    for name, value in told.items():
        if isinstance(value, dict) and "seconds" in value:
            yield ", ".join((*names, name)), value
        elif isinstance(value, dict):
            yield from timed(value, (*names, name))


def storage(found: dict[str, Any]) -> str:
    """Reading by URL beside the disk and others, for each kind of objects."""
    head = ["", "wall s", "MB/s", "CPU s", "requests", "bytes fetched, × stored"]
    parts = []
    for name, told in own(found).items():
        rows = [
            [words, number(row["seconds"], 2), number(row.get("mb_per_s")), number(row.get("cpu_seconds"), 2),
             f"{row['requests']:,}" if "requests" in row else "–", number(row.get("fetched_times"), 3)]
            for words, row in timed(told)
        ]  # fmt: skip
        size = f": {told['files']:,} of them, {told['mb']:g} MB" if {"files", "mb"} <= told.keys() else ""
        parts += [f"{name.capitalize()}{size}.", table(head, rows)] if rows else []
    return "\n\n".join(parts) or NOT_YET


def step_cell(told: dict[str, Any]) -> str:
    """Wall seconds, CPU of driver and workers, and the driver's peak."""
    cpu = told["driver_cpu_seconds"] + told.get("workers_cpu_seconds", 0.0)
    return "; ".join((number(told["seconds"], 0), number(cpu, 0), number(told["peak_mb"], 0)))


def many_shards(runs: list[dict[str, Any]]) -> str:
    """Runs of very many empty shards by number and disk."""
    rows = []
    for found in runs:
        for shards, told in sorted(found["shards"].items(), key=lambda item: int(item[0])):
            cells = (step_cell(told[step]) if step in told else "–" for step in STEPS)
            rows.append([f"{int(shards):,}", DISKS.get(found["disk"], found["disk"]), *cells])
    return table(["shards", "on", *(f"{word}: s; CPU s; peak MB" for word in STEPS.values())], rows)


def ray_overhead(found: dict[str, Any]) -> str:
    """The same shards by both runners."""
    rows = [
        [name, number(told["wall_s"]), number(told["cpu_s"], 2), number(told.get("in_workers_s")),
         number(told.get("start_of_ray_s"))]
        for name, told in found["medians"].items()
    ]  # fmt: skip
    return table(["runner", "wall s", "CPU s", "in workers, wall s", "start of Ray, s"], rows)


def ray_empty(found: dict[str, Any]) -> str:
    """Very many empty shards on a cluster."""
    rows = [
        [f"{told['shards']:,}", number(told["wall_s"]), number(told["cpu_s"]), number(told["ms_per_shard"]),
         number(told["driver_peak_mb"], 0)]
        for told in found["cases"]
    ]  # fmt: skip
    return table(["empty shards", "wall s", "CPU s", "ms a shard", "driver's peak MB"], rows)


def ray_faults(found: dict[str, Any]) -> str:
    """What each fault did on two nodes."""
    rows = [
        [FAULTS.get(told["fault"], told["fault"].replace("_", " ")), number(told.get("noticed_s")),
         number(told.get("ended_s")), str(told.get("nodes_lost", "–")),
         str(told.get("shards_with_several_receipts", "–")), yes(told.get("same_bytes"))]
        for told in found["faults"]
    ]  # fmt: skip
    head = [
        "fault",
        "noticed after s",
        "ended after s",
        "nodes lost",
        "shards receipted twice",
        "the same bytes",
    ]
    return table(head, rows)


def kit(found: dict[str, Any]) -> str:
    """What a kit weighs, and what kills did to its findings."""
    rows = [
        ["building, wall s", number(found["build_s"])],
        ["size, MB", number(found["bytes"] / 1e6, 0)],
        ["files", f"{found['files']:,}"],
        ["built twice: the same code", yes(found["built_twice_same_code"])],
        [
            f"first run of {found['corpus_shards']:,} shards, kernels compiled, wall s",
            number(found["first_run_s"]),
        ],
        ["the same with compiled kernels, wall s", number(found["run_s"])],
        ["run twice: the same bytes", yes(found.get("run_twice_same_bytes"))],
        ["SIGKILL at random moments", f"{found['kills']:,}"],
        ["runs that ended", f"{found['runs_ended']:,}"],
        ["of these with other bytes than the undisturbed run", f"{found['runs_with_other_bytes']:,}"],
    ]
    return table(["", "measured"], rows)


def watch(found: dict[str, Any]) -> str:
    """Watching beside scanning anew, by the share of shards that are new."""
    rows = [
        [f"{told['new_per_cent']} %", f"{told['carried']:,} of {found['shards']:,}",
         number(told["full"]["cpu_seconds"]), number(told["watch"]["cpu_seconds"]),
         f"{told['cpu_of_full_per_cent']:g} %", yes(told["same_bytes"])]
        for told in found["versions"]
    ]  # fmt: skip
    head = ["shards that are new", "carried", "scan: CPU s", "watch: CPU s", "of the scan", "the same bytes"]
    return table(head, rows)


def cost(found: dict[str, Any]) -> str:
    """How well the model of CPU seconds predicts."""
    rows = []
    for key, name in MEDIA.items():
        if key not in found:
            continue
        told, whole = found[key], found[key]["other"]
        errors = (
            f"{100 * one['median']:.0f}; {100 * one['greatest']:.0f}"
            for one in (told["errors_of_the_fit"], told["errors_on_other_shards"])
        )
        rows.append(
            [name, str(len(told["runs"])), *errors,
             number(whole["predicted_cpu_s"]), number(whole["actual_cpu_s"]), f"{100 * whole['error']:+.0f} %"]
        )  # fmt: skip
    head = ["", "shards fitted", "error of the fit, %: median; greatest", "on shards of another seed",
            "another corpus: said, CPU s", "took", "error"]  # fmt: skip
    return table(head, rows)


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    """Whether the targets were met in these runs; `found` has every file of results by its name, or nothing."""
    told = {}
    if large := found["big_catalog"]:
        ratio = large["speed_of_the_largest_to_the_smallest"]
        told["scale_speed"] = f"{met(ratio >= SLOWEST_SCAN)} ({ratio:.2f})"
    if ray := found["ray-overhead"]:
        wall, cpu = ray["ratio_wall"], ray["ratio_cpu"]
        told["scale_overhead"] = (
            f"CPU {met(cpu <= LARGEST_OVERHEAD)} ({cpu:.2f}); wall {wall:.2f} at a load of {load(ray)}"
        )
    if faults := found["ray-faults"]:
        same = [one.get("same_bytes") for one in faults["faults"]]
        told["scale_faults"] = f"{met(all(same))} ({sum(map(bool, same))} of {len(same)})"
    if made := found["kit"]:
        other, kills = made["runs_with_other_bytes"], made["kills"]
        held = "missed" if other else "met" if kills >= LEAST_KILLS else "held, of fewer"
        told["scale_kit"] = f"{held} ({kills} kills, {other} runs with other bytes)"
    if runs := found["many"]:
        told["scale_many"] = many_verdict(runs)
    return told


def many_verdict(runs: list[dict[str, Any]]) -> str:
    """Whether 10⁵ shards of next to nothing took minutes and little memory; of several such runs the slowest."""
    shards = max(int(name) for run in runs for name in run["shards"])
    minutes, grown, disk = max(
        (
            sum(run["shards"][str(shards)][step]["seconds"] for step in ("plan", "scan")) / 60,
            max(run["bytes_per_shard"][step] for step in ("plan", "scan")),
            DISKS.get(run["disk"], run["disk"]),
        )
        for run in runs
        if str(shards) in run["shards"]
    )
    said = f"{shards:,} shards on {disk}: {minutes:.1f} minutes, {grown:,} bytes a shard"
    return (
        f"not shown ({said})"
        if shards < MANY
        else f"{met(minutes <= FEW_MINUTES and grown <= FEW_BYTES)} ({said})"
    )


def parts(read: Read) -> dict[str, str]:
    """Every part of the page that this file writes."""
    written = {
        "big_catalog": (catalogues, merging), "segments": (segments,), "storage": (storage,),
        "ray-overhead": (ray_overhead,), "ray-empty": (ray_empty,), "ray-faults": (ray_faults,), "kit": (kit,),
        "watch": (watch,), "cost": (cost,),
    }  # fmt: skip
    found: dict[str, Any] = {name: measured(read, name) for name in written}
    found["many"] = [
        read(path.stem) for path in sorted(RESULTS.glob("many*shards*.json"))
    ]  # one a kind of disk
    told = {
        f"scale_{write.__name__}": write(found[name]) if found[name] else NOT_YET
        for name, writers in written.items()
        for write in writers
    }
    told["scale_many_shards"] = many_shards(found["many"]) if found["many"] else NOT_YET
    told |= {f"scale_load_{name}": load(found[name]) for name in ("storage", "ray-overhead", "ray-empty")}
    targets = ("speed", "overhead", "faults", "kit", "many")
    return (
        told
        | {f"scale_{name}_target": NOT_YET for name in targets}
        | {f"{name}_target": said for name, said in verdicts(found).items()}
    )
