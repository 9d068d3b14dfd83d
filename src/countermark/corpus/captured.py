"""What was captured beside a text and may tell of a reservation: header block, page, and nothing else.

Most captures hold no reservation, so the bytes are looked at before anything is parsed: a header block is kept only
if a field's name or a word in it may be one of a protocol's, a page only if one of its `meta`, `link` or `script` tags
has such a word. The look errs on the side of keeping: what it passes over holds nothing that a reader would use.
"""

from __future__ import annotations

import html
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from countermark.corpus.warc_records import CONVERSION, REVISIT, http_body
from countermark.errors import DocumentError
from countermark.reservations.page import looks_like_page

if TYPE_CHECKING:
    from countermark.corpus.warc_records import RawRecord

HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
MAX_HEAD: Final = 1 << 20
"""A header block is looked for in so many bytes; servers and crawlers allow far less."""

_NAMELESS: Final = frozenset({"", "application/octet-stream", "unknown/unknown"})
_TAG_WORDS: Final = (
    b"tdm",
    b"noai",
    b"noimageai",
    b"rsl",
    b"contentuse",
    b"contentusage",
)
_NAMED: Final = re.compile(rb"content[-_]?(?:us[ae]|signal)")  # and names that come near
_NO_LETTERS: Final = bytes(
    sorted(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz"))
)  # readers tell of `no-ai`
_RSL: Final = re.compile(rb"(?<![a-z0-9])rsl")  # as in `application/rsl+xml`, not as in `dersley.css`
# Each tag up to its end, quotes respected as a parser does; possessive, so that time stays linear.
_TAGS: Final = re.compile(
    rb"<[mMlLsS][eEiIcC][tTnNrR][aAkKiI]"  # `<meta`, `<link`, `<scri`: sets are looked up faster than words
    rb"[^>\"']*+(?:(?:\"[^\"]*+\"?+|'[^']*+'?+)[^>\"']*+)*+"
)
_ENCODED: Final = re.compile(rb"\n(?:content|transfer)-encoding[ \t]*:")
_COMPRESSED: Final = re.compile(rb"\ncontent-encoding[ \t]*:(?![ \t]*(?:identity[ \t]*)?(?:\r?\n|\Z))")
_CONTROL: Final = re.compile(rb"[\0-\x08\x0b\x0e-\x1f]")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_EMBEDDING: Final = re.compile(
    rb"\xff\xd8\xff|\x89PNG|GIF8|II\*\x00|MM\x00\*|RIFF|....ftyp|PK\x03\x04|.{0,1024}?%PDF|\xef\xbb\xbf\s*<|\s*<",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Captured:
    """What one record says beside its text.

    `head` is the HTTP header block, `body` the body with its encodings undone; each is b"" where it cannot hold a
    reservation. `status` is that of the response, 0 where there is none. `size` is the size of the whole body in bytes.
    `cut` is true where the crawler kept only the beginning; `unread` says why the body could not be read. `part` is
    `text` where a record holds the text only (WET), `headers` where the body stands in an earlier capture (revisit).
    """

    url: str
    date: str
    status: int = 0
    media_type: str = ""
    head: bytes = b""
    body: bytes = b""
    size: int = 0
    cut: bool = False
    unread: str = ""
    part: str = ""

    @property
    def held(self) -> int:
        """Bytes that are kept in memory."""
        return len(self.head) + len(self.body)


def captured_of(record: RawRecord, body: bytes | None = None, *, keep: bool = False) -> Captured:
    """What a record tells; `body` is its body with the encodings undone, where the caller has it already.

    With `keep`, head and body are kept whatever they hold.
    """
    url, date = record.url or "", record.date or ""
    if record.kind == CONVERSION:
        return Captured(url, date, part="text")
    cut = record.field("WARC-Truncated") is not None
    if not record.content_type.lower().startswith("application/http"):
        body = record.data
        media_type = media_type_of(record, record.content_type, body)
        kept = body if keep or may_speak(media_type, body) else b""
        return Captured(url, date, 0, media_type, b"", kept, len(body), cut)
    end, start = _head_end(record.data)
    head = record.data[:end]
    low = head.lower()
    data, unread = record.data, ""
    if body is not None:
        data, start = body, 0
    elif b"-encoding" in low and _ENCODED.search(low) is not None:
        (data, unread), start = _decoded(data), 0
    if not unread and _COMPRESSED.search(low) is not None:
        data, unread = _checked(record.data, data)
    if end >= MAX_HEAD or (record.data and not end):
        unread = "header-too-long" if end else "no-header"
    media_type = media_type_of(record, _content_type(low), data, start)
    return Captured(
        url,
        date,
        _status(head),
        media_type,
        head if keep or _field_may_speak(low) else b"",
        data[start:] if keep or may_speak(media_type, data, start) else b"",
        len(data) - start,
        cut,
        unread,
        "headers" if record.kind == REVISIT else "",
    )


def media_type_of(record: RawRecord, content_type: str, data: bytes, start: int = 0) -> str:
    """The media type in lower case: as served; where that says nothing, as the crawler found it or as it looks."""
    media_type = content_type.partition(";")[0].partition(",")[0].strip().lower()
    if media_type in _NAMELESS:
        identified = (record.field("WARC-Identified-Payload-Type") or "").lower()
        return identified or ("text/html" if looks_like_page(data[start : start + 4096]) else media_type)
    return media_type


def _field_may_speak(low: bytes) -> bool:
    """Whether a header block, in lower case, may have a field of a protocol."""
    return b"tdm" in low or b"rsl" in low or b"robots-tag" in low or _NAMED.search(low) is not None


def may_speak(media_type: str, data: bytes, start: int = 0) -> bool:
    """Whether a body may hold a reservation: a page with a tag that may, or a file that may carry metadata.

    The body is `data` from `start` on: most bodies need never be copied.
    """
    if media_type not in HTML:
        return data.startswith(_WIDE, start) or _EMBEDDING.match(data, start) is not None
    if data.startswith(_WIDE, start) or data.find(b"\0", start, start + 1024) >= 0:
        return True  # two bytes a letter: for a parser to say
    tags = _TAGS.findall(data, start)
    whole = b"\n".join(tags)
    if b"&#" not in whole and not _has_word(whole.lower()):
        return False
    return any(_tag_may_speak(tag) for tag in tags)


def _has_word(low: bytes) -> bool:
    """Whether one of the words stands anywhere; most pages have none."""
    bare = low.translate(None, _NO_LETTERS)
    return any(word in bare for word in _TAG_WORDS)


def _tag_may_speak(tag: bytes) -> bool:
    """Whether a tag has a word where it matters: RSL has a media type, the others stand in a `meta`.

    Where quotes are lost, what is taken for one tag may hold a second one.
    """
    if b"&#" in tag:
        tag += html.unescape(tag.decode("latin-1")).encode("latin-1", "replace")
    low = tag.lower()
    return _has_word(low) and (b"<meta" in low or _RSL.search(low) is not None)


def _head_end(data: bytes) -> tuple[int, int]:
    """Where the header block ends, and where the body starts."""
    crlf = data.find(b"\r\n\r\n", 0, MAX_HEAD)
    bare = data.find(b"\n\n", 0, MAX_HEAD if crlf < 0 else crlf)
    if crlf >= 0 and bare < 0:
        return crlf, crlf + 4
    if bare >= 0:
        return bare, bare + 2
    return min(len(data), MAX_HEAD), len(data)


def _decoded(data: bytes) -> tuple[bytes, str]:
    """The body of a response with its encodings undone, and why it cannot be read (then it is empty)."""
    try:
        return http_body(data)[0], ""
    except DocumentError as error:
        return b"", error.reason


def _checked(data: bytes, body: bytes) -> tuple[bytes, str]:
    """What can be read of a body that was served with a content encoding, and why that is not the whole.

    Crawlers often undo an encoding and keep the header that announced it: then the body is text, or a file that is
    known. What is neither was not undone (`br`, `zstd`, damage); and gzip and zlib end with a sum over the whole.
    """
    try:
        sent, _ = http_body(data, ("transfer", "none"))
    except DocumentError as error:
        return b"", error.reason
    if body == sent:
        known = _is_plain(body) or _EMBEDDING.match(body) is not None
        return (body, "") if known else (b"", "decode-error")
    if sent.startswith(b"\x1f\x8b"):
        whole = sent[-8:] == struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)
    else:
        whole = not sent.startswith(b"\x78") or sent[-4:] == struct.pack(">I", zlib.adler32(body))
    return body, "" if whole else "cut-short"


def _is_plain(body: bytes) -> bool:
    """Whether a body is text, by its beginning."""
    start = body[:4096]
    if start.startswith(_WIDE):
        return True
    lost = len(start) - len(
        start.decode("utf-8", "ignore").encode()
    )  # up to three bytes where a letter is cut
    return _CONTROL.search(start) is None and (b"<" in start or lost <= 3)


def _content_type(low: bytes) -> str:
    """The content type in a header block (in lower case), "" if there is none."""
    found = low.find(b"\ncontent-type:")
    if found < 0:
        return ""
    end = low.find(b"\n", found + 1)
    return low[found + 14 : end if end >= 0 else len(low)].strip().decode("latin-1")


def _status(head: bytes) -> int:
    """The status code of the first line, 0 if it has none."""
    words = head[:32].split(None, 2)
    code = words[1] if len(words) > 1 and words[0].upper().startswith(b"HTTP/") else b""
    return int(code) if len(code) == 3 and code.isdigit() else 0
