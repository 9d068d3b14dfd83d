"""What a report says where no picture was looked at, and where what is shown is not what was found."""

from __future__ import annotations

import io
import json
import re
import string
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from countermark.errors import RunError
from countermark.evidence.gallery import messages_en, messages_fr, sketches_en, sketches_fr
from countermark.evidence.gallery.pictures import write_pictures
from countermark.evidence.gallery.selection import all_found, select_pictures
from countermark.evidence.gallery.sheet import evidence_picture
from countermark.evidence.gallery.stored import open_work, work_prints
from countermark.evidence.gallery.text import statement
from countermark.evidence.report.write import render
from countermark.evidence.summary import conclude, read_summary
from evidence.gallery_run import PictureRun, encoded, gallery_run, painting, whole
from evidence.test_gallery_page import Shown

if TYPE_CHECKING:
    from pathlib import Path

LANGS = ("en", "fr")


def told(run: Path, lang: str = "en") -> str:
    """The text of a report, its spaces made plain."""
    text = Shown(render(run, lang, "html").decode()).text
    return re.sub(r"\s+", " ", text)


def on_sheet(finding: dict[str, Any], run: Path, lang: str = "en") -> str:
    """The text of an evidence picture."""
    comment: bytes = Image.open(io.BytesIO(evidence_picture(finding, run, lang))).info["comment"]
    return comment.decode()


def sketch_run(folder: Path, *, found: bool = True) -> Path:
    """A run over sketches, in which those of two works of three agree, or none."""
    made = PictureRun(skipped=None, sketches=("0.sketches.parquet",))
    for name in ("ferry", "tower", "absent"):
        made.painted(name, painting(len(name)))
    made.works_kept.clear()
    made.shards["0.sketches.parquet"] = []
    if found:
        made.sketched("ferry", 0, 6, shard="0.sketches.parquet", row=84)
        made.sketched("tower", None, 5, shard="0.sketches.parquet", row=108)
    return made.write(folder)


@pytest.mark.parametrize("lang", LANGS)
def test_a_sketch_claims_only_what_was_compared(tmp_path: Path, lang: str) -> None:
    """Bits and keys, and that nothing is confirmed: no share, no way that it lies, no outline."""
    run = sketch_run(tmp_path)
    for text in (told(run, lang), on_sheet(next(all_found(run)), run, lang)):
        assert "0%" not in text
        assert "0\u202f%" not in text
        for claim in (
            "neither mirrored nor turned",
            "ni inversée",
            "as a whole is outlined",
            "l’ensemble est cerné",
        ):
            assert claim not in text, claim
        for fact in {
            "en": ("0 of 256 bits", "6 keys of features agree", "nothing was confirmed", "128 bytes"),
            "fr": (
                "0 bit près sur 256",
                "6 clés de détails concordent",
                "rien n’a été confirmé",
                "128 octets",
            ),
        }[lang]:
            assert fact in text, fact


@pytest.mark.parametrize("lang", LANGS)
def test_a_run_over_sketches_says_so_first(tmp_path: Path, lang: str) -> None:
    """Before the headline; what sketches cannot find; no pictures are said to be shown or searched."""
    text = told(sketch_run(tmp_path), lang)
    first, headline, seen = {
        "en": ("No picture was looked at", "Sketches agree with 2 of your 3 works", "with their pictures"),
        "fr": (
            "Aucune image n’a été examinée",
            "réduites concordent avec 2 de vos 3 œuvres",
            "avec leurs images",
        ),
    }[lang]
    assert -1 < text.index(first) < text.index(headline)
    assert ("collage" in text, seen in text) == (True, False)
    assert "Files of pictures, in bytes" not in text
    assert ("None of your" in text, "Aucune de vos" in text) == (False, False)
    assert (
        "sketches only" if lang == "en" else "empreinte réduite seulement"
    ) in text or "sketch only" in text


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_found_in_sketches_is_not_nothing_found(tmp_path: Path, lang: str) -> None:
    """The headline says in what it was not found."""
    said = (
        "None of your 3 works was found in the sketches"
        if lang == "en"
        else "dans les empreintes réduites de ce jeu"
    )
    run = sketch_run(tmp_path, found=False)
    assert said in told(run, lang)
    assert said in " ".join(statement(read_summary(run), lang))


@pytest.mark.parametrize("lang", LANGS)
def test_none_and_more_do_not_stand_together(tmp_path: Path, lang: str) -> None:
    """One sentence says how many works a sketch agrees with, also in a run of pictures."""
    said = " ".join(statement(conclude(sketch_run(tmp_path / "sketches")), lang))
    assert not re.search(r"\bNone of|\bmore\b|Aucune de vos|\d autres?\b", said)
    made = PictureRun(sketches=("s",))
    made.painted("ferry", painting(1))
    made.painted("tower", painting(2))
    made.sketched("ferry", 4, 0, shard="s")
    made.shards["00003.tar"] = []
    run = made.write(tmp_path / "mixed")
    lines = statement(conclude(run), lang)
    assert ("Of 2 files" if lang == "en" else "De 2 fichiers") in lines[0]
    assert ("for 1 of your 2 works" if lang == "en" else "pour 1 de vos 2 œuvres") in lines[1]
    assert not re.search(r"\bNone of|\bmore\b|Aucune de vos|\d autres?\b", " ".join(lines))
    assert ("Of 2 files" if lang == "en" else "De 2 fichiers") in told(run, lang)


def test_check_a_sketch_by_hand(tmp_path: Path) -> None:
    """Row and shard, the digest as that of the sketch, and no file that nobody kept."""
    text = told(sketch_run(tmp_path))
    assert "sha256sum pictures/" not in text
    assert "The SHA-256 of its sketch" in text


def replaced_print(run: Path) -> dict[str, Any]:
    """Put the print of one work in the place of another's; return the finding of the latter."""
    finding = next(found for found in all_found(run) if found["work_id"] == "ferry")
    digest = finding["asset_digest"]
    (run / "works" / digest[:2] / digest).write_bytes(encoded(painting(9)))
    return finding


@pytest.mark.parametrize("lang", LANGS)
def test_a_changed_print_is_not_shown(tmp_path: Path, lang: str) -> None:
    """The catalogue states its digest: another picture under its name is said to be changed, and not drawn."""
    run = gallery_run(tmp_path, controls=0)
    finding = replaced_print(run)
    assert open_work(run, finding, 640, work_prints(run)).absent == "changed"
    said = "The file kept as the print of your picture" if lang == "en" else "Le fichier gardé comme tirage"
    assert said in told(run, lang)
    assert evidence_picture(finding, run, lang) != evidence_picture(
        finding | {"asset_digest": "0" * 64}, run, lang
    )


def test_without_digests_of_prints_the_sheet_says_so(tmp_path: Path) -> None:
    """Runs of earlier versions: shown, and said that it cannot be checked; not said where it can."""
    run = gallery_run(tmp_path, controls=0)
    finding = next(all_found(run))
    assert "its own SHA-256 was not recorded" not in on_sheet(finding, run)
    catalog = pq.read_table(run / "catalog.parquet").drop_columns(["print_digest"])
    pq.write_table(catalog, run / "catalog.parquet")
    assert "its own SHA-256 was not recorded" in on_sheet(finding, run)
    assert "n’a pas été noté" in on_sheet(finding, run, "fr")
    assert "its own SHA-256 was not recorded" in told(run)


def test_a_print_digest_that_is_null_proves_nothing(tmp_path: Path) -> None:
    """As if the column were not there."""
    run = gallery_run(tmp_path, controls=0)
    catalog = pq.read_table(run / "catalog.parquet")
    at = catalog.column_names.index("print_digest")
    nulls = pa.nulls(len(catalog), pa.string())
    pq.write_table(catalog.set_column(at, "print_digest", nulls), run / "catalog.parquet")
    opened = open_work(run, next(all_found(run)), 640, work_prints(run))
    assert (opened.picture is None, opened.proved) == (False, False)


@pytest.mark.parametrize("lang", LANGS)
def test_frames_that_were_not_looked_at_are_counted(tmp_path: Path, lang: str) -> None:
    """Added up over the shards; not known where a receipt does not say."""
    made = PictureRun(skipped=44)
    made.painted("one", painting(1))
    for shard in ("a.tar", "b.tar"):
        made.seen("one", painting(1), (0, 0, 900, 640), whole((900, 640)), shard=shard)
    run = made.write(tmp_path / "run")
    assert conclude(run)["searched"]["frames_skipped"] == 88
    row = "not looked at (of each, up to 16 are)88" if lang == "en" else "(de chacun, jusqu’à 16 le sont)88"
    assert row.replace(" ", "") in told(run, lang).replace(" ", "")
    made.skipped = None
    older = made.write(tmp_path / "older")
    assert conclude(older)["searched"]["frames_skipped"] is None
    assert ("not recorded" if lang == "en" else "non noté") in told(older, lang)


@pytest.mark.parametrize("lang", LANGS)
def test_a_picture_of_a_folder_is_named_by_its_file(tmp_path: Path, lang: str) -> None:
    """Not by a row of a shard that no reader has: in the report, its check by hand, the sheet and the text form."""
    made = PictureRun()
    made.painted("one", painting(1))
    facts: dict[str, Any] = {"shard": "./#0-29", "row": 17, "record_id": "sub/coffee_q85.jpg"}
    made.seen("one", painting(1), (0, 0, 900, 640), whole((900, 640)), **facts)
    made.seen(
        "one", painting(1), (0, 0, 900, 640), whole((900, 640)), **(facts | {"row": 19, "record_id": "b.jpg"})
    )
    run = made.write(tmp_path)
    row = "row 17" if lang == "en" else "ligne 17"
    folder = f"{'folder' if lang == 'en' else 'dossier'}{made.corpus}"  # a term and what it is
    for text in (
        told(run, lang),
        on_sheet(next(all_found(run)), run, lang),
        render(run, lang, "text").decode(),
    ):
        assert "sub/coffee_q85.jpg" in text
        assert row not in text
    assert folder in told(run, lang)
    assert told(run, lang).count("#0-29") == 1  # the example of what could not be read
    assert (
        "Take the file \u2068sub/coffee_q85.jpg" if lang == "en" else "le fichier \u2068sub/coffee"
    ) in told(run, lang)
    assert "b.jpg" in told(run, lang)  # its line in the table


@pytest.mark.parametrize("lang", LANGS)
def test_figures_are_no_probability(tmp_path: Path, lang: str) -> None:
    """Said in the report and on each evidence picture; and `copy` says that it says not which was first."""
    run = gallery_run(tmp_path, controls=0)
    text = told(run, lang)
    for fact in {
        "en": ("no probability", "Pictures made from one template", "an older original may stand in both"),
        "fr": (
            "pas la probabilité",
            "faites sur un même modèle",
            "un original plus ancien peut figurer dans les deux",
        ),
    }[lang]:
        assert fact in text, fact
    said = "not probabilities" if lang == "en" else "non des probabilités"
    assert said in on_sheet(next(all_found(run)), run, lang)


def test_a_part_that_agrees_in_places_is_not_the_whole(tmp_path: Path) -> None:
    """A box from edge to edge, of which 63 % agree."""
    made = PictureRun()
    made.painted("chess", painting(1))
    made.seen("chess", painting(2), (0, 0, 900, 640), whole((900, 640)), share_of_work=0.63)
    text = told(made.write(tmp_path))
    assert "The whole of your picture" not in text
    assert "63% of your picture, spread over all of it" in text


def test_findings_changed_after_the_search_are_refused(tmp_path: Path) -> None:
    """A findings file that is not the one its receipt states is reported to nobody."""
    run = gallery_run(tmp_path, controls=0)
    read_summary(run)
    path = next((run / "findings").iterdir())
    table = pq.read_table(path)
    grades = pa.array(["identical"] * len(table), table.schema.field("grade").type)
    pq.write_table(
        table.set_column(table.column_names.index("grade"), table.schema.field("grade"), grades), path
    )
    for shown in (select_pictures, write_pictures, conclude):
        with pytest.raises(RunError, match="changed since its receipt"):
            shown(run)


def test_a_summary_of_an_earlier_version_is_made_anew(tmp_path: Path) -> None:
    """One that does not say of what sketches are would let a report be silent about them."""
    run = sketch_run(tmp_path)
    summary = conclude(run)
    for name in ("sketches", "frames_skipped"):
        del summary["searched"][name]
    (run / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    assert "No picture was looked at" in told(run)


def test_sentences_on_sketches_have_the_same_keys_and_fields() -> None:
    """Each stands in the place of one that speaks of pictures, with no other fields; French has its typography."""
    english, french = sketches_en.MESSAGES, sketches_fr.MESSAGES
    assert english.keys() == french.keys()
    for mine, others in ((english, messages_en.MESSAGES), (french, messages_fr.MESSAGES)):
        for key, text in mine.items():
            assert _fields(text) == _fields(others[key]), key
    for key, text in french.items():
        assert not re.search(r" [;:!?%»]|« |'", text), key


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
