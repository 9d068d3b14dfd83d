"""Tables as catalogue files: CSV, TSV, XLSX and Parquet of any layout, by a mapping of columns to fields.

mapping = propose_mapping(file)         # from headers and values
save_mapping(mapping, Path("map.toml")) # shown, corrected
IMPORTER.entries(file)                  # with file.options["mapping"] = "map.toml", or the proposal
"""

from __future__ import annotations

from countermark.works.importers.table.importer import IMPORTER
from countermark.works.importers.table.mapping import (
    Column,
    Mapping,
    SheetMapping,
    load_mapping,
    save_mapping,
)
from countermark.works.importers.table.proposing import propose_mapping

__all__ = ["IMPORTER", "Column", "Mapping", "SheetMapping", "load_mapping", "propose_mapping", "save_mapping"]
