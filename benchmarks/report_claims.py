"""The part of docs/reference/benchmarks.md from works to claim: importing ONIX, linking a catalogue to a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report_site import NOT_YET, measured, table

if TYPE_CHECKING:
    from report_site import Read

ONIX = "onix-1000mb"
ONIX_TIMES, ONIX_MB = 2.5, 300
LINK_SECONDS, LINK_MB, LINK_RECALL, LINK_FALSE = 300, 6000, 0.98, 0.01


def importing(found: dict[str, Any]) -> str:
    """The ways through one ONIX message, against bare iterparse."""
    rows = [
        [
            way,
            f"{row['records']:,}",
            f"{row['cpu_s']:.1f}",
            f"{row['records_per_cpu_s']:,.0f}",
            f"{row['times_bare']:.2f}",
            f"{row['wall_s']:.1f}",
            f"{row['peak_mb']:.0f}",
        ]
        for way, row in found["ways"].items()
    ]
    return table(["", "records", "CPU s", "records a CPU second", "times bare", "wall s", "peak MB"], rows)


def linking(found: dict[str, Any]) -> str:
    """Everyone's time, memory, recall and false links."""
    rows = [_linked("Countermark", found, found["countermark"])]
    beside = found.get("side_by_side", {})
    names = {"countermark": "Countermark", "rapidfuzz": "rapidfuzz", "splink": "splink"}
    rows += [_linked(label, beside, beside[name]) for name, label in names.items() if name in beside]
    head = ["", "rows", "works", "wall s", "CPU s", "peak MB", "recall, identifier", "recall, name",
            "false, name", "false, identifier"]  # fmt: skip
    return table(head, rows)


def _linked(label: str, size: dict[str, Any], row: dict[str, Any]) -> list[str]:
    return [
        label,
        f"{size['rows']:,}",
        f"{size['works']:,}",
        f"{row['wall_seconds']:.0f}",
        f"{row['cpu_seconds']:.0f}",
        f"{row['peak_mb']:,.0f}",
        f"{row['recall_identifier']:.4f}" if label == "Countermark" else "–",
        f"{row['recall_name']:.4f}",
        f"{row['false_name_share']:.4f}",
        str(row["false_identifier"]) if label == "Countermark" else "–",
    ]


def kinds(found: dict[str, Any]) -> str:
    """Recall by kind of variant, the weakest first."""
    recall = found["countermark"]["recall_by_kind"]
    return table(
        ["variant", "recall"],
        [[kind, f"{recall[kind]:.4f}"] for kind in sorted(recall, key=recall.__getitem__)],
    )


def verdicts(onix: dict[str, Any], link: dict[str, Any]) -> dict[str, str]:
    """Whether the targets were met in these runs."""

    def said(met: bool, value: str) -> str:
        return f"{'met' if met else 'missed'} ({value})"

    told = {}
    if onix:
        whole, bare = onix["ways"]["whole import"], onix["ways"]["bare iterparse"]
        slower = whole["wall_s"] / bare["wall_s"]
        met = slower <= ONIX_TIMES and whole["peak_mb"] < ONIX_MB
        told["onix_verdict"] = said(met, f"{slower:.1f} times, {whole['peak_mb']:.0f} MB")
    if link:
        row = link["countermark"]
        told["link_speed"] = said(
            row["wall_seconds"] < LINK_SECONDS and row["peak_mb"] < LINK_MB,
            f"{row['wall_seconds']:.0f} s, {row['peak_mb'] / 1000:.1f} GB",
        )
        right = row["recall_name"] >= LINK_RECALL and row["false_name_share"] <= LINK_FALSE
        told["link_quality"] = said(
            right and not row["false_identifier"],
            f"{row['recall_name']:.4f}, {row['false_name_share']:.4f}, {row['false_identifier']}",
        )
    return told


def parts(read: Read) -> dict[str, str]:
    """What page.md asks for."""
    onix, link = measured(read, ONIX), measured(read, "linkage")
    return {
        "onix": importing(onix) if onix else NOT_YET,
        "onix_load": f"{onix['machine']['load_at_end']:g}" if onix else "–",
        "linking": linking(link) if link else NOT_YET,
        "link_load": f"{link['machine']['load_at_end']:g}" if link else "–",
        "link_kinds": kinds(link) if link else NOT_YET,
        **dict.fromkeys(("onix_verdict", "link_speed", "link_quality"), NOT_YET),
        **verdicts(onix, link),
    }
