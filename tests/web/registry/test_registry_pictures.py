"""Runs of pictures in the site: imported in their own words, shown to members, published in the aggregate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from countermark.errors import InputError
from countermark.evidence.summary import conclude
from countermark.scan.receipt import json_bytes
from countermark.web.public.runs import published_runs
from countermark.web.public.templatetags.public_words import grade_name, grade_sign, picture_grade_name
from countermark.web.registry.dashboards import cell_of
from countermark.web.registry.models import Result, Run
from countermark.web.registry.results import GRADES, SHAPES
from countermark.web.registry.runs import import_run
from evidence.gallery_run import gallery_run
from evidence.listening_run import listening_run
from web.registry.member_works import register

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from countermark.web.registry.models import Member

WORKS = ("absent", "ferry", "frame", "open", "tower")


@pytest.fixture
def pictures(tmp_path: Path, member: Member) -> Path:
    """A run of pictures, of works that a member has registered."""
    run = gallery_run(tmp_path / "pictures", controls=6)
    conclude(run)
    register(member, WORKS)
    return run


def test_a_run_of_pictures_is_imported(pictures: Path) -> None:
    """A grade, a share and the strongest pictures for each work; a shared element is not found."""
    told = import_run(pictures)
    assert (told.works, told.found, told.already) == (5, 3, False)
    results = {result.work.uid: result for result in Result.objects.select_related("work")}
    assert (results["ferry"].status, results["ferry"].grade, results["ferry"].longest) == (
        "found",
        "identical",
        0,
    )
    assert results["ferry"].passages[0]["percent"] == 100
    assert (results["frame"].status, results["frame"].grade) == ("shared-only", "shared")
    assert results["frame"].share == 0
    assert results["absent"].grade == ""
    assert Run.objects.get().summary["medium"] == "image"


def test_a_member_reads_of_pictures_and_not_of_letters(inside: Client, pictures: Path) -> None:
    """On every page, in both languages; what comes from the data set is text."""
    import_run(pictures)
    for language, words in (
        ("/en", ("the same picture", "◌", "mirrored")),
        ("/fr", ("la même image", "◌", "en miroir")),
    ):
        space = inside.get(f"{language}/members/").content.decode()
        page = inside.get(f"{language}/members/works/ferry/").content.decode()
        shared = inside.get(f"{language}/members/works/frame/").content.decode()
        assert words[0] in space
        assert words[0] in page
        assert words[2] in page
        assert words[1] in shared
        for text in (space, page, shared):
            assert "longest passage" not in text
            assert "<script>alert" not in text
    page = " ".join(inside.get("/en/members/works/frame/").content.decode().split())
    assert "nobody is accused" in page
    assert "pictures were searched" in page


def test_a_shared_element_counts_as_not_found() -> None:
    """For organisations too; and has its name and its shape wherever grades are shown."""
    assert cell_of("shared-only", "shared") == "not-found"
    assert cell_of("sketch-only", "") == "not-found"
    assert SHAPES["shared"] == grade_sign("shared") == "◌"
    for language in ("en", "fr"):
        with translation.override(language):
            names = {str(GRADES["shared"]), str(grade_name("shared")), str(picture_grade_name("copy"))}
            assert len(names) == 3
            assert all(names)


def test_the_aggregate_is_published_as_one_of_pictures(client: Client, pictures: Path) -> None:
    """Grades of pictures, and no rate of letters."""
    import_run(pictures)
    Run.objects.update(published_at=timezone.now())
    (run,) = published_runs(5)
    assert run.of_pictures
    assert run.records_searched is not None
    Run.objects.update(summary={**Run.objects.get().summary, "works": {"total": 50, "in_data_set": 30}})
    (run,) = published_runs(5)
    assert [grade for grade, _ in run.grades] == ["identical", "copy", "shared"]
    page = client.get(reverse("found")).content.decode()
    assert "pictures searched" in page
    assert "shared element" in page


def test_a_listing_is_refused_clearly(tmp_path: Path) -> None:
    """It compared no contents."""
    (tmp_path / "run.json").write_bytes(json_bytes({"run": 1, "kind": "link"}))
    with pytest.raises(InputError, match="run of a link"):
        import_run(tmp_path)


def test_a_run_of_recordings_is_refused_clearly(tmp_path: Path) -> None:
    run = listening_run(tmp_path / "run")
    conclude(run)
    with pytest.raises(
        InputError, match="search for recordings; accepted are runs that searched for texts or pictures"
    ):
        import_run(run)
