"""Files on the web: parts by `Range`, and `If-Match` where the server names versions. There are no listings."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from countermark.errors import CorpusError
from countermark.storage.connection import TransientError
from countermark.storage.faults import in_words, of_status
from countermark.storage.place import shown
from countermark.storage.ranges import PIECE, check_range
from countermark.storage.remote import ObjectState, Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_REDIRECTS = 5


class Web:
    """Reads through the session that fsspec has made."""

    def __init__(self, filesystem: Any) -> None:
        self._filesystem = filesystem

    async def state(self, url: str) -> ObjectState:
        """Ask for the first byte: unlike HEAD it is allowed everywhere, and shows whether parts are served."""
        async with self._get(url, {"Range": "bytes=0-0"}) as answer:
            version = version_of(answer.headers)
            said = answer.headers.get("Content-Range") or ""
            total = re.fullmatch(r"bytes (?:\d+-\d+|\*)/(\d{1,18})", said.strip())
            if total and answer.status in (206, 416):
                return ObjectState(int(total[1]), version)
            if answer.status == 416:  # an empty file has no first byte
                return ObjectState(0, version)
            if answer.status not in (200, 206):
                raise of_status(answer.status, url)
            length = answer.headers.get("Content-Length") if answer.status == 200 else None
            if length is None or not length.isdecimal():
                raise CorpusError(f"{shown(url)}: the server does not say how long the file is")
            return ObjectState(int(length), version)

    async def part(self, url: str, begin: int, end: int, state: ObjectState) -> AsyncIterator[bytes]:
        """Get a range; see Remote."""
        asked = {"Range": f"bytes={begin}-{end - 1}"}
        if state.version.startswith('"'):
            asked["If-Match"] = state.version
        async with self._get(url, asked) as answer:
            there = ObjectState(-1, version_of(answer.headers))
            headers = answer.headers
            length = headers.get("Content-Length")
            if length is not None and not length.isdecimal():
                raise TransientError("the server's answer makes no sense")
            check_range(url, (begin, end), state, there, answer.status, headers.get("Content-Range"), length)
            while piece := await answer.content.read(PIECE):
                yield bytes(piece)

    async def page(self, url: str, token: str, most: int) -> Page:  # noqa: ARG002
        """A server of files on the web has no listing that can be relied on."""
        raise CorpusError(f"{shown(url)}: a folder on the web cannot be listed; give the URLs of its files")

    @asynccontextmanager
    async def _get(self, url: str, headers: dict[str, str]) -> AsyncIterator[Any]:
        with in_words(url):
            session = await self._filesystem.set_session()
            address = self._filesystem.encode_url(url)
            asked = {**headers, "Accept-Encoding": "identity"}
            async with session.get(address, headers=asked, max_redirects=_REDIRECTS) as answer:
                if url.startswith("https://") and answer.url.scheme != "https":
                    raise CorpusError(f"{shown(url)}: the server leads from https to {answer.url.scheme}")
                yield answer


def version_of(headers: Any) -> str:
    """How a server names the content of a file: a strong ETag (in quotes), else the time of change, else nothing."""
    tag = (headers.get("ETag") or "").strip()
    if len(tag) > 2 and tag.startswith('"') and tag.endswith('"'):
        return str(tag[:1024])
    return str((headers.get("Last-Modified") or tag)[:1024])
