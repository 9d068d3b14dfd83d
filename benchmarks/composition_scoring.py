"""How answers about compositions are judged, of whichever system: recall at 99 % precision and with no false answer."""

from __future__ import annotations

import json
import wave
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Scores = npt.NDArray[np.float64]


class Queries(NamedTuple):
    """A benchmark that composition_data.py built: the files of the works, and the lines of the queries."""

    folder: Path
    works: list[str]
    lines: list[dict[str, Any]]
    seconds: float

    @property
    def truth(self) -> npt.NDArray[np.int64]:
        """The number of the work that each query covers; -1 where it is none of them."""
        return np.array([self.works.index(q["work"]) if q["work"] else -1 for q in self.lines])

    def compared(self, row: int) -> npt.NDArray[np.int64]:
        """The works that a query is compared with: all but those related to the one that it covers."""
        related = self.lines[row]["related"]
        return np.array([n for n, work in enumerate(self.works) if work not in related])


def queries_of(folder: Path) -> Queries:
    """Read what composition_data.py built."""
    lines = [json.loads(line) for line in (folder / "labels.jsonl").read_text().splitlines()]
    return Queries(
        folder,
        [line["file"] for line in lines if "condition" not in line],
        [line for line in lines if "condition" in line],
        sum(line["seconds"] for line in lines),
    )


def samples(path: Path) -> npt.NDArray[np.float32]:
    """The samples of a 16 kHz mono WAV, full scale 1."""
    with wave.open(str(path)) as opened:
        return np.frombuffer(opened.readframes(opened.getnframes()), "<i2").astype(np.float32) / 32768


def share(accepted: Any, at: Any) -> float:
    """The share of those `at` that are accepted."""
    return round(float(accepted[at].mean()), 4)


def judged(told: Scores, queries: Queries) -> dict[str, Any]:
    """Recall and the false answers of scores float64[queries, works]; -inf stands for what is left out.

    Every query is answered by its best work. The threshold is the lowest that keeps precision at 99 % of all answers.
    """
    truth = queries.truth
    conditions = np.array([q["condition"] for q in queries.lines])
    best, covers = told.max(axis=1), truth >= 0
    right = (told.argmax(axis=1) == truth) & covers
    order = np.argsort(-best, kind="stable")
    precise = np.flatnonzero(np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= 0.99)
    least = float(best[order][precise[-1]]) if len(precise) else float("inf")
    clear = float(best[~covers].max())
    at_99 = right & (best >= least)
    return {
        "top_1": share(right, covers),
        "recall_at_99": share(at_99, covers),
        "threshold_at_99": round(least, 3),
        "distractors_accepted_at_99": int((best[~covers] >= least).sum()),
        "recall_no_distractor": share(right & (best > clear), covers),
        "by_condition": {
            name: {
                "top_1": share(right, covers & (conditions == name)),
                "recall_at_99": share(at_99, covers & (conditions == name)),
                "recall_no_distractor": share(right & (best > clear), covers & (conditions == name)),
            }
            for name in dict.fromkeys(conditions.tolist())
        },
    }


def unrelated(told: Scores, queries: Queries) -> Scores:
    """The scores of all pairs that have nothing to do with each other."""
    apart, truth = np.isfinite(told), queries.truth
    apart[truth >= 0, truth[truth >= 0]] = False
    return told[apart]


def described(queries: Queries) -> dict[str, Any]:
    """What was measured on."""
    truth = queries.truth
    return {
        "data": queries.folder.name,
        "works": len(queries.works),
        "covers": int((truth >= 0).sum()),
        "distractors": int((truth < 0).sum()),
        "pairs": sum(len(queries.compared(row)) for row in range(len(queries.lines))),
    }
