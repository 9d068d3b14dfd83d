"""Opening what signals come from: archives of robots.txt, and tables of verdicts."""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from countermark.captures.robots_archive import RobotsArchive
from countermark.captures.robots_building import is_archive, make_archive
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
            archive = stack.enter_context(closing(RobotsArchive(_archive_of(asking.robots, stack))))
        tables = (
            (stack.enter_context(VerdictTable(asking.verdicts, asking.agent)),) if asking.verdicts else ()
        )
        yield Judge(asking, archive, tables)


def _archive_of(sources: tuple[Path, ...], stack: ExitStack) -> Path:
    """The archive that was given, or one made of WARC files for this run."""
    if len(sources) == 1 and is_archive(sources[0]):
        return sources[0]
    folder = stack.enter_context(TemporaryDirectory(prefix="countermark-robots-"))
    path = Path(folder) / "robots.archive"
    make_archive(sources, path)
    return path
