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


def _notes(*crews: tuple[float, ...]) -> list[str]:
    """The notes that are shown for such crews, and so long a silence."""
    told: list[str] = []

    class Display:
        def show(self, _done: int, _total: int, *, fresh: int, note: str) -> None:
            told.append(note)

    for crew in crews:
        _show(Display(), ScanProgress(1, 2, 1, 3, 1000, 1, 0, *crew), None)  # type: ignore[arg-type]
    return told


def test_who_is_at_work_on_a_cluster_is_shown() -> None:
    """Nodes and workers stand in the note, where a runner tells them."""
    assert _notes((0, 0), (1, 1), (2, 16)) == [
        "3 of 1,000 shards, 1 finding",
        "3 of 1,000 shards, 1 finding, 1 worker on 1 node",
        "3 of 1,000 shards, 1 finding, 16 workers on 2 nodes",
    ]


def test_what_a_cluster_waits_for_is_shown() -> None:
    """Nodes that must start, nodes that get ready, and a minute in which nothing was read."""
    begun = "3 of 1,000 shards, 1 finding"
    assert _notes((0, 0, 0, 1), (0, 0, 2, 0), (1, 4, 0, 0, 59), (1, 4, 0, 0, 65), (0, 0, 1, 0, 65)) == [
        f"{begun}, waiting for 1 node with free cores",
        f"{begun}, 2 nodes getting the index and the kernels",
        f"{begun}, 4 workers on 1 node",
        f"{begun}, 4 workers on 1 node, nothing read for 1 min 05 s: other programs may have the cores",
        f"{begun}, 1 node getting the index and the kernels",
    ]
