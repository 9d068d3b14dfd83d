"""The part of docs/reference/benchmarks.md on recordings: what is named, what is wrong, how fast, and peers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report_site import NOT_YET, measured, table

if TYPE_CHECKING:
    from report_site import Read

OWN = "Countermark"
PEERS = {
    "chromaprint_index": "chromaprint, exact words",
    "chromaprint_scan": "chromaprint, linear scan",
    "audfprint2": "audfprint2",
    "dejavu_like": "like dejavu",
    "olaf": "Olaf",
}
EACH = (
    "pitch-2", "pitch-1", "pitch+1", "pitch+2", "tempo-10", "tempo-5", "tempo+5", "tempo+10", "speed-5", "speed-2",
    "speed+2", "speed+5", "mp3_32", "opus_16", "noise_0",
)  # fmt: skip
TARGETS = {
    "audio_recall": 0.93,
    "audio_no_distractor": 0.915,
    "audio_each": 0.95,
    "audio_speech": 0.6,
    "audio_music": 0.55,
}
CHAIN, LARGEST, LOOKUP = 0.6, 5.0, 5.0


def percent(share: float, digits: int = 0) -> str:
    """A share as per cent."""
    return f"{100 * share:.{digits}f}"


def systems(found: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Countermark, then the peers that were asked."""
    peers = found.get("peers", {})
    return [(OWN, found["countermark"]), *((name, peers[key]) for key, name in PEERS.items() if key in peers)]


def outcome(found: dict[str, Any]) -> str:
    """Countermark at three thresholds."""
    own = found["countermark"]
    columns = [own[key] for key in ("at_own_threshold", "at_99_precision", "no_distractor")]
    rows = [
        ["recall", *(f"{percent(one['recall'], 1)} %" for one in columns)],
        ["precision", *(f"{percent(one['precision'], 1)} %" for one in columns)],
        ["another work named", *(f"{one['wrong_work']:,}" for one in columns)],
        [
            "excerpts of no work answered",
            *(f"{one['distractors_accepted']} of {one['distractors']}" for one in columns),
        ],
        [
            "at most, with 95 % confidence",
            *(f"{percent(one['upper_95_of_distractor_rate'], 2)} %" for one in columns),
        ],
    ]
    head = ["", "its own threshold", "precision ≥ 99 %", "no excerpt of no work answered"]
    return f"{table(head, rows)}\n\n{_places(own['places'])}"


def _places(told: dict[str, Any]) -> str:
    half, tempo = percent(told["within_half_a_second"], 1), percent(told["tempo_within_one_per_cent"], 1)
    return (
        f"The second of the work is right to half a second in {half} % of the right answers, the tempo to one per cent "
        f"in {tempo} %, the pitch to a quarter semitone in {percent(told['pitch_within_a_quarter_semitone'], 1)} %; "
        f"{percent(told['median_share_covered'])} % of the excerpt are marked at the median."
    )


def side_by_side(found: dict[str, Any]) -> str:
    """Recall by condition at precision of 99 %, of all systems on the same queries."""
    shown = systems(found)
    rows = [
        [f"`{condition}`", *(percent(one["by_condition_at_99"][condition]) for _, one in shown)]
        for condition in found["countermark"]["by_condition_at_99"]
    ]
    rows.append(["**all**", *(percent(one["at_99_precision"]["recall"], 1) for _, one in shown)])
    rows.append(
        [
            "excerpts of no work answered",
            *(str(one["at_99_precision"]["distractors_accepted"]) for _, one in shown),
        ]
    )
    rows.append(
        ["**none of them answered**", *(percent(one["no_distractor"]["recall"], 1) for _, one in shown)]
    )
    return table(["", *(name for name, _ in shown)], rows)


def cost(found: dict[str, Any]) -> str:
    """What indexing, fingerprinting and looking up cost."""
    own, whole = found["countermark"], found["countermark"]["whole_tracks"]
    rows = [
        [OWN, f"{own['build_times_real_time'] or '–'}", f"{whole['fingerprint_times_real_time']:,}",
         f"{own['ms_of_a_query']['lookup']:g} + {own['ms_of_a_query']['verify']:g}", f"{own['mb_an_hour']:g}"],
    ]  # fmt: skip
    for key, name in PEERS.items():
        if told := found.get("peers", {}).get(key, {}).get("cost"):
            rows.append([
                name, f"{told['build_times_real_time']:,}", f"{told['fingerprint_times_real_time']:,}",
                f"{told['lookup_ms']:g}", f"{told['mb_an_hour']:g}",
            ])  # fmt: skip
    head = [
        "",
        "index, × real time",
        "fingerprint, × real time",
        "lookup (+ verification), ms a query",
        "MB an hour",
    ]
    return table(head, rows)


def speed(found: dict[str, Any]) -> str:
    """The steps of the chain on whole tracks."""
    whole = found["countermark"]["whole_tracks"]
    steps = ("decode", "fingerprint", "lookup", "verify", "chain")
    rows = [["× real time", *(f"{whole[f'{step}_times_real_time']:,}" for step in steps)]]
    said = (
        f"{whole['tracks']} whole tracks ({whole['hours']} hours) that hold no work, one core; the chain runs at "
        f"{percent(whole['chain_share_of_decoding'])} % of the speed of decoding to 16 kHz alone. A lookup takes "
        f"{whole['lookup_ms_per_10_s']:g} ms for ten seconds, verification {whole['verify_ms_per_10_s']:g}."
    )
    return f"{table(['', *steps], rows)}\n\n{said}"


def scale(found: dict[str, Any]) -> str:
    """Lookups in large indexes."""
    rows = [
        [
            f"{row['tracks']:,}", f"{row['hours']:,.0f}", f"{row['lookup_ms_median']:g}", f"{row['lookup_ms_95th']:g}",
            *(percent(share) for share in row["right_work_among_candidates"].values()),
            f"{row['mb_an_hour_without_codes']:g}", f"{row['synthesis_and_build_seconds']:,.0f}",
        ]
        for row in found["sizes"]
    ]  # fmt: skip
    conditions = found["sizes"][0]["right_work_among_candidates"]
    head = [
        "tracks",
        "hours",
        "lookup ms",
        "95th percentile",
        *(f"`{name}` %" for name in conditions),
        "MB an hour",
        "synthesis and build s",
    ]
    return table(head, rows)


def quick(found: dict[str, Any]) -> str:
    """What a quick search finds of what a whole one does."""
    rows = []
    for name, told in (("whole", "whole works, encoded anew"), ("hidden", "excerpts of 12 to 40 s")):
        one = found[name]
        for kind, (whole, count) in one["whole"]["by_kind"].items():
            rows.append([f"{told}: {kind}", f"{count}", f"{whole}", f"{one['quick']['by_kind'][kind][0]}"])
        spent = [f"{one[way]['cpu_seconds']:,.0f} s" for way in ("whole", "quick")]
        answered = [str(one[way]["other_records_answered"]) for way in ("whole", "quick")]
        rows.append([f"{told}: records that hold none, answered all the same", *("", *answered)])
        rows.append([f"{told}: **CPU time of the search**", "", *spent])
    return table(["", "records", "found by a whole search", "found by `--quick`"], rows)


def decoding(found: dict[str, Any]) -> str:
    """Decoding codec by codec, as a multiple of real time."""
    rows = [
        [
            name,
            f"{row['pyav_alone']:,}",
            f"{row['pyav_to_16000_mono']:,}",
            f"{row['countermark']:,}",
            f"{row['times_pyav_to_16000_mono']:.2f}",
        ]
        for name, row in found["times_real_time"].items()
    ]
    return table(["", "PyAV alone", "PyAV to 16 kHz mono", "Countermark to 16 kHz mono", "ratio"], rows)


def verdicts(found: dict[str, Any]) -> dict[str, str]:
    """Whether the targets were met in this run."""
    own, whole = found["countermark"], found["countermark"]["whole_tracks"]
    each = own["by_condition_at_99"]
    weakest = min(EACH, key=lambda name: each[name])
    reached = {
        "audio_recall": own["at_99_precision"]["recall"], "audio_no_distractor": own["no_distractor"]["recall"],
        "audio_each": each[weakest], "audio_speech": each["speech_0"], "audio_music": each["music_6"],
    }  # fmt: skip
    told = {name: _met(share >= TARGETS[name], f"{percent(share, 1)} %") for name, share in reached.items()}
    told["audio_each"] += f", `{weakest}`"
    share, lookup = whole["chain_share_of_decoding"], own["ms_of_a_query"]["lookup"]
    return told | {
        "audio_chain": _met(share >= CHAIN, f"{share:.2f} × the speed of decoding"),
        "audio_size": _met(own["mb_an_hour"] <= LARGEST, f"{own['mb_an_hour']:.2f} MB an hour"),
        "audio_lookup": _met(lookup <= LOOKUP, f"{lookup:g} ms"),
    }


def _met(met: bool, value: str) -> str:
    return f"{'met' if met else 'missed'} ({value})"


def parts(read: Read) -> dict[str, str]:
    """What page.md asks for."""
    found = measured(read, "audio_recordings")
    shown = {
        "audio_outcome": outcome,
        "audio_side_by_side": side_by_side,
        "audio_cost": cost,
        "audio_speed": speed,
    }
    told = {name: show(found) if found else NOT_YET for name, show in shown.items()}
    for name, show, read_from in (
        ("scale", scale, "scale"),
        ("quick", quick, "quick"),
        ("decoding", decoding, "decode"),
    ):
        other = measured(read, f"audio_{read_from}")
        told[f"audio_{name}"] = show(other) if other else NOT_YET
    names = ("audio_made", *TARGETS, "audio_chain", "audio_size", "audio_lookup")
    unknown = dict.fromkeys(names, NOT_YET)
    if not found:
        return unknown | told
    made = found["benchmark"]
    told["audio_made"] = (
        f"{made['works']} works ({made['works_hours']} hours), {made['positives']} excerpts of them and "
        f"{made['distractors']} of other tracks, each in 36 conditions (seed {made['seed']})"
    )
    return unknown | told | verdicts(found)
