"""Pictures and recordings in WARC files: the responses that are some, by their bytes, whatever their media type says.

What is read: `response` records with HTTP status 200, and `resource` records. `row` is the byte offset at which the
record begins, as in a CDX index. What may tell of a reservation is handed over as it was captured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic

from countermark.corpus.captured import captured_of
from countermark.corpus.carried.gathering import Builder, Told, shown
from countermark.corpus.carried.sought import Batch_co, Sought
from countermark.corpus.warc_records import RESOURCE, RESPONSE, http_body, open_records
from countermark.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.corpus.base import Shard
    from countermark.corpus.warc_records import RawRecord

_OK: Final = 200


class WarcReader(Generic[Batch_co]):
    """Reads `.warc` files, plain or compressed."""

    format = "warc"

    def __init__(self, sought: Sought[Batch_co]) -> None:
        self._sought = sought

    def batches(self, shard: Shard) -> Iterator[Batch_co]:
        """Yield what is sought whose records begin in the part; see CarriedReader."""
        out = Builder(self._sought, shard.name)
        with open_records(shard, RESPONSE | RESOURCE, out.refuse, self._sought.most) as records:
            for record in records:
                _add(record, out)
                yield from out.ready(records.consumed)
            if records.last < 0 and not out.met:
                said = f"WARC records of other kinds only (texts, metadata, requests): no {self._sought.one}"
                out.refuse(-1, self._sought.absent, said)
            yield from out.rest(records.consumed)


def _add(record: RawRecord, out: Builder[Any]) -> None:
    """Add what is sought of a record, or say why there is none."""
    sought = out.sought
    body, media_type = record.data, record.content_type
    served = media_type.lower().startswith("application/http")
    if served:
        try:
            body, media_type = http_body(body, most=sought.most)
        except DocumentError as error:
            out.refuse(record.row, error.reason, str(error))
            return
    address = record.url or ""
    if not sought.looks_like(body[: sought.head]):
        reason, said = sought.foreign, f"the media type is {shown(media_type) or 'not given'}"
        if not body:
            reason, said = "empty", "the body is empty"
        out.refuse(record.row, reason, f"{shown(address)}: {said}")
        return
    captured = captured_of(record, body if served else None)
    if served and captured.status != _OK:
        out.refuse(record.row, "status", f"{shown(address)}: HTTP status {captured.status or 'not given'}")
        return
    out.add(body, address, record.row, Told(record.record_id, record.url, record.date), captured)
