"""The objects below a prefix, as the files of a folder: the same names, in the same order, and the same left out."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Final

from countermark.corpus.folder import HIDDEN, Folder, list_folder
from countermark.documents.own import OWN_FOLDER, made_by
from countermark.errors import CorpusError
from countermark.media import Refusal
from countermark.storage.reading import expect, expected_state, in_order, open_binary
from countermark.storage.tree import objects_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.corpus.base import Shard
    from countermark.storage.remote import Entry, ObjectState

_GATHERED: Final = frozenset({"documents", "pictures", "recordings"})
_NO_NAME: Final = "a name with an empty part, or one of full stops only: no file could be called so"


def list_prefix(url: str) -> Folder:
    """List the objects below `url` + "/". Raises CorpusError, and OSError where there is no bucket, or no access."""
    entries = objects_below(url)
    own = set(_own_folders(url, entries))
    kept: list[Entry] = []
    refused: set[Refusal] = set()
    for entry in entries:
        refusal = _refusal(entry.name, own)
        if refusal is None:
            kept.append(entry)
        else:
            refused.add(refusal)
    files, states = tuple(entry.name for entry in kept), tuple(entry.state for entry in kept)
    return Folder(files, tuple(sorted(refused)), states)


def state_text(shard: Shard) -> str:
    """What a shard on object storage is now, as `Shard.state` has it. Raises OSError, CorpusError."""
    if not of_folder(shard):
        return _said(expected_state(shard.path))
    digest = hashlib.sha256()
    for name, state in _range(shard):
        digest.update(f"{name}\0{_said(state)}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def hold_to_state(shard: Shard) -> None:
    """Read a shard on object storage as it was listed, or not at all. Raises CorpusError where it has changed."""
    if not of_folder(shard):
        if shard.state:
            expect(shard.path, _state(shard.state))
        return
    if shard.state and state_text(shard) != shard.state:
        list_folder.cache_clear()  # this process may have listed it for an earlier run
        if state_text(shard) != shard.state:
            raise CorpusError(
                f"{shard.name}: the objects have changed since they were listed; scan them when nobody writes there"
            )
    _expect_files(shard)


def _expect_files(shard: Shard) -> None:
    urls = []
    for name, state in _range(shard):
        urls.append(f"{shard.path}/{name}")
        expect(urls[-1], state)
    in_order(urls)


def _range(shard: Shard) -> Iterator[tuple[str, ObjectState]]:
    """Names and states of the objects among which the shard's are."""
    listing = list_folder(shard.path)
    chosen = slice(shard.begin, shard.end)
    return zip(listing.files[chosen], listing.states[chosen], strict=True)


def of_folder(shard: Shard) -> bool:
    """Whether the shard is a range of the files of a folder; one file alone has no end."""
    return shard.format in _GATHERED and shard.end != -1


def _own_folders(url: str, entries: Iterable[Entry]) -> Iterator[str]:
    """The folders that Countermark made itself, "" for the whole."""
    for entry in entries:
        folder, _, last = entry.name.rpartition("/")
        try:
            if made_by(last, partial(_beginning, f"{url}/{entry.name}", entry.state)):
                yield folder
        except OSError:
            continue


def _beginning(url: str, state: ObjectState) -> bytes:
    expect(url, state)
    with open_binary(url, buffering=0) as file:
        return file.read(1 << 16)


def _refusal(name: str, own: set[str]) -> Refusal | None:
    """Why an object is not read: it, or the folder that it is in, once for all of that."""
    parts = name.split("/")
    if "" in own:
        return Refusal(".", -1, "countermark-folder", OWN_FOLDER)
    if any(part.strip(".") == "" and len(part) < 3 for part in parts):
        return Refusal(name, -1, "not-a-file", _NO_NAME)
    for count, part in enumerate(parts, 1):
        here = "/".join(parts[:count])
        if part.startswith("."):
            return Refusal(here, -1, "hidden", HIDDEN)
        if here in own:
            return Refusal(here + "/", -1, "countermark-folder", OWN_FOLDER)
    return None


def _said(state: ObjectState) -> str:
    return f"{state.size}:{state.version}"


def _state(said: str) -> ObjectState:
    from countermark.storage.remote import ObjectState  # noqa: PLC0415

    size, _, version = said.partition(":")
    return ObjectState(int(size), version)
