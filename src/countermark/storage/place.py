"""Places: paths and URLs, told apart and joined."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from countermark.errors import InputError

Place: TypeAlias = Path | str
"""A path, or a URL as text."""

SCHEMES: Final = ("s3", "gs", "https", "http")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_WEB = re.compile(r"https?://[^?#]*", re.IGNORECASE)


def is_url(place: Place) -> bool:
    """Whether a place is a URL; a path is none, whatever it is called."""
    return isinstance(place, str) and _URL.match(place) is not None


def place_of(text: str) -> Place:
    """A path, or a URL of one of `SCHEMES`, as a user typed it. Raises InputError on any other scheme."""
    found = _URL.match(text)
    if found is None:
        return Path(text)
    scheme = found[1].lower()
    if scheme == "file":
        return Path(urlsplit(text).path)
    if scheme not in SCHEMES:
        raise InputError(
            f"{shown(text)}: no storage is known for {scheme}://; known are {', '.join(SCHEMES)}, and paths"
        )
    if "@" in urlsplit(text).netloc:
        raise InputError("a URL must hold no user name and no password: they would stand in logs and reports")
    return scheme + text[found.end(1) :].rstrip("/")


def join(place: Place, *names: str) -> Place:
    """The place of a file below a folder; `/` stands between the parts of a name."""
    return Path(place, *names) if isinstance(place, Path) else "/".join((place.rstrip("/"), *names))


def name_of(place: Place) -> str:
    """The last part of a place, without what a URL has after `?`."""
    if isinstance(place, Path):
        return place.resolve().name or str(place.resolve())
    parts = urlsplit(place)
    return os.path.basename(parts.path.rstrip("/")) or parts.netloc  # noqa: PTH119  a URL is no path


def shown(text: str) -> str:
    """A URL, or a word with one in it, for messages and logs: without what stands after `?` or `#` on the web.

    Signed addresses have their signature there, which is as good as a password. Elsewhere both belong to names.
    """
    found = _WEB.search(text)
    return text[: found.end()] if found else text
