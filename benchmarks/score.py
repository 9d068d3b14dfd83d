"""Score predictions against the truth of one data set.

Predictions are a Parquet file of (document, work, begin, end, score). `work` may be null (the tool names none), so may
`begin` and `end` (the tool gives no span); offsets are code points of the document. A planted passage is found when a
prediction of the same document, and of the same work where one is named, overlaps it by a character at least. A
prediction is right when it meets a planted passage of its work, shared when it meets only boilerplate or a natural
overlap of its work, wrong otherwise.

`python benchmarks/score.py PREDICTIONS --data benchmarks/data/seed2 [--study wrong.md]`
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Row = dict[str, Any]
CONTEXT = 120


class Truth(NamedTuple):
    """Planted passages and shared spans, by document."""

    planted: list[Row]
    by_document: dict[str, list[Row]]
    shared: dict[str, list[Row]]


@dataclass
class Score:
    """What became of the planted passages and of the predictions."""

    truth: Truth
    found: list[bool]
    covered: list[int]
    right: list[Row]
    shared: list[Row]
    wrong: list[Row]

    def table(self) -> dict[str, Any]:
        """The numbers, as written to results/."""
        planted = self.truth.planted
        characters = sum(row["end"] - row["begin"] for row in planted)
        return {
            "recall": _rate(self.found),
            "precision": _divide(len(self.right), len(self.right) + len(self.wrong)),
            "predictions": len(self.right) + len(self.shared) + len(self.wrong),
            "right": len(self.right),
            "shared": len(self.shared),
            "wrong": len(self.wrong),
            "wrong_documents": len({row["document"] for row in self.wrong}),
            "covered": _divide(sum(self.covered), characters),
            "outside": self.outside(),
            "recall_by_words": self.recall_by("words"),
            "recall_by_alteration": self.recall_by("alteration"),
            "recall_by_cell": {
                str(words): self.recall_by("alteration", words=words)
                for words in sorted({row["words"] for row in planted})
            },
        }

    def outside(self) -> float | None:
        """Share of the characters of right spans that lie outside the planted passages they meet."""
        spans = [row for row in self.right if row["begin"] is not None]
        if not spans:
            return None
        inside = sum(
            sum(
                _overlap(row, met)
                for met in self.truth.by_document[row["document"]]
                if met["work"] == row["work"]
            )
            for row in spans
        )
        return round(1 - inside / sum(row["end"] - row["begin"] for row in spans), 4)

    def recall_by(self, column: str, **only: Any) -> dict[str, float | None]:
        """Recall for each value of a column of the truth, among the rows that have the values in `only`."""
        groups: dict[Any, list[bool]] = defaultdict(list)
        for row, found in zip(self.truth.planted, self.found, strict=True):
            if all(row[key] == value for key, value in only.items()):
                groups[row[column]].append(found)
        return {str(value): _rate(groups[value]) for value in sorted(groups)}


def read_truth(data: Path) -> Truth:
    """The truth of the data set in the folder `data`."""
    planted = pq.read_table(data / "truth.parquet").to_pylist()
    by_document: dict[str, list[Row]] = defaultdict(list)
    shared: dict[str, list[Row]] = defaultdict(list)
    for row in planted:
        by_document[row["document"]].append(row)
    for row in pq.read_table(data / "shared.parquet").to_pylist():
        shared[row["document"]].append(row)
    return Truth(planted, by_document, shared)


def score(predictions: list[Row], truth: Truth) -> Score:
    """Judge each prediction and each planted passage."""
    result = Score(truth, [], [], [], [], [])
    by_document: dict[str, list[Row]] = defaultdict(list)
    for row in predictions:
        by_document[row["document"]].append(row)
        if any(_meets(row, planted) for planted in truth.by_document.get(row["document"], ())):
            result.right.append(row)
        elif any(_meets(row, shared) for shared in truth.shared.get(row["document"], ())):
            result.shared.append(row)
        else:
            result.wrong.append(row)
    for planted in truth.planted:
        meeting = [row for row in by_document.get(planted["document"], ()) if _meets(row, planted)]
        result.found.append(bool(meeting))
        result.covered.append(_covered(planted, meeting))
    return result


def _meets(prediction: Row, span: Row) -> bool:
    if prediction["work"] is not None and span["work"] and prediction["work"] != span["work"]:
        return False
    return prediction["begin"] is None or _overlap(prediction, span) > 0


def _overlap(one: Row, other: Row) -> int:
    return max(0, int(min(one["end"], other["end"]) - max(one["begin"], other["begin"])))


def _covered(planted: Row, meeting: list[Row]) -> int:
    """Characters of a planted passage that lie in a prediction that meets it; 0 for predictions without span."""
    total, at = 0, planted["begin"]
    for row in sorted((row for row in meeting if row["begin"] is not None), key=lambda row: row["begin"]):
        total += max(0, min(row["end"], planted["end"]) - max(row["begin"], at))
        at = max(at, min(row["end"], planted["end"]))
    return int(total)


def _divide(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _rate(values: list[bool]) -> float | None:
    return _divide(sum(values), len(values))


def by_threshold(predictions: list[Row], truth: Truth, thresholds: list[float]) -> list[Row]:
    """Recall and precision when only the predictions of at least each score count."""
    rows = []
    for threshold in thresholds:
        kept = score([row for row in predictions if (row["score"] or 0) >= threshold], truth)
        numbers = kept.table()
        rows.append(
            {
                "threshold": threshold,
                **{key: numbers[key] for key in ("recall", "precision", "wrong", "shared")},
            }
        )
    return rows


def line(name: str, numbers: Row) -> str:
    """One row of the printed table."""
    words, kinds = numbers["recall_by_words"], numbers["recall_by_alteration"]
    cells = [numbers["recall"], *words.values(), *kinds.values(), numbers["precision"], numbers["covered"]]
    rates = " ".join("    -" if cell is None else f"{cell:5.3f}" for cell in cells)
    return f"{name:28s} {rates}  {numbers['wrong']:5d} {numbers['shared']:6d}"


def heading(numbers: Row) -> str:
    names = ["recall", *numbers["recall_by_words"], *numbers["recall_by_alteration"], "prec.", "cover"]
    return " " * 29 + " ".join(f"{name[:5]:>5s}" for name in names) + "  wrong shared"


def study(result: Score, data: Path) -> str:
    """Every wrong prediction, every shared one and every missed passage, with its texts, as Markdown."""
    missed = [row for row, found in zip(result.truth.planted, result.found, strict=True) if not found]
    names = sorted({row["document"] for row in [*result.wrong, *result.shared, *missed]})
    table = pq.read_table(data / "corpus.parquet")
    table = table.filter(pc.is_in(table["id"], value_set=pa.array(names, pa.string())))
    texts = dict(zip(table["id"].to_pylist(), table["text"].to_pylist(), strict=True))
    out = []
    for title, rows in (("Wrong", result.wrong), ("Shared", result.shared)):
        out.append(f"# {title}: {len(rows)}\n")
        for row in rows:
            out.append(
                f"## {row['document']} {row['work']} {row['begin']}-{row['end']} score {row['score']}\n"
            )
            out.append(_quoted(texts[row["document"]], row["begin"], row["end"]))
            if row.get("work_begin") is not None:
                out.append(
                    "In the work:\n\n" + _quoted(_work(data, row["work"]), row["work_begin"], row["work_end"])
                )
    out.append(f"# Missed: {len(missed)}\n")
    for row in missed:
        out.append(f"## {row['document']} {row['work']} {row['words']} words, {row['alteration']}\n")
        out.append(_quoted(texts[row["document"]], row["begin"], row["end"]))
        out.append("In the work:\n\n" + _quoted(_work(data, row["work"]), row["work_begin"], row["work_end"]))
    return "\n".join(out)


def _work(data: Path, name: str) -> str:
    with (data / "works" / f"{name}.txt").open(encoding="utf-8", newline="") as file:
        return file.read()


def _quoted(text: str, begin: int | None, end: int | None) -> str:
    if begin is None or end is None:
        return "> (no span)\n"
    before, after = text[max(0, begin - CONTEXT) : begin], text[end : end + CONTEXT]
    whole = f"{before}[[{text[begin:end]}]]{after}"
    return "> " + whole.replace("\n", "\n> ") + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("predictions", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--study", type=Path, help="write wrong, shared and missed passages with their texts here"
    )
    parser.add_argument("--thresholds", type=float, nargs="*", default=[])
    options = parser.parse_args()
    truth = read_truth(options.data)
    predictions = pq.read_table(options.predictions).to_pylist()
    result = score(predictions, truth)
    numbers = result.table()
    print(heading(numbers))
    print(line(options.predictions.stem, numbers))
    print(json.dumps({key: value for key, value in numbers.items() if not key.startswith("recall_by")}))
    for row in by_threshold(predictions, truth, options.thresholds):
        print(json.dumps(row))
    if options.study:
        options.study.write_text(study(result, options.data), encoding="utf-8")


if __name__ == "__main__":
    main()
