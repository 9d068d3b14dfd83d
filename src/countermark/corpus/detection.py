"""What a file of a corpus is: by its first bytes, decompressed if need be, then by its name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import NamedTuple

from countermark.corpus.compression import StreamError, compression_of, open_stream
from countermark.corpus.jsonl import parse_line
from countermark.storage.reading import open_binary

LONG_TEXT = 16 << 20
"""Plain text of more bytes than this is read in pieces (format `text`), not as one of many documents."""

BESIDE = "beside-tokens"
"""The format of a file that is read with one of token ids, as `x.idx` with `x.bin`: it is no shard by itself."""

ORPHAN = "orphan-index"
"""The format of such a file that has nothing to be read with."""

_HEAD = 1 << 16
_PACKED_SUFFIXES = {".gz": "gz", ".zst": "zst", ".zstd": "zst", ".bz2": "bz2", ".xz": "xz"}
_TEXT_SUFFIXES = {"", ".txt", ".text", ".asc", ".md", ".markdown", ".log"}
_DOCUMENT_SUFFIXES = {
    *_TEXT_SUFFIXES, ".htm", ".html", ".xhtml", ".xht", ".xml", ".tei", ".fb2", ".epub", ".pdf", ".docx", ".odt",
    ".lrc",
}  # fmt: skip
_BY_SUFFIX = {
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".jsonlines": "jsonl", ".json": "jsonl", ".parquet": "parquet",
    ".pq": "parquet", ".csv": "delimited", ".tsv": "delimited", ".tab": "delimited", ".arrow": "arrow", ".warc": "warc",
    ".wet": "warc", ".wat": "warc", ".tar": "tar", ".tgz": "tar", ".zip": "zip",
}  # fmt: skip

PICTURE_SUFFIXES = frozenset(
    {
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".png",
        ".apng",
        ".webp",
        ".avif",
        ".gif",
        ".tif",
        ".tiff",
        ".bmp",
        ".dib",
    }
)
"""Names under which a picture is expected: what has one of them is read, or refused, as a picture."""
_MAGIC = (
    (0, b"PAR1", "parquet"),
    (0, b"ARROW1\0\0", "arrow"),
    (0, b"WARC/", "warc"),
    (0, b"MMIDIDX\0\0", ORPHAN),
    (257, b"ustar", "tar"),
)


class Kind(NamedTuple):
    """The format of a file, and how it is compressed ("" if it is not)."""

    format: str
    packed: str = ""


def suffixes(name: str) -> tuple[str, str]:
    """Return the suffix of a name below that of a compression, and the compression: `a.csv.gz` has (".csv", "gz")."""
    path = PurePosixPath(name.lower())
    packed = _PACKED_SUFFIXES.get(path.suffix, "")
    if packed:
        path = path.with_suffix("")
    return path.suffix, packed


def is_data(name: str) -> bool:
    """Whether a name is that of a data file or an archive, which hold many records."""
    suffix, packed = suffixes(name)
    return suffix in _BY_SUFFIX or (bool(packed) and suffix not in _DOCUMENT_SUFFIXES)


def detect(path: str, name: str, size: int, among: tuple[str, ...] = ()) -> Kind:
    """Return what the file is; `among` are the files of the folder, if one is listed. Raises OSError.

    Small files that are named as documents are not opened: whoever reads them looks at their bytes.
    """
    from countermark.corpus.tokens.detection import belongs_to, looks_like_ids  # noqa: PLC0415 (loads NumPy)

    if belongs_to(name, among):
        return Kind(BESIDE)
    if known_by_name(name, size):
        return Kind("documents")
    of_ids = _of_ids(path, name, size, among) if looks_like_ids(name) else None
    if of_ids and of_ids != "token-stream":  # which is a guess, unless nothing else is known
        return Kind(of_ids)
    suffix, packed = suffixes(name)
    with open_stream(path) as stream:
        try:
            head = stream.read(_HEAD)
        except StreamError:
            head = b""
    with open_binary(path) as file:
        packed = compression_of(file.read(6))
    format_ = _format(head, suffix, size if not packed else LONG_TEXT + 1)
    return Kind(of_ids) if of_ids and format_ in ("documents", "text") else Kind(format_, packed)


def _of_ids(path: str, name: str, size: int, among: tuple[str, ...]) -> str | None:
    """The format of a file of token ids, by its bytes as they stand."""
    from countermark.corpus.tokens.detection import token_format  # noqa: PLC0415

    with open_binary(path) as file:
        return token_format(path, name, size, file.read(_HEAD), among)


def known_by_name(name: str, size: int) -> bool:
    """Whether a file is a document by its name and its size in bytes alone."""
    suffix, packed = suffixes(name)
    return size == 0 or (not packed and size <= _HEAD and suffix in _DOCUMENT_SUFFIXES - {""})


def named_as_picture(name: str) -> bool:
    """Whether a file name has a suffix of pictures."""
    dot = name.rfind(".")
    return dot >= 0 and name[dot:].lower() in PICTURE_SUFFIXES


def _format(head: bytes, suffix: str, size: int) -> str:
    for position, magic, format_ in _MAGIC:
        if head[position : position + len(magic)] == magic:
            return format_
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "documents" if _is_document_zip(head, suffix) else "zip"
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix not in _DOCUMENT_SUFFIXES - {""} and begins_with_object(head):
        return "jsonl"
    textual = b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))
    long = size > LONG_TEXT and textual and suffix not in _DOCUMENT_SUFFIXES - _TEXT_SUFFIXES
    return "text" if long and not head.lstrip().startswith((b"%PDF", b"<")) else "documents"


def _is_document_zip(head: bytes, suffix: str) -> bool:
    first = head[30 : 30 + int.from_bytes(head[26:28], "little")]
    return suffix in _DOCUMENT_SUFFIXES or first in (b"mimetype", b"[Content_Types].xml", b"_rels/.rels")


def begins_with_object(head: bytes) -> bool:
    """Whether the first line that is not blank is a JSON object (or begins like one and is longer than the head)."""
    body = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not body.startswith(b"{"):
        return False
    line, newline, _ = body.partition(b"\n")
    if not newline and len(head) >= _HEAD:
        return body[1:2] == b'"'
    try:
        return isinstance(parse_line(line), dict)
    except ValueError:
        return False
