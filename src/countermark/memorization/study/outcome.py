"""The end of a study: what was found, in the same bytes whether or not the run was ever interrupted."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from countermark.atomic import write_bytes
from countermark.errors import RunError
from countermark.memorization.study.folder import LOG, PLAN
from countermark.memorization.study.plan import readable
from countermark.scan.runlog import verify

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from countermark.memorization.study.folder import Study

RESULT: Final = "result.json"
RUN: Final = "run.json"
VERSION: Final = 1


def write_outcome(study: Study, result: Mapping[str, Any]) -> Path:
    """Write `result.json` (canonical) and `run.json`, and end the log. Raises PlanError, OutputError.

    `result.json` holds nothing of how the run went. How often it asked, failed and began anew stands in `run.json`,
    with the digest of the log's last line.
    """
    path = study.folder / RESULT
    said = {"countermark_result": VERSION, "kind": study.plan.kind, "plan": study.plan.digest, **result}
    data = readable(said)
    write_bytes(path, data)
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    study.note("finish", {"result": digest, **study.answers.counted()._asdict()})
    told = {
        "run": 1,
        "medium": "model",
        "kind": study.plan.kind,
        "plan": study.plan.digest,
        "result": digest,
        "log": {"lines": study.answers.lines, "head": study.head},
        "counted": study.answers.counted()._asdict(),
    }
    write_bytes(study.folder / RUN, readable(told))
    return path


def read_outcome(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `result.json` and `run.json` of a study say, the log's chain and all digests checked. Raises RunError."""
    result_path, run_path = folder / RESULT, folder / RUN
    try:
        data = result_path.read_bytes()
        result, run = json.loads(data), json.loads(run_path.read_bytes())
        found = "sha256:" + hashlib.sha256(data).hexdigest()
        stated, lines, head = run["result"], run["log"]["lines"], run["log"]["head"]
        plan = json.loads((folder / PLAN).read_bytes())["digest"]
        same = run["medium"] == "model" and plan == result["plan"] == run["plan"]
    except FileNotFoundError as error:
        raise RunError(f"{error.filename}: is missing: not a study, or one that has not ended") from error
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunError(f"{folder}: not the folder of a study that has ended ({error!r})") from error
    if found != stated:
        raise RunError(f"{result_path}: was changed: digest expected {stated}, found {found}")
    state = verify(folder / LOG)
    if not same or (state.lines, state.head) != (lines, head):
        raise RunError(f"{folder}: its files do not belong together: the plan, the log or {RUN} is another's")
    return result, run
