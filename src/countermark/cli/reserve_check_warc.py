"""`countermark reserve check FILE.warc.gz`: the answers of a crawl archive's records, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.cli.reserve_check_sources import Checked

if TYPE_CHECKING:
    from pathlib import Path

    from countermark.cli.reserve_check import Asking


def check_warc(path: Path, asking: Asking) -> list[Checked]:
    """Judge each record by what stands in it; `reserve at-capture` adds the crawl's robots.txt. Raises CorpusError."""
    from countermark.captures.at_capture import ANSWERS, COLUMNS, at_capture
    from countermark.captures.judging import CaptureJudge
    from countermark.cli.progress import counted
    from countermark.corpus.listing import list_shards
    from countermark.media import Refusal
    from countermark.reservations.use import Answer

    places = [COLUMNS.index(name) for name in ANSWERS]
    url = COLUMNS.index("record_url")
    found = []
    for agent in asking.agents or ("*",):
        checked, refused = Checked(str(path), None), 0
        for shard in list_shards([path]):
            if isinstance(shard, Refusal):
                checked.notes.append(f"{shard.where}: {shard.detail}")
                continue
            for batch in at_capture(shard, CaptureJudge(None, agent)):
                refused += len(batch.refused)
                for row in batch.rows:
                    answers = tuple(Answer(row[place]) for place in places)
                    checked.files.setdefault(answers, []).append(row[url])
        if refused:
            checked.notes.append(
                f"{counted(refused, 'record')} without a verdict; reserve at-capture says why"
            )
        found.append(checked)
    return found
