"""The cost model: CPU seconds of a scan by shards, bytes as stored, units, and findings; fitted by least squares.

    seconds = a · shards + Σ b(format) · GB stored + Σ c(unit) · units + d · findings

No coefficient is below nothing, and it is the relative errors that are squared: a shard of a second counts as much as
one of ten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS = {
    "text": ("GB of text",),
    "image": ("pictures", "megapixels"),
    "audio": ("hours of sound",),
}


def columns_of(runs: Sequence[dict[str, Any]], medium: str) -> list[str]:
    """The terms of the model of one medium."""
    formats = sorted({name for run in runs for name in run["stored_gb"]})
    return ["shards", *(f"GB of {name}" for name in formats), *UNITS[medium], "findings"]


def row_of(run: dict[str, Any], columns: Sequence[str]) -> list[float]:
    """How much of each term a run has."""
    known = {f"GB of {name}": amount for name, amount in run["stored_gb"].items()}
    return [float({**run, **known}.get(column, 0.0)) for column in columns]


def fit(runs: Sequence[dict[str, Any]], medium: str) -> dict[str, float]:
    """CPU seconds a unit of each term: least squares of relative errors, terms below nothing left out one by one."""
    columns = columns_of(runs, medium)
    matrix = np.array([row_of(run, columns) for run in runs])
    seconds = np.array([run["cpu_s"] for run in runs])
    weighted, target = matrix / seconds[:, None], np.ones(len(runs))
    kept = [at for at in range(len(columns)) if matrix[:, at].any()]
    while True:
        found = np.linalg.lstsq(weighted[:, kept], target, rcond=None)[0]
        if (found >= 0).all() or len(kept) == 1:
            break
        kept.pop(int(np.argmin(found * matrix[:, kept].mean(axis=0))))
    values = dict.fromkeys(columns, 0.0)
    values.update({columns[at]: float(value) for at, value in zip(kept, found, strict=True)})
    return values


def predict(run: dict[str, Any], model: dict[str, float]) -> float:
    """CPU seconds of a run by the model; a format that it was not fitted to is an error."""
    columns = list(model)
    missing = {f"GB of {name}" for name in run["stored_gb"]} - set(columns)
    if missing:
        raise SystemExit(f"the model knows nothing of {', '.join(sorted(missing))}")
    return float(np.dot(row_of(run, columns), [model[column] for column in columns]))


def errors(runs: Sequence[dict[str, Any]], model: dict[str, float]) -> dict[str, float]:
    """The relative errors of the model on some runs: median and greatest of their amounts, in shares."""
    off = [abs(predict(run, model) / run["cpu_s"] - 1) for run in runs]
    return {"median": round(float(np.median(off)), 3), "greatest": round(max(off), 3)}


def rounded(model: dict[str, float]) -> dict[str, float]:
    """Coefficients with four significant digits."""
    return {name: float(f"{value:.4g}") for name, value in model.items()}
