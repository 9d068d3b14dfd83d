"""The conclusion of a run of recordings: works.parquet, recordings.parquet and summary.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow.compute

from countermark.evidence.exhibits.conclusion import bounds, conclude_exhibits, controls_with
from countermark.evidence.listening.recordings import RECORDINGS, judge_recordings
from countermark.evidence.run_folder import open_run, read_json
from countermark.evidence.summary import FORMAT, searched_facts

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from countermark.evidence.run_folder import RunFolder

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

IN_PART: Final = "damaged"
"""The reason of the refusals that say that a recording was searched in part."""


def conclude_recordings(run: RunFolder) -> dict[str, Any]:
    """Write works.parquet, recordings.parquet and summary.json into the folder of a run of recordings.

    Returns the summary. The same run folder gives the same bytes. Raises RunError when the folder is damaged,
    OutputError when it cannot be written.
    """
    searched = _searched(run)

    def more(works: pa.Table, found: pa.Table) -> dict[str, Any]:
        mine = found.filter(pc.and_(pc.invert(found["is_control"]), _heard(found)))
        hints, trials = controls_with(works, "resembles"), int(pc.sum(works["is_control"]).as_py() or 0)
        return {
            "findings": {"tracks": mine.group_by(["shard", "row", "record_track"]).aggregate([]).num_rows},
            "controls": {"resembles_only": hints, "hints": bounds(hints, trials)},
            "comparisons": _comparisons(run, searched),
            "hints_compared": searched.pop("hints_compared"),
            "compositions": run.settings.get("listening", {}).get("compositions") is True,
        }

    return conclude_exhibits(run, judge_recordings(run), searched, more)


def recordings_summary(run: Path) -> dict[str, Any]:
    """The summary of a run of recordings as it stands; concluded anew where it is missing or outdated."""
    folder = open_run(run)
    if all(
        (run / name).exists() for name in ("summary.json", "works.parquet", RECORDINGS.files["recordings"])
    ):
        summary = read_json(run / "summary.json")
        made = summary.get("format"), summary.get("run_digest"), summary.get("medium")
        if made == (FORMAT, folder.digest, str(RECORDINGS.medium)):
            return summary
    return conclude_recordings(folder)


def _heard(found: pa.Table) -> Any:
    return pc.is_in(found["grade"], pyarrow.array(["identical", "copy"]))


def _comparisons(run: RunFolder, searched: dict[str, Any]) -> int:
    """Pairs of a recording of a work and a track; where the receipts do not say, all that there can be."""
    counted: int | None = searched.pop("comparisons")
    return len(run.catalog) * (searched["tracks"] or searched["records"]) if counted is None else counted


def _searched(run: RunFolder) -> dict[str, Any]:
    """As for texts, of recordings.

    `records` are the files met, those that could not be decoded among them; `tracks` the sound tracks searched of
    them, `seconds` how long they last, `bytes` their files, `comparisons` the pairs of a work and a track and
    `hints_compared` those of stretches whose melody and harmony were compared, each null where a receipt does not say;
    `quick_passed` the tracks of which a quick search heard two windows only, null for a search of the whole. `in_part`
    are the files of which only a part could be decoded, and was searched: they are among the refused.
    """
    facts = searched_facts(run)
    del facts["characters"], facts["text_bytes"]
    for name in ("tracks", "seconds", "bytes", "comparisons", "hints_compared", "quick_passed"):
        counted = [(receipt.recordings or {}).get(name) for receipt in run.receipts]
        known = bool(counted) and all(isinstance(count, int) for count in counted)
        facts[name] = sum(counted) if known else None
    return facts | {"in_part": facts["refused"].get(IN_PART, {}).get("count", 0)}
