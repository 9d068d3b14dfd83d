"""The elements of RSL 1.0: where each may stand, how often, and with which attributes.

From notes on sections 3.1 to 3.17 and on the Relax NG schema of Appendix A (see `vocabulary`). The schema is taken as
closed: an attribute that it does not name is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Rule:
    """One element. `often` is `many`, `once`, or `per-type`: once for each value of its `type`."""

    parent: str
    often: str = "many"
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


RULES: Final = {
    "rsl": Rule("", "once", (), ("max-age",)),
    "content": Rule("rsl", "many", ("url",), ("server", "encrypted", "lastmod")),
    "license": Rule("content"),
    "permits": Rule("license", "per-type", ("type",)),
    "prohibits": Rule("license", "per-type", ("type",)),
    "payment": Rule("license", "once", (), ("type",)),
    "standard": Rule("payment", "once"),
    "custom": Rule("payment", "once"),
    "amount": Rule("payment", "once", ("currency",)),
    "accepts": Rule("payment", "once", ("type",)),
    "reporting": Rule("license", "many", ("type", "profile"), ("endpoint",)),
    "legal": Rule("license", "per-type", ("type",)),
    "alternate": Rule("content", "many", (), ("type",)),
    "schema": Rule("content", "once", (), ("type",)),
    "copyright": Rule("content", "once", (), ("type", "contactEmail", "contactUrl")),
    "terms": Rule("content", "once"),
}


def inside(parent: str) -> list[str]:
    """The elements that may stand in `parent`."""
    return [name for name, rule in RULES.items() if rule.parent == parent]
