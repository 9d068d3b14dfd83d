"""What whole corpora of the internet's size would take, by the model of results/cost.json: the tables of scale.md.

`python benchmarks/cost_scale.py` prints them as Markdown, with `--write` into docs/explanation/scale.md. Amounts are
ranges; docs/explanation/scale.md says from which sources and of which day. The range of the hours is that of the
amounts, and beyond it the model's own greatest error on shards that it was not fitted to, but 20 % at the least.
"""

from __future__ import annotations

import json
import sys
from typing import Any, NamedTuple

from cost_fit import predict
from results import ROOT

LEAST_ERROR = 0.2
ONE = {
    "shards": "a shard",
    "findings": "a finding",
    "pictures": "a picture",
    "megapixels": "a megapixel",
    "hours of sound": "an hour of sound",
}
PAGE = ROOT.parent / "docs" / "explanation" / "scale.md"
PRICES = ROOT.parent / "src" / "countermark" / "scan" / "prices.json"
SHARD = 64 * 2**20


class Corpus(NamedTuple):
    """A corpus: the model's medium, and the low and the high end of what is in it, in the terms of the model."""

    name: str
    medium: str
    stored_tb: tuple[float, float]
    format: str
    units: dict[str, tuple[float, float]]


CORPORA = (
    Corpus("Common Crawl, one crawl, WET", "text", (5.8, 6.9), "wet.gz", {"GB of text": (12_000, 18_600)}),
    Corpus("Common Crawl, one crawl, WARC", "text", (80, 97), "warc.gz", {"GB of text": (12_000, 18_600)}),
    Corpus("FineWeb, Parquet", "text", (44, 48), "parquet, zstd", {"GB of text": (60_000, 75_000)}),
    Corpus(
        "LAION-5B, pictures at 384 pixels",
        "image",
        (147, 242),
        "tar",
        {"pictures": (3.9e9, 5.85e9), "megapixels": (3.9e8, 8.6e8)},
    ),
    Corpus("10⁷ hours of sound", "audio", (288, 864), "tar", {"hours of sound": (1e7, 1e7)}),
)


class Taken(NamedTuple):
    """What a corpus takes: core-hours and TB stored, from … to."""

    name: str
    hours: tuple[float, float]
    stored_tb: tuple[float, float]


def taken(corpus: Corpus, results: dict[str, Any]) -> Taken:
    """Core-hours by the model, without findings: how many there are depends on the works."""
    found = results[corpus.medium]
    error = max(LEAST_ERROR, found["errors_on_other_shards"]["greatest"])
    ends = []
    for end, factor in ((0, 1 / (1 + error)), (1, 1 + error)):
        stored = corpus.stored_tb[end]
        run = {
            "shards": stored * 1e12 / SHARD,
            "stored_gb": {corpus.format: stored * 1000},
            **{unit: amounts[end] for unit, amounts in corpus.units.items()},
        }
        ends.append(predict(run, found["seconds_a"]) * factor / 3600)
    return Taken(corpus.name, (ends[0], ends[1]), corpus.stored_tb)


def said(value: float) -> str:
    """Two digits that mean something."""
    return f"{float(f'{value:.2g}'):,.0f}" if value >= 10 else f"{value:.1f}"


def between(ends: tuple[float, float], factor: float = 1.0) -> str:
    """A range in words."""
    low, high = (said(end * factor) for end in ends)
    return low if low == high else f"{low} to {high}"


def spans(hours: tuple[float, float], cores: int) -> str:
    """How long so many cores take: in minutes, hours or days."""
    low, high = hours[0] / cores, hours[1] / cores
    if high < 2:
        return f"{between((low, high), 60)} min"
    return f"{between((low, high))} h" if high < 72 else f"{between((low, high), 1 / 24)} d"


def request_bytes() -> float:
    """The bytes of a request to object storage, as large objects were hashed and read (results/storage.json)."""
    read = json.loads((ROOT / "results" / "storage.json").read_text())["large objects"]
    asked = read["50 ms a request"]["countermark, hashed and read as shards"]["requests"]
    return float(read["mb"]) * 1e6 / asked


def row(of: Taken, prices: dict[str, Any]) -> str:
    """A row of the table."""
    core, egress = prices["core_hour"], prices["egress_gb"]
    money = (of.hours[0] * core["low"], of.hours[1] * core["high"])
    leaving = (of.stored_tb[0] * 1000 * egress["low"], of.stored_tb[1] * 1000 * egress["high"])
    rate = tuple(
        sorted(stored * 1e12 / (hours * 3600) for stored, hours in zip(of.stored_tb, of.hours, strict=True))
    )
    cells = [
        of.name,
        f"{between(of.stored_tb)} TB",
        between(of.hours),
        spans(of.hours, 100),
        spans(of.hours, 1000),
        f"{between((rate[0], rate[1]), 1000 / 1e9)} GB/s",
        f"{between((rate[0], rate[1]), 1000 / request_bytes())}",
        f"${between(money)}",
        f"$0 to {said(leaving[1])}",
    ]
    return "| " + " | ".join(cells) + " |"


HEAD = """\
| corpus | stored | core-hours | on 100 cores | on 1,000 cores | read then | requests a second | cores | bytes out |
|---|---|---|---|---|---|---|---|---|"""


def models(results: dict[str, Any]) -> list[str]:
    """The coefficients, a row each, then the start, what a shard writes, and the errors."""
    rows = ["| medium | seconds of CPU | for |", "|---|---|---|"]
    for medium, found in results.items():
        for term, seconds in found["seconds_a"].items():
            rows.append(f"| {medium} | {number(seconds)} | {ONE.get(term, 'a ' + term)} |")
        start = found["start"]
        rows.append(f"| {medium} | {number(start['run_cpu_s'])} | the start of a run |")
        rows.append(f"| {medium} | {number(start['worker_cpu_s'])} | the start of a worker |")
        fitted, other = found["errors_of_the_fit"], found["errors_on_other_shards"]
        rows.append(f"| {medium} | {errors_in_words(fitted)} | errors of the fit, a shard |")
        rows.append(f"| {medium} | {errors_in_words(other)} | errors on shards of another seed |")
    many, larger = results["text"]["many_shards"], results["text"].get("larger_index")
    rows.append(
        f"| text | {many['cpu_ms_a_shard'] / 1000:.4f} | a shard of next to nothing, driver included |"
    )
    if larger:
        # the larger catalogue holds the novels of the other mixtures, so that there much is found
        times = sorted(v for name, v in larger["times_the_cpu"].items() if name.startswith("documentation"))
        rows.append(f"| text | × {times[0]} to {times[-1]} | larger index: 10,000 works instead of 200 |")
    return rows


def checks(results: dict[str, Any]) -> list[str]:
    """What was said of whole corpora, and what they took."""
    rows = ["| medium | CPU seconds: said | took | error |", "|---|---|---|---|"]
    for medium, found in results.items():
        other = found["other"]
        rows.append(
            f"| {medium} | {other['predicted_cpu_s']} | {other['actual_cpu_s']} | {100 * other['error']:+.0f} % |"
        )
    return rows


def coverage(found: dict[str, Any]) -> list[str]:
    """How often intervals held in simulated corpora."""
    rows = [
        "| shards of a stratum | sampled | spread of their cost | held | truth below, above | high end by value |",
        "|---|---|---|---|---|---|",
    ]
    for case in found["cases"]:
        sides = [f"{100 * case[side] / case['trials']:.1f} %" for side in ("truth_below", "truth_above")]
        rows.append(
            f"| {case['shards']:,} | {case['sampled']} | {case['spread']} | {case['held_per_cent']} % | "
            f"{sides[0]}, {sides[1]} | {case['median_high_to_value']} |"
        )
    return rows


class Indexed(NamedTuple):
    """What an index holds: its bytes a work, the result they come from, and the works it was measured with."""

    name: str
    bytes_a_work: float
    measured: str
    works: int


def indexed(big: dict[str, Any]) -> list[Indexed]:
    """The rows of the table of index sizes; the largest index of texts is the one that was built."""
    largest = max(big["sizes"], key=lambda size: size["works"])
    a_word = 1e6 * largest["index_mb_per_million_words"] / 1e6
    mixed = 1e6 * largest["index_mb"] / largest["works"]
    words = largest["words"] / largest["works"]
    text = f"{a_word:.2f} bytes a word (`big_catalog.json`)"
    pictures = "39 kB each, features only (`images_speed.json`)"
    return [
        Indexed(f"texts of all lengths, {words:.0f} words on average", mixed, text, largest["works"]),
        Indexed("novels of 80,000 words", 80_000 * a_word, "the same", 0),
        Indexed("pictures", 39e3, pictures, 100_000),
        Indexed("recordings of 3.5 minutes", 4.5e6 * 3.5 / 60, "4.5 MB an hour (`audio_scale.json`)", 0),
    ]


def index_sizes(big: dict[str, Any]) -> list[str]:
    """Index sizes by works; beyond what was built they are proportions."""
    rows = ["| | measured | 10⁴ works | 10⁶ works | 10⁷ works |", "|---|---|---|---|---|"]
    for one in indexed(big):
        cells = [
            f"{in_words(works * one.bytes_a_work)}{'' if works <= one.works else ' *'}"
            for works in (10**4, 10**6, 10**7)
        ]
        rows.append(f"| {one.name} | {one.measured} | {' | '.join(cells)} |")
    return rows


def in_words(size: float) -> str:
    """Bytes in words, with two digits that mean something."""
    for unit, amount in (("TB", 1e12), ("GB", 1e9)):
        if size >= amount:
            return f"{float(f'{size / amount:.2g}'):g} {unit}"
    return f"{float(f'{size / 1e6:.2g}'):g} MB"


def number(value: float) -> str:
    """Three digits that mean something; 0 where the fit left a term out."""
    return f"{float(f'{value:.3g}'):g}" if value else "0"


def errors_in_words(errors: dict[str, float]) -> str:
    """Median and greatest."""
    return f"{100 * errors['median']:.0f} %, at most {100 * errors['greatest']:.0f} %"


def main() -> None:
    whole = json.loads((ROOT / "results" / "cost.json").read_text())
    results = {medium: whole[medium] for medium in ("text", "image", "audio") if medium in whole}
    prices = json.loads(PRICES.read_text())
    table = [HEAD, *(row(taken(c, results), prices) for c in CORPORA if c.medium in results)]
    big = json.loads((ROOT / "results" / "big_catalog.json").read_text())
    held = json.loads((ROOT / "results" / "coverage.json").read_text())
    blocks = {
        "index": index_sizes(big),
        "coverage": coverage(held),
        "model": models(results),
        "check": checks(results),
        "scale": table,
    }
    text = PAGE.read_text(encoding="utf-8")
    for name, lines in blocks.items():
        before, begin, rest = text.partition(f"<!-- {name}:begin -->\n")
        _, end, after = rest.partition(f"<!-- {name}:end -->")
        text = before + begin + "\n".join(lines) + "\n" + end + after
        print("\n".join(lines), end="\n\n")
    if "--write" in sys.argv:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
