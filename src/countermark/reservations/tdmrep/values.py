"""What the techniques share: the two values, policies, and how they become statements."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from countermark.reservations.statement import Gathering
from countermark.reservations.use import Answer, Use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target

PROTOCOL: Final = "tdmrep"
REVISION: Final = "2024-05-10"
USES: Final = (Use.TDM, Use.TRAIN, Use.GENERATIVE)
RANKS: Final = {"well-known": 0, "header": 1, "html": 2, "epub": 3, "pdf": 3, "xmp": 3}
"""The steps of "Processing priority", by technique."""

_MAX_ADDRESS: Final = 4_096
_UNFIT: Final = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\ud800-\udfff]")

Said = tuple[str, bytes]
"""A value and the bytes that it was read from."""


def read_value(value: str) -> int | None:
    """1 or 0 of a `tdm-reservation` written as text; None for anything else, which counts as not said."""
    return {"1": 1, "0": 0}.get(value.strip())


def gathering(place: Place) -> Gathering:
    """A reading of this protocol in the making."""
    return Gathering(PROTOCOL, place, REVISION)


def base_of(target: Target, place: Place) -> str:
    """What a relative policy is relative to: where it was read, else what was asked about."""
    return place.where if "://" in place.where else target.url


def policy_address(policy: object, base: str = "") -> str:
    """The absolute address (http or https) of a policy, "" where it has none."""
    if not isinstance(policy, str) or not policy or len(policy) > _MAX_ADDRESS or _UNFIT.search(policy):
        return ""
    try:
        address = urljoin(base, policy) if base else policy
        parts = urlsplit(address)
        fit = parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return address if fit else ""


def policy_of(gathered: Gathering, technique: str, policy: str, base: str, line: int = 0) -> str:
    """The address of a policy; a remark where it was not absolute, or is no address at all."""
    address = policy_address(policy, base)
    if not address:
        gathered.remark("policy-unusable", line, technique=technique, value=policy)
    elif address != policy:
        gathered.remark("policy-relative", line, technique=technique, value=policy, address=address)
    return address


def tell(
    gathered: Gathering, technique: str, values: Sequence[Said], policies: Sequence[Said], base: str
) -> None:
    """Statements of one step that says its values as text, with what is wrong with them.

    The specification does not say what two values of one step come to: the more restrictive is taken, and told. A
    policy without a reservation says nothing by itself; it is kept as an `unknown` with its terms, since it supersedes
    the policy of an earlier step.
    """
    terms = _policy(gathered, technique, policies, base)
    known: dict[int | None, list[bytes]] = {1: [], 0: [], None: []}
    for value, raw in values:
        known[read_value(value)].append(raw)
        if read_value(value) is None:
            gathered.remark("value", technique=technique, value=value, doubt=bool(value.strip()))
    if len(values) > 1:
        gathered.remark("repeated", technique=technique, values=", ".join(value for value, _ in values))
    rank = RANKS[technique]
    if known[1]:
        answer = Answer.CONDITIONAL if terms else Answer.RESERVED
        gathered.say(technique, USES, answer, known[1][0], terms=terms, rank=rank)
    elif known[0]:
        gathered.say(technique, USES, Answer.ALLOWED, known[0][0], rank=rank)
        if policies:
            gathered.remark("policy-without-use", technique=technique, value=policies[0][0])
    elif policies:
        gathered.remark("policy-alone", technique=technique, value=policies[0][0])
        if terms:
            gathered.say(technique, USES, Answer.UNKNOWN, policies[0][1], terms=terms, rank=rank)


def _policy(gathered: Gathering, technique: str, policies: Sequence[Said], base: str) -> str:
    """The first policy that has an address."""
    addresses = list(
        dict.fromkeys(
            address for policy, _ in policies if (address := policy_of(gathered, technique, policy, base))
        )
    )
    if len(addresses) > 1:
        gathered.remark("policies", technique=technique, values=" ".join(addresses))
    return addresses[0] if addresses else ""
