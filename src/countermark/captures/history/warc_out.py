"""Writing one capture as WARC/1.1 (ISO 28500:2017): each record a gzip member of its own.

Per exchange: the request and the response as they went over the wire, and a metadata record with what HTTP does not
say (the secured connection, the times). The same exchanges give the same bytes: record ids are made of their content.
"""

from __future__ import annotations

import gzip
import hashlib
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark import __version__
from countermark.captures.served import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from countermark.captures.served import Hop

_HTTP: Final = "application/http;msgtype="
_FIELDS: Final = "application/warc-fields"


@dataclass(frozen=True, slots=True)
class Written:
    """One hop as it was written: the id of its response record and the SHA-256 of its payload, in hexadecimal."""

    record: str
    payload: str


def sha256(data: bytes) -> str:
    """The digest in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class WarcFile:
    """A WARC file in the making."""

    def __init__(self, name: str, date: str, agent: str) -> None:
        """Begin with the warcinfo record. `name` is the file's, `date` the second of the capture."""
        self._parts: list[bytes] = []
        block = _fields(
            [
                ("software", f"Countermark/{__version__}"),
                ("format", "WARC File Format 1.1"),
                (
                    "conformsTo",
                    "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
                ),
                ("http-header-user-agent", agent),
                ("robots", "ignore"),
            ]
        )
        self._count = 0
        self._info = self._record("warcinfo", date, block, _FIELDS, [("WARC-Filename", name)])

    def add(self, hop: Hop) -> Written:
        """Add request, response and metadata of one hop."""
        date, url = iso(hop.started), [("WARC-Target-URI", hop.url)]
        payload = sha256(hop.message.payload)
        more = [*url, ("WARC-IP-Address", hop.ip), ("WARC-Warcinfo-ID", self._info)]
        response = self._record(
            "response",
            date,
            hop.message.raw,
            f"{_HTTP}response",
            [*more, ("WARC-Payload-Digest", f"sha256:{payload}")],
        )
        beside = [*more, ("WARC-Concurrent-To", response)]
        self._record("request", date, hop.request, f"{_HTTP}request", beside)
        self._record("metadata", date, _fields(_told(hop)), _FIELDS, beside)
        return Written(response, payload)

    def data(self) -> bytes:
        """The whole file."""
        return b"".join(self._parts)

    def _record(
        self, kind: str, date: str, block: bytes, media_type: str, more: Sequence[tuple[str, str]]
    ) -> str:
        digest = sha256(block)
        seed = "\n".join([kind, date, digest, str(self._count), *(value for _, value in more)])
        record = f"<{uuid.uuid5(uuid.NAMESPACE_URL, seed).urn}>"
        self._count += 1
        fields = [
            ("WARC-Type", kind),
            ("WARC-Record-ID", record),
            ("WARC-Date", date),
            *more,
            ("WARC-Block-Digest", f"sha256:{digest}"),
            ("Content-Type", media_type),
            ("Content-Length", str(len(block))),
        ]
        head = b"WARC/1.1\r\n" + _fields(fields) + b"\r\n"
        self._parts.append(gzip.compress(head + block + b"\r\n\r\n", 9, mtime=0))
        return record


def _told(hop: Hop) -> Iterable[tuple[str, str]]:
    yield "started", hop.started.isoformat(timespec="milliseconds")
    yield "ended", hop.ended.isoformat(timespec="milliseconds")
    yield "ip", hop.ip
    if hop.tls is not None:
        yield "tls-version", hop.tls.version
        yield "tls-cipher", hop.tls.cipher
        yield "tls-certificate-sha256", hop.tls.certificate


def _fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """Named fields; a value never brings a line of its own."""
    return "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in fields).encode()
