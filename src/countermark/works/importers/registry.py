"""The importers by format, loaded when they are needed, and which of them a file is for.

A file is told by its content first, in the order of FORMATS from the most certain marks to the least, then by its
suffix. An importer whose library is not installed raises MissingExtraError when its format is asked for.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from countermark.errors import CatalogError, MissingExtraError

if TYPE_CHECKING:
    from countermark.works.importers.base import CatalogFile, Importer

FORMATS: Final = {
    "catalog": ("countermark.works.catalog.stored", "a catalog of Countermark", ()),
    "catalog-csv": ("countermark.works.catalog.csv_back", "CSV exported by Countermark", ()),
    "onix": ("countermark.works.importers.onix", "ONIX 2.1, 3.0 and 3.1", ()),
    "cwr": ("countermark.works.importers.cwr", "CWR 2.1 and 2.2", (".v21", ".v22")),
    "ddex": ("countermark.works.importers.ddex", "DDEX ERN 3.8 and 4", ()),
    "newsml": ("countermark.works.importers.newsml", "NewsML-G2", ()),
    "wxr": ("countermark.works.importers.wxr", "WordPress export (WXR)", (".wxr",)),
    "feed": ("countermark.works.importers.feed", "RSS and Atom", (".rss", ".atom")),
    "sitemap": ("countermark.works.importers.sitemap", "sitemaps", ()),
    "marc": ("countermark.works.importers.marc", "MARC 21 and UNIMARC", (".mrc", ".marc")),
    "dublincore": ("countermark.works.importers.dublincore", "Dublin Core", ()),
    "ninjs": ("countermark.works.importers.ninjs", "ninjs", ()),
    "jsonld": ("countermark.works.importers.jsonld", "JSON-LD (schema.org)", (".jsonld",)),
    "images": (
        "countermark.works.importers.images",
        "pictures",
        (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".gif", ".heic", ".avif"),
    ),
    "audio": (
        "countermark.works.importers.audio",
        "audio",
        (".mp3", ".flac", ".ogg", ".opus", ".m4a", ".wav", ".aif", ".aiff", ".wma"),
    ),
    "table": (
        "countermark.works.importers.table",
        "tables (CSV, TSV, XLSX, Parquet)",
        (".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".parquet"),
    ),
    "documents": (
        "countermark.works.importers.documents",
        "documents (EPUB, DOCX, ODT, PDF, HTML, Markdown, TXT)",
        (".epub", ".docx", ".odt", ".pdf", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt"),
    ),
}
"""Format → its module, what readers call it, and the suffixes that stand for it."""

ACCEPTED: Final = ", ".join(label for _, label, _ in FORMATS.values())


def importer_of(name: str) -> Importer:
    """The importer of a format. Raises CatalogError for an unknown name, MissingExtraError for a missing library."""
    if name not in FORMATS:
        raise CatalogError(f"{name!r} is no format of catalogues; accepted are {', '.join(FORMATS)}")
    importer = _load(name)
    if importer is None:
        raise MissingExtraError(
            f"the format {name} needs the extra claims: pip install 'countermark[claims]'"
        )
    return importer


def detect(file: CatalogFile) -> Importer | None:
    """The importer that a file is for, or None where no importer knows it."""
    for name in FORMATS:
        importer = _load(name)
        if importer is not None and importer.recognises(file):
            return importer
    lower = file.name.lower()
    for name, (_, _, suffixes) in FORMATS.items():
        if suffixes and lower.endswith(suffixes):
            return importer_of(name)
    return None


@cache
def _load(name: str) -> Importer | None:
    """An importer, or None where a library that it needs is not installed."""
    module = FORMATS[name][0]
    try:
        return cast("Importer", importlib.import_module(module).IMPORTER)
    except ModuleNotFoundError as error:
        if error.name != module and (error.name or "").startswith("countermark."):
            raise
        return None
