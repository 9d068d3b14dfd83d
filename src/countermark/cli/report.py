"""`countermark report`: the report of a run."""

from __future__ import annotations

import os
from pathlib import Path

import click

from countermark.cli.place import RunPlace


@click.command(name="report")
@click.argument("run", type=RunPlace())
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "text", "json"]),
    default="html",
    show_default=True,
    help="HTML is one file without network; text is for the terminal; JSON is the summary.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File to write, or - for standard output. HTML goes to RUN/report.LANG.html by default.",
)
@click.option(
    "--pictures",
    is_flag=True,
    help="Also write one evidence picture a finding, at print quality, into RUN/evidence/ (searches among pictures).",
)
@click.option(
    "--folder",
    "tables",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write the page with its tables (CSV, JSON Lines, Parquet) into a folder to hand on (recordings).",
)
@click.option(
    "--works",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The works' files, where the study's folder no longer holds their texts (studies of models).",
)
@click.option(
    "--no-texts",
    is_flag=True,
    help="Show places and probabilities, and none of the works' words: to hand on (studies of models).",
)
def command(  # one argument an option
    *,
    run: Path,
    lang: str | None,
    form: str,
    out: Path | None,
    pictures: bool,
    tables: Path | None,
    works: Path | None,
    no_texts: bool,
) -> None:
    """Write the report of the run folder RUN: of recordings, a page to listen to both sides in step.

    The report says which works stand in the data set, where, and how much of each, what could not be read, and how
    often the search is wrong. A run that has not ended gets a report that says so.

    Of a study of a model (trap test, extract run) it says the grade, the null, every denominator, and what is not
    shown.

    \b
    Examples:
      countermark report run/
      countermark report run/ --lang fr --out rapport.html
      countermark report run/ --format text
      countermark report run/ --format json | jq .works
      countermark report run/ --pictures
      countermark report study/ --no-texts --out to-hand-on.html
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.atomic import write_bytes
    from countermark.evidence.report.write import render, write_report
    from countermark.language import language_of_locale

    language = lang or language_of_locale(os.environ)
    if _is_study(run, pictures=pictures, tables=tables, works=works, no_texts=no_texts):
        _report_study(run, language, form, out, works=works, texts=not no_texts)
        return
    _see_run(run, form)
    if pictures:
        _write_pictures(run, language)
    if tables is not None:
        _write_tables(run, tables, language)
    to_stdout = str(out) == "-" if out else form != "html"
    if to_stdout:
        click.echo(render(run, language, form), nl=False)
    elif form == "html":
        click.echo(f"Report: {write_report(run, language, out)}")
    elif out is not None:
        write_bytes(out, render(run, language, form))
        click.echo(f"Report: {out}")


def _is_study(run: Path, *, pictures: bool, tables: Path | None, works: Path | None, no_texts: bool) -> bool:
    """Whether RUN is a study of a model. Raises InputError for options of the other kind."""
    from countermark.errors import InputError
    from countermark.evidence.models.recognising import is_study

    study = is_study(run)
    if study and (pictures or tables is not None):
        raise InputError(f"{run}: a study of a model; --pictures and --folder are for runs of a search")
    if not study and (works is not None or no_texts):
        raise InputError(f"--works and --no-texts are for studies of models; {run} is none that has ended")
    return study


def _report_study(
    run: Path, language: str, form: str, out: Path | None, *, works: Path | None, texts: bool
) -> None:
    from countermark.atomic import write_bytes
    from countermark.evidence.models.write import render, write_study

    if str(out) == "-" or (out is None and form != "html"):
        click.echo(render(run, language, form, works=works, texts=texts), nl=False)
    elif form == "html":
        click.echo(f"Report: {write_study(run, language, out, works=works, texts=texts)}")
    elif out is not None:
        write_bytes(out, render(run, language, form))
        click.echo(f"Report: {out}")


def _see_run(run: Path, form: str) -> None:
    """Raise where a run has no report, or one that needs what is not installed, before anything is written."""
    from countermark.errors import InputError
    from countermark.media import Medium
    from countermark.scan.folder import RunFolder

    settings = RunFolder(run).settings() or {}
    if settings.get("kind") == "link":
        raise InputError(
            f"{run}: a link has no report of its own; its rows stand in links.parquet, its counts in works.parquet and "
            f"summary.json; countermark claim CATALOG {run} --out claim/ takes them into a claim"
        )
    if form == "json":
        return
    from countermark.cli.extras import needs_audio, needs_image

    if settings.get("medium") == Medium.IMAGE:
        needs_image()
    elif settings.get("medium") == Medium.AUDIO:
        needs_audio()


def _write_tables(run: Path, folder: Path, language: str) -> None:
    from countermark.errors import InputError
    from countermark.media import Medium
    from countermark.scan.folder import RunFolder

    if (RunFolder(run).settings() or {}).get("medium") != Medium.AUDIO:
        raise InputError(
            f"--folder is for a run among recordings; {run} is not one: its tables stand in it already"
        )
    from countermark.evidence.listening.write import write_listening

    written = write_listening(run, folder, language)
    click.echo(f"Listening page: {written.page}, with the tables beside it", err=True)


def _write_pictures(run: Path, language: str) -> None:
    from countermark.cli.extras import needs_image
    from countermark.cli.progress import counted

    needs_image()
    from countermark.evidence.gallery.pictures import write_pictures

    written = write_pictures(run, language)
    click.echo(f"Evidence: {counted(written, 'picture')} in {run / 'evidence'}", err=True)
