"""The conclusion of a run of pictures: works.parquet, pictures.parquet and summary.json."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow.compute

from countermark.evidence.exhibits.conclusion import conclude_exhibits
from countermark.evidence.gallery.judged import PICTURES, judge_pictures
from countermark.evidence.gallery.unseen import FORMAT as FORMAT_OF_SKETCHES
from countermark.evidence.summary import searched_facts

if TYPE_CHECKING:
    import pyarrow as pa

    from countermark.evidence.run_folder import RunFolder

pc: Any = pyarrow.compute  # its overloads are too many for a type checker

IN_PART = "damaged"
"""The reason of the refusals that say that a picture was searched in part."""

FILES: Final = PICTURES.files


def conclude_pictures(run: RunFolder) -> dict[str, Any]:
    """Write works.parquet, pictures.parquet and summary.json into the folder of a run of pictures.

    Returns the summary. The same run folder gives the same bytes. Raises RunError when the folder is damaged,
    OutputError when it cannot be written.
    """
    return conclude_exhibits(run, judge_pictures(run), _searched(run), _mirrored)


def _mirrored(_works: pa.Table, pictures: pa.Table) -> dict[str, Any]:
    return {"findings": {"mirrored": int(pc.sum(pictures["mirrored"]).as_py() or 0)}}


def _searched(run: RunFolder) -> dict[str, Any]:
    """As for texts, of pictures.

    `records` are the pictures met, those that could not be decoded among them; `frames` what was searched of them, and
    `bytes` their files, both null where a receipt does not say; `in_part` the pictures of which only a part could be
    decoded, and was searched: they are among the refused. `frames_skipped` are frames of animations and pages of
    documents beyond those that are looked at, null where a receipt does not say; `sketches` the shards that were
    sketches of an earlier scan: of their records no picture was looked at.
    """
    facts = searched_facts(run)
    del facts["characters"], facts["text_bytes"]
    for name in ("frames", "bytes", "frames_skipped"):
        counted = [(receipt.pictures or {}).get(name) for receipt in run.receipts]
        facts[name] = sum(counted) if counted and all(isinstance(count, int) for count in counted) else None
    sketches = sum(receipt.shard.get("format") == FORMAT_OF_SKETCHES for receipt in run.receipts)
    in_part = facts["refused"].get(IN_PART, {}).get("count", 0)
    return facts | {"in_part": in_part, "sketches": sketches}
