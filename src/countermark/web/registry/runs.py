"""Run folders of `countermark scan`, brought into the site: a grade and a share for each work, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from countermark.errors import InputError
from countermark.web.accounts.log import record
from countermark.web.registry.caps import PASSAGES
from countermark.web.registry.deposits import deposited_uid
from countermark.web.registry.models import Deposit, Result, Run, Work
from countermark.web.registry.run_tables import grade_of, passages_of, pictures_of, read_works
from countermark.web.statement.models import Statement

if TYPE_CHECKING:
    from pathlib import Path

_BATCH: Final = 500
UNKNOWN_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or with `dry_run` would do. `unknown` are works of the run that nobody has registered here.

    `already` tells that this very run was imported before: then nothing is written.
    """

    digest: str
    data_set: str
    snapshot: str
    works: int
    found: int
    unknown: int
    unknown_ids: tuple[str, ...]
    complete: bool
    already: bool
    dry_run: bool


def import_run(run_folder: Path, data_set: str | None = None, *, dry_run: bool = False) -> Imported:
    """Read a run folder and write what it found of each registered work.

    `data_set` is the name that people will read; by default the corpus's own. Raises RunError where the folder cannot
    be read, InputError where none of its works is registered here.
    """
    from countermark.evidence.summary import is_of_pictures  # noqa: PLC0415 - Arrow is slow to load

    summary = _summary(run_folder)
    digest = str(summary["run_digest"])
    name = (data_set or str(summary["corpus"]["name"] or "")).strip()[:200]
    if not name:
        raise InputError("the data set has no name; give one")
    rows = read_works(run_folder, pictures=is_of_pictures(summary))
    known = _registered(str(summary["index"].get("identity", "")), rows)
    unknown = [work_id for work_id, row in rows.items() if work_id not in known and not row["is_control"]]
    if not known:
        raise InputError(
            f"{run_folder}: none of its {len(rows):,} works is registered here; accepted are runs with an index of the "
            "exported catalogue, or with a deposited index"
        )
    already = Run.objects.filter(digest=digest).exists()
    if not already and not dry_run:
        _write(run_folder, summary, name, rows, known)
    return Imported(
        digest=digest,
        data_set=name,
        snapshot=str(summary["corpus"].get("snapshot_date") or ""),
        works=sum(len(works) for works in known.values()),
        found=sum(bool(rows[work_id]["matched"]) * len(works) for work_id, works in known.items()),
        unknown=len(unknown),
        unknown_ids=tuple(unknown[:UNKNOWN_SHOWN]),
        complete=bool(summary["complete"]),
        already=already,
        dry_run=dry_run,
    )


def _summary(run_folder: Path) -> dict[str, Any]:
    """The summary of a run. Raises InputError for a link, whose listings this site does not show, RunError."""
    from countermark.evidence.run_folder import read_json  # noqa: PLC0415
    from countermark.evidence.summary import read_summary  # noqa: PLC0415

    settings = read_json(
        run_folder / "run.json", missing=f"{run_folder}: not a run folder: run.json is missing"
    )
    if settings.get("kind") == "link":
        raise InputError(
            f"{run_folder}: is the run of a link, which compared no contents; accepted are runs of countermark scan"
        )
    summary = read_summary(run_folder)
    if summary.get("medium") == "audio":
        raise InputError(
            f"{run_folder}: is the run of a search for recordings; accepted are runs that searched for texts or "
            "pictures: `countermark report` writes pages of recordings for members"
        )
    return summary


def _registered(identity: str, rows: dict[str, Any]) -> dict[str, list[int]]:
    """The keys of the works here that each work_id of a run means.

    A run with a deposited index speaks of the works of that deposit alone (of each, if two members deposited the same);
    any other run of uploaded works.
    """
    deposits = (
        list(Deposit.objects.filter(identity=identity).values_list("uid", flat=True)) if identity else []
    )
    wanted = {
        (deposited_uid(deposit, work_id) if deposit else work_id): work_id
        for work_id in rows
        for deposit in (deposits or [""])
    }
    known: dict[str, list[int]] = {}
    uids = sorted(wanted)
    for start in range(0, len(uids), _BATCH):
        found = Work.objects.filter(uid__in=uids[start : start + _BATCH], deposit__isnull=not deposits)
        for pk, uid in found.values_list("pk", "uid"):
            known.setdefault(wanted[uid], []).append(pk)
    return known


def _write(
    folder: Path, summary: dict[str, Any], name: str, rows: dict[str, Any], known: dict[str, list[int]]
) -> None:
    of_pictures = summary.get("medium") == "image"
    passages = (pictures_of if of_pictures else passages_of)(folder, set(known))
    with transaction.atomic():
        run, made = Run.objects.get_or_create(
            digest=summary["run_digest"],
            defaults={
                "index_identity": str(summary["index"].get("identity", ""))[:64],
                "data_set": name,
                "snapshot": str(summary["corpus"].get("snapshot_date") or "")[:40],
                "summary": aggregate_of(summary),
                "imported_at": timezone.now(),
            },
        )
        if made:
            results = (
                _result(run, pk, rows[work_id], passages.get(work_id, []))
                for work_id, works in known.items()
                for pk in works
            )
            Result.objects.bulk_create(results, batch_size=_BATCH)
            record("command line", "run imported", run.digest, works=sum(map(len, known.values())))


def _result(run: Run, work: int, row: dict[str, Any], passages: list[dict[str, Any]]) -> Result:
    return Result(
        run=run,
        work_id=work,
        status=_status(row),
        grade=grade_of(row),
        share=round(row["share"], 6),
        passages_count=row["findings"],
        longest=row.get("longest_run", 0),  # pictures have no letters
        passages=passages[:PASSAGES],
    )


def _status(row: dict[str, Any]) -> str:
    """The status of a work; what a scan of pictures calls an identifier is a sketch of a picture that agrees."""
    sketched = "grade_shared" in row and row["status"] == "identifier-only"
    return "sketch-only" if sketched else str(row["status"])


def aggregate_of(summary: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a summary: counts and rates; no title, no path, no example."""
    searched, controls = summary["searched"], summary["controls"]
    of_pictures = summary.get("medium") == "image"
    counted = ("shards", "shards_planned", "records", *(() if of_pictures else ("characters", "text_bytes")))
    return {
        **({"medium": "image"} if of_pictures else {}),
        "complete": bool(summary["complete"]),
        "engine": summary["engine"],
        "guarantee_letters": 0 if of_pictures else summary["guarantee_letters"],
        "form": summary["index"].get("form", ""),
        "works": {name: summary["works"][name] for name in ("total", "in_data_set", "by_status")},
        "findings": {"by_grade": summary["findings"]["by_grade"]},
        "controls": {
            name: controls[name] for name in ("works", "false_alarms", "confidence", "lower", "upper")
        },
        "searched": {
            **{name: searched[name] for name in counted},
            "refused": {reason: entry["count"] for reason, entry in searched["refused"].items()},
            "refused_total": searched["refused_total"],
            "quarantined": len(searched["quarantined"]),
        },
    }


def publish_run(run: Run, actor: str = "command line") -> None:
    """Let the public page show the aggregate of a run.

    Raises InputError for a run that is not complete, and for one that speaks of too few members to hide anyone: the run
    of a single deposit never gets published.
    """
    if not run.summary.get("complete"):
        raise InputError(
            f"the run of {run.data_set} is not complete; scan the remaining shards, import it again, then publish"
        )
    fewest = smallest_cell()
    members = run.results.values("work__member").distinct().count()
    if members < fewest:
        raise InputError(
            f"the run of {run.data_set} speaks of fewer than {fewest} members, so that its figures would tell of "
            "single people; they see their own findings without it being published"
        )
    run.published_at = timezone.now()
    run.save(update_fields=["published_at"])
    record(actor, "run published", run.digest)


def smallest_cell() -> int:
    """The smallest count of people or works that pages show, as the statement sets it."""
    found = Statement.objects.filter(pk=1).values_list("smallest_cell", flat=True).first()
    return 5 if found is None else found


def unpublish_run(run: Run, actor: str = "command line") -> None:
    """Take the aggregate of a run off the public page."""
    run.published_at = None
    run.save(update_fields=["published_at"])
    record(actor, "run unpublished", run.digest)


def run_of(digest: str) -> Run:
    """The run whose digest begins so; raises InputError where none does, or several do."""
    runs = list(Run.objects.filter(digest__startswith=digest.strip().lower())[:2]) if digest.strip() else []
    if len(runs) != 1:
        what = "several runs begin" if runs else "no run begins"
        raise InputError(f"{what} with {digest!r}; give more of the digest that the import printed")
    return runs[0]
