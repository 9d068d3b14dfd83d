"""Which texts are accepted as a recipient: one address, and nothing to make a header or an SMTP command of."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 254  # RFC 5321, section 4.5.3.1.3
# dot-atom @ domain in ASCII (RFC 5321, section 4.1.2); quoted local parts and address literals are not accepted
SINGLE: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")


def is_deliverable(address: str) -> bool:
    """Whether `address` is one plain address that can be written into an envelope as it stands."""
    return len(address) <= LONGEST and SINGLE.fullmatch(address) is not None
