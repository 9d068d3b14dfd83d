"""Write docs/reference/benchmarks.md from the results: every figure of the page comes from a file in results/.

`python benchmarks/report.py` writes it; `--check` only says whether it is up to date (a test does so too).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from report_audio import parts as audio_parts
from report_claims import parts as claims_parts
from report_compositions import parts as composition_parts
from report_images import parts as images_parts
from report_models import parts as models_parts
from report_reserve import parts as reserve_parts
from report_scale import parts as scale_parts
from report_site import parts as site_parts
from report_site import table
from report_tokens import parts as tokens_parts

ROOT = Path(__file__).resolve().parent
PAGE = ROOT.parent / "docs/reference/benchmarks.md"
SEED = 2
PEERS = ("seriatim", "sourmash-1", "sourmash-10", "datatrove", "rensa", "decon-9-0.5", "decon-9-0.8")
ALTERATIONS = ("verbatim", "norm", "html", "ocr2", "ocr5", "edit5", "edit10")


def result(name: str) -> dict[str, Any]:
    """One file of results."""
    content: dict[str, Any] = json.loads((ROOT / "results" / f"{name}.json").read_text(encoding="utf-8"))
    return content


def rate(value: float | None) -> str:
    """A rate with three decimals; a dash for what a tool does not give."""
    return "–" if value is None else f"{value:.3f}"


def quality_row(found: dict[str, Any]) -> list[str]:
    """A tool's line in the table of quality."""
    score, measured = found["score"], found["measured"]
    by_words, by_alteration = score["recall_by_words"], score["recall_by_alteration"]
    spans = rate(score["covered"]) if score["covered"] else "–"
    speed = measured["match_mb_per_s_clean"] or measured["match_mb_per_s"]
    figures = [score["recall"], by_words["20"], by_words["50"], by_alteration["ocr5"]]
    precision = f"{score['precision']:.4f}"
    return [found["tool"], *map(rate, figures), precision, str(score["wrong"]), spans, f"{speed:.3g}"]


def quality() -> str:
    """Recall, precision and speed of all tools."""
    ours = [result(f"quality-seed{SEED}"), result(f"quality-with-9000-pieces-seed{SEED}")]
    rows = [quality_row(found) for found in (*ours, *(result(f"peer-{peer}-seed{SEED}") for peer in PEERS))]
    head = ["tool", "recall", "20 words", "50 words", "OCR 5 %", "precision", "wrong", "covered", "MB/s"]
    return table(head, rows)


def alterations() -> str:
    """Recall by length and alteration."""
    cells = result(f"quality-seed{SEED}")["score"]["recall_by_cell"]
    rows = [[f"{words} words", *(rate(cells[words][kind]) for kind in ALTERATIONS)] for words in cells]
    return table(["", *ALTERATIONS], rows)


def thresholds() -> str:
    """What a higher bar costs and gives."""
    rows = [
        [f"{row['threshold']:g} bits", rate(row["recall"]), f"{row['precision']:.4f}", str(row["wrong"])]
        for row in result(f"quality-seed{SEED}")["by_threshold"]
        if row["threshold"] >= 120
    ]
    return table(["bar", "recall", "precision", "wrong"], rows)


def growth() -> str:
    """The curve over the size of the catalogue."""
    rows = []
    for point in result("catalogue")["points"]:
        files = point["index_files"]
        lookup = sum(
            files[name] for name in ("keys.u4", "postings.bin", "directory.bin", "filter.u8", "points.u4")
        )
        words = point["catalogue_words"]
        rows.append(
            [
                f"{point['works']:,}",
                f"{words / 1e6:.1f}",
                point.get("scheme", ""),
                f"{point['hits_per_corpus_word']:.4f}",
                f"{point['match_mb_per_s']:.0f}",
                str(point["wrong_spans"]),
                str(point["shared_spans"]),
                f"{lookup / words:.2f}",
                f"{point['index_bytes_per_word']:.2f}",
                f"{point['build_mb_per_s']:.0f}",
                f"{point['open_ms']:.1f}",
            ]
        )
    head = ["works", "M words", "scheme", "accidental hits a word", "MB/s", "wrong", "shared",
            "bytes a word, lookup", "bytes a word, full", "build MB/s", "open ms"]  # fmt: skip
    return table(head, rows)


def windows() -> str:
    """Accidental hits by the length of the window, in the largest catalogue."""
    rows = [
        [
            point["scheme"],
            f"{point['hits_per_corpus_word']:.5f}",
            f"{point['match_mb_per_s']:.0f}",
            str(point["wrong_spans"]),
        ]
        for point in result("catalogue")["windows"]
    ]
    return table(["scheme", "accidental hits a word", "MB/s", "wrong"], rows)


def reading() -> str:
    """Reading and matching against reading."""
    rows = [
        [
            name,
            f"{row['read_mb_per_s']:.0f}",
            f"{row['search_mb_per_s']:.0f}",
            f"{row['times_the_read']:.2f}",
            str(row["findings"]),
        ]
        for name, row in result(f"reading-seed{SEED}")["files"].items()
    ]
    return table(["file", "read alone, MB/s", "read and matched, MB/s", "times the read", "findings"], rows)


def alarms() -> str:
    """Wrong and shared spans by the bar, in a text without any of the works."""
    rows = [
        [f"{row['bits']} bits", str(row["wrong"]), str(row["shared"])]
        for row in result("false-alarms")["by_bar"]
    ]
    return table(["bar", "wrong", "shared"], rows)


def workers() -> str:
    """Memory of several workers."""
    rows = [
        [
            str(row["workers"]),
            f"{row['index_pss_mb']:.1f}",
            f"{row['copies']:.2f}",
            f"{row['private_mb_each']:.0f}",
        ]
        for row in result(f"memory-seed{SEED}")["workers"]
    ]
    return table(["workers", "index in memory, MB", "copies", "private MB each"], rows)


def verdict(met: bool) -> str:
    """A word for a target."""
    return "met" if met else "missed"


def verdicts() -> dict[str, str]:
    """Whether the targets that depend on the machine were met in these runs."""
    files = result(f"reading-seed{SEED}")["files"]
    times = {name.split(", ")[1]: row["times_the_read"] for name, row in files.items() if "without" in name}
    large, small = result("catalogue")["points"][-1], result(f"quality-seed{SEED}")["measured"]
    clean, build = small["match_mb_per_s_clean"], [small["build_mb_per_s"], large["build_mb_per_s"]]
    limits = {"corpus.wet.gz": 2.7, "corpus.jsonl.zst": 4.0, "corpus.parquet": 4.0}
    speed = [(clean >= 200, clean), (large["match_mb_per_s"] >= 150, large["match_mb_per_s"])]
    return {
        "speed_verdict": ", ".join(f"{verdict(met)} ({value:.0f})" for met, value in speed),
        "reading_verdict": ", ".join(
            f"{verdict(times[file] <= limit)} ({times[file]:.2f})" for file, limit in limits.items()
        ),
        "build_verdict": ", ".join(f"{verdict(value >= 20)} ({value:.0f})" for value in build),
    }


def page() -> str:
    """The whole page."""
    ours = result(f"quality-seed{SEED}")
    limits, memory = result(f"limits-seed{SEED}"), result(f"memory-seed{SEED}")
    machine = ours["machine"]
    parts = {
        "quality": quality(), "alterations": alterations(), "thresholds": thresholds(), "growth": growth(),
        "reading": reading(), "workers": workers(),
        "where": f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gib']} GiB, Python {machine['python']}",
        "date": ours["date"],
        "in_memory": f"{ours['measured']['match_mb_per_s']:.0f}",
        "clean": f"{ours['measured']['match_mb_per_s_clean']:.0f}",
        "start": f"{limits['start_cpu_s']:.1f}",
        "help": f"{memory['help_cpu_s']:.2f}",
        "open": f"{memory['open_ms']:.1f}",
        "alarms": alarms(),
        "windows": windows(),
        **verdicts(),
        **site_parts(result),
        **claims_parts(result),
        **reserve_parts(result),
        **images_parts(result),
        **audio_parts(result),
        **composition_parts(result),
        **models_parts(result),
        **scale_parts(result),
        **tokens_parts(result),
        **{key: str(value) for key, value in result("false-alarms").items() if isinstance(value, int | float)},
    }  # fmt: skip
    text = (ROOT / "page.md").read_text(encoding="utf-8")
    for name, content in parts.items():
        text = text.replace("{{" + name + "}}", content)
    return text


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    if not options.check:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page()
    if stale:
        print(f"{PAGE.name} does not say what the results say: run benchmarks/report.py", file=sys.stderr)
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
