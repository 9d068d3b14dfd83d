"""The part of docs/reference/benchmarks.md on pictures: what is found, what is wrong, how fast, and peers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report_site import NOT_YET, measured, table

if TYPE_CHECKING:
    from report_site import Read

OWN = "Countermark"
PEERS = {
    "pdq": "PDQ",
    "pdq8": "PDQ, 8 states",
    "phash64": "pHash 64",
    "phash256": "pHash 256",
    "iscc": "ISCC",
    "orb": "ORB bag",
    "sift": "SIFT bag",
    "sscd": "SSCD",
    "sscd_small": "SSCD, distilled",
}
HARD = ("screenshot", "collage_50", "collage_25")


def percent(share: float, digits: int = 0) -> str:
    """A share as per cent."""
    return f"{100 * share:.{digits}f}"


def named(peers: dict[str, Any]) -> list[tuple[str, str]]:
    """The peers that were asked: their key and their name, in the order above, unknown ones at the end."""
    known = [(key, name) for key, name in PEERS.items() if key in peers]
    return known + [(key, key) for key in peers if key not in PEERS]


def outcome(found: dict[str, Any]) -> str:
    """Recall at thresholds, precision, false alarms: by the labels, and after the wrong pairs were looked at."""
    strict, audited = found["countermark"], found["countermark_after_audit"]
    columns = [strict, audited]
    at = [one["at_own_threshold"] for one in columns]
    rows = [
        ["recall, at the engine's own threshold", *(f"{percent(one['recall'], 1)} %" for one in at)],
        ["precision there", *(f"{percent(one['precision'], 1)} %" for one in at)],
        ["findings right, wrong", *(f"{one['right']:,}, {one['wrong']:,}" for one in at)],
        [
            "recall at ≥ 99 % precision",
            *(f"{percent(one['at_99_precision']['recall'], 1)} %" for one in columns),
        ],
        [
            "recall above every wrong pair",
            *(f"{percent(one['above_all_wrong']['recall'], 1)} %" for one in columns),
        ],
        [
            "pictures that hold no work, and of these with a false finding",
            *(f"{one['pictures_without_work']:,}, {one['false_alarms']:,}" for one in at),
        ],
        [
            "false alarms in a million such pictures, and at most (95 %)",
            *(f"{one['false_alarms_per_million']:,}, {one['upper_95_per_million']:,}" for one in at),
        ],
    ]
    grades, place, shared = strict["by_grade"], strict["place"], strict["shared"]
    beside = " ".join(
        (
            f"Of findings graded `identical` {grades['identical']['right']:,} are right and",
            f"{grades['identical']['wrong']:,} wrong.",
            f"The outline overlaps the true one by {place['median_iou']:.3f} at",
            f"the median and {place['tenth_percentile_iou']:.2f} at the tenth percentile; mirroring is told right in",
            f"{percent(place['mirror_told_right'], 2)} %. `shared` is said of",
            f"{shared['on_pictures_that_share_a_frame_or_stamp']:,} pairs that do share a frame or stamp, of",
            f"{shared['on_the_work_itself']:,} copies of the work itself, and of",
            f"{shared['elsewhere']:,} other pairs.",
        )
    )
    return f"{table(['', 'by the labels', 'after the audit'], rows)}\n\n{beside}"


def side_by_side(found: dict[str, Any]) -> str:
    """Recall by transform, at ≥ 99 % precision, of all methods on the same pictures."""
    peers = found.get("peers", {})
    own = found.get("countermark_on_the_pictures_of_the_peers") or found["countermark"]
    methods = [(OWN, own), *((name, peers[key]) for key, name in named(peers))]
    rows = [
        [transform, *(percent(method["by_transform_at_99"].get(transform, 0)) for _, method in methods)]
        for transform in found["countermark"]["by_transform"]
    ]
    rows.append(["**all**", *(percent(method["at_99_precision"]["recall"], 1) for _, method in methods)])
    rows.append(
        [
            "**above every wrong pair**",
            *(percent(method["above_all_wrong"]["recall"], 1) for _, method in methods),
        ]
    )
    return table(["", *(name for name, _ in methods)], rows)


def by_transform(found: dict[str, Any]) -> str:
    """Recall of the engine on all pictures, at its own threshold, weakest first."""
    weak = sorted(found["countermark"]["by_transform"].items(), key=lambda item: (item[1], item[0]))
    below = [f"{name} {percent(share)} %" for name, share in weak if share < 1]
    return ", ".join(below) + "; all others 100 %" if below else "all 100 %"


def decoding(found: dict[str, Any]) -> str:
    """What decoding costs beside the libraries."""
    rows = [
        [name, f"{row['countermark_ms']:g}", *(f"{row['times_the_library'].get(peer, 0) or '–'}" for peer in
         ("simplejpeg", "opencv", "pillow"))]
        for name, row in found["pictures"].items()
    ]  # fmt: skip
    return table(["", "CPU ms", "× simplejpeg", "× OpenCV", "× Pillow"], rows)


def speed(found: dict[str, Any]) -> str:
    """Milliseconds of CPU by step, pictures a second, and large indexes."""
    kinds = (("holds no work", found["without_works"]), ("holds a work", found["copies"]))
    steps = ("decode", "hash", "features", "lookup", "confirm", "whole")
    rows = [
        [
            name,
            *(f"{kind['median_ms'][step]:.2f}" for step in steps),
            f"{kind['pictures_per_s_mean']:.0f}",
            f"{kind['candidates_per_picture']:.1f}",
        ]
        for name, kind in kinds
    ]
    head = ["a JPEG of 512 px that", *steps, "pictures/s (mean)", "candidates"]
    large = [
        [
            f"{row['works']:,}",
            f"{row['lookup_median_ms']:.1f}",
            f"{row['median_ms']:.1f}",
            percent(sum(row["among_candidates"].values()) / len(row["among_candidates"]), 1),
            f"{row['megabytes'] / 1000:.2f}",
            f"{row['build_s']:,.0f}",
        ]
        for row in found.get("votes", [])
    ]
    queries = found["hashes"]
    told = [table(head, rows), _said_of(found), _queries(queries)]
    if large:
        head = [
            "works (drawn)",
            "lookup ms",
            "lookup and votes ms",
            "right among candidates, hard copies, %",
            "GB",
            "build CPU s",
        ]
        told.append(table(head, large))
    return "\n\n".join(told)


def _said_of(found: dict[str, Any]) -> str:
    alone, rate = found["without_works"]["median_ms"]["decode_only"], found["mixed"]["pictures_per_s"]
    return (
        f"Milliseconds of CPU, one core, medians; decoding alone takes {alone:.2f}. With one picture in a hundred that "
        f"holds a work: {rate:.0f} pictures a second and core."
    )


def _queries(found: dict[str, Any]) -> str:
    exact, asked = found["certain_31"]["ms_per_query_far"], found["certain_21"]["ms_per_query_far"]
    return (
        f"Among {found['hashes']:,} hashes a query takes {exact:.3f} ms where none within 31 bits may be missed, and "
        f"{asked:.3f} as the engine asks of so many; {found['megabytes']:.0f} MB. A picture is 8 to 16 queries."
    )


def hashes(found: dict[str, Any]) -> str:
    """PDQ beside the reference, lookup beside faiss, sketches alone."""
    own, looked, peers = found["ms a picture"], found["lookup"], found["peers"]
    apart = found["bits from the reference"]["decoded in grey"]
    flat, multi = (peers[f"faiss {name} ms a picture of 8 hashes"] for name in ("flat", "multihash 16x16"))
    exact = looked["ms a picture of 8 hashes, none within 31 bits missed"]
    rows = [
        [
            "PDQ, 8 positions",
            f"{own['pdq in 8 positions']:.3f}",
            f"{peers['pdqhash ms a picture']:.2f} (pdqhash)",
        ],
        [
            "lookup of 8 hashes among 10⁶, to 31 bits",
            f"{exact:.3f}",
            f"{flat:.2f} (faiss, flat), {multi:.2f} (multihash)",
        ],
    ]
    kept = found["quality"]["sketches, sure"]
    said = (
        f"From the reference's hashes ours are {apart['median']:g} bits apart at the median, {apart['99th']:g} at the "
        f"99th percentile ({apart['pictures']:,} pictures). Sketches alone find {percent(kept['recall'], 1)} % of the "
        f"copies at a precision of {percent(kept['precision'], 1)} %."
    )
    return f"{table(['ms a picture', OWN, 'beside'], rows)}\n\n{said}"


def listing(found: dict[str, Any]) -> str:
    """Listings against reading alone."""
    read, own = found["cpu_seconds"], found["own"]["cpu_seconds"]
    rows = [["reading the addresses alone", f"{read['read_url']:g}", "1"]]
    rows += [
        [said, f"{seconds:g}", f"{seconds / read['read_url']:.1f}"]
        for said, seconds in (
            ("reading addresses and hashes alone", read["read_url_md5"]),
            ("addresses, variants and hosts", own["scan_url_host"]),
            ("the same and stored hashes", own["scan_url_host_md5"]),
        )
    ]
    return f"{found['rows']:,} rows.\n\n{table(['', 'CPU s', '× reading the addresses'], rows)}"


def verdicts(quality: dict[str, Any]) -> dict[str, str]:
    """Whether the targets were met in these runs."""

    def said(share: float, target: float) -> str:
        return f"{'met' if share >= target else 'missed'} ({percent(share, 1)} %)"

    own, audited = quality["countermark"], quality["countermark_after_audit"]
    hard = {name: own["by_transform"][name] for name in HARD if name in own["by_transform"]}
    return {
        "image_recall": f"{said(own['at_99_precision']['recall'], 0.96)} by the labels, "
        f"{said(audited['at_99_precision']['recall'], 0.96)} after the audit",
        "image_above": f"{said(own['above_all_wrong']['recall'], 0.92)} by the labels, "
        f"{said(audited['above_all_wrong']['recall'], 0.92)} after the audit",
        "image_hard": ", ".join(f"{name} {said(share, 0.85)}" for name, share in hard.items()),
    }


def rates(found: dict[str, Any]) -> dict[str, str]:
    """Whether the targets of speed were met in this run."""

    def said(met: bool, value: str) -> str:
        return f"{'met' if met else 'missed'} ({value})"

    without, copies, query = found["without_works"], found["copies"], found["hashes"]["certain_31"]
    both = 1 + without["hash_to_decode"]
    slowest = min(without["pictures_per_s_mean"], copies["pictures_per_s_mean"])
    return {
        "image_rate": f"{said(slowest >= 75, f'{slowest:.0f} where every picture holds a work')}; decode and hash "
        f"{said(both <= 1.6, f'{both:.2f} × decode')}",
        "image_lookup": said(
            query["ms_per_query_far"] <= 0.1, f"{query['ms_per_query_far']:.3f} a hash, exact to 31 bits"
        ),
    }


def parts(read: Read) -> dict[str, str]:
    """What page.md asks for."""
    quality = measured(read, "images_quality")
    shown = {
        "image_outcome": (quality, outcome),
        "image_weak": (quality, by_transform),
        "image_side_by_side": (quality, side_by_side),
        "image_speed": (measured(read, "images_speed"), speed),
        "image_hashes": (measured(read, "image-hash-seed2"), hashes),
        "image_decoding": (measured(read, "image_decode"), decoding),
        "image_listing": (measured(read, "picture-listing"), listing),
    }
    told = {name: show(found) if found else NOT_YET for name, (found, show) in shown.items()}
    if quality:
        made = quality["benchmark"]
        told["image_made"] = (
            f"{made['pictures']:,} pictures, {made['copies']:,} of them altered copies of {made['works']:,} works "
            f"(seed {made['seed']})"
        )
        if asked := quality.get("peers_about"):
            told["image_peers_asked"] = f"{asked['pictures']:,}"
        told["image_audited"] = str(quality["countermark_after_audit"]["pairs"])
    if found := measured(read, "images_speed"):
        told |= rates(found)
    if found := measured(read, "picture-listing"):
        times = found["own"]["cpu_seconds"]["scan_url_host_md5"] / found["cpu_seconds"]["read_url_md5"]
        told["image_listing_verdict"] = (
            f"{'met' if times <= 1.5 else 'missed'} ({times:.1f} × reading the same columns)"
        )
    unknown = dict.fromkeys(
        (
            "image_made",
            "image_audited",
            "image_recall",
            "image_above",
            "image_hard",
            "image_rate",
            "image_lookup",
            "image_listing_verdict",
            "image_peers_asked",
        ),
        NOT_YET,
    )
    return unknown | told | (verdicts(quality) if quality else {})
