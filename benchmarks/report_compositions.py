"""The part of docs/reference/benchmarks.md on compositions: what is known again, what chance does, what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report_audio import percent
from report_site import NOT_YET, measured, table

if TYPE_CHECKING:
    from report_site import Read

NOTES = {"own": "own notes", "model": "notes by a model"}
PEER = {"as_it_is": "essentia, its score", "beside_impostors": "essentia, beside impostors"}


def systems(found: dict[str, Any], peer: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Countermark without and with a model, then the peer as it is and as one could judge it."""
    own = [(f"Countermark, {name}", found[key]) for key, name in NOTES.items() if key in found]
    return own + [(name, peer[key]) for key, name in PEER.items() if key in peer]


def by_condition(found: dict[str, Any], peer: dict[str, Any]) -> str:
    """Recall by condition at precision of 99 %, of all systems on the same queries."""
    shown = systems(found, peer)
    rows = [
        [f"`{name}`", *(percent(one["by_condition"][name]["recall_at_99"]) for _, one in shown)]
        for name in found["own"]["by_condition"]
    ]
    for words, key in (
        ("**all**", "recall_at_99"),
        ("**none of the other pieces answered**", "recall_no_distractor"),
        ("the right work first, whatever the score", "top_1"),
    ):
        rows.append([words, *(percent(one[key], 1) for _, one in shown)])
    return table(["", *(name for name, _ in shown)], rows)


def chance(found: dict[str, Any]) -> str:
    """Unrelated pairs that score high: counted, and how many were said at most."""
    shown = [(name, found[key]) for key, name in NOTES.items() if key in found]
    scores = [row["score"] for row in shown[0][1]["chance"]]
    rows = [
        [
            f"≥ {at}",
            *(f"{one['chance'][n]['counted']} of {one['chance'][n]['said_at_most']:g}" for _, one in shown),
        ]
        for n, at in enumerate(scores)
    ]
    said = " ".join(_said(name, one) for name, one in shown)
    return f"{table(['score', *(f'{name}: counted, of at most' for name, _ in shown)], rows)}\n\n{said}"


def _said(name: str, one: dict[str, Any]) -> str:
    at = one["at_threshold"]
    return (
        f"With {name}, at the threshold ({at['threshold']:g}) {percent(at['recall'], 1)} % of the covers are told and "
        f"{at['other_works_named']} of {one['unrelated_pairs']:,} unrelated pairs; at most "
        f"{at['expected_by_chance_at_most']:g} were said to be expected."
    )


def cost(found: dict[str, Any], peer: dict[str, Any]) -> str:
    """What harmonies and comparisons cost."""
    rows = [
        [
            f"Countermark, {NOTES[key]}", f"{found[key]['harmony_times_real_time']:,}", f"{found[key]['ms_a_pair']:g}",
            f"{found[key]['ms_a_pair_first_stage']:g}", f"{found[key]['bytes_an_hour'] / 1e6:.2f}",
        ]
        for key in NOTES
        if key in found
    ]  # fmt: skip
    if peer:
        rows.append(["essentia", f"{peer['harmony_times_real_time']:,}", f"{peer['ms_a_pair']:g}", "–", "–"])
    return table(["", "harmony, × real time", "ms a pair", "first look, ms a pair", "MB an hour"], rows)


def scale(found: dict[str, Any]) -> str:
    """Large catalogues."""
    rows = [
        [
            f"{row['works']:,}", f"{row['hours']:g}", f"{row['ms_a_record']:,}", f"{row['ms_a_record_95th']:,}",
            f"{row['covers_found']} of {row['covers']}", f"{row['other_works_named']}",
            f"{row['expected_by_chance_at_most']:g}", f"{row['peak_memory_mb']:,.0f}",
        ]
        for row in found["sizes"]
    ]  # fmt: skip
    head = [
        "works", "hours", "ms a record", "95th percentile", "covers told", "other works told", "expected at most",
        "memory, MB",
    ]  # fmt: skip
    said = f"Preparing a work for the index takes {found['prepare_ms_a_work']:g} ms beside its harmony."
    return f"{table(head, rows)}\n\n{said}"


def parts(read: Read) -> dict[str, str]:
    """What page.md asks for."""
    found, peer = measured(read, "compositions"), measured(read, "compositions_essentia")
    large = measured(read, "compositions_scale")
    told = {"compositions_scale": scale(large) if large else NOT_YET}
    if not found:
        names = ("made", "by_condition", "chance", "cost")
        return told | {f"compositions_{name}": NOT_YET for name in names}
    made = found["benchmark"]
    told["compositions_made"] = (
        f"{made['works']} works; {made['covers']} covers of them and {made['distractors']} of pieces that are none of "
        f"them, six ways each; {made['pairs']:,} pairs (`{made['data']}`)"
    )
    return told | {
        "compositions_by_condition": by_condition(found, peer),
        "compositions_chance": chance(found),
        "compositions_cost": cost(found, peer),
    }
