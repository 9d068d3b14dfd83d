"""The files of an index of recordings, as docs/reference/index-format-recordings.md describes them.

Flat little-endian arrays, one a file; their types and shapes stand in the manifest. Of the works' sound it keeps peaks
and codes, from which none can be heard again, and, where that was not declined, a copy for listening.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from countermark.index.assets import ASSETS_SCHEMA

SCHEME = "audio-peaks60-codes-v1"
ASSETS = "assets.parquet"
COPIES = "copies.bin"
HARMONY = "harmony_"
"""How the names of the arrays of melody and harmony begin, where the index was built for compositions."""

AUDIO_ASSETS_SCHEMA: Final = pa.schema(
    [
        *ASSETS_SCHEMA,
        pa.field("duration", pa.int64()),  # milliseconds
        pa.field("copy_digest", pa.string()),
    ]
)
