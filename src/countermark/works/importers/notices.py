"""What a copyright notice says: who is named as owner, and which open licence."""

from __future__ import annotations

import re
from typing import Final

from countermark.works.importers.names import one_line

_MARK: Final = r"(?:©|\(c\)|℗|\(p\)|copyright|copr\.?|droits?\s+d['’]auteur)"
_YEARS: Final = r"(?:\d{4}(?:\s*[-–—/,]\s*(?:\d{4}|\d{2}|present|today))*)"
_HEAD: Final = re.compile(rf"(?i)(?:{_MARK}|[\s,:;.\-–—]|by\b|{_YEARS})+")
_RESERVED: Final = re.compile(
    r"(?i)[\s.,;:\-–—|/(]*(?:all\s+rights?\s+reserved|tous\s+droits\s+réservés|alle\s+rechte\s+vorbehalten"
    r"|todos\s+los\s+derechos\s+reservados|tutti\s+i\s+diritti\s+riservati|rights\s+reserved).*"
)
_SIGNS: Final = " ,.;:|-–—"
_LAST_YEARS: Final = re.compile(rf"(?<=[\s,.;:|\-–—]){_YEARS}$")
_COMMONS: Final = re.compile(
    r"(?i)https?://(?:www\.)?creativecommons\.org/(?:licenses/([a-z-]{2,20})/(\d\.\d)|publicdomain/(zero|mark)/(\d\.\d))"
)
_COMMONS_NAME: Final = re.compile(
    r"(?i)(?<![\w-])(?:cc|creative\s+commons)[\s-]*(by(?:[\s-](?:nc|nd|sa)){0,2}|zero|0)[\s-]*(\d\.\d)?(?![\w.]\w)"
)


def owner_in(notice: str) -> str:
    """The owner that a notice such as `© 2021–2023 Le Courrier du Val. Tous droits réservés.` names, or nothing.

    Only a notice with the word or the sign of copyright names an owner: a line such as `see our terms` names nobody.
    """
    text = one_line(notice)
    marked = re.search(f"(?i){_MARK}", text)
    if marked is None or marked.start() > 40:
        return ""
    head = _HEAD.match(text)
    text = text[head.end() :] if head else text[: marked.start()]  # `Le Courrier du Val © 2021`
    text = _RESERVED.sub("", text)
    text = _LAST_YEARS.sub("", text.rstrip(_SIGNS)).strip(_SIGNS)
    return text[:300] if any(c.isalpha() for c in text) else ""


def open_licence(text: str) -> str:
    """The Creative Commons licence that a text or an address names, in SPDX's form (`CC-BY-NC-4.0`), or nothing.

    A licence named without its version is given without it (`CC-BY`). The public domain mark is `CC-PDM-1.0`.
    """
    if found := _COMMONS.search(text[:10_000]):
        if found[3]:
            return f"{'CC0' if found[3].lower() == 'zero' else 'CC-PDM'}-{found[4]}"
        return f"CC-{found[1].upper()}-{found[2]}"
    if found := _COMMONS_NAME.search(text[:10_000]):
        kind = re.sub(r"[\s-]+", "-", found[1].upper())
        version = f"-{found[2]}" if found[2] else ""
        return f"CC0{version}" if kind in {"ZERO", "0"} else f"CC-{kind}{version}"
    return ""
