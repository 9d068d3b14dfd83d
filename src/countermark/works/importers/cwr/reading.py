"""The importer of CWR: the header first, then one transaction after the other."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from countermark.errors import CatalogError
from countermark.works.entry import Source
from countermark.works.importers.base import CatalogFile, refused
from countermark.works.importers.cwr.lines import CHARACTER_SETS, LONGEST, BadLine, Line, lines_of
from countermark.works.importers.cwr.transactions import WORKS, Transaction, Transactions
from countermark.works.importers.cwr.works import READ, WorkReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.media import Refusal
    from countermark.works.entry import Entry

_HEAD: Final = re.compile(rb"(?:\xef\xbb\xbf)?HDR[^\r\n]{56}01\.10\d{8}")
_KNOWN: Final = "NPA NPN NWN NPR NET NCT NVT NOW VER EWT COM INS IND XRF ARI MSG TER IPA"
KNOWN: Final = frozenset(_KNOWN.split())
"""Record types of CWR 2 that are not read."""
_MOST_KINDS: Final = 40
_OTHERS: Final = "others"
_HEADER_OF_3: Final = re.compile(rb"(?:\xef\xbb\xbf)?HDR[^\r\n]*\r?\n(?:GRH|GRT|TRL)")


class CwrImporter:
    """Reads CWR 2.1 and 2.2."""

    format = "cwr"

    def recognises(self, file: CatalogFile) -> bool:
        """Whether the file begins with a header of CWR, of whatever version."""
        return bool(_HEAD.match(file.head) or _HEADER_OF_3.match(file.head))

    def entries(self, file: CatalogFile) -> Iterator[Entry | Refusal]:
        """One Entry for each work that is registered. Raises CatalogError where the header is not that of CWR 2.

        Reasons: `count`, `truncated`, `encoding`, `too-long`, `too-large`, `no-work`, `after-end`, `agreement`,
        `missing`; where the work is kept without the field, `identifier`, `share`, `date`, `role`; and, once at the
        end, `not-read`.
        """
        with file.open() as stream:
            reader, codec = _header(file, stream.readline(LONGEST))
            transactions = Transactions(file.name)
            unread: Counter[str] = Counter()
            for item in transactions.of(_after_header(lines_of(stream, codec))):
                if isinstance(item, Transaction):
                    _count_unread(item, unread)
                    yield from self._read(file, reader, item)
                else:
                    yield item
            yield from _told_unread(file.name, unread)

    def _read(self, file: CatalogFile, reader: WorkReader, found: Transaction) -> Iterator[Entry | Refusal]:
        lines = found.lines[1:] if found.lines[0].kind == "ACK" else found.lines
        head = lines[0] if lines else found.lines[0]
        source = Source(file.name, head.number, head.field(81, 14) if head.kind in WORKS else "")
        if found.harm:
            place = source._replace(line=found.harm.number)
            yield refused(place, "", found.harm.reason, f"{found.harm.detail}; the work is left out")
        elif head.kind in WORKS:
            yield from reader.read(source, lines)
        elif head.kind == "AGR":
            yield refused(
                source, "", "agreement", "an agreement is no work; accepted are NWR, REV, ISW and EXC"
            )


def _count_unread(found: Transaction, unread: Counter[str]) -> None:
    """Records of a work that nothing reads; those of an agreement go with its refusal."""
    if found.lines[0].kind == "AGR":
        return
    for line in found.lines:
        if line.kind not in READ:
            unread[line.kind if line.kind in KNOWN or len(unread) < _MOST_KINDS else _OTHERS] += 1


def _told_unread(file: str, unread: Counter[str]) -> Iterator[Refusal]:
    """One remark for the file, the most frequent types first."""
    if unread:
        ranked = sorted(unread.items(), key=lambda pair: (-pair[1], pair[0]))
        kinds = ", ".join(
            f"{kind if kind in KNOWN or kind == _OTHERS else repr(kind)} {n:,}" for kind, n in ranked
        )
        detail = f"{unread.total():,} records hold nothing that a catalog needs, or are not read: {kinds}"
        yield refused(Source(file), "", "not-read", detail)


def _after_header(lines: Iterator[Line | BadLine]) -> Iterator[Line | BadLine]:
    """The header was line 1."""
    for line in lines:
        yield line._replace(number=line.number + 1)


def _header(file: CatalogFile, raw: bytes) -> tuple[WorkReader, str]:
    if not _HEAD.match(raw):
        raise CatalogError(f"{file.name}, line 1: this is no header of CWR 2; accepted are CWR 2.1 and 2.2")
    line = Line(1, raw.removeprefix(b"\xef\xbb\xbf").decode("latin-1").rstrip("\r\n"))
    version = line.field(101, 3)
    if version and not version.startswith("2"):
        raise CatalogError(f"{file.name}, line 1: this is CWR {version}; accepted are CWR 2.1 and 2.2")
    name = line.field(86, 15)
    codec = CHARACTER_SETS.get(name.upper())
    if codec is None:
        accepted = ", ".join(key for key in CHARACTER_SETS if key)
        raise CatalogError(
            f"{file.name}, line 1, character set: {name!r} is not known; accepted are {accepted}"
        )
    return WorkReader(line.field(14, 45) or line.field(3, 11)), codec
