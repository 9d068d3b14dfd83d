"""How many altered excerpts of recordings are named, how many answers are wrong, and how fast, beside other programs.

Build the benchmark (audio_music.py, audio_queries.py), ask the peers (audio_peers.py), then this: it indexes works/,
asks Countermark every query through the product's own entry points, and judges all by audio_scoring.py. Countermark
answers with the match of the highest score that is not `shared`; "own" is its own threshold: whatever it reports. A
right work that is only told as `shared` is not named; "named or shared" counts it.

Speeds are CPU seconds of one thread as a multiple of real time. The whole chain is measured on the seed's tracks that
hold no work, whole and as Debian ships them (Vorbis, MP3), against decoding them to 16 kHz alone.

`python benchmarks/bench_audio.py --data SEED_FOLDER --index FOLDER [--peers FILE.jsonl ...] [--dull FOLDER]
[--study wrong.txt] [--name NAME] [--dry]` writes results/audio_recordings.json.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from results import one_thread, peak_memory_mb, save

one_thread()

import numpy as np  # noqa: E402

import audio_tunes  # noqa: E402
from audio_engine import Engine, Heard, build  # noqa: E402
from audio_scoring import Answer, at, by_condition, queries, table  # noqa: E402

if TYPE_CHECKING:
    from audio_scoring import Query

PACKAGES = ("numpy", "numba", "av", "soxr", "pyarrow")
RUNS, TRACKS = 2, 40
OWN = float("-inf")


def own_numbers(
    asked: list[Query], heard: dict[str, Heard], labels: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """The numbers of Countermark: at its own threshold and the two others, places, and what is `shared`."""
    answers = {file: Answer(best[0], best[1].score) for file, one in heard.items() if (best := one.best())}
    right = [(query, heard[query.file].best()) for query in asked if query.work >= 0]
    right = [(query, best) for query, best in right if best and best[0] == query.work]
    named = {query.file for query, _ in right}
    shared = [
        query for query in asked if query.file not in named and query.work in _told_shared(heard[query.file])
    ]
    positives = sum(query.work >= 0 for query in asked)
    false = [
        query.file for query in asked if query.file in answers and answers[query.file].work != query.work
    ]
    return {
        "at_own_threshold": at(asked, answers, OWN),
        "by_condition_at_own": by_condition(asked, answers, OWN),
        "told_as_shared": len(shared),
        "recall_named_or_shared": round((len(named) + len(shared)) / max(1, positives), 4),
        **table(asked, answers),
        "identical": sum(best[1].grade == "identical" for _, best in right if best),
        "shared": sum(match.grade == "shared" for one in heard.values() for _, match in one.matches),
        "several_works_in_one_query": sum(
            len({work for work, _ in one.matches}) > 1 for one in heard.values()
        ),
        "false": sorted(false),
        "largest_chance_of_right": max((best[1].chance for _, best in right if best), default=None),
        "places": places([(labels[query.file], best[1]) for query, best in right if best]),
    }


def _told_shared(one: Heard) -> set[int]:
    """The works of which a loop is told: the right one is found, and nobody is accused."""
    return {work for work, match in one.matches if match.grade == "shared"}


def places(pairs: list[tuple[dict[str, Any], Any]]) -> dict[str, Any]:
    """How well the second of the work, tempo and pitch are told, and how much of the query is covered."""
    away, tempo, shift, covered = [], [], [], []
    for label, match in pairs:
        part = match.parts[0]
        true = label["begin"] + part.start * label["tempo"]
        away.append(abs(part.work_start - true))
        tempo.append(abs(match.tempo / label["tempo"] - 1))
        shift.append(abs(match.shift - label["shift"]))
        covered.append(
            sum(part.end - part.start for part in match.parts) / (label["seconds"] / label["tempo"])
        )
    if not pairs:
        return {}
    return {
        "within_half_a_second": round(float(np.mean(np.array(away) < 0.5)), 4),
        "median_seconds_off": round(float(np.median(away)), 3),
        "tempo_within_one_per_cent": round(float(np.mean(np.array(tempo) < 0.01)), 4),
        "pitch_within_a_quarter_semitone": round(float(np.mean(np.array(shift) < 0.25)), 4),
        "median_share_covered": round(float(np.median(covered)), 3),
    }


def speeds(engine: Engine, folder: Path, count: int) -> dict[str, Any]:
    """Whole tracks that hold no work: each step as a multiple of real time, and the chain against decoding alone."""
    total: dict[str, float] = defaultdict(float)
    seconds, matches = 0.0, 0
    for path in sorted(folder.iterdir())[:count]:
        runs = [engine.hear(path) for _ in range(RUNS)]
        for step in runs[0].spent:
            total[step] += min(run.spent[step] for run in runs)
        seconds += runs[0].seconds
        matches += len(runs[0].matches)
    chain = sum(total.values())
    return {
        "tracks": min(count, len(list(folder.iterdir()))), "hours": round(seconds / 3600, 2), "matches": matches,
        **{f"{step}_times_real_time": round(seconds / spent) for step, spent in total.items()},
        "chain_times_real_time": round(seconds / chain),
        "chain_share_of_decoding": round(total["decode"] / chain, 3),
        "lookup_ms_per_10_s": round(1000 * total["lookup"] / seconds * 10, 2),
        "verify_ms_per_10_s": round(1000 * total["verify"] / seconds * 10, 2),
    }  # fmt: skip


def dull(engine: Engine, folder: Path) -> dict[str, Any]:
    """What is found in the sounds of audio_dull.py: among the works of the seed, and among works that share a loop.

    And in the tunes of audio_tunes.py, which are made while this runs.
    """
    index = folder / "works.index"
    if not index.exists():
        build(folder, index)
    own, files = Engine(index), sorted((folder / "records").glob("*.flac"))
    return {
        "records": len(files),
        "found_among_the_works": _told(engine, files),
        "found_among_dull_works": _told(own, files),
        "tunes": audio_tunes.told(),
    }


def _told(engine: Engine, files: list[Path]) -> list[str]:
    assets = engine.index.assets()
    return [
        f"{file.stem}: {match.grade} of {assets[match.asset]['asset_path']}, score {match.score:.1f}"
        for file in files for _, match in engine.hear(file).matches
    ]  # fmt: skip


def ask(engine: Engine, asked: list[Query], data: Path) -> tuple[dict[str, Heard], dict[str, float]]:
    """Countermark's answers, and the median milliseconds of each step on the queries."""
    heard = {query.file: engine.hear(data / "queries" / query.file) for query in asked}
    spent = {
        step: round(1000 * float(np.median([one.spent[step] for one in heard.values()])), 2)
        for step in ("decode", "fingerprint", "lookup", "verify")
    }
    return heard, spent


def of_peers(files: list[Path], asked: list[Query]) -> dict[str, Any]:
    """The numbers of each peer."""
    rows: dict[str, dict[str, Answer]] = defaultdict(dict)
    about: dict[str, Any] = {}
    for file in files:
        about |= json.loads(file.with_suffix(".about.json").read_text())
        for row in map(json.loads, file.read_text().splitlines()):
            rows[row["peer"]][row["file"]] = Answer(row["work"], row["score"])
    return {name: table(asked, answers) | {"cost": about.get(name)} for name, answers in rows.items()}


def study(asked: list[Query], heard: dict[str, Heard], labels: dict[str, dict[str, Any]]) -> list[str]:
    """False answers and misses, for looking at."""
    lines = []
    for query in asked:
        best = heard[query.file].best()
        said = "" if best is None else f"w{best[0]:04d} {best[1]}"
        if best and best[0] != query.work:
            lines.append(
                f"false {query.file} {labels[query.file]['source']} {labels[query.file]['partner']} {said}"
            )
        elif best is None and query.work >= 0:
            lines.append(f"missed {query.file} {labels[query.file]['source']} {heard[query.file].matches}")
    return sorted(lines)


def show(numbers: dict[str, Any]) -> None:
    """The side-by-side table on the screen."""
    systems = {"countermark": numbers["countermark"]} if "countermark" in numbers else {}
    systems |= numbers.get("peers", {})
    print("recall %".ljust(14), *(name[:16].rjust(17) for name in systems))
    for condition in next(iter(systems.values()))["by_condition_at_99"]:
        shares = (one["by_condition_at_99"][condition] for one in systems.values())
        print(condition.ljust(14), *(f"{100 * share:17.0f}" for share in shares))
    for name, key in (("all", "at_99_precision"), ("no distractor", "no_distractor")):
        print(name.ljust(14), *(f"{100 * one[key]['recall']:17.1f}" for one in systems.values()))
    accepted = (one["at_99_precision"]["distractors_accepted"] for one in systems.values())
    print("accepted".ljust(14), *(f"{count:17d}" for count in accepted))
    for name, one in numbers.get("peers", {}).items():
        print(name, one["cost"])
    if "dull" in numbers:
        print(json.dumps(numbers["dull"], indent=1))
    if "countermark" in numbers:
        own = numbers["countermark"]
        print(json.dumps({key: own[key] for key in own if not key.startswith("by_condition")}, indent=1))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--index", type=Path, help="where the index is, or is built; without it only the peers are judged"
    )
    parser.add_argument("--peers", type=Path, nargs="*", default=[])
    parser.add_argument("--dull", type=Path, help="what audio_dull.py wrote: nothing may be found in it")
    parser.add_argument("--study", type=Path, help="where misses and false answers are listed")
    parser.add_argument("--tracks", type=int, default=TRACKS, help="tracks on which the speed is measured")
    parser.add_argument("--name", default="audio_recordings")
    parser.add_argument("--dry", action="store_true", help="only show, write no results")
    options = parser.parse_args()
    asked = queries(options.data)
    rows = map(json.loads, (options.data / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    labels = {row["file"]: row for row in rows}
    summary = json.loads((options.data / "summary.json").read_text())
    numbers: dict[str, Any] = {
        "benchmark": {key: value for key, value in summary.items() if key not in ("conditions", "works_from")}
    }
    if options.index:
        built = None if options.index.exists() else build(options.data, options.index)
        engine = Engine(options.index)
        hours = summary["works_hours"]
        heard, spent = ask(engine, asked, options.data)
        numbers["countermark"] = own_numbers(asked, heard, labels) | {
            "ms_of_a_query": spent, "mb_an_hour": round(engine.size() / 1e6 / hours, 3),
            "build_times_real_time": round(hours * 3600 / built) if built else None,
            "whole_tracks": speeds(engine, options.data / "tracks", options.tracks), "peak_memory_mb": peak_memory_mb(),
        }  # fmt: skip
        if options.dull:
            numbers["dull"] = dull(engine, options.dull)
        if options.study:
            options.study.write_text("\n".join(study(asked, heard, labels)) + "\n")
    if options.peers:
        numbers["peers"] = of_peers(options.peers, asked)
    show(numbers)
    if not options.dry:
        save(options.name, numbers, PACKAGES)


if __name__ == "__main__":
    main()
