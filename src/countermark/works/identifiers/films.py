"""Films, broadcasts and videos: ISAN, EIDR, and the identifiers of videos on YouTube.

- ISAN: ISO 15706:2002 and ISO 15706-2:2007; ISO 7064, MOD 37,36.
- EIDR: "EIDR ID Format": a DOI of the prefix 10.5240; ISO 7064, MOD 37,36.
- YouTube: no specification is published; the Data API calls the identifier an opaque string. In use are eleven signs
  of the base64 alphabet of RFC 4648, section 5, that write 64 bits, so that the last sign is one of sixteen.
"""

from __future__ import annotations

import re
from typing import Final

from stdnum.iso7064 import mod_37_36

from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.typed import compact, need_check, need_length

_HEX: Final = re.compile(r"[0-9A-F]+")
_EIDR: Final = re.compile(r"10\.5240/([0-9A-F]{20})([0-9A-Z])")
_VIDEO: Final = re.compile(r"[A-Za-z0-9_-]{10}[AEIMQUYcgkosw048]")
VIDEO_ADDRESS: Final = re.compile(
    r"(?:https?://)?(?:(?:www\.|m\.|music\.)?youtube(?:-nocookie)?\.com"
    r"/(?:watch/?\?(?:[^#]*?&)?v=|embed/|shorts/|live/|v/)|youtu\.be/)([^&#?/\s]*)(?:[&#?/].*)?",
    re.IGNORECASE,
)


def read_isan(text: str) -> Identifier:
    """An ISAN, with the version or without, as 17 or 26 signs: both check signs are there even where none was typed."""
    number = compact(text)
    need_length(number, 16, 17, 24, 25, 26)
    root, check, version, last = _parts(number)
    if not _HEX.fullmatch(root + version):
        raise IdentifierError("letters", "its digits are not all hexadecimal")
    due = mod_37_36.calc_check_digit(root)
    need_check(check or due, due)
    if not version:
        return Identifier("isan", root + due)
    due_last = mod_37_36.calc_check_digit(root + version)
    need_check(last or due_last, due_last)
    return Identifier("isan", root + due + version + due_last)


def _parts(number: str) -> tuple[str, str, str, str]:
    """Work (16 digits), its check sign, version (8 digits), and the last check sign; a check sign may be missing."""
    if len(number) in {17, 26}:
        return number[:16], number[16], number[17:25], number[25:]
    return number[:16], "", number[16:24], number[24:]


def read_eidr(text: str) -> Identifier:
    """An EIDR of content, written `10.5240/7791-8534-2C23-9030-8610-5`."""
    number = compact(text)
    if not (found := _EIDR.fullmatch(number)):
        raise IdentifierError("form", "it is not 10.5240/, twenty hexadecimal digits and a check sign")
    body, check = found[1], found[2]
    need_check(check, mod_37_36.calc_check_digit(body))
    return Identifier("eidr", f"10.5240/{'-'.join(body[at : at + 4] for at in range(0, 20, 4))}-{check}")


def read_youtube(text: str) -> Identifier:
    """The identifier of a video, or an address that holds one; capitals and small letters differ."""
    if found := VIDEO_ADDRESS.fullmatch(text):
        text = found[1]
    need_length(text, 11)
    if not _VIDEO.fullmatch(text):
        raise IdentifierError(
            "letters", "it is not ten letters, digits, - or _ and one of the last signs in use"
        )
    return Identifier("youtube", text)
