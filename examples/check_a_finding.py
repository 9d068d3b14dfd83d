"""Check one finding by hand: the passage stands where the row says, in the work and in the record.

Uses no code of Countermark, only public libraries, for works in plain UTF-8 text and corpora of JSON Lines or Parquet:

    python examples/check_a_finding.py run/ works/ corpus/ FINDING_ID
"""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import zstandard


def finding(run: Path, finding_id: str) -> dict[str, Any]:
    """Read the row of the finding."""
    rows = ds.dataset(run / "findings", format="parquet").to_table(
        filter=ds.field("finding_id") == finding_id
    )
    if not rows.num_rows:
        sys.exit(f"{run}/findings has no finding {finding_id}")
    found: dict[str, Any] = rows.to_pylist()[0]
    return found


def record_text(path: Path, row: int) -> str:
    """Read the text of one record: a line of JSON Lines, or a row of Parquet, counted from 0."""
    if path.suffix == ".parquet":
        return str(pq.read_table(path, columns=["text"])["text"][row].as_py())
    if not {".jsonl", ".ndjson"} & set(path.suffixes):
        sys.exit(
            f"{path}: read here are JSON Lines and Parquet; docs/howto/check-a-finding.md has the others"
        )
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    elif path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data).read()
    line = next(itertools.islice(io.BytesIO(data), row, None))
    return str(json.loads(line)["text"])


def main() -> None:
    """Show both passages, and say whether they are what the row says."""
    if len(sys.argv) != 5:
        sys.exit("usage: check_a_finding.py run/ works/ corpus/ FINDING_ID")
    run, works, corpus = map(Path, sys.argv[1:4])
    row = finding(run, sys.argv[4])
    asset = works / row["asset_path"]
    record = record_text(corpus / row["shard"].split("#")[0], row["row"])
    checks = {
        "the work's file has the digest of the finding": hashlib.sha256(asset.read_bytes()).hexdigest()
        == row["asset_digest"],
        "the record's text has the digest of the finding": hashlib.sha256(record.encode()).hexdigest()
        == row["record_digest"],
    }
    ours = asset.read_bytes().decode("utf-8")[row["asset_start"] : row["asset_end"]]
    theirs = record[row["record_start"] : row["record_end"]]
    print(
        f"{row['work_title']}, {row['asset_path']}, {row['asset_start']}–{row['asset_end']}:\n{ours[:400]}\n"
    )
    print(f"{row['shard']}, row {row['row']}, {row['record_start']}–{row['record_end']}:\n{theirs[:400]}\n")
    for what, holds in checks.items():
        print(f"{'yes' if holds else 'NO '}  {what}")
    sys.exit(0 if all(checks.values()) else 1)


if __name__ == "__main__":
    main()
