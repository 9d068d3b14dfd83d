"""Dossiers of found pictures: the evidence in the items, withheld wholly, reported, and searched again."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
import tarfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import bagit
import pytest
from PIL import Image

from countermark.errors import DossierError
from countermark.evidence.dossier.bag import finish_bag
from countermark.evidence.dossier.redact import Withhold, redact
from countermark.evidence.dossier.replay.replay import replay
from countermark.evidence.dossier.report.compose import LANGUAGES, Subject, report_pdf
from countermark.evidence.dossier.report.plates import plates_pdf
from countermark.evidence.dossier.report.sections import _grades, _works
from countermark.evidence.dossier.verify import verify_dossier
from countermark.evidence.dossier.verify_text import commands_in
from countermark.evidence.summary import read_summary
from evidence.dossier.dossier_samples import DATE, files_in, made_run, shell
from evidence.dossier.picture_samples import (
    BOTH,
    encoded,
    item_of,
    made_gallery,
    made_pair,
    painting,
    sealed_pictures,
)

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-21"


def rows_of(item: Path) -> list[dict[str, str]]:
    with (item / "findings.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_an_item_holds_both_pictures_and_the_evidence(tmp_path: Path) -> None:
    """The bytes as found, the work for print, the sheet; their digests in the item, and boxes one can read."""
    run = made_gallery(tmp_path)
    done = sealed_pictures(tmp_path, run)
    assert done.facts["items"]["pictures"] > 4
    item = item_of(done.path, "ferry")
    said = json.loads((item / "picture-001.json").read_bytes())
    for side in ("work", "record", "evidence"):
        data = (item / said[side]["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == said[side]["sha256"]
        assert Image.open(BytesIO(data)).format == "JPEG"
    assert said["record"]["sha256"] == said["record"]["digest"]
    assert (said["grade"], said["unit"]) == ("identical", "pixel")
    mirrored = next(row for row in rows_of(item) if row["mirrored"] == "True")
    assert mirrored["asset_box"] == "90 64 810 576"
    assert len(mirrored["record_outline"].split(" ")) == 8
    assert (item / mirrored["passage"]).is_file()
    assert len(list(item.glob("work-*.jpg"))) == 1


def test_of_the_same_file_found_twice_another_is_shown_first(tmp_path: Path) -> None:
    """The bound is that of passages, and what is left out is counted."""
    done = sealed_pictures(tmp_path, made_gallery(tmp_path), passages=2)
    item = item_of(done.path, "ferry")
    digests = [
        json.loads(path.read_bytes())["record"]["digest"] for path in sorted(item.glob("picture-*.json"))
    ]
    assert len(set(digests)) == len(digests) == 2
    assert json.loads((item / "work.json").read_bytes())["pictures"] == {"left_out": 1, "shown": 2}
    assert done.facts["items"]["left_out"] == 1


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    """Pictures too."""
    run = made_pair(tmp_path)
    one, two = (sealed_pictures(tmp_path, run, name=name) for name in ("one", "two"))
    assert files_in(one.path) == files_in(two.path)


def test_it_verifies_by_us_by_bagit_and_by_its_own_commands(tmp_path: Path) -> None:
    """Texts and pictures in one dossier."""
    done = sealed_pictures(tmp_path, made_gallery(tmp_path), made_run(tmp_path))
    assert verify_dossier(done.path, done.facts["key_fingerprint"]).problems == []
    assert bagit.Bag(str(done.path)).validate()
    for command in commands_in((done.path / "data/VERIFY.txt").read_text(encoding="utf-8")):
        assert shell(command, done.path).returncode == 0, command
    assert (item_of(done.path, "lock-2004") / "passage-001.json").is_file()


@pytest.mark.parametrize("name", ["picture-001.found.jpg", "picture-001.evidence.jpg", "work-001.jpg"])
def test_a_changed_picture_is_noticed(tmp_path: Path, name: str) -> None:
    """Though the seal does not commit to it by itself; by the public commands as well."""
    done = sealed_pictures(tmp_path, made_pair(tmp_path))
    picture = item_of(done.path, "left-1901") / name
    picture.write_bytes(picture.read_bytes() + b"\n")
    finish_bag(done.path, DATE)
    assert any(problem.path.endswith(name) for problem in verify_dossier(done.path).problems)
    page = (done.path / "data/VERIFY.txt").read_text(encoding="utf-8")
    codes = [shell(command, done.path).returncode for command in commands_in(page)]
    assert any(codes)


def test_an_added_picture_is_noticed(tmp_path: Path) -> None:
    """Also with a list of its own, which nobody signed."""
    done = sealed_pictures(tmp_path, made_pair(tmp_path))
    item = item_of(done.path, "left-1901")
    place = item.relative_to(done.path).as_posix()
    (item / "picture-009.found.jpg").write_bytes(b"x")
    digest = hashlib.sha256(b"x").hexdigest()
    (item / "picture-009.sha256").write_text(f"{digest}  {place}/picture-009.found.jpg\n")
    finish_bag(done.path, DATE)
    codes = {problem.code for problem in verify_dossier(done.path).problems}
    assert "not-committed" in codes
    page = (done.path / "data/VERIFY.txt").read_text(encoding="utf-8")
    assert any(shell(command, done.path).returncode for command in commands_in(page))


def test_a_withheld_work_leaves_no_picture(tmp_path: Path) -> None:
    """Nor one of another work in which it is seen as well; what remains verifies, and its digests tell nothing."""
    done = sealed_pictures(tmp_path, made_pair(tmp_path))
    copy = tmp_path / "copy"
    secret = item_of(done.path, "left-1901")
    pictures = {path.read_bytes() for path in secret.iterdir() if path.suffix in (".jpg", ".salt")}
    redact(done.path, copy, Withhold(works=frozenset({"left-1901"})), "unpublished", DAY)
    left = files_in(copy)
    assert pictures.isdisjoint(left.values())
    assert not any(b"Delorme" in data for data in left.values())
    kept = item_of(copy, "right-1902")
    said = [json.loads(path.read_bytes()) for path in kept.glob("picture-*.json")]
    assert [one["record"]["id"] for one in said].count(BOTH) == 0
    assert len(said) == 1
    assert (kept / "work-001.jpg").is_file()
    assert verify_dossier(copy, done.facts["key_fingerprint"]).problems == []
    everything = b"".join(left.values())
    # That of the picture in which both stand is the other work's as well: its finding names it.
    shared = {row["record_digest"] for row in rows_of(kept)}
    pictures = {data for data in pictures if hashlib.sha256(data).hexdigest() not in shared}
    assert pictures
    assert not any(hashlib.sha256(data).hexdigest().encode() in everything for data in pictures)
    for command in commands_in((copy / "data/VERIFY.txt").read_text(encoding="utf-8")):
        assert shell(command, copy).returncode == 0, command


def test_a_withheld_picture_takes_the_others_of_the_same_work_along(tmp_path: Path) -> None:
    """They show the same; the other work keeps what does not show it."""
    done = sealed_pictures(tmp_path, made_pair(tmp_path))
    copy = tmp_path / "copy"
    item = item_of(done.path, "left-1901").name
    redact(done.path, copy, Withhold(passages=frozenset({(item, 1)})), "private", DAY)
    assert not list((copy / "data/items" / item).glob("*.jpg"))
    assert len(list(item_of(copy, "right-1902").glob("*.found.jpg"))) == 1
    assert verify_dossier(copy, done.facts["key_fingerprint"]).problems == []


def test_what_the_run_does_not_keep_is_said_to_be_absent(tmp_path: Path) -> None:
    """And a kept picture that is another than the one found is not sealed."""
    run = made_pair(tmp_path)
    for path in (run / "works").glob("*/*"):
        path.unlink()
    found = next((run / "pictures").glob("*/*"))
    found.unlink()
    done = sealed_pictures(tmp_path, run)
    said = [json.loads(path.read_bytes()) for path in done.path.glob("data/items/*/picture-*.json")]
    assert {one["work"]["file"] for one in said} == {None}
    assert None in {one["record"]["file"] for one in said}
    assert verify_dossier(done.path).problems == []
    changed = next(path for path in (run / "pictures").glob("*/*"))
    changed.write_bytes(b"another")
    with pytest.raises(DossierError, match="was changed since it was found"):
        sealed_pictures(tmp_path, run, name="other")
    assert not (tmp_path / "other").exists()


def test_findings_of_texts_are_written_as_before(tmp_path: Path) -> None:
    """The columns of pictures came to them, and are empty."""
    done = sealed_pictures(tmp_path, made_run(tmp_path))
    row = rows_of(item_of(done.path, "lock-2004"))[0]
    assert row["asset_box"] == row["mirrored"] == row["hash_distance"] == ""
    assert "pictures" not in done.facts["items"]
    assert not list(done.path.glob("data/items/*/*.sha256"))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_says_what_is_true_of_pictures(tmp_path: Path, language: str) -> None:
    """Not a word on letters; `shared` is told apart; the plates show the strongest."""
    run = made_gallery(tmp_path)
    say, summary = LANGUAGES[language], read_summary(run)
    told = json.dumps([_grades(summary, say), _works(summary, say)], ensure_ascii=False)
    assert "◌" in told
    assert not re.search("letters|lettres|passage", told)
    assert say.say("means.shared") in told
    subject = Subject((run,), tmp_path / "attempts.jsonl", DATE)
    assert report_pdf(subject, language).startswith(b"%PDF-")
    plates = plates_pdf(subject, language)
    assert plates.startswith(b"%PDF-")
    assert plates == plates_pdf(subject, language)


def test_without_pictures_there_are_no_plates(tmp_path: Path) -> None:
    """A run of texts has none."""
    run = made_run(tmp_path)
    assert plates_pdf(Subject((run,), tmp_path / "attempts.jsonl", DATE), "en") == b""


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A real scan of a tar of pictures, its index, and the dossier sealed from it."""
    from countermark.index.image.build import build_image_index
    from countermark.media import Refusal
    from countermark.scan import ScanSettings, run_scan
    from countermark.works.reading import read_works

    place = tmp_path_factory.mktemp("searched")
    works = place / "works"
    works.mkdir()
    originals = {f"work{seed}.png": painting(seed, 640, 480) for seed in (1, 2, 3)}
    for name, picture in originals.items():
        (works / name).write_bytes(encoded(picture, "PNG"))
    page = painting(9, 900, 700)
    page.paste(originals["work2.png"].resize((480, 360)), (60, 80))
    records = [painting(20, 500, 400), originals["work1.png"].resize((400, 300)), page]
    corpus = place / "part.tar"
    with tarfile.open(corpus, "w") as archive:
        for at, picture in enumerate(records):
            data = encoded(picture)
            info = tarfile.TarInfo(f"{at:05}.jpg")
            info.size = len(data)
            archive.addfile(info, BytesIO(data))
    files = (item for item in read_works([works], medium=_image()) if not isinstance(item, Refusal))
    build_image_index(files, place / "w.index")
    run_scan(
        ScanSettings(place / "w.index", (corpus,), place / "run", corpus_name="Tiny pictures", workers=1)
    )
    read_summary(place / "run")
    sealed_pictures(place, place / "run")
    return place


def _image() -> Any:
    from countermark.media import Medium

    return Medium.IMAGE


@pytest.mark.slow
def test_a_finding_of_a_picture_is_searched_again(searched: Path) -> None:
    """With the work for print in the dossier, and with the run's index, where every column is compared."""
    bag = searched / "bag"
    rows = [row for item in bag.glob("data/items/*/findings.csv") for row in rows_of(item.parent)]
    assert len(rows) == 2
    for row in rows:
        for index in (None, searched / "w.index"):
            done = replay(bag, row["finding_id"], searched / "part.tar", index=index)
            assert done.agrees, done
            assert [step.name for step in done.steps] == ["file", "copy", "record", "search"]


@pytest.mark.slow
def test_a_replay_says_what_differs(searched: Path, tmp_path: Path) -> None:
    """Another file of the data set; a finding that was sealed with other corners."""
    bag = searched / "bag"
    item = next(bag.glob("data/items/*/findings.csv"))
    row = rows_of(item.parent)[0]
    empty = tmp_path / "part.tar"
    with tarfile.open(empty, "w") as archive:
        archive.addfile(tarfile.TarInfo("0.txt"))
    done = replay(bag, row["finding_id"], empty)
    assert not done.agrees
    assert "there is no picture" in next(step.said for step in done.steps if step.name == "record")
    changed = tmp_path / "bag"
    shutil.copytree(bag, changed)
    table = changed / item.relative_to(bag)
    moved = " ".join(str(int(part) + 90) for part in row["record_outline"].split(" "))
    table.write_text(table.read_text().replace(row["record_outline"], moved))
    for index in (None, searched / "w.index"):
        done = replay(changed, row["finding_id"], searched / "part.tar", index=index)
        assert not done.agrees
        assert moved in done.steps[-1].said
