"""The index: the read-only, memory-mapped set of fingerprints of a catalog."""

from __future__ import annotations

from countermark.index.lookup import Index, open_index
from countermark.index.manifest import Manifest, read_manifest

__all__ = ["Index", "Manifest", "open_index", "read_manifest"]
