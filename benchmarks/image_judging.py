"""Judging what a tool says of the benchmark of images (image_corpus.py), the same for Countermark and for its peers.

A finding is a pair of a picture and a work, with a score and a grade. It is right when the picture was made from
the work. It is neither right nor wrong when the work is `related` to the picture's, or when the two share a frame or a
stamp and the finding is graded `shared`. All others that are graded as copies are wrong. A tool without grades says
`copy`. `shared` findings elsewhere are counted by themselves: they accuse nobody.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np

from countermark.probability.binomial import clopper_pearson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Label = dict[str, Any]
PRECISION = 0.99
COPY_GRADES = frozenset({"identical", "copy"})
RASTER = 400  # pixels of the longer side when areas are compared


class Found(NamedTuple):
    """One finding: the picture's key, the work's file, how high it scored, and where the work was seen."""

    key: str
    work: str
    score: float
    grade: str = "copy"
    outline: tuple[float, ...] | None = None
    mirrored: bool | None = None
    said: str = ""


@dataclass
class Judged:
    """The findings by verdict, best score first; `scored` are the right and wrong ones that say copy."""

    labels: dict[str, Label]
    scored: list[tuple[float, bool, Found]] = field(default_factory=list)
    neutral: int = 0
    shared_right: list[Found] = field(default_factory=list)
    shared_only: list[Found] = field(default_factory=list)
    shared_elsewhere: list[Found] = field(default_factory=list)

    def found_above(self, least: float) -> set[str]:
        """The keys of the pictures whose work is found with a score of `least` or more."""
        return {found.key for score, right, found in self.scored if right and score >= least}

    def recall(self, least: float) -> float:
        """The share of the copies that is found."""
        return round(len(self.found_above(least)) / max(1, len(self.copies())), 4)

    def copies(self) -> list[Label]:
        """The labels of the pictures that were made from a work."""
        return [label for label in self.labels.values() if label["work"]]

    def threshold(self, precision: float) -> float:
        """The lowest score at and above which at least that share of the scored findings is right."""
        right, best = 0, float("inf")
        for at, (score, is_right, _) in enumerate(self.scored):
            right += is_right
            last = at + 1 == len(self.scored) or self.scored[at + 1][0] < score
            if last and right >= precision * (at + 1):
                best = score
        return best

    def above_all_wrong(self) -> float:
        """The lowest score of a right finding that is above every wrong one."""
        worst = max((score for score, right, _ in self.scored if not right), default=float("-inf"))
        return min(
            (score for score, right, _ in self.scored if right and score > worst), default=float("inf")
        )

    def by_transform(self, least: float) -> dict[str, float]:
        """Recall for each transform."""
        held = self.found_above(least)
        groups: dict[str, list[bool]] = defaultdict(list)
        for label in self.copies():
            groups[label["kind"]].append(label["key"] in held)
        return {name: round(sum(values) / len(values), 4) for name, values in groups.items()}

    def wrong(self, least: float = float("-inf")) -> list[Found]:
        """The wrong findings, best score first."""
        return [found for score, right, found in self.scored if not right and score >= least]

    def at(self, least: float) -> dict[str, Any]:
        """Recall, precision and false alarms with findings of that score or more."""
        scored = [right for score, right, _ in self.scored if score >= least]
        empty = [label["key"] for label in self.labels.values() if not label["work"]]
        alarms = len({found.key for found in self.wrong(least)} & set(empty))
        return {
            "threshold": None if abs(least) == float("inf") else round(least, 4),
            "recall": self.recall(least),
            "precision": round(sum(scored) / len(scored), 5) if scored else None,
            "right": sum(scored),
            "wrong": len(scored) - sum(scored),
            "pictures_without_work": len(empty),
            "false_alarms": alarms,
            "false_alarms_per_million": round(alarms / max(1, len(empty)) * 1e6),
            "upper_95_per_million": round(clopper_pearson(alarms, len(empty))[1] * 1e6),
        }

    def table(self) -> dict[str, Any]:
        """The numbers at 99 % precision, above every wrong pair, and by transform."""
        precise, alone = self.threshold(PRECISION), self.above_all_wrong()
        return {
            "at_99_precision": self.at(precise),
            "above_all_wrong": {"threshold": self.at(alone)["threshold"], "recall": self.recall(alone)},
            "by_transform_at_99": self.by_transform(precise),
            "neutral": self.neutral,
        }


def read_labels(path: Path, keep: float = 1.0) -> dict[str, Label]:
    """The labels by key; of `keep` below 1 a fixed random part."""
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    chosen = np.random.default_rng(7).random(len(rows)) < keep
    return {row["key"]: row for row, kept in zip(rows, chosen, strict=True) if kept}


def judge(findings: Iterable[Found], labels: dict[str, Label]) -> Judged:
    """Judge the findings of the labelled pictures; of several on one pair only the best counts."""
    best: dict[tuple[str, str], Found] = {}
    order = {"identical": 2, "copy": 1}
    for found in findings:
        pair = (found.key, found.work)
        rank = (order.get(found.grade, 0), found.score)
        if found.key in labels and (
            pair not in best or rank > (order.get(best[pair].grade, 0), best[pair].score)
        ):
            best[pair] = found
    judged = Judged(labels)
    for found in best.values():
        _place(found, labels[found.key], judged)
    judged.scored.sort(key=lambda row: (-row[0], row[2].key, row[2].work))
    return judged


def _place(found: Found, label: Label, judged: Judged) -> None:
    right, sharing = found.work == label["work"], found.work in label["shares"]
    if found.grade not in COPY_GRADES:
        if found.work in label["related"]:
            judged.neutral += 1
        else:
            kind = (
                judged.shared_only if right else judged.shared_right if sharing else judged.shared_elsewhere
            )
            kind.append(found)
    elif right or found.work not in label["related"]:
        judged.scored.append((found.score, right, found))
    else:
        judged.neutral += 1


def true_area(label: Label, size: tuple[int, int], shape: tuple[int, int]) -> np.ndarray:
    """Where a work of that size (width, height) is to be seen in the picture: uint8 raster of that shape, 1 inside."""
    matrix = np.array(label["matrix"]).reshape(3, 3)
    width, height = size
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    seen = _raster(cv2.perspectiveTransform(corners, matrix)[0], label, shape)
    if label["clip"]:
        left, top, right, bottom = label["clip"]
        seen &= _raster(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]), label, shape)
    return seen


def _raster(points: np.ndarray, label: Label, shape: tuple[int, int]) -> np.ndarray:
    by = shape[1] / label["width"], shape[0] / label["height"]
    area = np.zeros(shape, np.uint8)
    cv2.fillPoly(area, [np.rint(np.clip(points * by, -20_000, 20_000)).astype(np.int32)], 1)
    return area


def overlap(found: Found, label: Label, size: tuple[int, int]) -> float:
    """Intersection over union of the outline of a finding and the true area, both within the picture."""
    by = RASTER / max(label["width"], label["height"])
    shape = (max(1, round(label["height"] * by)), max(1, round(label["width"] * by)))
    true = true_area(label, size, shape)
    said = _raster(np.array(found.outline).reshape(4, 2), label, shape)
    return float((true & said).sum() / max(1, (true | said).sum()))


def boxes(judged: Judged, sizes: dict[str, tuple[int, int]]) -> dict[str, Any]:
    """How well the outlines of right findings lie, by transform and in all, and how often the mirror is told right."""
    groups: dict[str, list[float]] = defaultdict(list)
    mirrors = []
    for _, right, found in judged.scored:
        if not right or not found.outline:
            continue
        label = judged.labels[found.key]
        groups[label["kind"]].append(overlap(found, label, sizes[found.work]))
        if found.mirrored is not None:
            matrix = np.array(label["matrix"]).reshape(3, 3)
            mirrors.append((np.linalg.det(matrix[:2, :2]) < 0) == found.mirrored)
    values = [value for group in groups.values() for value in group]
    if not values:
        return {}
    return {
        "outlines": len(values),
        "median_iou": _rounded(np.median(values)),
        "tenth_percentile_iou": _rounded(np.quantile(values, 0.1)),
        "share_above_0_5": _rounded(np.mean(np.array(values) > 0.5)),
        "share_above_0_8": _rounded(np.mean(np.array(values) > 0.8)),
        "mirror_told_right": _rounded(np.mean(mirrors)) if mirrors else None,
        "median_iou_by_transform": {
            name: _rounded(np.median(group)) for name, group in sorted(groups.items())
        },
    }


def _rounded(value: Any) -> float:
    return round(float(value), 4)


def listed(wrong: Sequence[Found], labels: dict[str, Label]) -> list[str]:
    """One line for each wrong pair, best score first, for looking at."""
    return [
        f"{found.key} {labels[found.key]['kind']}"
        f"{'/' + str(labels[found.key]['what'] or labels[found.key]['transform'] or '')} of "
        f"{labels[found.key]['work'] or labels[found.key].get('source')} <> {found.work} "
        f"{found.grade} {found.score:.2f} {'SHARES ' if found.work in labels[found.key]['shares'] else ''}{found.said}"
        for found in wrong
    ]
