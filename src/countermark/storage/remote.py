"""What reading needs of a storage: what an object is, a part of it, and a page of a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from countermark.errors import CorpusError
from countermark.storage.connection import TransientError, filesystem_of, persisting
from countermark.storage.place import shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

MOST_BYTES: Final = 1 << 50
"""A server that says that an object is larger is not believed."""
_SLOWEST: Final = 32 << 10  # bytes a second that a request may take beyond the patience


class ObjectState(NamedTuple):
    """What tells one content of an object from another: its size in bytes, and what the server calls this version.

    `version` is the ETag on S3, the generation on Google Cloud Storage, on the web the ETag or the time of change,
    and empty where the server says neither.
    """

    size: int
    version: str


class Entry(NamedTuple):
    """An object in a listing: its name below the prefix, `/` between parts, and its state."""

    name: str
    state: ObjectState


class Page(NamedTuple):
    """Some objects of a listing, and the token of the next page (empty: there is none)."""

    entries: tuple[Entry, ...]
    following: str


class Remote(Protocol):
    """One kind of storage. All raise TransientError for what is worth another try."""

    async def state(self, url: str) -> ObjectState:
        """What an object is now. Raises FileNotFoundError, PermissionError, CorpusError."""
        ...

    def part(self, url: str, begin: int, end: int, state: ObjectState) -> AsyncIterator[bytes]:
        """The bytes `[begin, end)` of an object in some pieces, as long as it is in that state.

        Raises CorpusError where it is not, or where the server serves no parts; no piece comes before that is known.
        """
        ...

    async def page(self, url: str, token: str, most: int) -> Page:
        """At most `most` objects below the prefix `url` + "/", from where `token` says ("": the first)."""
        ...


def remote_of(url: str) -> Remote:
    """The storage of a URL."""
    scheme = url.partition("://")[0]
    made: Any = filesystem_of(url)
    if scheme == "s3":
        from countermark.storage.remote_s3 import S3  # noqa: PLC0415

        return S3(made)
    if scheme == "gs":
        from countermark.storage.remote_gs import GoogleStorage  # noqa: PLC0415

        return GoogleStorage(made)
    from countermark.storage.remote_http import Web  # noqa: PLC0415

    return Web(made)


async def state_at(url: str) -> ObjectState:
    """What an object is now, asked for until there is an answer. Raises as `Remote.state`, and CorpusError."""
    state = await persisting(lambda: remote_of(url).state(url), url)
    if not 0 <= state.size <= MOST_BYTES:
        raise CorpusError(f"{shown(url)}: the server says that the object has {state.size} bytes")
    return state


async def fetch(url: str, begin: int, end: int, state: ObjectState) -> bytes:
    """The bytes `[begin, end)` of an object in that state; a cut answer is gone on with where it broke.

    Raises CorpusError when it was replaced, or when the bytes cannot be had in time; PermissionError and
    FileNotFoundError.
    """
    remote, got = remote_of(url), bytearray()

    async def rest() -> bytes:
        async for piece in remote.part(url, begin + len(got), end, state):
            got.extend(piece)
            if len(got) > end - begin:
                del got[end - begin :]
                raise CorpusError(f"{shown(url)}: the server sends more than it was asked for")
        if len(got) < end - begin:
            raise TransientError(f"the server sent {len(got)} of {end - begin} bytes and ended")
        return bytes(got)

    return await persisting(rest, url, seconds=(end - begin) / _SLOWEST)
