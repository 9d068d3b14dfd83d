r"""What stands in the cells of exported tables, so that spreadsheets run nothing and everything comes back exactly.

A cell that a spreadsheet could take for a formula (it begins with `=`, `+`, `-`, `@`, a full-width form of them, a tab
or a line end) gets an apostrophe before it, and so does one that begins with an apostrophe: taking one away gives back
what was. Several values of one cell are divided by `; `, the parts of one by ` | `; a backslash stands before `;`, `|`
and `\` that are text. A control character, which could steer the terminal that shows the file, becomes U+FFFD: the only
thing that does not come back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from countermark.works.identifiers import Identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RISKY: Final = tuple("=+-@\t\r\n'＝＋－＠")
_STEERING: Final = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters but tab and line feed, the overrides of the direction of writing, and halves of characters."""
_SPECIAL: Final = re.compile(r"([\\;|])")
_TOKEN: Final = re.compile(r"\\(.)|( \| )|(; )|(.)", re.DOTALL)


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula and no terminal for a command."""
    if not cell.isprintable():
        cell = _STEERING.sub("\ufffd", cell)
    return f"'{cell}" if cell.startswith(_RISKY) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given, but for what steers a terminal."""
    return cell[1:] if cell.startswith("'") else cell


def pack(values: Iterable[Sequence[str]]) -> str:
    """Several values, each of several parts, in one cell; an empty part is kept."""
    return "; ".join(" | ".join(_SPECIAL.sub(r"\\\1", part) for part in parts) for parts in values)


def unpack(cell: str) -> list[list[str]]:
    """What `pack` was given; an empty cell has no value."""
    if not cell:
        return []
    values: list[list[list[str]]] = [[[]]]
    for escaped, part, value, plain in _TOKEN.findall(cell):
        if value:
            values.append([[]])
        elif part:
            values[-1].append([])
        else:
            values[-1][-1].append(escaped or plain)
    return [["".join(letters) for letters in parts] for parts in values]


def identifier_text(identifier: Identifier) -> str:
    """`isbn:978…`; in `own:ISSUER:KEY` a colon of the issuer is written %3A."""
    scheme, value = identifier
    if scheme.startswith("own:"):
        issuer = scheme[4:].replace("%", "%25").replace(":", "%3A")
        return f"own:{issuer}:{value}"
    return f"{scheme}:{value}"


def read_identifier_text(text: str) -> Identifier:
    """What `identifier_text` was given. Raises ValueError where it is none."""
    scheme, colon, value = text.partition(":")
    if scheme == "own":
        issuer, colon, value = value.partition(":")
        scheme = f"own:{unquote(issuer)}"
    if not colon or not scheme or not value:
        raise ValueError(f"{text[:60]!r} is no identifier; SCHEME:VALUE is accepted")
    return Identifier(scheme, value)
