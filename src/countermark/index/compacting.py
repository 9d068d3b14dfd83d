"""Making one segment of an index that was changed: what a build of the works that are left would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from countermark.fingerprint.scheme import TextScheme
from countermark.index.manifest import read_manifest
from countermark.index.merge import merge_indices, require_full
from countermark.index.segments import check_segments

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.index.manifest import Manifest


class Plan(NamedTuple):
    """What compacting an index would do: how many segments it has, files that were dropped, the scheme afterwards."""

    manifest: Manifest
    segments: int
    dropped: int
    scheme: str

    @property
    def needed(self) -> bool:
        """Whether anything would change but what is there already."""
        return bool(self.manifest.segments) or self.scheme != self.manifest.scheme


def plan_compaction(folder: Path, *, keep_scheme: bool = False) -> Plan:
    """Say what `compact_index` would do. Raises UnusableIndexError, InputError."""
    manifest = read_manifest(folder)
    require_full(folder, manifest)
    segments = [of for _, of in check_segments(folder, manifest)] if manifest.segments else [manifest]
    stored = sum(segment.assets for segment in segments)
    scheme = manifest.scheme if keep_scheme else TextScheme.for_catalog(manifest.letters).name
    return Plan(manifest, len(segments), stored - manifest.assets, scheme)


def compact_index(folder: Path, *, keep_scheme: bool = False) -> Manifest:
    """Replace a full text index by one in a single segment, without what was dropped; return its manifest.

    It is byte for byte what `build_index` gives for the works that are left, with the scheme that fits their size or,
    with `keep_scheme`, the one it has. Raises UnusableIndexError, InputError, OutputError.
    """
    scheme = read_manifest(folder).scheme if keep_scheme else None
    return merge_indices([folder], folder, scheme=scheme).manifest
