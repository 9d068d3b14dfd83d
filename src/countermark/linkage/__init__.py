"""Linkage: which works of a catalog a listing of titles, identifiers or addresses names.

`run_link(LinkSettings(…), works)` links into a run folder or goes on where an earlier run ended; `conclude` writes its
tables and its summary. What is found by name is a lead: a name is not proof.
"""

from __future__ import annotations

from countermark.linkage.run import plan_link, run_link
from countermark.linkage.settings import LinkOutcome, LinkPlan, LinkProgress, LinkSettings
from countermark.linkage.summary import conclude

__all__ = ["LinkOutcome", "LinkPlan", "LinkProgress", "LinkSettings", "conclude", "plan_link", "run_link"]
