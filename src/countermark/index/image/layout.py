"""The files of an index of pictures, as docs/index-format.md describes them.

Flat little-endian arrays, one a file; their types and shapes stand in the manifest, so that all are mapped alike.
Pictures of the works are kept twice: small, for confirmation, and for print where that was not declined.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from countermark.index.assets import ASSETS_SCHEMA

SCHEME = "image-pdq256-bin256-v1"
VIEW_LONGEST = 320
"""Pixels of the longer side of a view: what pixels are compared at."""
PRINT_LONGEST = 1600
"""Pixels of the longer side of a print: 13.5 cm at 300 dots an inch."""
VIEW_QUALITY, PRINT_QUALITY = 92, 88

ASSETS = "assets.parquet"
VIEWS, PRINTS = "views.bin", "prints.bin"
HASHES, WORDS = "hashes_", "words_"
"""How the names of the arrays of the Hamming lookup and of the inverted file begin."""

IMAGE_ASSETS_SCHEMA: Final = pa.schema(
    [
        *ASSETS_SCHEMA,
        pa.field("width", pa.int64()),
        pa.field("height", pa.int64()),
        pa.field("print_digest", pa.string()),
    ]
)
