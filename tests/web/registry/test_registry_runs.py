"""From the exported catalogue to what a member sees: runs really scanned, imported, shown, published."""

from __future__ import annotations

import csv
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from countermark.errors import InputError, RunError
from countermark.web.registry.deposits import register_deposit
from countermark.web.registry.exporting import export_catalogue
from countermark.web.registry.models import Deposit, Result, Run, Work
from countermark.web.registry.runs import import_run, publish_run, run_of, unpublish_run
from countermark.web.registry.texts import Facts, register_text
from countermark.web.statement.models import Statement
from web.registry.member_works import SALT, UPLOADED, register, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.test import Client

    from countermark.web.registry.models import Member
    from web.registry.member_works import Scanned


def deposit(member: Member, scanned: Scanned) -> Deposit:
    return register_deposit(
        member,
        SimpleUploadedFile("i.zip", zipped(scanned.index)),
        SimpleUploadedFile("salt.bin", SALT),
    )


def test_a_run_of_uploaded_works_is_imported(member: Member, uploaded: Scanned) -> None:
    """A grade and a share for each registered work; the works that nobody registered are counted and named."""
    register(member, ["a" * 32, "b" * 32, "c" * 32])
    told = import_run(uploaded.run, "Tiny crawl, first part")
    assert (told.works, told.found, told.unknown, told.complete, told.already) == (3, 2, 3, True, False)
    assert set(told.unknown_ids) == {"d" * 32, "e" * 32, "f" * 32}
    results = {result.work.uid[0]: result for result in Result.objects.select_related("work")}
    assert (results["a"].grade, results["a"].status, results["c"].status) == (
        "identical",
        "found",
        "not-found",
    )
    assert results["a"].share > 0.95
    assert 0.4 < results["b"].share < 0.6
    assert results["c"].passages == []
    passage = results["a"].passages[0]
    assert (passage["shard"], passage["row"]) == ("corpus.jsonl", 0)
    assert passage["address"] == "https://site.example/0"
    assert Run.objects.get().data_set == "Tiny crawl, first part"


def test_importing_again_changes_nothing(member: Member, uploaded: Scanned) -> None:
    """The run's digest tells that it is there."""
    register(member, UPLOADED)
    import_run(uploaded.run)
    before = list(Result.objects.values_list("pk", flat=True))
    assert import_run(uploaded.run).already
    assert list(Result.objects.values_list("pk", flat=True)) == before


def test_a_dry_run_writes_nothing(member: Member, uploaded: Scanned) -> None:
    """It says what would be written."""
    register(member, UPLOADED)
    assert import_run(uploaded.run, dry_run=True).works == len(UPLOADED)
    assert not Run.objects.exists()


def test_a_run_of_a_deposit_reaches_its_works(
    member: Member, join: Callable[..., Member], deposited: Scanned
) -> None:
    """Those of each member who deposited this index, and no uploaded work that bears the same id."""
    other = join()
    for one in (member, other):
        deposit(one, deposited)
    told = import_run(deposited.run)
    assert (told.works, told.found, told.unknown) == (4, 2, 0)
    for one in (member, other):
        found = {result.work.title: result.status for result in Result.objects.filter(work__member=one)}
        assert found == {"lamps": "found", "rivers": "not-found"}


def test_foreign_and_damaged_runs_are_refused(member: Member, uploaded: Scanned, tmp_path: Path) -> None:
    """Nothing registered in it, no run folder, a table that is cut off."""
    with pytest.raises(InputError, match="none of its 6 works is registered"):
        import_run(uploaded.run)
    with pytest.raises(RunError):
        import_run(tmp_path)
    register(member, UPLOADED)
    import_run(uploaded.run, dry_run=True)
    damaged = tmp_path / "run"
    shutil.copytree(uploaded.run, damaged)
    (damaged / "works.parquet").write_bytes(b"PAR1")
    with pytest.raises(RunError, match=r"works\.parquet"):
        import_run(damaged)
    assert not Run.objects.exists()


def test_what_is_kept_of_a_run_names_no_work(member: Member, uploaded: Scanned) -> None:
    """No title, path or example is in the aggregate that pages show."""
    register(member, UPLOADED)
    import_run(uploaded.run)
    kept = str(Run.objects.get().summary)
    assert not re.search(r"Work [a-f]|corpus\.jsonl|\.txt|examples|top_works", kept)
    assert Run.objects.get().summary["works"]["in_data_set"] == 2


def test_a_member_sees_findings_in_words(inside: Client, member: Member, uploaded: Scanned) -> None:
    """Grade in words and shape, share, passages with their place, what was not searched, and the denial."""
    register(member, UPLOADED)
    import_run(uploaded.run)
    space = " ".join(inside.get(reverse("member_space")).content.decode().split())
    assert "2 of 6 works" in space
    assert "not found in what was searched" in space
    assert "no proof that a model was trained on it" in space
    page = " ".join(inside.get(reverse("work", args=["a" * 32])).content.decode().split())
    assert "●</span> word for word" in page
    assert "corpus.jsonl" in page
    assert "https://site.example/0" in page
    assert 'href="https://site.example' not in page
    assert "no proof that a model was trained on it" in page
    assert "everything outside this data set" in page
    absent = inside.get(reverse("work", args=["c" * 32])).content.decode()
    assert "Not found in what was searched." in absent


def test_the_pages_are_whole_in_french(inside: Client, member: Member, uploaded: Scanned) -> None:
    """Every page answers under the other language too."""
    register(member, UPLOADED)
    import_run(uploaded.run)
    paths = [
        "",
        "works/add/",
        "fingerprints/add/",
        "close/",
        f"works/{'a' * 32}/",
        f"works/{'a' * 32}/remove/",
    ]
    for path in paths:
        assert inside.get(f"/fr/members/{path}").status_code == 200, path


def test_publishing_needs_a_complete_run_of_enough_members(
    member: Member, join: Callable[..., Member], uploaded: Scanned
) -> None:
    """So that no figure tells of one person; it can be taken back."""
    register(member, ["a" * 32, "b" * 32])
    for uid in sorted(UPLOADED)[2:]:
        register(join(), [uid])
    import_run(uploaded.run)
    run = run_of(Run.objects.get().digest[:10])
    run.summary["complete"] = False
    with pytest.raises(InputError, match="not complete"):
        publish_run(run)
    run.summary["complete"] = True
    publish_run(run)
    assert Run.objects.get().published_at is not None
    unpublish_run(run)
    assert Run.objects.get().published_at is None
    Statement.objects.update(smallest_cell=6)
    with pytest.raises(InputError, match="fewer than 6 members"):
        publish_run(run)
    with pytest.raises(InputError, match="no run begins"):
        run_of("ff" * 32)


def test_the_exported_catalogue_leads_back(
    member: Member, deposited: Scanned, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Texts with their uid as work_id, the deposit with its salt, the commands; no name or address of a member."""
    from countermark.index.build import build_index
    from countermark.media import Refusal
    from countermark.web.registry.readers import read_upload
    from countermark.works.reading import read_works

    text = UPLOADED["a" * 32].encode()
    work = register_text(
        member, SimpleUploadedFile("r.txt", text), Facts("=Rivers", "Claire Delorme", "2019")
    )
    deposit(member, deposited)
    told = export_catalogue(tmp_path / "out")
    assert (told.texts, told.deposits, told.missing) == (1, 1, ())
    table = (tmp_path / "out" / "catalogue" / "works.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    assert rows == [
        {
            "path": f"files/{work.uid}.txt",
            "title": "=Rivers",
            "published": "2019",
            "licence": "",
            "work_id": work.uid,
        }
    ]
    files = list(read_works([tmp_path / "out" / "catalogue" / "works.csv"]))
    assert [item.work.work_id for item in files if not isinstance(item, Refusal)] == [work.uid]
    manifest = build_index(
        (item for item in files if not isinstance(item, Refusal)), tmp_path / "works.index"
    )
    assert manifest.works == 1
    plain = [
        path for path in (tmp_path / "out").rglob("*") if path.is_file() and path.suffix in (".csv", ".md")
    ]
    written = "".join(path.read_text() for path in plain)
    assert "Claire" not in written
    assert member.signature.email not in written
    uid = Deposit.objects.get().uid
    assert f"--salt-file deposits/{uid}.salt" in written
    assert (tmp_path / "out" / "deposits" / f"{uid}.salt").read_bytes() == SALT
    assert (
        read_upload(tmp_path / "out" / "catalogue" / "files" / f"{work.uid}.txt", "x.txt")["format"] == "txt"
    )
    with pytest.raises(InputError, match="not empty"):
        export_catalogue(tmp_path / "out")


def test_a_missing_file_is_named_and_the_rest_exported(member: Member, tmp_path: Path) -> None:
    """As after a restore without the files."""
    register(member, ["a" * 32])
    assert export_catalogue(tmp_path / "out").missing == ("a" * 32,)


def test_works_of_withdrawn_members_are_not_exported(member: Member, tmp_path: Path) -> None:
    """Nor of those whose signature is held."""
    register_text(member, SimpleUploadedFile("r.txt", b"A text of some words."), Facts())
    member.signature.state = "held"
    member.signature.save()
    assert export_catalogue(tmp_path / "out").texts == 0
    assert Work.objects.count() == 1
