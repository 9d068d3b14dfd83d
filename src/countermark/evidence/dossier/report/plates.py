"""The plates of a dossier: the strongest findings, one a page, as evidence pictures or as pairs of spectrograms."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import typst

from countermark.errors import OutputError
from countermark.evidence.dossier.report.compose import LANGUAGES
from countermark.evidence.dossier.report.pictured import chosen
from countermark.evidence.run_folder import read_json
from countermark.evidence.summary import is_of_pictures
from countermark.media import Medium

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.evidence.dossier.report.compose import Subject
    from countermark.evidence.dossier.report.pictured import Chosen
    from countermark.language import Language


@dataclass(frozen=True, slots=True)
class Plate:
    """One page: its number, its finding, and one or two encoded pictures, one below the other."""

    number: int
    finding: Mapping[str, Any]
    pictures: tuple[bytes, ...]
    suffix: str


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


def sounds_pdf(subject: Subject, language: str) -> bytes:
    """The same of recordings, as pairs of spectrograms; empty where none was found whose sound the run keeps.

    Raises RunError for a run that is damaged, OutputError where it cannot be set.
    """
    runs = [run for run in subject.runs if read_json(run / "run.json").get("medium") == Medium.AUDIO]
    if not runs:
        return b""
    from countermark.evidence.dossier.report.heard import chosen_recordings  # noqa: PLC0415
    from countermark.evidence.listening.selection import select_recordings  # noqa: PLC0415
    from countermark.evidence.listening.sounds import heard  # noqa: PLC0415  PyAV is an extra
    from countermark.evidence.listening.spectrogram import drawn  # noqa: PLC0415

    plates = []
    for number, (run, found) in enumerate(chosen_recordings([select_recordings(run) for run in runs]), 1):
        sound = heard(run.run, found.finding, run.copies)
        if sound.samples.keys() >= {"work", "record"}:
            drawings = tuple(drawn(sound.samples[side]).picture for side in ("work", "record"))
            plates.append(Plate(number, found.finding, drawings, "png"))
    return _typeset(plates, "plates.recordings", subject, LANGUAGES[language]) if plates else b""


def _set(shown: list[Chosen], subject: Subject, say: Language) -> bytes:
    from countermark.evidence.gallery.sheet import SheetMaker  # noqa: PLC0415

    makers = {gallery.run: SheetMaker.of(gallery.run, say.code) for gallery, _ in shown}
    plates = [
        Plate(number, picture.finding, (makers[gallery.run].picture(picture.finding),), "jpg")
        for number, (gallery, picture) in enumerate(shown, 1)
    ]
    return _typeset(plates, "plates.lead", subject, say)


def _typeset(plates: Sequence[Plate], lead: str, subject: Subject, say: Language) -> bytes:
    with tempfile.TemporaryDirectory(prefix="countermark-plates-") as folder:
        place = Path(folder)
        told = []
        for plate in plates:
            names = [f"{plate.number}-{at}.{plate.suffix}" for at in range(len(plate.pictures))]
            for name, picture in zip(names, plate.pictures, strict=True):
                (place / name).write_bytes(picture)
            grade = say.say(f"grade.{plate.finding['grade']}")
            said = say.say("plates.said", n=plate.number)
            alt = f"{said}, {grade}, {say.say('pictures.finding', id=plate.finding['finding_id'])}"
            told.append({"files": names, "title": said, "alt": alt})
        document = {
            "title": say.say("plates"),
            "lead": say.say(lead),
            "language": say.code,
            "paper": subject.paper,
            "footer": f"{say.say('title')} · {say.say('subject.date')} {say.date(subject.date)}",
            "page_word": say.say("page"),
            "plates": told,
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
