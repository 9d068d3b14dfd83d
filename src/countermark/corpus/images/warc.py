"""Pictures in WARC files: the responses that are pictures, by their bytes, whatever their media type says.

What is read: `response` records with HTTP status 200, and `resource` records. `row` is the byte offset at which the
record begins, as in a CDX index. What may tell of a reservation is handed over as it was captured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.corpus.captured import captured_of
from countermark.corpus.detection import PICTURE_HEAD
from countermark.corpus.images.gathering import ImageBuilder, Told, shown
from countermark.corpus.warc_records import RESOURCE, RESPONSE, http_body, open_records
from countermark.errors import DocumentError
from countermark.images.sniffing import looks_like_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.images.batch import ImageBatch
    from countermark.corpus.warc_records import RawRecord

_OK: Final = 200


class WarcPictures:
    """Reads `.warc` files, plain or compressed."""

    format = "warc"

    def batches(self, shard: Shard) -> Iterator[ImageBatch]:
        """Yield the pictures whose records begin in the part; see PictureReader."""
        out = ImageBuilder(shard.name)
        with open_records(shard, RESPONSE | RESOURCE, out.refuse) as records:
            for record in records:
                _add(record, out)
                yield from out.ready(records.consumed)
            if records.last < 0 and not out.met:
                out.refuse(
                    -1,
                    "no-pictures",
                    "WARC records of other kinds only (texts, metadata, requests): no picture",
                )
            yield from out.rest(records.consumed)


def _add(record: RawRecord, out: ImageBuilder) -> None:
    """Add the picture of a record, or say why there is none."""
    body, media_type = record.data, record.content_type
    served = media_type.lower().startswith("application/http")
    if served:
        try:
            body, media_type = http_body(body)
        except DocumentError as error:
            out.refuse(record.row, error.reason, str(error))
            return
    address = record.url or ""
    if not looks_like_picture(body[:PICTURE_HEAD]):
        reason, said = "not-a-picture", f"the media type is {shown(media_type) or 'not given'}"
        if not body:
            reason, said = "empty", "the body is empty"
        out.refuse(record.row, reason, f"{shown(address)}: {said}")
        return
    captured = captured_of(record, body if served else None)
    if served and captured.status != _OK:
        out.refuse(record.row, "status", f"{shown(address)}: HTTP status {captured.status or 'not given'}")
        return
    out.add(body, address, record.row, Told(record.record_id, record.url, record.date), captured)
