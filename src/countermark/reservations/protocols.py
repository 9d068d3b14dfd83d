"""The protocols that are known: name, version, source, and how each settles what it says twice.

The table in docs/reference/reservations.md is made from this file. `resolve` takes the statements of one protocol about
one use of one target and returns those that stand; the others are overruled. Loaded only when it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from countermark.reservations.use import strictest, strictness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.reservations.statement import Remark, Statement


class Resolve(Protocol):
    """The rule of precedence within one protocol."""

    def __call__(self, statements: Sequence[Statement]) -> tuple[Sequence[Statement], Sequence[Remark]]:
        """The statements that stand (all with one answer), and what is to be told of those that do not."""
        ...


@dataclass(frozen=True, slots=True)
class ProtocolFacts:
    """One protocol. `rule` names the function that settles conflicts, `module:function`; "" is the most restrictive."""

    name: str
    label: str
    version: str
    source: str
    rule: str = ""


_TDMREP: Final = "countermark.reservations.tdmrep:resolve"
_RSL: Final = "countermark.reservations.rsl:resolve"

PROTOCOLS: Final = {
    facts.name: facts
    for facts in (
        ProtocolFacts("robots", "robots.txt", "RFC 9309 (2022-09)", "https://www.rfc-editor.org/rfc/rfc9309"),
        ProtocolFacts(
            "aipref",
            "AIPREF",
            "vocab-08 (2026-09-14), attach-05 (2026-08-19); drafts",
            "https://github.com/ietf-wg-aipref/drafts",
        ),
        ProtocolFacts(
            "tdmrep",
            "TDMRep",
            "W3C Community Group report (2024-05-10)",
            "https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/",
            _TDMREP,
        ),
        ProtocolFacts("rsl", "RSL", "1.0 (2025-12-10)", "https://rslstandard.org/rsl", _RSL),
        ProtocolFacts(
            "content-signals", "Content Signals", "policy of 2025-09-24", "https://contentsignals.org"
        ),
        ProtocolFacts(
            "noai", "noai, noimageai", "DeviantArt (2022-11)", "https://www.deviantart.com/team/journal"
        ),
        ProtocolFacts(
            "cawg",
            "CAWG training and data mining",
            "1.1 (2025-05-16); C2PA 1.x",
            "https://cawg.io/training-and-data-mining/1.1/",
        ),
        ProtocolFacts(
            "iptc-plus",
            "IPTC/PLUS Data Mining",
            "IPTC Photo Metadata 2023.1",
            "https://iptc.org/standards/photo-metadata/iptc-standard/",
        ),
        ProtocolFacts(
            "onix", "ONIX usage constraints", "code lists issue 73 (2026-04)", "https://ns.editeur.org/onix/"
        ),
        ProtocolFacts("ai-txt", "ai.txt", "Spawning (2023-05-30)", "https://spawning.ai/ai-txt"),
    )
}


def most_restrictive(statements: Sequence[Statement]) -> tuple[Sequence[Statement], Sequence[Remark]]:
    """The statements with the most restrictive answer."""
    answer = strictest(statement.answer for statement in statements)
    return [s for s in statements if strictness(s.answer) == strictness(answer)], ()


@cache
def rule_of(protocol: str) -> Resolve:
    """The rule of a protocol by name; the most restrictive for one that has none of its own."""
    rule = PROTOCOLS[protocol].rule if protocol in PROTOCOLS else ""
    if not rule:
        return most_restrictive
    module, _, name = rule.partition(":")
    found: Resolve = getattr(import_module(module), name)
    return found
