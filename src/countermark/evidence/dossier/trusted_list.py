"""Trusted lists of the EU (ETSI TS 119 612, XML): which services give qualified time stamps, and since when.

The list is the one that the user gives and trusts: its own signature is not verified here.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from countermark.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

LARGEST: Final = 1 << 25
_TSL: Final = "{http://uri.etsi.org/02231/v2#}"
_QUALIFIED: Final = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST"
_GRANTED: Final = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"


def granted_services(path: Path, at: datetime) -> set[bytes]:
    """The certificates (DER) of services for qualified time stamps that were granted at the time `at`.

    Raises InputError where the file is no trusted list, is larger than 32 MiB, or declares entities.
    """
    found = set()
    for service in _root(path).iter(f"{_TSL}TSPService"):
        spells = [
            *service.findall(f"{_TSL}ServiceInformation"),
            *service.iter(f"{_TSL}ServiceHistoryInstance"),
        ]
        begun = [(when, spell) for spell in spells if (when := _begin(spell)) is not None and when <= at]
        if not begun:
            continue
        spell = max(begun, key=lambda one: one[0])[1]
        if _text(spell, "ServiceTypeIdentifier") == _QUALIFIED and _text(spell, "ServiceStatus") == _GRANTED:
            found |= _certificates(service)
    return found


def _root(path: Path) -> Element:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise InputError(f"{path}: a trusted list is smaller than {LARGEST >> 20} MiB")
        root: Element = fromstring(data, forbid_dtd=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise InputError(f"{path}: no trusted list in XML: {error}") from None
    if root.tag != f"{_TSL}TrustServiceStatusList":
        raise InputError(
            f"{path}: no trusted list: the root element is not TrustServiceStatusList (ETSI TS 119 612)"
        )
    return root


def _text(spell: Element, name: str) -> str:
    return (spell.findtext(f"{_TSL}{name}") or "").strip()


def _begin(spell: Element) -> datetime | None:
    try:
        begun = datetime.fromisoformat(_text(spell, "StatusStartingTime"))
    except ValueError:
        return None
    return begun if begun.tzinfo is not None else None


def _certificates(service: Element) -> set[bytes]:
    found = set()
    for one in service.iter(f"{_TSL}X509Certificate"):
        try:
            found.add(base64.b64decode("".join((one.text or "").split()), validate=True))
        except binascii.Error:
            continue
    return found
