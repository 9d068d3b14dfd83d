"""Which columns of a listing of pictures are what: addresses, stored hashes, captions and sizes.

Sources: the data sets' cards. LAION-400M and LAION-5B (`URL, TEXT, WIDTH, HEIGHT, similarity, hash, punsafe, …`);
COYO-700M (`id, url, text, width, height, image_phash, …`); DataComp (`uid, url, text, original_width,
original_height, …, sha256`); img2dataset's Parquet (`url, caption, key, status, error_message, width, height,
original_width, …, md5`); Conceptual Captions, two columns without a header.

LAION's `hash` is a whole number of 64 bits and no digest of a picture (img2dataset#346): it names the row.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from countermark.errors import InputError
from countermark.linkage.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.linkage.shapes import Mapping

HASHES = ("md5", "sha256", "phash")
EARLY = ("url", *HASHES)
"""Roles that are compared; the others are only read of rows that were found."""
LATE = ("id", "caption", "width", "height")
ROLES = (*EARLY, *LATE)

_COLUMNS = {
    "url": ("url", "image_url", "img_url", "imageurl", "src", "image_src", "link", "uri"),
    "md5": ("md5", "image_md5", "md5_hash", "hash_md5"),
    "sha256": ("sha256", "image_sha256", "sha256_hash"),
    "phash": ("image_phash", "phash"),
    "id": ("uid", "id", "sample_id", "hash", "key"),
    "caption": ("caption", "text", "alt", "alt_text", "title", "description"),
    "width": ("original_width", "width"),
    "height": ("original_height", "height"),
}  # fmt: skip
_KNOWN = (
    ("COYO-700M", {"url", "text", "image_phash"}),
    ("DataComp", {"url", "text", "uid", "sha256"}),
    ("img2dataset", {"url", "key", "status"}),
)
_LAION = {"similarity", "punsafe", "pwatermark", "nsfw", "license", "hash", "sample_id"}
_ADDRESS = re.compile(r"(?:https?:)?//[^/\s]+\.[^/\s]", re.IGNORECASE)


def picture_shape(columns: Sequence[str]) -> Shape | None:
    """The mapping of a known listing of pictures, or None."""
    if addresses := [place for place, column in enumerate(columns) if _ADDRESS.match(column)]:
        if len(columns) != 2 or len(addresses) != 1:
            return None
        place = addresses[0]
        return Shape("Conceptual Captions", (("url", f"#{place + 1}"), ("caption", f"#{2 - place}")))
    there = {column.lower() for column in columns}
    name = next((name for name, wanted in _KNOWN if wanted <= there), "")
    if not name and (
        {"URL", "TEXT"} <= set(columns) or ({"url", "text"} <= there and len(there & _LAION) > 1)
    ):
        name = "LAION"
    return Shape(name, propose(columns)) if name else None


def propose(columns: Sequence[str]) -> Mapping:
    """The columns that are called like what a listing of pictures has."""
    spelt = {column.lower(): column for column in reversed(columns)}
    found = []
    for role, names in _COLUMNS.items():
        column = next((spelt[name] for name in names if name in spelt), None)
        if column is not None:
            found.append((role, column))
    return tuple(found)


def require_pictures(mapping: Mapping, columns: Sequence[str]) -> None:
    """Raise InputError where pictures or sites are asked for and the listing has neither addresses nor hashes."""
    roles = [role for role, _ in mapping]
    if not set(roles) & set(EARLY):
        raise InputError(
            "no column is known as an address or a stored hash; name one, for instance --map url=COLUMN or "
            f"--map md5=COLUMN; the columns are: {', '.join(columns[:60])}"
        )
    if other := sorted(set(roles) - set(ROLES)):
        raise InputError(f"--map {other[0]}=…: with --pictures or --site the roles are {', '.join(ROLES)}")
    if twice := sorted(role for role in set(roles) if roles.count(role) > 1):
        raise InputError(f"--map {twice[0]}=…: a listing of pictures has one column of each role")


def is_of_pictures(mapping: Mapping) -> bool:
    """Whether a mapping asks for nothing but what is compared in listings of pictures."""
    roles = [role for role, _ in mapping]
    only = set(roles) <= set(ROLES) and len(set(roles)) == len(roles)
    return only and bool(set(roles) & {*HASHES, "caption"})
