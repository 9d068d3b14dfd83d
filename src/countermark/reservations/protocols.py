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
    """One protocol. `rule` names the function that settles conflicts, `module:function`; "" is the most restrictive.

    `reads` and `writes` are where it is read from and written to; `at_capture` what of it a crawl archive can hold.
    `validator` names the function behind `countermark reserve validate`, "" if there is none.
    """

    name: str
    label: str
    version: str
    source: str
    reads: tuple[str, ...]
    writes: tuple[str, ...] = ()
    at_capture: tuple[str, ...] = ()
    validator: str = ""
    rule: str = ""


PROTOCOLS: Final = {
    facts.name: facts
    for facts in (
        ProtocolFacts(
            "robots",
            "robots.txt",
            "RFC 9309 (2022-09)",
            "https://www.rfc-editor.org/rfc/rfc9309",
            reads=("robots.txt",),
            writes=("robots.txt",),
            at_capture=("robots.txt",),
            validator="countermark.reservations.robots:hazards",
        ),
        ProtocolFacts(
            "aipref",
            "AIPREF",
            "vocab-08 (2026-09-14), attach-05 (2026-08-19); drafts",
            "https://github.com/ietf-wg-aipref/drafts",
            reads=("robots.txt", "header"),
            writes=("robots.txt", "header"),
            at_capture=("robots.txt", "header"),
        ),
        ProtocolFacts(
            "tdmrep",
            "TDMRep",
            "W3C Community Group report (2024-05-10)",
            "https://www.w3.org/community/reports/tdmrep/CG-FINAL-tdmrep-20240510/",
            reads=("tdmrep.json", "header", "meta", "EPUB 2 and 3", "PDF", "XMP", "ODRL policy"),
            writes=("tdmrep.json", "header", "meta", "EPUB 2 and 3", "PDF", "XMP", "ODRL policy"),
            at_capture=("tdmrep.json", "header", "meta", "EPUB 2 and 3", "PDF", "XMP"),
            validator="countermark.reservations.tdmrep:validate_well_known",
            rule="countermark.reservations.tdmrep:resolve",
        ),
        ProtocolFacts(
            "rsl",
            "RSL",
            "1.0 (2025-12-10)",
            "https://rslstandard.org/rsl",
            reads=("robots.txt", "Link header", "link", "script", "RSS", "XML terms"),
            writes=("robots.txt", "Link header", "XML terms"),
            at_capture=("robots.txt", "Link header", "link", "script"),
            validator="countermark.reservations.rsl:validate",
            rule="countermark.reservations.rsl:resolve",
        ),
        ProtocolFacts(
            "content-signals",
            "Content Signals",
            "policy of 2025-09-24",
            "https://contentsignals.org",
            reads=("robots.txt", "header"),
            writes=("robots.txt",),
            at_capture=("robots.txt", "header"),
        ),
        ProtocolFacts(
            "noai",
            "noai, noimageai",
            "DeviantArt (2022-11)",
            "https://www.deviantart.com/team/journal",
            reads=("meta", "header"),
            writes=("meta", "header"),
            at_capture=("meta", "header"),
        ),
        ProtocolFacts(
            "cawg",
            "CAWG training and data mining",
            "1.1 (2025-05-16); C2PA 1.x",
            "https://cawg.io/training-and-data-mining/1.1/",
            reads=("signed manifest",),
            writes=("signed manifest",),
            at_capture=("signed manifest",),
        ),
        ProtocolFacts(
            "iptc-plus",
            "IPTC/PLUS Data Mining",
            "IPTC Photo Metadata 2023.1",
            "https://iptc.org/standards/photo-metadata/iptc-standard/",
            reads=("XMP",),
            writes=("XMP",),
            at_capture=("XMP",),
        ),
        ProtocolFacts(
            "onix",
            "ONIX usage constraints",
            "code lists issue 73 (2026-04)",
            "https://ns.editeur.org/onix/",
            reads=("ONIX record",),
        ),
        ProtocolFacts(
            "ai-txt",
            "ai.txt",
            "Spawning (2023-05-30)",
            "https://spawning.ai/ai-txt",
            reads=("ai.txt",),
            writes=("ai.txt",),
            at_capture=("ai.txt",),
        ),
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
