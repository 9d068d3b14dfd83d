"""Opening what signals come from: archives of robots.txt, and tables of verdicts."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from countermark.captures.robots_building import opened_archive
from countermark.compliance.judging import Judge
from countermark.compliance.verdict_table import VerdictTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from countermark.compliance.settings import Asking


@contextmanager
def open_judge(asking: Asking) -> Iterator[Judge]:
    """A judge with every source that is asked for. Raises InputError for a source that cannot be read."""
    with ExitStack() as stack:
        archive = None
        if asking.robots:
            archive = stack.enter_context(opened_archive(asking.robots))
        tables = (
            (stack.enter_context(VerdictTable(asking.verdicts, asking.agent)),) if asking.verdicts else ()
        )
        yield Judge(asking, archive, tables)
