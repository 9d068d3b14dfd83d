"""A catalog as an input: its records and refusals come back as they were, so that adding is importing anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.works.catalog.read import Catalog
from countermark.works.catalog.schema import is_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile, Importer


class StoredCatalog:
    """Reads `.catalog` files, whole and from the disk only."""

    format = "catalog"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether the header is a catalog's."""
        return is_catalog(file.head)

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """The records in their order, then the refusals."""
        if not file.path:
            raise CatalogError(f"{file.name}: a catalog in an archive is not read; unpack it first")
        with Catalog.open(Path(file.path)) as catalog:
            if catalog.digest != catalog.stated_digest:
                raise CatalogError(
                    f"{file.name}: the catalog was changed after it was made; import its sources again"
                )
            yield from catalog.entries()
            yield from catalog.refusals()


IMPORTER: Final[Importer] = StoredCatalog()
