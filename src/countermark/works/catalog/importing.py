"""From inputs to a catalog's items: every file opened, told, and read by its importer."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from countermark.errors import CatalogError
from countermark.media import Refusal
from countermark.works.catalog.write import InputFile
from countermark.works.identifiers import Identifier, IdentifierError
from countermark.works.importers.opening import open_inputs
from countermark.works.importers.registry import ACCEPTED, detect, importer_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from countermark.works.entry import Entry
    from countermark.works.importers.base import CatalogFile

_WITHOUT_DIGEST: Final = frozenset({"images", "audio", "documents"})  # their entries carry that of the file
_MOST_PAIRS: Final = 1_000_000


class Importing:
    """The items of `paths`; `inputs` and `read` (bytes, for showing how far it is) fill up as they are read.

    `form` forces a format. Errors of one file are refusals (`not-readable`), unless it was named and is the only one.
    """

    def __init__(
        self, paths: Sequence[Path], options: Mapping[str, str] | None = None, form: str = ""
    ) -> None:
        self._paths = paths
        self._options = options or {}
        self._form = form
        self.inputs: list[InputFile] = []
        self.read = 0
        self.entries = 0
        self.refused: list[Refusal] = []

    def items(self) -> Iterator[Entry | Refusal]:
        """All of them, in the order of the inputs."""
        forced = importer_of(self._form) if self._form else None
        for opened in open_inputs(self._paths, self._options):
            for item in [opened] if isinstance(opened, Refusal) else self._file(opened, forced):
                if isinstance(item, Refusal):
                    self.refused.append(item) if len(self.refused) < 1_000 else None
                else:
                    self.entries += 1
                yield item

    def _file(self, file: CatalogFile, forced: Any) -> Iterator[Entry | Refusal]:
        try:
            importer = forced or detect(file)
            if importer is None:
                detail = f"{file.name}: no importer knows this file; accepted are {ACCEPTED}"
                yield Refusal(file.name, 0, "unknown-format", detail)
                return
            meter = _Meter(file, self)
            yield from importer.entries(replace(file, open=meter.open))
        except CatalogError as error:
            # What was read of other inputs is kept, and nothing of this one is lost in silence.
            yield Refusal(file.name, 0, "not-readable", str(error))
            return
        except (OSError, EOFError) as error:
            yield Refusal(file.name, 0, "unreadable", f"{file.name}: cannot be read to its end ({error})")
            return
        digest, size = ("", meter.size) if importer.format in _WITHOUT_DIGEST else meter.digest()
        self.inputs.append(InputFile(file.name, importer.format, digest, size))


class _Meter:
    """Counts and digests what is read of a file."""

    def __init__(self, file: CatalogFile, told: Importing) -> None:
        self._file = file
        self._told = told
        self._state = hashlib.sha256()
        self._before = told.read
        self._whole = False
        self._jumped = False
        self.size = 0

    def open(self) -> BinaryIO:
        """The file, from its beginning."""
        self._state = hashlib.sha256()
        self._whole, self.size = False, 0
        self._jumped = False
        self._told.read = self._before  # a table is looked at before it is read: bytes count once
        return cast("BinaryIO", io.BufferedReader(_Metered(self._file.open(), self), 1 << 17))

    def jump(self) -> None:
        """Note that the file is not read in order: it is digested afterwards."""
        self._jumped = True

    def take(self, data: bytes) -> None:
        """Note what was read; nothing is the end."""
        if not self._jumped:
            self._state.update(data)
            self._whole = not data
            self.size += len(data)
        self._told.read += len(data)

    def digest(self) -> tuple[str, int]:
        """SHA-256 and bytes of the whole file, read again where the importer did not read to the end."""
        if self._jumped or not self._whole:
            self._state, self.size = hashlib.sha256(), 0
            try:
                with self._file.open() as stream:
                    while data := stream.read(1 << 20):
                        self._state.update(data)
                        self.size += len(data)
            except OSError:  # the importer has said so already
                return "", self.size
        return self._state.hexdigest(), self.size


class _Metered(io.RawIOBase):
    def __init__(self, stream: BinaryIO, meter: _Meter) -> None:
        self._stream = stream
        self._meter = meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        self._meter.take(data)
        buffer[: len(data)] = data
        return len(data)

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        before = self._stream.tell()
        after = self._stream.seek(offset, whence)
        if after != before:
            self._meter.jump()
        return after

    def tell(self) -> int:
        return self._stream.tell()

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


def read_pairs(path: Path) -> list[tuple[Identifier, Identifier]]:
    """The pairs of a list of the same works: two identifiers on each line, divided by a comma, semicolon or tab.

    Each is an identifier in any form (`ISBN 978-…`, `own:ISSUER:KEY`) or a chosen work_id. Raises CatalogError.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(
            f"{path}: the list of pairs cannot be read ({error}); text in UTF-8 is accepted"
        ) from None
    pairs: list[tuple[Identifier, Identifier]] = []
    divider = max(",;\t", key=text[:10_000].count)
    for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=divider), 1):
        told = [cell.strip() for cell in cells if cell.strip()]
        if not told or told[0].startswith("#"):
            continue
        if len(told) != 2 or len(pairs) >= _MOST_PAIRS:
            raise CatalogError(f"{path}, line {number}: two identifiers are accepted, found {len(told)}")
        try:
            pairs.append((identifier_of(told[0]), identifier_of(told[1])))
        except IdentifierError as error:
            raise CatalogError(f"{path}, line {number}: {error}") from None
    return pairs


def identifier_of(text: str) -> Identifier:
    """What a person means: an identifier in any form, or else a chosen work_id. Raises IdentifierError."""
    from countermark.works.identifiers.guessing import guess_identifier, labelled_scheme  # noqa: PLC0415
    from countermark.works.identifiers.schemes import parse_identifier  # noqa: PLC0415

    if text.startswith("own:") and text.count(":") >= 2:
        issuer, _, key = text[4:].rpartition(":")
        return Identifier(f"own:{issuer}", key)
    if text.startswith("work_id:"):
        return Identifier("work_id", text[8:].strip())
    scheme = labelled_scheme(text)
    if scheme:
        return parse_identifier(scheme, text)
    return guess_identifier(text) or Identifier("work_id", text)
