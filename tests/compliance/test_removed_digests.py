"""The canonical bytes of a Parquet row."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import json
from typing import Any

import pyarrow as pa
import pytest

from countermark.compliance.removed import digest_of_row, plain


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (None, pa.string(), None),
        ("été", pa.string(), "été"),
        ("x", pa.large_string(), "x"),
        (b"\x00\xff", pa.binary(), ["bytes", "AP8="]),
        (True, pa.bool_(), True),
        (2**63, pa.uint64(), 2**63),
        (0.5, pa.float64(), ["float", "0x1.0000000000000p-1"]),
        (float("nan"), pa.float32(), ["float", "nan"]),
        (decimal.Decimal("1.50"), pa.decimal128(5, 2), ["decimal", "1.50"]),
        (5, pa.timestamp("ns", "UTC"), ["timestamp[ns, tz=UTC]", 5]),
        (datetime.date(2024, 5, 18), pa.date32(), ["date32[day]", 19861]),
        (7, pa.duration("ms"), ["duration[ms]", 7]),
        ([1, None], pa.list_(pa.int8()), [1, None]),
        ({"a": [b"x"]}, pa.struct([("a", pa.list_(pa.binary()))]), {"a": [["bytes", "eA=="]]}),
        ([("k", 1)], pa.map_(pa.string(), pa.int8()), ["map", [["k", 1]]]),
        ("d", pa.dictionary(pa.int8(), pa.string()), "d"),
    ],
)
def test_each_type_has_one_form(value: Any, kind: pa.DataType, said: Any) -> None:
    assert plain(pa.array([value], kind)[0]) == said


def test_the_digest_is_that_of_canonical_json() -> None:
    """Keys sorted, no spaces, UTF-8."""
    batch = pa.RecordBatch.from_pylist([{"b": "été", "a": 1}])
    canonical = json.dumps({"a": 1, "b": "été"}, separators=(",", ":"), ensure_ascii=False).encode()
    assert canonical == '{"a":1,"b":"été"}'.encode()
    assert digest_of_row(batch, 0) == hashlib.sha256(canonical).hexdigest()
