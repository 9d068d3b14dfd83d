"""What cells say: shares with decimal commas, yes and no, names and roles.

Every reader raises ValueError with what is accepted; none of them guesses.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from countermark.works.importers.names import given_first, one_line
from countermark.works.importers.table.fields import PEOPLE, field_of, fold

_YES: Final = frozenset(
    [
        "yes",
        "y",
        "true",
        "1",
        "oui",
        "o",
        "vrai",
        "ja",
        "j",
        "wahr",
        "si",
        "s",
        "x",
        "exclusive",
        "exclusif",
        "exclusiva",
        "exklusiv",
    ]
)
_NO: Final = frozenset(
    {
        *["no", "n", "false", "0", "non", "faux", "nein", "falsch"],
        "non exclusive",
        "non exclusif",
        "nicht exklusiv",
    }
)


def read_share(text: str) -> Decimal:
    """A share in per cent: `33,33 %`, `50`, `1/3`."""
    written = "".join(text.split())
    accepted = "a share from 0 to 100 % is accepted, as in 33.33 % or 1/3"
    if found := re.fullmatch(r"(\d{1,4})/(\d{1,4})", written, re.ASCII):
        if not int(found[2]) or int(found[1]) > int(found[2]):
            raise ValueError(f"{text!r} is no share; {accepted}")
        return round(Decimal(int(found[1])) * 100 / int(found[2]), 6)
    number = written.rstrip("%").replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(?:\.\d{1,10})?", number, re.ASCII):
        raise ValueError(f"{text[:40]!r} is no share; {accepted}")
    share = Decimal(number)
    if share > 100:
        raise ValueError(f"{text!r} is more than the whole; {accepted}")
    if 0 < share <= 1 and not written.endswith("%"):
        raise ValueError(f"{text!r} may be a fraction or per cent; write {share * 100:f} % or {share:f} %")
    return share


def read_flag(text: str) -> bool:
    """Yes or no, in four languages."""
    word = fold(text)
    if word not in _YES | _NO:
        raise ValueError(f"{text[:40]!r} is neither yes nor no")
    return word in _YES


_FEAT: Final = re.compile(r"(?i)[(\[]?\b(?:feat\.?|ft\.?|featuring)[ \n](?P<who>[^)\]]+)[)\]]?")
_SEPARATORS: Final = re.compile(r"[;|\n]")
_AND: Final = re.compile(r" (?:&|and|et|und|y) ", re.IGNORECASE)


def read_names(text: str, role: str) -> list[str]:
    """The people of a cell, given names first: `Dupont, Jean; Zoé Martin & Luc Petit` are three.

    Those who perform are divided at semicolons and `feat.` only: `Simon & Garfunkel` is one name. Commas divide names
    where there are two or more and each part has a given name; one comma stands between family and given name.
    """
    # Folded first: white space in a row would make the expressions quadratic.
    text = "\n".join(" ".join(line.split()) for line in text.splitlines())
    if role == "performer" and (found := _FEAT.search(text)):
        text = f"{text[: found.start()]};{found['who']};{text[found.end() :]}"
    names: list[str] = []
    for part in _SEPARATORS.split(text):
        whole = [part] if role == "performer" else _AND.split(part)
        for name in whole:
            pieces = [piece.strip() for piece in name.split(",")]
            many = len(pieces) > 2 and all(" " in piece for piece in pieces)
            names += pieces if many and role != "performer" else [name]
    turned = (
        one_line(name, 500) if role == "performer" else given_first(one_line(name, 500)) for name in names
    )
    return [name for name in dict.fromkeys(turned) if name]


_ROLES: Final = {
    "c": "composer",
    "a": "lyricist",
    "ar": "arranger",
    "a01": "author",
    "b01": "editor",
    "b06": "translator",
}
_ROLES_LATER: Final = {
    "a12": "illustrator",
    "a13": "photographer",
    "words": "lyricist",
    "text": "author",
    "music": "composer",
}


def read_role(text: str) -> str:
    """A role, from its name in four languages or its code (CWR, ONIX list 17)."""
    word = fold(text)
    found = _ROLES.get(word) or _ROLES_LATER.get(word) or field_of(text)
    if found not in PEOPLE:
        raise ValueError(f"{text[:40]!r} is no role; accepted: {', '.join(PEOPLE)}")
    return found
