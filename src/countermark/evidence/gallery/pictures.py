"""Writing the evidence pictures of a run, one for each finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from countermark.atomic import make_folder, write_bytes
from countermark.errors import RunError
from countermark.evidence.gallery.selection import all_found
from countermark.evidence.gallery.sheet import SheetMaker
from countermark.evidence.run_folder import open_run
from countermark.evidence.summary import is_of_pictures

if TYPE_CHECKING:
    from pathlib import Path


def write_pictures(run: Path, lang: str = "en") -> int:
    """Write `run/evidence/<finding_id>.<lang>.jpg` for every finding; return how many.

    The same run gives the same files. Raises RunError where `run` is no run of pictures or is damaged, OutputError
    where a file cannot be written.
    """
    if not is_of_pictures(open_run(run).settings):
        raise RunError(f"{run}: not a run of pictures; evidence pictures are made of runs of pictures only")
    folder = run / "evidence"
    make_folder(folder)
    maker = SheetMaker.of(run, lang)
    written = 0
    for finding in all_found(run):
        name = finding["finding_id"]
        if not (name.isascii() and name.isalnum()):
            raise RunError(f"{run}: a finding is called {name!r}; letters and digits are accepted")
        write_bytes(folder / f"{name}.{lang}.jpg", maker.picture(finding))
        written += 1
    return written
