"""Counts that the site may show: the rule is `countermark.claims.suppression`'s, the same for a claim's figures."""

from __future__ import annotations

from countermark.claims.suppression import HIDDEN, SMALL, Shown, suppressed

__all__ = ["HIDDEN", "SMALL", "Shown", "suppressed"]
