"""C2PA manifest stores (C2PA 2.2, section 11): whether a file carries one, and what it says, by c2pa-python.

Nothing is fetched: manifests that stand elsewhere, revocation lists and identity documents are left unread. Whether a
certificate was valid is judged by c2pa-rs: at the time of the time-stamp, or now where a signature has none.
"""

from __future__ import annotations

import importlib.util
import io
import json
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import DocumentError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_FILE: Final = 1 << 30
"""Bytes of a file that is validated: all of it is hashed."""

_BOX: Final = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
"""A JUMBF description box of type c2pa (ISO 19566-5, section 5.2; C2PA 2.2, section 11.1.4.1)."""

_NAMES: Final = (
    (b"<svg", b"c2pa:manifest"),  # Base64 in the metadata
    (b"%PDF-", b"/C2PA_Manifest"),  # the relationship of an embedded file, which may be compressed
    (b"PK\x03\x04", b"META-INF/content_credential.c2pa"),
)
_HEAD: Final = 4096
OFFLINE: Final[Mapping[str, Any]] = {
    "core": {
        "allowed_network_hosts": [],
        "decode_identity_assertions": False,  # a did:web identity would be fetched
        "max_decompressed_manifest_size_in_mb": 32,
    },
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}
"""Settings for c2pa-rs, by which it neither fetches nor draws anything."""

MEDIA_TYPES: Final = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "tiff": "image/tiff",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "jxl": "image/jxl",
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "avi": "video/avi",
    "c2pa": "application/c2pa",
}


def carries_manifest(data: bytes) -> bool:
    """Whether a manifest store stands in the bytes."""
    return _BOX in data or any(mark in data and first in data[:_HEAD] for first, mark in _NAMES)


def manifest_store(data: bytes, kind: str) -> dict[str, Any]:
    """The manifest store as c2pa-python reports it, with its validation.

    Raises MissingExtraError where c2pa-python is not installed, and DocumentError where the store cannot be read.
    """
    if importlib.util.find_spec("c2pa") is None:
        raise MissingExtraError(
            "a signed manifest is read by c2pa-python: pip install 'countermark[reserve]'"
        )
    if len(data) > MAX_FILE:
        raise DocumentError(
            "too-large", f"the file has {len(data):,} bytes; up to {MAX_FILE:,} bytes are validated"
        )
    import c2pa  # noqa: PLC0415 - belongs to the extra `reserve`

    try:
        with c2pa.Reader(MEDIA_TYPES.get(kind), io.BytesIO(data), context=offline_context()) as reader:
            store = json.loads(reader.json())
    except (c2pa.C2paError, ValueError, RecursionError) as error:
        raise DocumentError("damaged", f"the manifest is not read ({str(error)[:200]})") from None
    if not isinstance(store, dict):
        raise DocumentError("damaged", "the manifest store is not an object")
    return store


def offline_context() -> Any:
    """A context of c2pa-python that reaches no network."""
    import c2pa  # noqa: PLC0415 - belongs to the extra `reserve`

    return c2pa.Context(c2pa.Settings.from_dict(OFFLINE))
