"""Stores: a folder on disk or on object storage, into which whole files are put.

What a scan writes beside a shard (findings, receipt, excerpts) goes through a store, so that a worker need not know
where the run folder is. A file is there whole or not at all: on disk by `countermark.atomic`, on object storage since
a PUT (or the end of a multipart upload) is what makes an object appear.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

from countermark.atomic import make_folder, write_bytes
from countermark.errors import OutputError
from countermark.storage.place import Place, is_url, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

WRITABLE: Final = ("s3", "gs")
"""The schemes to which results can be written; what is on the web is read only."""


class Store(Protocol):
    """A folder of whole files. Names are relative to it, with `/` between parts."""

    @property
    def place(self) -> Place:
        """The folder."""
        ...

    def read(self, name: str) -> bytes:
        """A file. Raises FileNotFoundError, and OSError or CorpusError when it cannot be read."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Put a file there, or another in its place, whole or not at all. Raises OutputError."""
        ...

    def exists(self, name: str) -> bool:
        """Whether a file is there."""
        ...

    def names(self, folder: str, suffix: str = "") -> Iterator[str]:
        """The names of the files below a folder, sorted; hidden ones and what was half written are left out."""
        ...

    def remove(self, name: str) -> None:
        """Take a file away, if it is there. Raises OutputError."""
        ...


@dataclass(frozen=True, slots=True)
class LocalStore:
    """A folder on a disk. Every file is flushed to the disk before `write` returns."""

    place: Path

    def read(self, name: str) -> bytes:
        """A file."""
        return (self.place / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """Put a file there; its folders are made."""
        path = self.place / name
        make_folder(path.parent)
        write_bytes(path, data)

    def exists(self, name: str) -> bool:
        """Whether a file is there."""
        return (self.place / name).is_file()

    def names(self, folder: str, suffix: str = "") -> Iterator[str]:
        """The files below a folder, sorted."""
        found = (path for path in (self.place / folder).rglob(f"*{suffix}") if path.is_file())
        names = sorted(path.relative_to(self.place).as_posix() for path in found)
        return (name for name in names if not is_hidden(name))

    def remove(self, name: str) -> None:
        """Take a file away."""
        try:
            (self.place / name).unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{self.place / name}: cannot be removed: {error.strerror or error}") from error


class ObjectStore:
    """A folder on object storage: `write` is one PUT, and what is read is what the server says now."""

    def __init__(self, place: str) -> None:
        """A folder at a URL; nothing is asked of the server yet."""
        self.place: Place = place.rstrip("/")

    def read(self, name: str) -> bytes:
        """An object. Raises FileNotFoundError, PermissionError, and CorpusError when the server fails for long."""
        return bytes(self._asked(lambda files, path: files.cat_file(path), name))

    def fetch(self, name: str, path: Path) -> None:
        """Copy an object to a file of this machine, however large. Raises as `read` does."""
        self._asked(lambda files, there: files.get_file(there, str(path)), name)

    def read_many(self, names: Sequence[str]) -> dict[str, bytes]:
        """Many small objects, several at a time; those that could not be read are left out."""
        files = self._files()
        paths = {self._path(files, name): name for name in names}
        found = self._asked(lambda files, _: files.cat(list(paths), on_error="return"), "")
        return {paths[path]: bytes(data) for path, data in found.items() if isinstance(data, bytes)}

    def put(self, name: str, path: Path) -> None:
        """Put a file of this machine there, however large. Raises OutputError."""
        self._changed(lambda files, there: files.put_file(str(path), there), name, "written")

    def said_of(self, name: str) -> dict[str, Any]:
        """What the server says of one object: `size`, `ETag` …; nothing where there is none."""
        try:
            return dict(self._asked(lambda files, path: files.info(path), name))
        except FileNotFoundError:
            return {}

    def write(self, name: str, data: bytes) -> None:
        """Put an object there. Raises OutputError when the server does not take it."""
        self._changed(lambda files, path: files.pipe_file(path, data), name, "written")

    def exists(self, name: str) -> bool:
        """Whether an object is there."""
        return bool(self._asked(lambda files, path: files.isfile(path), name))

    def names(self, folder: str, suffix: str = "") -> Iterator[str]:
        """The objects below a folder, sorted."""
        return (name for name in sorted(self.listed(folder)) if name.endswith(suffix))

    def remove(self, name: str) -> None:
        """Take an object away."""
        with suppress(FileNotFoundError):
            self._changed(lambda files, path: files.rm_file(path), name, "removed")

    def listed(self, folder: str = "", *, hidden: bool = False) -> dict[str, dict[str, Any]]:
        """What the server says of each object below a folder (`size`, `ETag` …), by name."""
        try:
            found = self._asked(lambda files, path: files.find(path, detail=True), folder)
        except FileNotFoundError:
            return {}
        root = self._path(self._files(), "") + "/"
        below = {
            str(path).removeprefix(root): said for path, said in found.items() if str(path).startswith(root)
        }
        return {
            name: said for name, said in below.items() if is_plain(name) and (hidden or not is_hidden(name))
        }

    def require_writable(self) -> None:
        """Raise OutputError where nothing can be written."""
        if urlsplit(str(self.place)).scheme not in WRITABLE:
            raise OutputError(
                f"{self.place}: results cannot be written there; give a folder, or a URL that begins with "
                + " or ".join(f"{scheme}://" for scheme in WRITABLE)
            )

    def _asked(self, action: Callable[[Any, str], Any], name: str) -> Any:
        from countermark.storage.connection import persist  # noqa: PLC0415  the extra, and not before it is needed

        files = self._files()
        return persist(lambda: action(files, self._path(files, name)), f"{self.place}/{name}")

    def _changed(self, action: Callable[[Any, str], Any], name: str, done: str) -> None:
        from countermark.storage.connection import persist  # noqa: PLC0415

        self.require_writable()
        files = self._files()
        try:
            persist(lambda: action(files, self._path(files, name)), f"{self.place}/{name}", writing=True)
        except FileNotFoundError:
            if done == "removed":
                raise
            raise OutputError(f"{self.place}/{name}: cannot be written: there is no such bucket") from None
        except OSError as error:
            raise OutputError(f"{self.place}/{name}: cannot be {done}: {error.strerror or error}") from error

    def _files(self) -> Any:
        from countermark.storage.connection import filesystem_of  # noqa: PLC0415

        return filesystem_of(str(self.place))

    def _path(self, files: Any, name: str) -> str:
        whole = f"{self.place}/{name}" if name else str(self.place)
        return str(files._strip_protocol(whole))


def store_of(place: Place) -> Store:
    """The store at a path or a URL."""
    if is_url(place):
        return ObjectStore(str(place_of(str(place))))
    return LocalStore(Path(place))


def is_hidden(name: str) -> bool:
    """Whether a name, or a folder in it, begins with a full stop, as half-written files and locks do."""
    return any(part.startswith(".") for part in name.split("/"))


def is_plain(name: str) -> bool:
    """Whether a name from a server stays below the folder, and can be that of a file here."""
    return bool(name) and "\0" not in name and all(part not in ("", ".", "..") for part in name.split("/"))
