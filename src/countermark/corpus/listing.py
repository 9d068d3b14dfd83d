"""From the paths that the user names to the shards of a corpus.

The list depends only on the names and contents of the files: not on the number of workers, nor on the order in which
the file system lists them. Large files that can be cut are cut into parts of a fixed size.

    format      cut into parts
    jsonl       uncompressed: at line starts
    delimited   uncompressed: between records, quotes respected
    text        uncompressed UTF-8: after newlines, or between code points
    parquet     by row groups; arrow by record batches
    warc        uncompressed: at records; gzip: at members that begin with a record
    tar, zip    never; nor any other compressed file
    documents   up to 4,096 small files of a folder make one shard
    pictures    the same, up to 256 MiB
    recordings  the same
    token ids   by documents, or row groups; see `tokens.formats`

Which of them there are depends on the medium: a table or a plain text holds no pictures, a picture no text.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

from countermark.corpus.base import CorpusReader, Shard
from countermark.corpus.cutting import Cutting
from countermark.corpus.detection import BESIDE, ORPHAN, Kind, detect, known_by_name
from countermark.corpus.folder import list_folder, printable
from countermark.corpus.tokens.formats import FORMATS as OF_IDS
from countermark.corpus.tokens.formats import format_named
from countermark.corpus.tokens.listing import TokenListing
from countermark.errors import CorpusError
from countermark.media import Medium, Refusal
from countermark.storage.place import is_url, name_of, shown
from countermark.storage.reading import expect, forget_expected, in_order, is_file, is_folder, size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from countermark.corpus.audio.batch import AudioBatch
    from countermark.corpus.carried.gathering import CarriedReader
    from countermark.corpus.images.batch import ImageBatch
    from countermark.corpus.tokens.choice import Tokenizers
    from countermark.storage.place import Place
    from countermark.storage.remote import ObjectState

PART_BYTES = 64 << 20
DOCUMENTS_PER_SHARD = 4096
_LOOKED_AT_TOGETHER = 1024
_LOOKED_AT_BYTES = 64 << 10

_ORPHAN = "the index of a .bin of token ids, which is not there; give both, side by side"

_READ = {Medium.TEXT: "texts", Medium.IMAGE: "images", Medium.AUDIO: "recordings"}


@overload
def reader_for(format: str, medium: Literal[Medium.TEXT] = ...) -> CorpusReader: ...
@overload
def reader_for(format: str, medium: Literal[Medium.IMAGE]) -> CarriedReader[ImageBatch]: ...
@overload
def reader_for(format: str, medium: Literal[Medium.AUDIO]) -> CarriedReader[AudioBatch]: ...
@overload
def reader_for(
    format: str, medium: Medium
) -> CorpusReader | CarriedReader[ImageBatch] | CarriedReader[AudioBatch]: ...
def reader_for(
    format: str,  # noqa: A002
    medium: Medium = Medium.TEXT,
) -> CorpusReader | CarriedReader[ImageBatch] | CarriedReader[AudioBatch]:
    """Return the reader of a format (the field's word, as in Shard). Raises CorpusError where there is none."""
    if medium is Medium.TEXT and format in OF_IDS:
        from countermark.corpus.tokens.reader import TokenReader  # noqa: PLC0415

        return TokenReader(format_named(format))
    readers: tuple[Any, ...] = _text_readers() if medium is Medium.TEXT else _carried_readers(medium)
    for reader in readers:
        if reader.format == format:
            return reader  # type: ignore[no-any-return]  # the overloads say which
    known = ", ".join(reader.format for reader in readers)
    raise CorpusError(f"no reader of {_READ[medium]} for the format “{format}”; there are: {known}")


def _text_readers() -> tuple[CorpusReader, ...]:
    from countermark.corpus import (  # noqa: PLC0415
        archives,
        arrow,
        delimited,
        files,
        jsonl,
        mosaic_text,
        parquet,
        plaintext,
        warc,
    )

    return (
        files.DocumentsReader(),
        plaintext.PlainTextReader(),
        jsonl.JsonLinesReader(),
        parquet.ParquetReader(),
        arrow.ArrowReader(),
        mosaic_text.MosaicTextReader(),
        delimited.DelimitedReader(),
        warc.WarcReader(),
        archives.TarReader(),
        archives.ZipReader(),
    )


def _carried_readers(medium: Medium) -> tuple[CarriedReader[Any], ...]:
    from countermark.corpus.carried.readers import readers_of  # noqa: PLC0415

    if medium is Medium.IMAGE:
        from countermark.corpus.images.sought import PICTURES  # noqa: PLC0415

        return readers_of(PICTURES)
    from countermark.corpus.audio.sought import RECORDINGS  # noqa: PLC0415

    return readers_of(RECORDINGS)


def list_shards(
    paths: Sequence[Place],
    *,
    text_column: str | None = None,
    part_bytes: int = PART_BYTES,
    medium: Medium = Medium.TEXT,
    tokenizers: Callable[[], Tokenizers] | None = None,
) -> Iterator[Shard | Refusal]:
    """Yield the shards of some files and folders, and a refusal for each thing that will not be read.

    What is below a prefix of object storage is listed as a folder is, and its shards hold the state of what was listed.
    With one folder, names are relative to it; with several paths, they begin with the last part of each path (and
    `~2`, `~3` … where two are the same). `text_column` names the column to read: that of the texts, of the
    pictures, or of the recordings. `tokenizers` gives what finds the tokeniser of files of token ids, and is
    called when there is one; without it they are refused. Raises CorpusError if a path does not exist.
    """
    list_folder.cache_clear()  # a folder may have changed since this process listed it
    forget_expected()
    listing = _listing(medium, text_column, part_bytes, tokenizers)
    taken: dict[str, int] = {}
    for path in paths:
        given, remote = os.fspath(path), is_url(path)
        is_prefix = _is_prefix(given) if remote else os.path.isdir(given)  # noqa: PTH112
        if not remote and not os.path.exists(given):  # noqa: PTH110
            raise CorpusError(f"{printable(given)}: there is no such file or folder")
        own = name_of(path) if remote else printable(os.path.basename(os.path.abspath(given)))  # noqa: PTH100, PTH119
        taken[own] = taken.get(own, 0) + 1
        name = own if taken[own] == 1 else f"{own}~{taken[own]}"
        found = (
            listing.folder(given, "" if len(paths) == 1 else name + "/")
            if is_prefix
            else listing.file(given, name)
        )
        yield from _with_state(found) if remote else found


def _is_prefix(url: str) -> bool:
    """Whether a URL is a prefix with objects below, and none itself. Raises CorpusError where it is neither."""
    try:
        if is_file(url):
            return False
        if is_folder(url):
            return True
    except OSError as error:
        raise CorpusError(f"{shown(url)}: {error.strerror or error}") from error
    raise CorpusError(f"{shown(url)}: there is no such object, and none below it")


def _with_state(found: Iterator[Shard | Refusal]) -> Iterator[Shard | Refusal]:
    """Note with each shard what was listed, so that whoever reads it later notices a change."""
    from countermark.corpus.prefix import state_text  # noqa: PLC0415

    for one in found:
        yield replace(one, state=state_text(one)) if isinstance(one, Shard) else one


def _listing(
    medium: Medium, column: str | None, part_bytes: int, tokenizers: Callable[[], Tokenizers] | None
) -> Listing:
    if medium is Medium.TEXT:
        ids = TokenListing(tokenizers, column, part_bytes)
        return Listing(Cutting(part_bytes, _named("text_column", column)), part_bytes, ids)
    if medium is Medium.IMAGE:
        from countermark.corpus.images.listing import PictureListing  # noqa: PLC0415
        from countermark.corpus.images.sought import PICTURES  # noqa: PLC0415

        return PictureListing(Cutting(part_bytes, _named(PICTURES.option, column)), part_bytes, PICTURES)
    from countermark.corpus.audio.sought import RECORDINGS  # noqa: PLC0415
    from countermark.corpus.carried.listing import CarriedListing  # noqa: PLC0415

    return CarriedListing(Cutting(part_bytes, _named(RECORDINGS.option, column)), part_bytes, RECORDINGS)


def _named(option: str, column: str | None) -> tuple[tuple[str, str], ...]:
    return ((option, column),) if column else ()


class Listing:
    """Makes the shards of folders and files; small files of the format `gathered` share shards of so many bytes."""

    gathered = "documents"

    def __init__(self, cutting: Cutting, shared_bytes: int, ids: TokenListing | None = None) -> None:
        self._cutting = cutting
        self._ids = ids
        self._shared_bytes = max(1, shared_bytes)

    def kind(self, path: str, name: str, size: int, among: tuple[str, ...] = ()) -> Kind:
        """What a file is; `among` are the files of the folder, if one is listed. Raises OSError."""
        return detect(path, name, size, among)

    def shards(self, path: str, name: str, size: int, kind: Kind) -> Iterator[Shard | Refusal]:
        """Yield the shards of a file that is not gathered."""
        if kind.format in (BESIDE, ORPHAN):
            return iter([Refusal(name, -1, ORPHAN, _ORPHAN)] if kind.format == ORPHAN else ())
        if self._ids is not None and (of_ids := self._ids.format_of(path, kind.format)):
            return self._ids.shards(path, name, size, of_ids)
        return self._cutting.shards(path, name, size, kind)

    def folder(self, root: str, prefix: str) -> Iterator[Shard | Refusal]:
        """Yield the shards of a folder: data files in order, with the shards of small files where each one ends."""
        try:
            files, refused, states = list_folder(root)
        except OSError as error:  # of a prefix; what cannot be listed of a folder is a refusal
            raise CorpusError(f"{shown(root)}: {error.strerror or error}") from error
        for refusal in refused:
            yield refusal._replace(where=prefix + refusal.where)
        begin = count = amount = 0
        for position, name in enumerate(files):
            path = os.path.join(root, name)  # noqa: PTH118
            named = prefix + printable(name)
            if states and position % _LOOKED_AT_TOGETHER == 0:
                self._expect(root, files, states, position)
            try:
                size = size_of(path)
                kind = self.kind(path, name, size, files)
                if kind.format == BESIDE and self._ids is not None:
                    yield from self._ids.missing(path, name, named, files)
                    continue
                if kind.format != self.gathered:
                    yield from self.shards(path, named, size, kind)
                    continue
            except OSError as error:
                yield Refusal(named, -1, "unreadable", error.strerror or "cannot be opened")
                continue
            if count and (count >= DOCUMENTS_PER_SHARD or amount + size > self._shared_bytes):
                yield self._range(root, prefix, begin, position, amount)
                begin, count, amount = position, 0, 0
            count += 1
            amount += size
        if count:
            yield self._range(root, prefix, begin, len(files), amount)

    def _expect(
        self, root: str, files: tuple[str, ...], states: tuple[ObjectState, ...], position: int
    ) -> None:
        """Hold the next objects to what was listed, and fetch the beginnings of those that are looked at."""
        some = slice(position, position + _LOOKED_AT_TOGETHER)
        urls = []
        for name, state in zip(files[some], states[some], strict=True):
            expect(f"{root}/{name}", state)
            if self.looks_at(name, state.size):
                urls.append(f"{root}/{name}")
        in_order(urls, _LOOKED_AT_BYTES)

    def looks_at(self, name: str, size: int) -> bool:
        """Whether the kind of a file is told by its bytes."""
        return not known_by_name(name, size)

    def _range(self, root: str, prefix: str, begin: int, end: int, size: int) -> Shard:
        return Shard(f"{prefix or './'}#{begin}-{end}", root, self.gathered, size, begin, end)

    def file(self, path: str, name: str) -> Iterator[Shard | Refusal]:
        """Yield the shards of one file."""
        try:
            size = size_of(path)
            kind = self.kind(path, name, size)
        except OSError as error:
            raise CorpusError(f"{printable(shown(path))}: {error.strerror or error}") from error
        if kind.format == self.gathered:
            yield Shard(name, path, self.gathered, size)
        else:
            yield from self.shards(path, name, size, kind)
