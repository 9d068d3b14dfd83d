"""`countermark index`: make an index of works, and look into one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli import index_changes, index_info, index_media, index_merge
from countermark.cli.index_salt import salt_of
from countermark.cli.progress import counted, duration

if TYPE_CHECKING:
    from countermark.cli.works_reading import Reading
    from countermark.index.manifest import Manifest
    from countermark.media import Medium


@click.group("index")
def command() -> None:
    """Make an index of works, look into one, or change it.

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
def build(*, works: tuple[Path, ...], out: Path, medium: str | None, as_json: bool, **given: Any) -> None:
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
    _require_fitting(chosen, given)
    reading, manifest = _built(chosen, works, out, given)
    reading.end_line()
    if as_json:
        reasons = dict(sorted(Counter(refusal.reason for refusal in reading.refused).items()))
        facts = index_info.facts_of(manifest, out)
        click.echo(json.dumps(facts | {"refused": reasons}, ensure_ascii=False, indent=2))
        return
    reading.tell_refused()
    _tell_built(manifest, out, given["salt_file"])


def _built(
    chosen: Medium, works: tuple[Path, ...], out: Path, given: dict[str, Any]
) -> tuple[Reading, Manifest]:
    from countermark.media import Medium

    if chosen is Medium.IMAGE:
        return index_media.of_pictures(
            works, out, prints=not given["no_prints"], embedding=given["embedding"]
        )
    if chosen is Medium.AUDIO:
        asked = {"compositions": given["compositions"], "notes": given["notes"]}
        return index_media.of_recordings(works, out, copies=not given["no_copies"], **asked)
    return index_media.of_texts(works, out, salt=salt_of(given["sealed"], given["salt_file"]))


_CALLED = {"text": "texts", "image": "pictures", "audio": "recordings"}


_OPTIONS = {
    "text": ("sealed", "salt_file"),
    "image": ("no_prints", "embedding"),
    "audio": ("no_copies", "compositions", "notes"),
}


def _require_fitting(chosen: Medium, given: dict[str, Any]) -> None:
    """Raise UsageError where an option was given that is for another medium than the one chosen."""
    for medium, names in _OPTIONS.items():
        for name in names if medium != chosen else ():
            if name == "sealed" and given[name]:
                raise click.UsageError(
                    f"--sealed is for texts: fingerprints of {_CALLED[chosen]} are compared by nearness, "
                    "which a salt would undo"
                )
            if given[name]:
                option = f"--{name.replace('_', '-')}"
                raise click.UsageError(
                    f"{option} is for {_CALLED[medium]}; these works are {_CALLED[chosen]}"
                )
    if given["notes"] is not None and not given["compositions"]:
        raise click.UsageError("--notes is for --compositions: give both, or neither")


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


for added in (
    index_info.command,
    index_merge.command,
    index_changes.add,
    index_changes.drop,
    index_changes.compact,
):
    command.add_command(added)
