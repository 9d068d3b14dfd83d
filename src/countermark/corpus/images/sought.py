"""Pictures, as the readers of a corpus see them."""

from __future__ import annotations

from typing import Final

from countermark.corpus.carried.sought import Sought
from countermark.corpus.carried.telling import plain_text
from countermark.corpus.columns import ID_COLUMNS, URL_COLUMNS
from countermark.corpus.detection import PICTURE_SUFFIXES
from countermark.corpus.images.batch import ImageBatch
from countermark.images.limits import MOST_BYTES, check_bytes
from countermark.images.sniffing import looks_like_picture, sniff

_COLUMNS: Final = (
    "image", "images", "img", "imgs", "picture", "pictures", "photo", "photos", "jpg", "jpeg", "png", "webp",
    "image_bytes", "img_bytes", "image_data", "image_base64", "base64", "bytes", "content", "data", "binary", "raw",
)  # fmt: skip
_CAPTIONS: Final = (
    "caption", "text", "alt_text", "alt", "title", "prompt", "description", "txt", "captions", "metadata.caption",
    "meta.caption", "json.caption",
)  # fmt: skip


def _check(data: bytes, _name: str) -> None:
    check_bytes(data)
    sniff(data)


PICTURES: Final = Sought(
    one="picture",
    many="pictures",
    looks_like=looks_like_picture,
    check=_check,
    head=4096,
    most=MOST_BYTES,
    suffixes=PICTURE_SUFFIXES,
    option="image_column",
    columns=_COLUMNS,
    ids=(*ID_COLUMNS, "image_id", "sample_id", "__key__", "sha256", "md5", "json.key"),
    urls=("image_url", *URL_COLUMNS, "json.url"),
    captions=(_CAPTIONS,),
    sides=(".txt", ".text", ".caption", ".json"),
    side_text=plain_text,
    batch=ImageBatch,
)
"""JPEG, PNG, WebP, AVIF, GIF, TIFF and BMP, by their bytes; read whole, in batches of their bytes."""
