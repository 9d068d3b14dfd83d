"""XML files of any size, record by record, in bounded memory, whatever the file holds.

The parser is libxml2's, fed piece by piece. It loads no DTD, follows no address, and expands no entity but those that
XML predefines and the names of HTML (`&eacute;`), which old catalogues use on the strength of a DTD: their DOCTYPE is
replaced by one of ours that declares just these. A DOCTYPE with declarations of its own is refused: that is where
entity bombs and entities that read files would stand. libxml2's own limits (depth 256, text 10 MB, growth by entities)
stay in force, and no record may be larger than `max_bytes`.

    for record in records(file, {"Product"}):
        if isinstance(record, Refusal): …  # the last thing that comes: nothing after it could be read
        else: …                            # whole; use it before the next one is asked for: it is emptied then
"""

from __future__ import annotations

import codecs
import re
import zlib
from functools import cache
from html.entities import html5
from typing import TYPE_CHECKING, Any, Final, cast

from lxml import etree

from countermark.documents import html_text
from countermark.errors import CatalogError
from countermark.works.entry import Source
from countermark.works.importers.base import HEAD_BYTES, CatalogFile, refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from typing import BinaryIO

    from countermark.media import Refusal

MAX_RECORD: Final = 16 << 20
"""Bytes of the file that may pass from one record's end to the next one's."""
_CHUNK: Final = 64 << 10
_MAX_WARNINGS: Final = 1_000
_ASCII_LIKE: Final = re.compile(
    r"(?:utf-?8|(?:us-)?ascii|(?:iso[-_]?)?8859[-_]?\d+|latin[-_]?\d+|(?:windows|cp)[-_]?\d+|ibm[-_]?\d+|koi8[-_]?[ru]"
    r"|macintosh|gb2312|gbk|gb18030|big5|shift[-_]?jis|euc[-_](?:jp|kr))",
    re.IGNORECASE,
)
_LATIN: Final = re.compile(r"(?:iso[-_]?)?8859[-_]?1|latin[-_]?1", re.IGNORECASE)
_BLANKS: Final = rb"(?:\s++|<!--(?:[^-]++|-(?!->))*+-->|<\?(?![xX][mM][lL]\s)(?:[^?]++|\?(?!>))*+\?>)*+"
_DECLARATION: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml\s(?:[^?>]*?encoding\s*=\s*[\"']([^\"'>]*)[\"'])?[^>]*?\?>)?", re.DOTALL
)
_BEFORE_ROOT: Final = re.compile(_BLANKS, re.DOTALL)
_DOCTYPE: Final = re.compile(
    rb"<!DOCTYPE\s+([^\s\[>]++)(?:[^\"'\[>]++|\"[^\"]*+\"|'[^']*+')*+(\[\s*+\]\s*+)?+>", re.DOTALL
)
_REASONS: Final = {
    5: "malformed",
    26: "entity",
    27: "entity",
    32: "encoding",
    77: "truncated",
    81: "encoding",
    89: "entity",
    110: "too-large",
    114: "too-large",
}
_WIDE: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def records(
    file: CatalogFile, tags: Collection[str], *, max_bytes: int = MAX_RECORD
) -> Iterator[etree._Element | Refusal]:
    """Every element whose local name is one of `tags`, whole, in the file's order; an inner one stays in its outer.

    Elements before a record that are no records are forgotten: name in `tags` all that you need. After a place that
    cannot be read comes one Refusal (`truncated`, `malformed`, `encoding`, `entity`, `too-large`, `damaged`) and the
    end. Raises CatalogError instead where no record came before it.
    """
    yielded = False
    try:
        for record in _Stream(file, tags, max_bytes).records():
            yielded = True
            yield record
    except _UnreadableError as error:
        refusal = refused(Source(file.name, error.line), "", error.reason, str(error))
        if not yielded:
            raise CatalogError(refusal.detail) from None
        yield refusal


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    tag = element.tag
    return tag[tag.rfind("}") + 1 :]


def line_of(element: etree._Element) -> int:
    """The line of the file, from 1, that an element begins on.

    Beyond line 65,535 libxml2 keeps lines with texts only, where they end: the nearest text's own lines are taken off.
    """
    line = cast("int | None", element.sourceline) or 0
    if line < 65_535:
        return line
    text = element.text if len(element) or element.text else element.tail
    return line - (text or "").count("\n")


def child_text(element: etree._Element, name: str) -> str:
    """The text of the first child of that local name, white space folded; empty where there is none."""
    for child in element:
        if local(child) == name:
            return text_of(child)
    return ""


def text_of(element: etree._Element) -> str:
    """All text of an element, that of its descendants too, white space folded."""
    text = "".join(cast("Iterator[str]", element.itertext())) if len(element) else element.text or ""
    return " ".join(text.split())


def plain_text(element: etree._Element) -> str:
    """The text of an element that may hold HTML, as XHTML, in CDATA or escaped: its visible text on one line."""
    if len(element):
        source = etree.tostring(element, encoding="utf-8", with_tail=False)
        return " ".join(html_text(source, "utf-8").split())
    return without_markup(element.text or "")


def without_markup(text: str) -> str:
    """The visible text, on one line, of a text that may hold HTML."""
    if "<" in text or "&" in text:
        text = html_text(text.encode("utf-8", "replace"), "utf-8")
    return " ".join(text.split())


class _UnreadableError(Exception):
    """Nothing can be read from here on."""

    def __init__(self, reason: str, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.reason = reason
        self.line = line


class _Stream:
    """One file on its way through the parser."""

    def __init__(self, file: CatalogFile, tags: Collection[str], max_bytes: int) -> None:
        self._file = file
        self._names = [f"{{*}}{tag}" for tag in tags]
        self._max_bytes = max_bytes
        self._since = 0  # bytes fed since the last record began or ended
        self._depth = 0  # records that are open

    def records(self) -> Iterator[etree._Element]:
        with self._file.open() as stream:
            pieces = _pieces(stream)
            head, encoding = _prologue(next(pieces, b""))
            parser = self._parser(encoding)
            yield from self._feed(parser, head)
            for piece in pieces:
                yield from self._feed(parser, piece)
        try:
            parser.close()
        except etree.XMLSyntaxError as error:
            raise _told(error) from None
        yield from self._whole(parser)

    def _parser(self, encoding: str | None) -> etree.XMLPullParser:
        parser: Any = etree.XMLPullParser  # the type stubs are behind the library
        return cast(
            "etree.XMLPullParser",
            parser(
                events=("start", "end"),
                tag=self._names,
                encoding=encoding,
                resolve_entities="internal",
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_comments=True,
                remove_pis=True,
                collect_ids=False,
            ),
        )

    def _feed(self, parser: etree.XMLPullParser, piece: bytes) -> Iterator[etree._Element]:
        failure = None
        try:
            parser.feed(piece)
        except etree.XMLSyntaxError as error:
            failure = _told(error)
        else:
            failure = _logged(parser)
        self._since += len(piece)
        yield from self._whole(parser)
        if failure is not None:
            raise failure
        if self._since > self._max_bytes:
            where = "one record" if self._depth else "the part between two records"
            limit = f"{self._max_bytes:,} bytes are accepted"
            raise _UnreadableError("too-large", f"{where} is larger than is safe to read; {limit}")

    def _whole(self, parser: etree.XMLPullParser) -> Iterator[etree._Element]:
        """The records that are complete, each emptied afterwards with all that stands before it."""
        for event, element in cast("Iterator[tuple[str, etree._Element]]", parser.read_events()):
            self._since = 0
            if event == "start":
                self._depth += 1
                continue
            self._depth -= 1
            if self._depth == 0:
                yield element
                _forget(element)


def _forget(element: Any) -> None:
    """Free a record and everything before it. The tail stays: the parser may still be writing it."""
    element.clear(keep_tail=True)
    node = element
    while node is not None:
        parent = node.getparent()
        if parent is not None:
            while node.getprevious() is not None:
                del parent[0]
        node = parent


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The file in pieces, the first one long enough for any prologue; UTF-16 comes as UTF-8."""
    try:
        piece = _at_least(stream, HEAD_BYTES)
        wide = _WIDE.get(piece[:2])
        decoder = codecs.getincrementaldecoder(wide)() if wide else None
        while piece:
            yield decoder.decode(piece).encode("utf-8", "replace") if decoder else piece
            piece = stream.read(_CHUNK)
        if decoder:
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _UnreadableError(
            "encoding", f"the text is not the UTF-16 that it begins as ({error.reason})"
        ) from None
    except (OSError, EOFError, zlib.error) as error:
        raise _UnreadableError("damaged", f"the file cannot be read further ({error})") from None


def _at_least(stream: BinaryIO, size: int) -> bytes:
    got = bytearray()
    while len(got) < size and (piece := stream.read(size - len(got))):
        got += piece
    return bytes(got)


def _prologue(head: bytes) -> tuple[bytes, str | None]:
    """The first piece with our DOCTYPE in the place of its own, and the encoding that overrides the declared one."""
    declaration = _DECLARATION.match(head)
    declared = (declaration[1] or b"").decode("ascii", "replace") if declaration else ""
    begin = declaration.end() if declaration else 0
    wide = declared.lower().startswith("utf-16") and head[begin - 1 : begin] == b">"
    if declared and not wide and not _ASCII_LIKE.fullmatch(declared):
        accepted = "UTF-8, UTF-16, ISO-8859, Windows and the usual East Asian ones"
        raise _UnreadableError(
            "encoding", f"the encoding {declared!r} is not accepted; accepted are {accepted}", 1
        )
    at = cast("re.Match[bytes]", _BEFORE_ROOT.match(head, begin)).end()
    doctype = _DOCTYPE.match(head, at)
    if doctype is None and head[at : at + 9] == b"<!DOCTYPE":
        line = head.count(b"\n", 0, at) + 1
        message = "its DOCTYPE declares entities or elements of its own, or has no end, which is not accepted"
        raise _UnreadableError(
            "entity", f"{message}; accepted is a DOCTYPE that only names a DTD, or none", line
        )
    if not head[at:].startswith(b"<"):
        raise _UnreadableError(
            "malformed", "there is no XML element where one should begin", head.count(b"\n", 0, at) + 1
        )
    name, after = _root_name(head, at) if doctype is None else (doctype[1], doctype.end())
    lines = b"\n" * head.count(b"\n", at, after)
    override = "utf-8" if wide else "windows-1252" if _LATIN.fullmatch(declared) else None
    return b"".join(
        (head[:at], b"<!DOCTYPE ", name, b" [", _entities(), b"]>", lines, head[after:])
    ), override


def _root_name(head: bytes, at: int) -> tuple[bytes, int]:
    name = re.compile(rb"<([^\s/>]{1,100})").match(head, at)
    return (b"none" if name is None or not re.fullmatch(rb"[\w:.-]+", name[1]) else name[1]), at


@cache
def _entities() -> bytes:
    """The declarations of HTML's named characters but those that XML predefines or that would begin markup."""
    return "".join(
        f'<!ENTITY {name[:-1]} "{"".join(f"&#{ord(letter)};" for letter in value)}">'
        for name, value in sorted(html5.items())
        if name.endswith(";") and name[:-1] not in _PREDEFINED and "<" not in value and "&" not in value
    ).encode("ascii")


_PREDEFINED: Final = frozenset({"lt", "gt", "amp", "quot", "apos"})


def _told(error: Any) -> _UnreadableError:
    """What the parser says, as a refusal: its message without the place, which stands beside it."""
    message = re.sub(r", line \d+, column \d+.*", "", error.msg or "", flags=re.DOTALL).strip()
    return _failure(error.code or 0, message, error.lineno or 0)


def _logged(parser: etree.XMLPullParser) -> _UnreadableError | None:
    """The first error that the parser noted without raising it, as it does for entities that nothing declares."""
    log = parser.feed_error_log
    if not len(log):
        return None
    for noted in log:
        if noted.level_name != "WARNING":
            return _failure(noted.type, noted.message.strip(), noted.line)
    return (
        _UnreadableError("malformed", "the parser warns too often", 0) if len(log) > _MAX_WARNINGS else None
    )


def _failure(code: int, message: str, line: int) -> _UnreadableError:
    reason = _REASONS.get(code, "malformed")
    said = {
        "truncated": "the file ends in the middle",
        "encoding": "the bytes are not of the encoding that the file declares (UTF-8 where it declares none)",
        "entity": "an entity is used that is neither XML's nor HTML's",
        "too-large": "something is larger or deeper than is safe to read",
    }.get(reason, "the XML is not well-formed")
    return _UnreadableError(reason, f"{said} ({message}); nothing can be read from here on", line)
