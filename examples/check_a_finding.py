"""Check one finding by hand: the passage stands where the row says, in the work and in the record.

Uses no code of Countermark, only public libraries, for works in plain UTF-8 text and corpora of JSON Lines or Parquet:

    python examples/check_a_finding.py run/ works/ corpus/ FINDING_ID

Where the corpus is token ids in Megatron or Parquet files, the library tokenizers decodes those of the finding:

    python examples/check_a_finding.py run/ works/ corpus/ FINDING_ID tokenizer.json
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

import numpy as np
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


def sequence_ids(path: Path, number: int, column: str = "input_ids") -> list[int]:
    """Read the ids of one sequence: of a Megatron `.bin` with its `.idx`, or a row of Parquet."""
    if path.suffix == ".parquet":
        row: list[int] = pq.read_table(path, columns=[column])[column][number].as_py()
        return row
    index = path.with_suffix(".idx")
    if path.suffix != ".bin" or not index.is_file():
        sys.exit(
            f"{path}: read here are ids in Megatron and Parquet files; docs/howto/search-token-ids.md has the others"
        )
    code = int(np.fromfile(index, "u1", 1, offset=17)[0])
    count = int(np.fromfile(index, "<u8", 1, offset=18)[0])
    length = int(np.fromfile(index, "<i4", 1, offset=34 + 4 * number)[0])
    pointer = int(np.fromfile(index, "<i8", 1, offset=34 + 4 * count + 8 * number)[0])
    kind = {1: "u1", 2: "i1", 3: "<i2", 4: "<i4", 5: "<i8", 8: "<u2"}[code]
    return [int(one) for one in np.fromfile(path, kind, length, offset=pointer)]


def decoded_passage(path: Path, row: dict[str, Any], tokenizer: str) -> str:
    """Decode the ids that the finding names; the first and the last may hold more than the passage."""
    from tokenizers import Tokenizer  # noqa: PLC0415  needed for token ids only

    ids = sequence_ids(path, row["record_sequence"])[row["record_token_start"] : row["record_token_end"]]
    try:
        made = Tokenizer.from_file(tokenizer)
    except Exception as error:  # noqa: BLE001  the library raises nothing more exact
        sys.exit(f"{tokenizer}: cannot be read as a tokenizer.json: {error}")
    return str(made.decode(ids, skip_special_tokens=True))


def main() -> None:
    """Show both passages, and say whether they are what the row says."""
    if len(sys.argv) not in (5, 6):
        sys.exit("usage: check_a_finding.py run/ works/ corpus/ FINDING_ID [tokenizer.json]")
    run, works, corpus = map(Path, sys.argv[1:4])
    row = finding(run, sys.argv[4])
    asset = works / row["asset_path"]
    path = corpus / row["shard"].split("#")[0]
    checks = {
        "the work's file has the digest of the finding": hashlib.sha256(asset.read_bytes()).hexdigest()
        == row["asset_digest"]
    }
    if row.get("record_token_start") is not None:
        if len(sys.argv) == 5:
            sys.exit("the corpus is token ids: give the tokeniser's tokenizer.json as well")
        theirs = decoded_passage(path, row, sys.argv[5])
        checks["the ids hold the finding's excerpt"] = row["record_excerpt"] in theirs
    else:
        record = record_text(path, row["row"])
        digest = hashlib.sha256(record.encode()).hexdigest()
        checks["the record's text has the digest of the finding"] = digest == row["record_digest"]
        theirs = record[row["record_start"] : row["record_end"]]
    ours = asset.read_bytes().decode("utf-8")[row["asset_start"] : row["asset_end"]]
    print(
        f"{row['work_title']}, {row['asset_path']}, {row['asset_start']}–{row['asset_end']}:\n{ours[:400]}\n"
    )
    print(f"{row['shard']}, row {row['row']}, {row['record_start']}–{row['record_end']}:\n{theirs[:400]}\n")
    for what, holds in checks.items():
        print(f"{'yes' if holds else 'NO '}  {what}")
    sys.exit(0 if all(checks.values()) else 1)


if __name__ == "__main__":
    main()
