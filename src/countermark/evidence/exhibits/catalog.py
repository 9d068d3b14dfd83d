"""The catalogue of a run, where it says more than every catalogue does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pathlib import Path


def catalog_rows(run: Path, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Some columns of the catalogue; no rows where it lacks one of them."""
    try:
        file = pq.ParquetFile(run / "catalog.parquet")
        if not {*columns} <= set(file.schema_arrow.names):
            return []
        return file.read(columns=list(columns)).to_pylist()
    except (OSError, pa.ArrowException):
        return []
