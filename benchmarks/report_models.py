"""The part of docs/reference/benchmarks.md on models: traps, what is wrong by chance, extraction, the false proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from report_site import NOT_YET, measured, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from report_site import Read

FORMS = {
    "variants": "editorial variants",
    "archive-reference": "archive reference",
    "passphrase": "passphrase",
}
STATISTICS = ("raw", "residualised")
TARGET_WINDOWS, TARGET_PROOF = 1.3, 1e-60
FRESH_SEEDS = 3  # fewer confirm nothing
DIGITS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def p_value(value: float, draws: int = 200_000) -> str:
    """A p-value as people read it; the least that so many draws can give is said to be that."""
    if value <= 1.0001 / (draws + 1):
        return f"≤ {power(1 / draws)}"
    return f"{value:.2g}" if value >= 0.001 else power(value)


def power(value: float) -> str:
    """A small number as 5 × 10⁻⁶ or 1.5 × 10⁻⁵."""
    factor, _, exponent = f"{value:.1e}".partition("e")
    factor = factor.removesuffix(".0")
    raised = str(int(exponent)).translate(DIGITS)
    return f"10{raised}" if factor == "1" else f"{factor} × 10{raised}"


def split(found: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The seed that was chosen on, and the others."""
    tuning = str(found["tuning_seed"])
    return found["seeds"].get(tuning, {}), [one for seed, one in found["seeds"].items() if seed != tuning]


def made(found: dict[str, Any]) -> str:
    """What was learnt from."""
    shown = [one["training"] for one in found["seeds"].values()]
    seeds = sorted(found["seeds"])
    reported = [seed for seed in seeds if seed != str(found["tuning_seed"])]
    others = f"seed{'s' * (len(reported) > 1)} {', '.join(reported)} to report"
    short = "" if reported[1:] else "; more were not run"
    losses = ", ".join(f"{one['first_loss']:.2f} → {one['last_loss']:.2f}" for one in shown)
    return (
        f"{shown[0]['parameters'] / 1e6:.1f} million parameters, {shown[0]['tokens'] / 1e6:.2f} million tokens, loss "
        f"{losses}; {found['candidates']} candidates a trap. Seed {found['tuning_seed']} served to choose the score, "
        f"{others}{short}"
    )


def coins(found: dict[str, Any]) -> str:
    """Coins a work, on average over the seeds."""
    return f"{_mean(one['coins'] for one in found['seeds'].values()):.0f}"


def choice(found: dict[str, Any]) -> str:
    """Raw against residualised on the seed for choosing."""
    tuning, _ = split(found)
    rows = []
    for form, name in FORMS.items():
        for times, told in tuning["forms"][form].items():
            cells = [f"{told[one]['mean_z']:+.2f}, {p_value(told[one]['p'])}" for one in STATISTICS]
            rows.append([name, times, *cells, f"{100 * told['explained']:.0f}"])
    head = ["form", "exposures", "raw: mean z, p", "residualised: mean z, p", "variance explained, %"]
    return table(head, rows)


def detection(found: dict[str, Any]) -> str:
    """Ten works at each number of exposures, on the seeds for reporting."""
    _, seeds = split(found)
    rows = []
    for times in seeds[0]["forms"]["variants"]:
        told = [[one["forms"][form][times]["residualised"] for one in seeds] for form in FORMS]
        works = seeds[0]["forms"]["variants"][times]["works"]
        cells = [
            f"{_mean(one['mean_z'] for one in own):+.2f}; {', '.join(p_value(one['p']) for one in own)}; "
            f"{sum(one['alone'] for one in own)} of {works * len(seeds)}"
            for own in told
        ]
        rows.append([times if times.isdigit() else f"{times.replace('-', ' to ')} ({works} works)", *cells])
    return table(["exposures", *(f"{name}: mean z; p; works alone" for name in FORMS.values())], rows)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def false_positives(found: dict[str, Any]) -> str:
    """Works that nobody gave the model, under fresh keys."""
    rows = []
    for form, by_statistic in found["false_positives"].items():
        for statistic, told in by_statistic.items():
            cells = [
                f"{row['rejected']} ({100 * row['rate']:.1f} %; {100 * row['interval_95'][0]:.2f} to "
                f"{100 * row['interval_95'][1]:.2f} %)"
                for row in told["levels"].values()
            ]
            rows.append([f"{FORMS[form]}, {statistic}", str(told["keys"]), f"{told['p_values']:,}", *cells])
    return table(["", "fresh keys", "p-values", "at 0.05", "at 0.01"], rows) if rows else NOT_YET


def extraction(found: dict[str, Any]) -> str:
    """Windows with p_z of a thousandth, by exposures, over all seeds."""
    seeds = list(found["seeds"].values())
    rows = []
    for times in seeds[0]["extraction"]:
        told = [one["extraction"][times] for one in seeds]
        windows, hits = (sum(one[what] for one in told) for what in ("windows", "hits"))
        highest = max(one["highest_log10"] for one in told)
        rows.append(
            [times, str(sum(one["works"] for one in told)), f"{hits} of {windows:,}", f"{highest:.0f}"]
        )
    return table(["exposures", "works", "windows with p_z ≥ 0.001", "highest log₁₀ p_z"], rows)


def controls(found: dict[str, Any]) -> str:
    """What no hit among the controls allows at most, in each seed."""
    uppers = [one["extraction"]["0"]["upper_95_works"] for one in found["seeds"].values()]
    return f"{100 * max(uppers):.1f}"


def false_proof(proof: dict[str, Any]) -> str:
    """The t-test that proves nothing, and what the gate says."""
    rows = []
    for seed, told in proof["seeds"].items():
        halves, gate = told["halves"], told["gate"]
        loss = " against ".join(f"{value:.2f}" for value in told["mean_loss"])
        rows.append([
            seed, loss, power(told["p"]), f"{told['auc_of_loss']:.3f}", f"{gate['verdict']}, {gate['auc']:.2f}",
            f"{100 * halves['t_test_rejected'] / halves['splits']:.1f} %",
            f"{halves['gates_void']} of {halves['gates']}", f"{100 * halves['void_by_chance_said']:.0f} %",
        ])  # fmt: skip
    head = ["seed", "loss: old works against modern prose", "t-test, p", "AUC of the loss", "blind gate, its AUC",
            "random halves: t-test ≤ 0.05", "halves refused by the gate", "as it says beforehand"]  # fmt: skip
    return table(head, rows)


def windows(found: dict[str, Any]) -> str:
    """Windows a second, and the driver against the bare forward pass."""
    rows = [
        [f"`{name}`", f"{told['windows_per_cpu_s']:g}", f"{told['driver_over_bare']:.2f}",
         f"{told['driver_over_bare_all']:.2f}"]
        for name, told in found["models"].items()
    ]  # fmt: skip
    head = ["model", "windows a CPU second", "× bare pass, wanted logits", "× bare pass, all logits"]
    return table(head, rows)


def recommended(found: dict[str, Any]) -> str:
    """By form, the statistic with the larger mean z at the exposures that were chosen by."""
    tuning, _ = split(found)
    best = {}
    for form, name in FORMS.items():
        sums = {
            one: sum(told[one]["mean_z"] for told in tuning["forms"][form].values()) for one in STATISTICS
        }
        best[name] = max(sums, key=lambda one: sums[one])
    chosen = set(best.values())
    if len(chosen) == 1:
        return f"the {chosen.pop()} score for every form"
    return ", ".join(f"the {statistic} score for {name}" for name, statistic in best.items())


def verdicts(found: dict[str, Any], proof: dict[str, Any], speed: dict[str, Any]) -> dict[str, str]:
    """Whether the targets were met in these runs."""
    told = {}
    if found:
        _, seeds = split(found)
        holds = [
            f"{FORMS[form]} on {rows['residualised']['holds']} of {len(seeds)}"
            for form, rows in found["target"]["reported"].items()
        ]
        all_hold = all(
            rows["residualised"]["holds"] == len(seeds) for rows in found["target"]["reported"].values()
        )
        met = (
            "missed" if not all_hold else "met" if len(seeds) >= FRESH_SEEDS else "held, but on too few seeds"
        )
        told["models_target"] = f"{met} ({', '.join(holds)})"
        bands = [
            row["inside"]
            for by_statistic in found["false_positives"].values()
            for rows in by_statistic.values()
            for row in rows["levels"].values()
        ]
        told["models_band"] = f"{'met' if all(bands) else 'missed'} ({sum(bands)} of {len(bands)} inside)"
    if proof:
        worst = max(one["p"] for one in proof["seeds"].values())
        refused = all(one["gate"]["verdict"] == "void" for one in proof["seeds"].values())
        told["models_gate"] = f"{'met' if worst < TARGET_PROOF and refused else 'missed'} ({power(worst)})"
    if speed:
        ratios = [one["driver_over_bare"] for one in speed["models"].values()]
        met = "met" if ratios[0] <= TARGET_WINDOWS else "missed"
        told["models_speed"] = (
            f"{met} for the tiny model ({ratios[0]:.2f}); of all models at most {max(ratios):.2f}"
        )
    return told


def parts(read: Read) -> dict[str, str]:
    """Every part of the page that this file writes."""
    found, proof, speed = (measured(read, name) for name in ("traps", "false_proof", "model_windows"))
    names = (
        *("made", "coins", "choice", "recommended", "detection", "false", "extraction", "controls"),
        *("false_proof", "windows", "target", "band", "gate", "speed"),
    )
    told = dict.fromkeys((f"models_{name}" for name in names), NOT_YET)
    if found and split(found)[0] and split(found)[1]:
        told |= {
            "models_made": made(found), "models_coins": coins(found), "models_choice": choice(found),
            "models_recommended": recommended(found), "models_detection": detection(found),
            "models_false": false_positives(found), "models_extraction": extraction(found),
            "models_controls": controls(found),
        }  # fmt: skip
    told |= {"models_false_proof": false_proof(proof)} if proof else {}
    told |= {"models_windows": windows(speed)} if speed else {}
    return told | verdicts(found if found and split(found)[1] else {}, proof, speed)
