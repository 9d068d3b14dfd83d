"""How answers to the queries of audio_queries.py are judged.

A system answers each query with one work and a score, or with none. A positive that is answered with another work and
a distractor that is answered at all are both false. Two thresholds are chosen afterwards, for every system the same:
the lowest score that keeps precision at 99 % over all queries of all conditions, and the lowest above the score of
every distractor. A tuned threshold flatters; a system with a threshold of its own is judged at that too.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

from countermark.probability.binomial import clopper_pearson

WANTED = 0.99


class Answer(NamedTuple):
    """A work (its number, -1 for none) and a score; the greater the surer."""

    work: int = -1
    score: float = float("-inf")


class Query(NamedTuple):
    """One query; `work` is the number of the work that it is an excerpt of, -1 of a distractor."""

    file: str
    condition: str
    work: int


def queries(folder: Path) -> list[Query]:
    """The queries of labels.jsonl, in its order, without those whose label may be wrong (audio_shared.json).

    That is where a work that is not asked for holds a part of the source or of what it is mixed with. There are some
    only where a pair was listed after the seed had been built.
    """
    rows = list(map(json.loads, (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()))
    works = set(json.loads((folder / "summary.json").read_text(encoding="utf-8")).get("works_from", ()))
    shared = sharing()
    return [
        Query(row["file"], row["condition"], number(row["work"]))
        for row in rows
        if not works
        & (shared.get(row["source"], set()) | shared.get(row["partner"], set())) - {row["source"]}
    ]


def sharing() -> dict[str, set[str]]:
    """Tracks (by name) that share sound with a track, as audio_shared.json says."""
    said = json.loads((Path(__file__).parent / "audio_shared.json").read_text(encoding="utf-8"))
    pairs: dict[str, set[str]] = defaultdict(set)
    for pair in said["pairs"]:
        if pair["shares"]:
            pairs[pair["first"]].add(pair["second"])
            pairs[pair["second"]].add(pair["first"])
    return dict(pairs)


def number(work: str | None) -> int:
    """w0012.ogg: 12."""
    return -1 if work is None else int(work[1:5])


def threshold(asked: list[Query], answers: dict[str, Answer], precision: float = WANTED) -> float:
    """The lowest score above which `precision` of all answers are right; infinity where there is none."""
    ranked = sorted(
        ((answers[query.file].score, answers[query.file].work == query.work) for query in asked
         if answers.get(query.file, Answer()).work >= 0),
        key=lambda pair: -pair[0],
    )  # fmt: skip
    lowest, right = float("inf"), 0
    for count, (score, good) in enumerate(ranked, 1):
        right += good
        last_of_its_score = count == len(ranked) or ranked[count][0] < score
        if last_of_its_score and right >= precision * count:
            lowest = score
    return lowest


def above_distractors(asked: list[Query], answers: dict[str, Answer]) -> float:
    """The lowest score of a right answer that is above the score of every distractor."""
    worst = max(
        (answers[query.file].score for query in asked if query.work < 0 and query.file in answers),
        default=float("-inf"),
    )
    return min(
        (
            answer.score
            for query in asked
            if (answer := answers.get(query.file, Answer())).score > worst and query.work >= 0
        ),
        default=float("inf"),
    )


def at(asked: list[Query], answers: dict[str, Answer], lowest: float) -> dict[str, Any]:
    """Recall, precision and false alarms where answers of at least `lowest` count."""
    right = wrong = alarms = positives = 0
    for query in asked:
        answer = answers.get(query.file, Answer())
        said = answer.work >= 0 and answer.score >= lowest
        positives += query.work >= 0
        right += said and query.work >= 0 and answer.work == query.work
        wrong += said and query.work >= 0 and answer.work != query.work
        alarms += said and query.work < 0
    distractors = len(asked) - positives
    return {
        "recall": round(right / max(1, positives), 4), "right": right, "wrong_work": wrong, "positives": positives,
        "precision": round(right / max(1, right + wrong + alarms), 4), "distractors": distractors,
        "distractors_accepted": alarms,
        "upper_95_of_distractor_rate": round(clopper_pearson(alarms, distractors)[1], 5),
    }  # fmt: skip


def by_condition(asked: list[Query], answers: dict[str, Answer], lowest: float) -> dict[str, float]:
    """Recall in each condition."""
    of_each: dict[str, list[Query]] = defaultdict(list)
    for query in asked:
        if query.work >= 0:
            of_each[query.condition].append(query)
    return {name: at(some, answers, lowest)["recall"] for name, some in of_each.items()}


def table(asked: list[Query], answers: dict[str, Answer]) -> dict[str, Any]:
    """The numbers of one system."""
    lowest = threshold(asked, answers)
    return {
        "at_99_precision": at(asked, answers, lowest)
        | {"threshold": lowest if lowest < float("inf") else None},
        "no_distractor": at(asked, answers, above_distractors(asked, answers)),
        "by_condition_at_99": by_condition(asked, answers, lowest),
    }
