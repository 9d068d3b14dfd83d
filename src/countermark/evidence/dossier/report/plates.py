"""The plates of a dossier: the evidence pictures of the strongest findings, one a page, in one language."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typst

from countermark.errors import OutputError
from countermark.evidence.dossier.report.compose import LANGUAGES
from countermark.evidence.dossier.report.pictured import chosen
from countermark.evidence.run_folder import read_json
from countermark.evidence.summary import is_of_pictures

if TYPE_CHECKING:
    from countermark.evidence.dossier.report.compose import Subject
    from countermark.evidence.dossier.report.pictured import Chosen
    from countermark.language import Language

TEMPLATE: Final = Path(__file__).with_name("plates.typ")


def plates_pdf(subject: Subject, language: str) -> bytes:
    """The plates as a PDF, the same bytes for the same subject; empty where no picture was found.

    Raises RunError for a run that is damaged, OutputError where it cannot be set.
    """
    of_pictures = [run for run in subject.runs if is_of_pictures(read_json(run / "run.json"))]
    if not of_pictures:
        return b""
    from countermark.evidence.gallery.selection import select_pictures  # noqa: PLC0415  Pillow is an extra

    shown = chosen([select_pictures(run) for run in of_pictures])
    return _set(shown, subject, LANGUAGES[language]) if shown else b""


def _set(shown: list[Chosen], subject: Subject, say: Language) -> bytes:
    from countermark.evidence.gallery.sheet import SheetMaker  # noqa: PLC0415

    makers = {gallery.run: SheetMaker.of(gallery.run, say.code) for gallery, _ in shown}
    with tempfile.TemporaryDirectory(prefix="countermark-plates-") as folder:
        place = Path(folder)
        plates = []
        for number, (gallery, picture) in enumerate(shown, 1):
            name = f"{number}.jpg"
            (place / name).write_bytes(makers[gallery.run].picture(picture.finding))
            grade = say.say(f"grade.{picture.finding['grade']}")
            said = say.say("plates.said", n=number)
            alt = f"{said}, {grade}, {say.say('pictures.finding', id=picture.finding['finding_id'])}"
            plates.append({"file": name, "title": said, "alt": alt})
        document = {
            "title": say.say("plates"),
            "lead": say.say("plates.lead"),
            "language": say.code,
            "paper": subject.paper,
            "footer": f"{say.say('title')} · {say.say('subject.date')} {say.date(subject.date)}",
            "page_word": say.say("page"),
            "plates": plates,
        }
        (place / "page.typ").write_bytes(TEMPLATE.read_bytes())
        (place / "data.json").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        stamp = int(datetime.fromisoformat(subject.date).replace(tzinfo=UTC).timestamp())
        try:
            made = typst.compile(
                str(place / "page.typ"),
                root=folder,
                format="pdf",
                sys_inputs={"data": "data.json"},
                timestamp=stamp,
            )
        except typst.TypstError as error:
            raise OutputError(f"the plates cannot be set: {' '.join(str(error).split())[:300]}") from error
    return bytes(made)
