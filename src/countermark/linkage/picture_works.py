"""The user's side of a listing of pictures: a folder of pictures or an index of them, and sites, as what is sought.

A file is known by the digests of its bytes (MD5, SHA-256), by its perceptual hash, and by the addresses that a sidecar
(`works.csv`, column `url`) gives; of an index only SHA-256 is known.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from countermark.errors import InputError, MissingExtraError, PictureError
from countermark.linkage.catalog import Sought
from countermark.linkage.perceptual_hash import perceptual_hashes
from countermark.media import Refusal
from countermark.works.folder import display, walk_folder
from countermark.works.listing import NAMES, Listing, Listings
from countermark.works.sidecar import add_sidecars, numbers_said, said_first, sidecars_first, work_id_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.linkage.addresses import Site

SITE = "site"
"""The medium of a site among what is sought, and the beginning of its identifier."""
MOST_BYTES = 1 << 30
"""Bytes of a picture's file; a larger one is refused."""
SUFFIXES = frozenset(
    [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".gif", ".tif", ".tiff", ".bmp"]
)
_ASSET_COLUMNS = (
    "work_id",
    "work_title",
    "work_author",
    "work_published",
    "work_licence",
    "asset_path",
    "asset_digest",
)


def is_index(path: Path) -> bool:
    """Whether a path is the folder of an index."""
    return (path / "manifest.json").is_file() and (path / "assets.parquet").is_file()


def sought_site(site: Site) -> Sought:
    """A site as a row of what is sought."""
    return Sought(f"{SITE}:{site.name}", site.name, "", "", "", False, SITE, (), (), (f"{SITE}:{site.name}",))


def picture_works(paths: Iterable[Path]) -> Iterator[Sought | Refusal]:
    """The pictures in folders, files and indices: a work each. Raises InputError, MissingExtraError."""
    try:
        import PIL  # noqa: F401, PLC0415
    except ImportError:
        raise MissingExtraError(
            "--pictures needs the extra image: pip install 'countermark[image]'"
        ) from None
    for path in paths:
        if is_index(path):
            yield from _of_index(path)
        elif path.is_dir():
            yield from _of_folder(path)
        elif path.is_file():
            yield _picture(path, path.name, ())
        else:
            raise InputError(
                f"{path}: does not exist; a folder of pictures, a picture or an index of them is accepted"
            )


def _of_index(path: Path) -> Iterator[Sought]:
    try:
        rows: list[dict[str, Any]] = pq.read_table(
            path / "assets.parquet", columns=list(_ASSET_COLUMNS)
        ).to_pylist()
    except (OSError, KeyError, pa.ArrowException) as error:
        raise InputError(f"{path}: not an index of pictures that can be read: {error}") from error
    for row in rows:
        facts = (row["work_title"], row["work_author"], row["work_published"] or "", row["work_licence"])
        yield _sought(row["work_id"], facts, row["asset_path"], {"sha256": (row["asset_digest"],)})


def _of_folder(root: Path) -> Iterator[Sought | Refusal]:
    """The pictures below a folder; its sidecars (`works.csv`) say titles, authors and dates, as for `index build`."""

    def name_of(path: Path) -> str:
        return display(str(path.relative_to(root)))

    found = list(walk_folder(root, name_of))
    files = [entry for entry in found if isinstance(entry, Path)]
    listings = Listings()
    yield from add_sidecars(listings, sidecars_first(files), root, name_of, numbers=True)
    for entry in found:
        if isinstance(entry, Refusal):
            yield entry
        elif entry.suffix.lower() in SUFFIXES:
            yield _picture(entry, name_of(entry), tuple(listings.of(entry)), name_of)
        elif entry.name.lower() not in NAMES:
            yield Refusal(name_of(entry), -1, "not-a-picture", f"{name_of(entry)}: is no picture by its name")


def _picture(path: Path, name: str, listings: tuple[Listing, ...], name_of: Any = str) -> Sought | Refusal:
    try:
        if path.stat().st_size > MOST_BYTES:
            return Refusal(name, -1, "too-large", f"{name}: more than {MOST_BYTES >> 30} GiB")
        data = path.read_bytes()
        hashes = perceptual_hashes(data, name)
    except OSError as error:
        return Refusal(name, -1, "unreadable", f"{name}: {error.strerror or error}")
    except PictureError as error:
        return Refusal(name, -1, error.reason, str(error))
    known = {
        "md5": (hashlib.md5(data, usedforsecurity=False).hexdigest(),),
        "sha256": (hashlib.sha256(data).hexdigest(),),
        "phash": hashes,
    }
    written = tuple(str(number) for number in numbers_said(listings))
    title, author = said_first(listings, "title") or Path(name).stem, said_first(listings, "author")
    facts = (title, author, said_first(listings, "published"), said_first(listings, "licence"))
    return _sought(work_id_of(listings, name, ("", ""), name_of), facts, name, known, written)


def _sought(
    work_id: str, facts: tuple[str, str, str, str], path: str, known: dict[str, tuple[str, ...]],
    written: tuple[str, ...] = (),
) -> Sought:  # fmt: skip
    title, author, published, licence = facts
    identifiers = [f"{scheme}:{value}" for scheme, values in known.items() for value in values]
    kept = tuple(sorted({f"file:{path}", *identifiers, *written}))
    return Sought(work_id, title, author, published, licence, False, "image", (), (), kept)
