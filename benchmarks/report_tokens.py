"""The part of docs/reference/benchmarks.md on token ids: decoding, scans, equality, what is not exact, the trial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report_site import NOT_YET, measured, table

if TYPE_CHECKING:
    from report_site import Read

LEAST_MB_PER_S, MOST_TIMES_THE_TEXT = 200, 1.3
SHOWN_FORMATS = ("megatron", "nanogpt", "mds", "parquet", "arrow")
WAYS = {
    "documents with their places": "documents, checked, with their places",
    "one run of ids": "one run of ids",
    "tiktoken decode_bytes": "tiktoken",
    "NumPy gather": "NumPy gather",
    "copy of the bytes": "copy of the bytes",
}


def met(held: bool) -> str:
    """A word for a target."""
    return "met" if held else "missed"


def decode(found: dict[str, Any]) -> str:
    """MB of text that a thread decodes in a CPU second, in each way."""
    rows = [
        [name, f"{told['bytes_an_id']:.2f}", f"{told['table_mb']:.1f}",
         *(f"{told['mb_per_s'][way]:,.0f}" for way in WAYS)]
        for name, told in found["decode"].items()
    ]  # fmt: skip
    return table(["tokeniser", "bytes an id", "table MB", *WAYS.values()], rows)


def scan(found: dict[str, Any]) -> str:
    """CPU of scans of the same documents as text and as ids."""
    rows = [
        [name, f"{told['cpu_s']:.2f}", f"{told['times_the_text']:.2f}", f"{told['few_cpu_s']:.2f}",
         f"{told['beyond_s']:.2f}", f"{told['times_the_text_beyond']:.2f}"]
        for name, told in found["scan"].items()
    ]  # fmt: skip
    said = f"{found['scan']['text']['mb']:g} MB of text; the start is a scan of {found['scan']['text']['few_mb']:g} MB:"
    head = ["corpus", "CPU s", "× the text's", "the start, s", "beyond it, s", "× the text's"]
    return f"{said}\n\n{table(head, rows)}"


def equality(found: dict[str, Any]) -> str:
    """Findings in each format of each byte-level tokeniser against those in the plain corpus."""
    told = found["equality"]
    formats = list(next(iter(told["exact"].values()))["formats"])
    rows = [
        [
            name,
            f"{one['documents_given_back']:,}",
            *(cell(one["formats"][form]) if form in one["formats"] else "–" for form in formats),
        ]
        for name, one in told["exact"].items()
    ]
    said = (
        f"{told['plain_findings']:,} findings in {told['documents']:,} documents ({told['mb']:g} MB). In each cell: "
        "the same in every column; missing; more than in the text; right token spans."
    )
    return f"{said}\n\n{table(['tokeniser', 'documents given back', *formats], rows)}"


def cell(told: dict[str, Any]) -> str:
    """The counts of one format."""
    return "; ".join(f"{told[key]:,}" for key in ("equal", "missing", "extra", "token_spans_right"))


def as_they_are(found: dict[str, Any]) -> str:
    """Tokenisers that change texts."""
    rows = [recalled(name, one) for name, one in found["equality"]["as_they_are"].items()]
    head = [
        "tokeniser",
        "findings",
        "recall",
        "of the work's letters",
        "the same span in the work",
        "elsewhere",
    ]
    return table([*head, "losses named by the table"], rows)


def recalled(name: str, told: dict[str, Any]) -> list[str]:
    """A tokeniser's line: what was found of the plain findings."""
    lost = ", ".join(told["losses"]) or "none"
    return [name, f"{told['findings']:,}", f"{told['recall']:.4f}", f"{100 * told['covered']:.2f} %",
            f"{told['same_span_in_work']:,} of {told['plain']:,}", str(told["elsewhere"]), lost]  # fmt: skip


def packed(found: dict[str, Any]) -> str:
    """Rows of a fixed number of ids that cut documents."""
    rows = [
        [name, f"{one['findings']:,}", f"{one['fragments']:,}", f"{one['recall']:.4f}", f"{100 * one['covered']:.2f} %",
         str(one["elsewhere"])]
        for name, one in found["equality"]["packed"].items()
    ]  # fmt: skip
    head = ["tokeniser", "findings", "in fragments", "recall", "of the work's letters", "elsewhere"]
    return table(head, rows)


def trial(found: dict[str, Any]) -> str:
    """Random passages, and whether it was told which tokeniser wrote them."""
    outcomes = ("right", "right but for ids beyond the table", "unclear", "wrong")
    rows = [
        [f"{case}: {told['meaning']}", *(f"{told.get(one, 0):,}" for one in outcomes)]
        for case, told in found["cases"].items()
    ]
    (wrong, trials), most = found["read_wrongly"], found["read_wrongly_interval_95"][1]
    (told, asked), cpu = found["as_written_told"], found["cpu_seconds_a_trial"]
    refused = {kind: found[f"check_refused_{kind}"][0] for kind in ("the_right_table", "another_table")}
    said = (
        f"Of {trials:,} passages, {wrong:,} were read wrongly (at most {100 * most:.2f} %, 95 %, exact). Of {asked:,} "
        f"that were tried as written, the tokeniser was told of {told:,}. The check that each shard begins with "
        f"refused the right table {refused['the_right_table']:,} times, and another one {refused['another_table']:,} "
        f"times. Over {len(found['tables'])} tables a trial takes {cpu['median']:.2f} s of CPU, at most "
        f"{cpu['greatest']:.1f} s."
    )
    return f"{table(['case', *outcomes], rows)}\n\n{said}"


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    """Whether the targets were met."""
    told = {}
    if "decode" in found:
        slowest = min(one["mb_per_s"]["documents with their places"] for one in found["decode"].values())
        told["decode"] = f"{met(slowest >= LEAST_MB_PER_S)} ({slowest:.0f} at least)"
    if "scan" in found:
        most = max(one["times_the_text_beyond"] for one in found["scan"].values())
        whole = max(one["times_the_text"] for one in found["scan"].values())
        size = found["scan"]["text"]["mb"]
        told["scan"] = (
            f"{met(most <= MOST_TIMES_THE_TEXT)} beyond the start ({most:.2f}); {whole:.2f} with it, of {size:g} MB"
        )
    if "equality" in found:
        cells = [
            one["formats"][form] for one in found["equality"]["exact"].values() for form in SHOWN_FORMATS
        ]
        differ = sum(one["missing"] + one["extra"] for one in cells)
        wrong = sum(one["findings"] - one["token_spans_right"] for one in cells)
        taken = sum(
            one["formats"][form]["taken_for"] != [name]
            for name, one in found["equality"]["exact"].items()
            for form in SHOWN_FORMATS
        )
        told["equality"] = (
            f"{met(not differ + wrong + taken)} ({len(cells)} corpora: {differ} findings differ, {wrong} token spans "
            f"are wrong, {taken} tokenisers were mistaken)"
        )
    return told


def parts(read: Read) -> dict[str, str]:
    """Every part of the page that this file writes."""
    found, trials = measured(read, "tokens"), measured(read, "tokenizer-trial")
    needs = {
        decode: "decode",
        scan: "scan",
        equality: "equality",
        as_they_are: "equality",
        packed: "equality",
    }
    told = {
        f"tokens_{write.__name__}": write(found) if part in found else NOT_YET
        for write, part in needs.items()
    }
    targets = {f"tokens_{name}_target": NOT_YET for name in ("decode", "scan", "equality", "trial")}
    told |= targets | {f"tokens_{name}_target": said for name, said in verdicts(found).items()}
    told["tokens_trial"] = trial(trials) if trials else NOT_YET
    if trials:
        wrong, asked = trials["read_wrongly"]
        told["tokens_trial_target"] = f"{met(not wrong)} ({wrong} of {asked:,} read wrongly)"
    told["tokens_pack"] = str(found.get("equality", {}).get("pack", 2048))
    return told
