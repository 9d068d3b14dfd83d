"""Google Cloud Storage: parts by `Range`, versions by generation, listings by pages."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from countermark.storage.connection import TransientError
from countermark.storage.faults import in_words, of_status
from countermark.storage.ranges import PIECE, check_range
from countermark.storage.remote import Entry, ObjectState, Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_MOST_JSON = 64 << 20
_FIELDS = "size,generation"


class GoogleStorage:
    """Reads through the session and the credentials that gcsfs has made."""

    def __init__(self, filesystem: Any) -> None:
        self._filesystem = filesystem

    async def state(self, url: str) -> ObjectState:
        """Ask for an object's metadata; see Remote."""
        return _state(await self._json(url, _address(url), {"fields": _FIELDS}))

    async def part(self, url: str, begin: int, end: int, state: ObjectState) -> AsyncIterator[bytes]:
        """Get a range of the generation; see Remote."""
        asked = {"alt": "media", "ifGenerationMatch": state.version}
        # gzip is accepted so that an object stored compressed comes as it is stored
        headers = {"Range": f"bytes={begin}-{end - 1}", "Accept-Encoding": "gzip"}
        async with self._get(url, _address(url), asked, headers) as answer:
            there = ObjectState(-1, answer.headers.get("x-goog-generation") or "")
            said = answer.headers.get("Content-Range"), answer.headers.get("Content-Length")
            check_range(url, (begin, end), state, there, answer.status, *said)
            while piece := await answer.content.read(PIECE):
                yield bytes(piece)

    async def page(self, url: str, token: str, most: int) -> Page:
        """List objects; see Remote."""
        bucket, key = _split(url)
        prefix = key + "/" if key else ""
        asked = {
            "prefix": prefix,
            "maxResults": str(most),
            "fields": f"nextPageToken,items(name,{_FIELDS})",
            **({"pageToken": token} if token else {}),
        }
        said = await self._json(url, f"b/{quote(bucket, safe='')}/o", asked)
        items = [item for item in said.get("items") or () if str(item.get("name")).startswith(prefix)]
        entries = tuple(Entry(str(item["name"])[len(prefix) :], _state(item)) for item in items)
        return Page(entries, str(said.get("nextPageToken") or ""))

    async def _json(self, url: str, address: str, asked: dict[str, str]) -> Any:
        async with self._get(url, address, asked, {}) as answer:
            if answer.status != 200:
                raise of_status(answer.status, url)
            data = bytearray()
            while piece := await answer.content.read(PIECE):
                data.extend(piece)
                if len(data) > _MOST_JSON:
                    raise TransientError("the server's answer makes no sense")
            return _object_of(bytes(data))

    @asynccontextmanager
    async def _get(
        self, url: str, address: str, asked: dict[str, str], headers: dict[str, str]
    ) -> AsyncIterator[Any]:
        import aiohttp  # noqa: PLC0415

        files = self._filesystem
        wait = files.requests_timeout
        limits = aiohttp.ClientTimeout(total=None, sock_connect=wait, sock_read=wait)
        with in_words(url):
            session = await files._set_session()
            async with session.get(
                files.base + address,
                params=files._get_params(asked),
                headers={**files._get_headers(None), **headers},
                timeout=limits,
                allow_redirects=False,
                auto_decompress="alt" not in asked,
            ) as answer:
                yield answer


def _object_of(data: bytes) -> dict[str, Any]:
    try:
        said = json.loads(data)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise TransientError("the server's answer makes no sense")
    return said


def _address(url: str) -> str:
    bucket, key = _split(url)
    return f"b/{quote(bucket, safe='')}/o/{quote(key, safe='')}"


def _split(url: str) -> tuple[str, str]:
    bucket, _, key = url.partition("://")[2].partition("/")
    return bucket, key


def _state(said: Any) -> ObjectState:
    return ObjectState(int(said.get("size") or 0), str(said.get("generation") or ""))
