"""Which copies of media are ours: noted beside the snippets for servers, so that no other file is replaced unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.errors import InputError
from countermark.reservations.writing import record
from countermark.reservations.writing.publish import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Copies:
    """The copies in a folder. Raises InputError where what is known of them cannot be read."""

    def __init__(self, site: str, servers: Path, folder: Path, *, replace: bool = False) -> None:
        self._site, self._path, self._folder, self._replace = site, servers / record.NAME, folder, replace
        self._before = self._known = record.read_record(self._file(), str(self._path), site)

    def may_replace(self, name: str) -> bool:
        """Whether a copy may go where `name` is: nothing is there, or what we wrote, or --replace was given."""
        path = self._folder / name
        if self._replace or not path.exists():
            return True
        return path.is_file() and self._known.wrote(self._key(name), path.read_bytes())

    def note(self, out: Path, names: Iterable[str]) -> None:
        """Files that were written now, in `out`."""
        for name in names:
            self._known = self._known.with_last(self._key(name), (out / name).read_bytes())

    def save(self) -> None:
        """Write down what is known. Raises OutputError."""
        if self._known != self._before:
            data = record.with_record(self._file(), str(self._path), self._site, self._known)
            replace_file(self._path, data)

    def _key(self, name: str) -> str:
        return f"{self._folder.name}/{name}"

    def _file(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise InputError(f"{self._path}: cannot be read: {error.strerror}") from error
