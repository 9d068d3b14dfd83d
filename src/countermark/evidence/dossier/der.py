"""The little of DER (ITU-T X.690) that a time stamp needs: RFC 3161 tokens, read without trusting any length.

`rfc3161-client` shows neither the extensions of a token nor anything of one whose certificates stand out of order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

INTEGER: Final = 0x02
OCTETS: Final = 0x04
OID: Final = 0x06
TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31
CONTEXT_0: Final = 0xA0
CONTEXT_1: Final = 0xA1
LONGEST_OID: Final = 256
"""Bytes; the time that an identifier takes grows with their square."""
LONGEST_NUMBER: Final = 64
"""Bytes of a serial number, a nonce or an accuracy; RFC 5280 allows serials of 20."""
QC_STATEMENTS: Final = "1.3.6.1.5.5.7.1.3"
QTST_STATEMENT: Final = "0.4.0.19422.1.1"
"""esi4-qtstStatement-1: the token says that it is a qualified one (ETSI EN 319 422, clause 9.1)."""


class Value(NamedTuple):
    """One value: its tag, its content, and the bytes of both with the length."""

    tag: int
    content: bytes
    whole: bytes


@dataclass(frozen=True, slots=True)
class Token:
    """What a granted response says. `accuracy` is in microseconds, None where it is not said."""

    policy: str
    algorithm: str
    imprint: bytes
    serial: int
    time: datetime
    accuracy: int | None
    nonce: int | None
    claims_qualified: bool
    certificates: tuple[bytes, ...]
    signer: tuple[bytes, int]


def values(data: bytes) -> Iterator[Value]:
    """The values that stand one after the other in `data`. Raises ValueError."""
    at = 0
    while at < len(data):
        if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
            raise ValueError("cut off, or with a tag that is not known")
        length, start = data[at + 1], at + 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4 or start + count > len(data):
                raise ValueError("with a length that is not DER")
            length, start = int.from_bytes(data[start : start + count]), start + count
        if start + length > len(data):
            raise ValueError("cut off")
        yield Value(data[at], data[start : start + length], data[at : start + length])
        at = start + length


def inside(value: Value, tag: int) -> list[Value]:
    """The values in `value`, which must have the tag. Raises ValueError."""
    if value.tag != tag:
        raise ValueError("with other fields than RFC 3161 says")
    return list(values(value.content))


def only(data: bytes) -> Value:
    """The one value that `data` is. Raises ValueError."""
    found = list(values(data))
    if len(found) != 1:
        raise ValueError("with bytes after its end")
    return found[0]


def oid(value: Value) -> str:
    """An object identifier in dots."""
    if value.tag != OID or not value.content or len(value.content) > LONGEST_OID:
        raise ValueError("without an object identifier where one belongs")
    numbers, number = [], 0
    for byte in value.content:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def integer(value: Value) -> int:
    """A whole number."""
    if value.tag not in (INTEGER, 0x80, 0x81):
        raise ValueError("without a number where one belongs")
    if len(value.content) > LONGEST_NUMBER:
        raise ValueError("with a number that is longer than any authority writes")
    return int.from_bytes(value.content, signed=True)


def read_token(response: bytes) -> Token:
    """The token of a response (RFC 3161, section 2.4.2). Raises ValueError, also for a refusal."""
    try:
        return _read(response)
    except IndexError:
        raise ValueError("with fewer fields than RFC 3161 says") from None


def _read(response: bytes) -> Token:
    fields = inside(only(response), SEQUENCE)
    status = integer(inside(fields[0], SEQUENCE)[0])
    if status not in (0, 1) or len(fields) < 2:
        raise ValueError(f"a refusal by the authority (status {status})")
    signed = inside(inside(inside(fields[1], SEQUENCE)[1], CONTEXT_0)[0], SEQUENCE)
    octets = inside(inside(signed[2], SEQUENCE)[1], CONTEXT_0)[0]
    if octets.tag != OCTETS:
        raise ValueError("without a token")
    embedded = [
        one.whole for value in signed[3:-1] if value.tag == CONTEXT_0 for one in values(value.content)
    ]
    signers = inside(signed[-1], SET)
    if len(signers) != 1:
        raise ValueError(f"with {len(signers)} signers, where one belongs")
    issuer, serial = inside(inside(signers[0], SEQUENCE)[1], SEQUENCE)
    return _token(inside(only(octets.content), SEQUENCE), tuple(embedded), (issuer.whole, integer(serial)))


def _token(info: list[Value], certificates: tuple[bytes, ...], signer: tuple[bytes, int]) -> Token:
    imprint = inside(info[2], SEQUENCE)
    accuracy, nonce, qualified = None, None, False
    for value in info[5:]:
        if value.tag == SEQUENCE:
            accuracy = _accuracy(value)
        elif value.tag == INTEGER:
            nonce = integer(value)
        elif value.tag == CONTEXT_1:
            qualified = _claims_qualified(value)
    return Token(
        policy=oid(info[1]),
        algorithm=oid(inside(imprint[0], SEQUENCE)[0]),
        imprint=imprint[1].content,
        serial=integer(info[3]),
        time=_time(info[4]),
        accuracy=accuracy,
        nonce=nonce,
        claims_qualified=qualified,
        certificates=certificates,
        signer=signer,
    )


def _time(value: Value) -> datetime:
    text = value.content.decode("ascii")
    if value.tag != TIME or not text.endswith("Z"):
        raise ValueError("without a time in UTC")
    whole, _, fraction = text[:-1].partition(".")
    moment = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return moment.replace(microsecond=int(fraction[:6].ljust(6, "0")) if fraction else 0)


def _accuracy(value: Value) -> int:
    unit = {INTEGER: 1_000_000, 0x80: 1_000, 0x81: 1}
    return sum(integer(part) * unit.get(part.tag, 0) for part in values(value.content))


def _claims_qualified(extensions: Value) -> bool:
    for extension in values(extensions.content):
        parts = inside(extension, SEQUENCE)
        if oid(parts[0]) == QC_STATEMENTS:
            statements = inside(only(parts[-1].content), SEQUENCE)
            return any(oid(inside(one, SEQUENCE)[0]) == QTST_STATEMENT for one in statements)
    return False
