"""What a file's content says of itself: ISCC.

ISO 24138:2024 (a header of four fields, then the body; in an ISCC-CODE the length field says which units it holds).
There is no check digit; the header must fit the length of the body.
"""

from __future__ import annotations

import base64
import re
from typing import Final

from countermark.works.identifiers.identifier import Identifier, IdentifierError
from countermark.works.identifiers.typed import compact

_BASE32: Final = re.compile(r"[A-Z2-7]{10,80}")
_CODE, _ID = 5, 6  # main types whose length field is read in another way
_WIDE: Final = 7  # the subtype of an ISCC-CODE of two units of 128 bits


def read_iscc(text: str) -> Identifier:
    """An ISCC-UNIT, ISCC-CODE or ISCC-ID in base32, without its prefix `ISCC:`."""
    code = compact(text)
    if not _BASE32.fullmatch(code):
        raise IdentifierError("letters", "it is not 10 to 80 of the letters A to Z and the digits 2 to 7")
    padded = code + "=" * (-len(code) % 8)
    try:
        data = base64.b32decode(padded)
    except ValueError:
        raise IdentifierError("length", f"{len(code)} signs are no base32") from None
    if base64.b32encode(data).decode() != padded:
        raise IdentifierError("form", "its last sign holds bits that belong to nothing")
    _need_body(data)
    return Identifier("iscc", code)


def _need_body(data: bytes) -> None:
    main, subtype, length = data[0] >> 4, data[0] & 15, data[1] & 15
    if main > 7 or subtype > 7 or data[1] >> 4 > 7 or length > 7:
        raise IdentifierError("form", "its header has no known type")
    if main == _CODE:
        bits = 256 if subtype == _WIDE else 128 + 64 * length.bit_count()
    elif main == _ID:
        bits = 64 + 8 * length
    else:
        bits = 32 * (length + 1)
    if len(data) != 2 + bits // 8:
        raise IdentifierError(
            "length", f"its header promises {bits} bits, its body has {8 * (len(data) - 2)}"
        )
