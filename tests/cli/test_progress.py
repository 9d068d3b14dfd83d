"""What a terminal is shown: texts from outside, and who is at work."""

from __future__ import annotations

from countermark.cli.progress import printable
from countermark.cli.scan import _show
from countermark.scan import ScanProgress


def test_french_spaces_are_shown_and_escapes_are_not() -> None:
    """A title keeps its no-break spaces; what steers a terminal is replaced."""
    assert (
        printable("«\u00a0Quai\u202f!\u00a0»: \u202e\x1b[2J") == "«\u00a0Quai\u202f!\u00a0»: \ufffd\ufffd[2J"
    )


def test_who_is_at_work_on_a_cluster_is_shown() -> None:
    """Nodes and workers stand in the note, where a runner tells them."""
    told: list[str] = []

    class Display:
        def show(self, _done: int, _total: int, *, fresh: int, note: str) -> None:
            told.append(note)

    for nodes, slots in ((0, 0), (1, 1), (2, 16)):
        _show(Display(), ScanProgress(1, 2, 1, 3, 1000, 1, 0, nodes, slots), None)
    assert told == [
        "3 of 1,000 shards, 1 finding",
        "3 of 1,000 shards, 1 finding, 1 worker on 1 node",
        "3 of 1,000 shards, 1 finding, 16 workers on 2 nodes",
    ]
