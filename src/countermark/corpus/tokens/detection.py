"""Which files hold token ids, told by their names, their first bytes and the files beside them.

Tables of columns (Parquet, Arrow) are told by their columns instead: see `columns.has_ids`.
"""

from __future__ import annotations

import codecs
from functools import lru_cache
from typing import Final, NamedTuple

from countermark.corpus.tokens.stream_layout import (
    HEAD,
    MODEL_DATES,
    NUMPY_MAGIC,
    is_stream_header,
    layout_of,
)
from countermark.errors import CorpusError
from countermark.storage.place import is_url
from countermark.storage.reading import is_file

_NOT_IDS: Final = (
    b"PK\x03\x04", b"PK\x05\x06",  # ZIP: weights of PyTorch
    b"\x80\x02\x8a\x0a", b"\x80\x02}", b"\x80\x02c", b"\x80\x03}", b"\x80\x03c", b"\x80\x04\x95",
    b"\x80\x05\x95",  # pickles
    b"GGUF", b"ggml", b"ggjt", b"ggla", b"lmgg", b"tjgg",
    b"\x89HDF", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe",
    b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf", b"Rar!", b"\x04\x22\x4d\x18",
    b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"OggS", b"fLaC", b"\0asm", b"PAR1", b"ARROW1",
    b"SQLite format 3", b"\x08\x07\x12", b"MMIDIDX", b"TNTIDX",
)  # fmt: skip
"""What files begin with that are something else, though nobody would guess it from `.bin`."""


def index_path(path: str) -> str:
    """The path of the `.idx` of a `.bin`."""
    return _with_suffix(path, ".idx")


def provenance_path(path: str) -> str:
    """The path of the table that says where the documents of a `.bin` come from; there may be none."""
    return _with_suffix(path, ".meta.parquet")


def _with_suffix(path: str, suffix: str) -> str:
    """The name of a file beside a `.bin`: in capitals where that is, as a medium of old kind writes names."""
    return path[: -len(".bin")] + (suffix.upper() if path.endswith(".BIN") else suffix)


class _Around(NamedTuple):
    """The files of a listing, and one MDS shard for each folder that has one."""

    names: frozenset[str]
    mosaic: dict[str, str]


def token_format(path: str, name: str, size: int, head: bytes, among: tuple[str, ...] = ()) -> str | None:
    """Return the format of token ids that a file is in, None where it is none by all that can be seen.

    `head` are its first bytes (64 KiB, or all), as they stand; `among` are the files of the folder, `name` one of
    them, if one is listed. A `token-stream` without a header is a guess, which the trial of tokenisers confirms.
    """
    last = name.lower().rpartition("/")[2]
    if size == 0 or not looks_like_ids(name):
        return None
    if last.endswith(".bin"):
        if _beside(path, name, among):
            return "megatron"
        found = is_stream_header(head, size) or _may_be_ids(head, size)
    elif last.endswith(".npy"):  # OLMo's have the name, and no header
        found = _is_row(head, size) if head.startswith(NUMPY_MAGIC) else _may_be_ids(head, size)
    else:
        return "pbin" if last.endswith(".pbin") else "mds"
    return "token-stream" if found else None


def looks_like_ids(name: str) -> bool:
    """Whether a name is one under which token ids are stored, so that the file is worth looking into."""
    last = name.lower().rpartition("/")[2]
    return last.endswith((".bin", ".npy", ".pbin")) or _is_mosaic(last)


def _is_mosaic(last: str) -> bool:
    """Whether a file is called as MosaicML's shards are, compressed or not."""
    return last.endswith(".mds") or ".mds." in last


def belongs_to(name: str, among: tuple[str, ...]) -> str | None:
    """Return the file of `among` with which a file is read that is none by itself, None where it is read by itself.

    These are the `.idx` and the `.meta.parquet` of a Megatron `.bin`, and the `index.json` of a folder of MDS shards.
    """
    folder, _, last = name.rpartition("/")
    lower = last.lower()
    if not lower.endswith((".idx", ".meta.parquet")) and lower != "index.json":
        return None
    around = _around(among)
    if lower == "index.json":
        return around.mosaic.get(folder)
    stem = name[: -len(".idx")] if lower.endswith(".idx") else name[: -len(".meta.parquet")]
    data = stem + (".BIN" if name[len(stem) :].isupper() else ".bin")
    if data not in around.names or index_path(data) not in around.names:
        return None
    return data


def companions(format_: str, path: str) -> tuple[str, ...]:
    """Return the paths of the files without which a file of token ids is not read as it is; those that are there.

    What a shard says depends on their bytes as it does on the file's own.
    """
    if format_ != "megatron":
        return ()
    return tuple(beside for beside in (index_path(path), provenance_path(path)) if is_file(beside))


def _beside(path: str, name: str, among: tuple[str, ...]) -> bool:
    if among:
        return index_path(name) in _around(among).names
    if is_url(path) and "?" in path:
        return False  # a signed address opens one file: who has only that reads it as a row of ids
    return is_file(index_path(path))


def _around(among: tuple[str, ...]) -> _Around:
    return _sorted_out(_Same(among))


class _Same:
    """A tuple that is told from others by being itself: a listing is long, and its parts are not compared."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def __hash__(self) -> int:
        return id(self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.names is other.names


@lru_cache(maxsize=4)
def _sorted_out(same: _Same) -> _Around:
    mosaic: dict[str, str] = {}
    for name in same.names:
        folder, _, last = name.lower().rpartition("/")
        if _is_mosaic(last):
            mosaic.setdefault(name[: len(folder)], name)
    return _Around(frozenset(same.names), mosaic)


def _is_row(head: bytes, size: int) -> bool:
    """Whether a `.npy` file holds integers in one dimension or two."""
    try:
        return len(layout_of(head, size, "").dtypes) == 1
    except CorpusError:
        return False


def _may_be_ids(head: bytes, size: int) -> bool:
    """Whether a file without a header may be a row of ids: no text, and nothing that begins as other files do."""
    if size < 2 or head.startswith(_NOT_IDS) or int.from_bytes(head[:4], "little") in MODEL_DATES:
        return False
    safetensors = head[8:9] == b"{" and int.from_bytes(head[:8], "little") < size
    return not safetensors and not _is_text(head)


def _is_text(head: bytes) -> bool:
    """Whether bytes are text: no NUL, and UTF-8 but for a code point cut at the end."""
    if b"\0" in head:
        return head.startswith((b"\xff\xfe<\0", b"\xfe\xff\0<"))  # UTF-16 is not what ids look like
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError:
        return False
    return True
