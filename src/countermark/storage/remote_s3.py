"""S3 and what speaks like it: parts by `Range` and `If-Match`, listings by pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from countermark.storage.faults import in_words
from countermark.storage.ranges import PIECE, check_range
from countermark.storage.remote import Entry, ObjectState, Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class S3:
    """Reads through the client that s3fs has made, one try a request."""

    def __init__(self, filesystem: Any) -> None:
        self._filesystem = filesystem

    async def state(self, url: str) -> ObjectState:
        """Ask for the headers of an object; see Remote."""
        bucket, key = _split(url)
        said = await self._call(url, "head_object", Bucket=bucket, Key=key)
        return ObjectState(int(said["ContentLength"]), _version(said.get("ETag")))

    async def part(self, url: str, begin: int, end: int, state: ObjectState) -> AsyncIterator[bytes]:
        """Get a range; see Remote."""
        bucket, key = _split(url)
        asked: dict[str, Any] = {"Bucket": bucket, "Key": key, "Range": f"bytes={begin}-{end - 1}"}
        if state.version:
            asked["IfMatch"] = f'"{state.version}"'
        said = await self._call(url, "get_object", **asked)
        body = said["Body"]
        try:
            status = said["ResponseMetadata"]["HTTPStatusCode"]
            there = ObjectState(-1, _version(said.get("ETag")))
            check_range(
                url, (begin, end), state, there, status, said.get("ContentRange"), said.get("ContentLength")
            )
            while piece := await _read(body, url):
                yield piece
        finally:
            body.close()

    async def page(self, url: str, token: str, most: int) -> Page:
        """List objects, version 2 of the call; see Remote."""
        bucket, key = _split(url)
        prefix = key + "/" if key else ""
        asked: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix, "MaxKeys": most}
        if token:
            asked["ContinuationToken"] = token
        said = await self._call(url, "list_objects_v2", **asked)
        entries = tuple(
            Entry(each["Key"][len(prefix) :], ObjectState(int(each["Size"]), _version(each.get("ETag"))))
            for each in said.get("Contents") or ()
            if str(each["Key"]).startswith(prefix)
        )
        following = str(said.get("NextContinuationToken") or "") if said.get("IsTruncated") else ""
        return Page(entries, following)

    async def _call(self, url: str, method: str, **asked: Any) -> Any:
        with in_words(url):
            client = await self._filesystem.set_session()
            return await getattr(client, method)(**asked)


async def _read(body: Any, url: str) -> bytes:
    with in_words(url):
        return bytes(await body.read(PIECE))


def _split(url: str) -> tuple[str, str]:
    bucket, _, key = url.partition("://")[2].partition("/")
    return bucket, key


def _version(tag: Any) -> str:
    return str(tag or "").removeprefix("W/").strip('"')
