"""`countermark index`: make an index of works, and look into one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from countermark.cli import index_info, index_media
from countermark.cli.index_salt import salt_of
from countermark.cli.progress import counted, duration

if TYPE_CHECKING:
    from countermark.index.manifest import Manifest
    from countermark.media import Medium


@click.group("index")
def command() -> None:
    """Make an index of works, or look into one.

    An index is a folder of fingerprints. The full form also holds the works' text, so that findings carry exact
    spans and excerpts; the sealed form holds salted hashes only, and can be handed over without the works being
    readable in it.
    """


@command.command("build", short_help="Make an index of works.")
@click.argument("works", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder to write the index to."
)
@click.option(
    "--sealed", is_flag=True, help="Write salted hashes only: the works cannot be read from the index."
)
@click.option(
    "--salt-file", type=click.Path(path_type=Path), help="The file with the secret salt (16 bytes or more)."
)
@click.option(
    "--medium",
    type=click.Choice(["text", "image", "audio"]),
    help="What the works are; by default texts, or pictures or recordings where there is no text among them.",
)
@click.option(
    "--no-prints",
    is_flag=True,
    help="Pictures: keep no copy of the works for evidence pictures (1,600 pixels, about 0.3 MB each).",
)
@click.option(
    "--embedding",
    type=click.Path(path_type=Path),
    metavar="ONNX",
    help="Pictures: a model of your own (one picture in, one vector out) that proposes further candidates in scans.",
)
@click.option(
    "--no-copies",
    is_flag=True,
    help="Recordings: keep no copy of the works for the listening page (Ogg Opus, about 0.3 MB a minute).",
)
@click.option(
    "--compositions",
    is_flag=True,
    help="Recordings: keep melody and harmony too, so that scans can hint at other recordings of the same composition.",
)
@click.option(
    "--notes",
    type=click.Path(path_type=Path),
    metavar="ONNX",
    help="Recordings: the model that transcribes notes for --compositions (nmp.onnx of the package basic-pitch).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the index's manifest and the counts as JSON.")
def build(  # noqa: PLR0913  one parameter per option
    *,
    works: tuple[Path, ...],
    out: Path,
    sealed: bool,
    salt_file: Path | None,
    medium: str | None,
    no_prints: bool,
    embedding: Path | None,
    no_copies: bool,
    compositions: bool,
    notes: Path | None,
    as_json: bool,
) -> None:
    """Make an index of WORKS: folders, files, or a catalogue (CSV or Parquet) that names them.

    A catalogue has the columns title and path, and may have author, published, licence. Texts are read from TXT,
    Markdown, HTML, EPUB, PDF, DOCX and ODT; pictures from JPEG, PNG, WebP, AVIF, GIF, TIFF and BMP; recordings from
    MP3, AAC, Opus, Vorbis, FLAC, WAV, ALAC and the sound of videos. An index holds one medium: of a folder with
    several, make several. What cannot be read is listed with its reason.

    \b
    Examples:
      countermark index build novels/ --out novels.index
      countermark index build paintings/ --out paintings.index
      countermark index build archive/ --medium image --out pictures.index
      countermark index build songs/ --out songs.index
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.media import Medium

    chosen = Medium(medium) if medium else _medium_of(works)
    _require_fitting(
        chosen,
        {
            Medium.TEXT: {"--sealed": sealed, "--salt-file": salt_file is not None},
            Medium.IMAGE: {"--no-prints": no_prints, "--embedding": embedding is not None},
            Medium.AUDIO: {
                "--no-copies": no_copies, "--compositions": compositions, "--notes": notes is not None,
            },
        },
    )  # fmt: skip
    if notes is not None and not compositions:
        raise click.UsageError("--notes is for --compositions: give both, or neither")
    if chosen is Medium.IMAGE:
        reading, manifest = index_media.of_pictures(works, out, prints=not no_prints, embedding=embedding)
    elif chosen is Medium.AUDIO:
        reading, manifest = index_media.of_recordings(
            works, out, copies=not no_copies, compositions=compositions, notes=notes
        )
    else:
        reading, manifest = index_media.of_texts(works, out, salt=salt_of(sealed, salt_file))
    reading.end_line()
    if as_json:
        reasons = dict(sorted(Counter(refusal.reason for refusal in reading.refused).items()))
        click.echo(
            json.dumps(
                index_info.facts_of(manifest, out) | {"refused": reasons}, ensure_ascii=False, indent=2
            )
        )
        return
    reading.tell_refused()
    _tell_built(manifest, out, salt_file)


_CALLED = {"text": "texts", "image": "pictures", "audio": "recordings"}


def _require_fitting(chosen: Medium, options: dict[Medium, dict[str, bool]]) -> None:
    """Raise UsageError where an option was given that is for another medium than the one chosen."""
    for medium, given in options.items():
        for option, is_given in given.items():
            if not is_given or medium is chosen:
                continue
            if option == "--sealed":
                raise click.UsageError(
                    f"--sealed is for texts: fingerprints of {_CALLED[chosen]} are compared by nearness, "
                    "which a salt would undo"
                )
            raise click.UsageError(f"{option} is for {_CALLED[medium]}; these works are {_CALLED[chosen]}")


def _medium_of(works: tuple[Path, ...]) -> Medium:
    """Texts where there are some; else what there is more of, pictures or recordings."""
    from countermark.media import Medium
    from countermark.works.medium import media_in

    found = media_in(path for path in works if path.exists())
    if found[Medium.TEXT] or not found.total():
        return Medium.TEXT
    return Medium.AUDIO if found[Medium.AUDIO] > found[Medium.IMAGE] else Medium.IMAGE


def _tell_built(manifest: Manifest, out: Path, salt_file: Path | None) -> None:
    held = counted(manifest.words, "word") if manifest.words else counted(manifest.fingerprints, "feature")
    if "seconds" in manifest.facts:
        held = duration(manifest.facts["seconds"])
    click.echo(
        f"{out}: {counted(manifest.works, 'work')} in {counted(manifest.assets, 'file')}, {held}; "
        f"{manifest.form} index, {manifest.scheme}."
    )
    if salt_file is not None:
        click.echo(
            f"Keep {salt_file}: a scan with this index needs it, and whoever has both can test guesses."
        )
    click.echo(
        f"Next: countermark scan {out} CORPUS --out run/" + (f" --salt-file {salt_file}" if salt_file else "")
    )


command.add_command(index_info.command)
