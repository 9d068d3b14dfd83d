"""How much a member may bring: every limit of this room in one place."""

from __future__ import annotations

from typing import Final

MIB: Final = 1 << 20

FILE_BYTES: Final = 25 * MIB
"""One uploaded text."""
MEMBER_BYTES: Final = 1024 * MIB
"""All that one member keeps here, texts and fingerprints together."""
WORKS: Final = 200
"""Uploaded works of one member."""
ARCHIVE_BYTES: Final = 64 * MIB
"""A packed index, as it is sent."""
INDEX_BYTES: Final = 256 * MIB
"""The same, unpacked."""
ARCHIVE_ENTRIES: Final = 64
"""Entries of such an archive; a sealed index has nine files."""
DEPOSITS: Final = 10
"""Indices of one member."""
DEPOSIT_WORKS: Final = 5_000
"""Works that one index may list."""
SALT_BYTES: Final = (16, 4096)
"""The shortest and the longest salt."""
PASSAGES: Final = 10
"""Passages that are kept of one work in one data set: the longest."""
