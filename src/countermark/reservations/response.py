"""What a server answered, as the readers want it: address, status, headers in order, body, date."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_BODY: Final = 64 << 20
"""Bytes of a body that are kept; longer ones are cut, which a remark tells."""


class Headers:
    """Header fields in the order in which they came; names without regard to case (RFC 9110, section 5.1).

    Values are Latin-1 decoded bytes, without the white space around: `value.encode("latin-1")` gives the bytes back.
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: Iterable[tuple[str, str]] = ()) -> None:
        """Take name and value of each field line."""
        self._fields = tuple((name.lower(), value.strip(" \t\r\n")) for name, value in fields)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Name (in lower case) and value of each field line."""
        return iter(self._fields)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._fields)

    def all(self, name: str) -> list[str]:
        """The values of all field lines of that name, in order."""
        wanted = name.lower()
        return [value for said, value in self._fields if said == wanted]

    def first(self, name: str) -> str:
        """The value of the first field line of that name, "" if there is none."""
        return next(iter(self.all(name)), "")


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. `date` is the second (UTC, ISO 8601) on which it was received; None where nobody knows."""

    url: str
    status: int = 200
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    date: str | None = None
    cut: bool = False

    @property
    def media_type(self) -> str:
        """The media type in lower case, without parameters; "" if none is given."""
        return next(iter(self.media_types), "")

    @property
    def media_types(self) -> list[str]:
        """All that are given, in order: some servers send the field twice, or two types in one."""
        values = [value for field in self.headers.all("content-type") for value in field.split(",")]
        return [value.partition(";")[0].strip().lower() for value in values]


@dataclass(frozen=True, slots=True)
class Site:
    """What a site says as a whole: the files at their known places, each as it was served, None where not looked at.

    `documents` are the bytes of what statements point at (RSL terms, policies), by address.
    """

    origin: str
    robots: Response | None = None
    tdmrep: Response | None = None
    ai_txt: Response | None = None
    documents: dict[str, bytes] = field(default_factory=dict)
