"""The catalog: works, editions, assets, contributors and rights facts of many files, merged by evidence."""

from __future__ import annotations

from countermark.works.catalog.read import Catalog, Suggestion
from countermark.works.catalog.write import ImportSummary, InputFile, write_catalog

__all__ = ["Catalog", "ImportSummary", "InputFile", "Suggestion", "write_catalog"]
