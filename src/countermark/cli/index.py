"""`countermark index`: make an index of works, and look into one."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.progress import counted
from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from countermark.cli.works_reading import Reading
    from countermark.index.manifest import Manifest
    from countermark.media import Medium
    from countermark.works.work import WorkFile

_LAST_OF_PICTURES = "reorder"  # the kernel that is compiled when all that an index of pictures needs are
SHORTEST_SALT = 16  # bytes; a shorter salt can be tried out

_OF_TEXTS = frozenset(("words", "letters", "code_points", "dropped_fingerprints", "guarantee_letters"))


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
    type=click.Choice(["text", "image"]),
    help="What the works are; by default texts, or pictures where there is no text among them.",
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
@click.option("--json", "as_json", is_flag=True, help="Print the index's manifest and the counts as JSON.")
def build(
    *,
    works: tuple[Path, ...],
    out: Path,
    sealed: bool,
    salt_file: Path | None,
    medium: str | None,
    no_prints: bool,
    embedding: Path | None,
    as_json: bool,
) -> None:
    """Make an index of WORKS: folders, files, or a catalogue (CSV or Parquet) that names them.

    A catalogue has the columns title and path, and may have author, published, licence. Texts are read from TXT,
    Markdown, HTML, EPUB, PDF, DOCX and ODT; pictures from JPEG, PNG, WebP, AVIF, GIF, TIFF and BMP. An index holds one
    medium: of a folder with both, make two. What cannot be read is listed with its reason.

    \b
    Examples:
      countermark index build novels/ --out novels.index
      countermark index build paintings/ --out paintings.index
      countermark index build archive/ --medium image --out pictures.index
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.media import Medium

    chosen = Medium(medium) if medium else _medium_of(works)
    if chosen is Medium.IMAGE and (sealed or salt_file is not None):
        raise click.UsageError(
            "--sealed is for texts: hashes of pictures are compared by nearness, which a salt would undo"
        )
    if chosen is Medium.TEXT and (no_prints or embedding):
        option = "--no-prints" if no_prints else "--embedding"
        raise click.UsageError(f"{option} is for pictures; these works are texts")
    if chosen is Medium.IMAGE:
        reading, manifest = _of_pictures(works, out, prints=not no_prints, embedding=embedding)
    else:
        reading, manifest = _of_texts(works, out, sealed=sealed, salt_file=salt_file)
    reading.end_line()
    if as_json:
        reasons = dict(sorted(Counter(refusal.reason for refusal in reading.refused).items()))
        click.echo(json.dumps(_facts(manifest, out) | {"refused": reasons}, ensure_ascii=False, indent=2))
        return
    reading.tell_refused()
    _tell_built(manifest, out, salt_file)


def _medium_of(works: tuple[Path, ...]) -> Medium:
    """Pictures where there are some and no text is among them; else texts."""
    from countermark.media import Medium
    from countermark.works.pictures import media_in

    found = media_in(path for path in works if path.exists())
    return Medium.IMAGE if found[Medium.IMAGE] and not found[Medium.TEXT] else Medium.TEXT


def _of_texts(
    works: tuple[Path, ...], out: Path, *, sealed: bool, salt_file: Path | None
) -> tuple[Reading, Manifest]:
    salt = _salt(sealed, salt_file)
    from countermark.cli.works_reading import Reading
    from countermark.index.build import build_index
    from countermark.works.reading import read_works

    reading = Reading(read_works(list(works)))
    files = iter(reading)
    first = next(files)  # nothing is written where nothing can be read
    return reading, build_index(chain([first], files), out, salt=salt, sealed=sealed)


def _of_pictures(
    works: tuple[Path, ...], out: Path, *, prints: bool, embedding: Path | None
) -> tuple[Reading, Manifest]:
    from countermark.cli.extras import needs_embedding, needs_image

    needs_image()
    model = None
    if embedding is not None:
        needs_embedding()
        from countermark.fingerprint.image.embedding import EmbeddingModel

        model = EmbeddingModel(embedding)
    from countermark.cli.works_reading import Reading
    from countermark.index.image.build import build_image_index
    from countermark.media import Medium
    from countermark.works.reading import read_works

    reading = Reading(read_works(list(works), Medium.IMAGE))
    files = iter(reading)
    first = next(files)  # nothing is written where nothing can be read
    pictures = _announced(chain([first], files))
    manifest = build_image_index(pictures, out, prints=prints, model=model, refuse=reading.refused.append)
    return reading, manifest


def _announced(files: Iterable[WorkFile]) -> Iterator[WorkFile]:
    """Say why the first index on a machine is slow to begin, once the folder was accepted and a file is asked for."""
    from countermark.fingerprint.kernel_cache import is_compiled

    if not is_compiled(_LAST_OF_PICTURES):
        click.echo("Compiling the kernels: once on this machine, about half a minute.", err=True)
    yield from files


def _tell_built(manifest: Manifest, out: Path, salt_file: Path | None) -> None:
    held = counted(manifest.words, "word") if manifest.words else counted(manifest.fingerprints, "feature")
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


@command.command("info")
@click.argument("index", type=click.Path(path_type=Path))
@click.option(
    "--salt-file", type=click.Path(path_type=Path), help="The salt of a sealed index, to check that it fits."
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
def info(index: Path, salt_file: Path | None, as_json: bool) -> None:
    """Tell what INDEX holds, and what it is sure to find."""
    from countermark.index import open_index
    from countermark.index.manifest import read_manifest
    from countermark.media import Medium

    manifest = read_manifest(index)
    if manifest.medium == Medium.IMAGE:
        _tell_pictures(manifest, index, salt_file, as_json=as_json)
        return
    if manifest.medium == Medium.TEXT and (
        manifest.form == "full" or salt_file is not None
    ):  # a sealed one without its salt still has a manifest to show
        open_index(index, salt=None if salt_file is None else read_salt(salt_file))
    facts = _facts(manifest, index)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    _tell_facts(facts)
    click.echo(
        f"Every unchanged run of {manifest.guarantee_letters:,} letters and digits of these works is found; "
        "shorter and changed passages mostly are (countermark selftest measures it on your works)."
    )


def _tell_pictures(manifest: Manifest, index: Path, salt_file: Path | None, *, as_json: bool) -> None:
    """Tell of an index of pictures, whose counts are others; the extra `image` is not needed for it."""
    from countermark.index.lookup import check_files

    if salt_file is not None:
        raise click.UsageError("--salt-file is for a sealed index of texts; this one is of pictures")
    check_files(index, manifest)
    facts = _facts(manifest, index)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    shown = {name.replace("fingerprints", "features"): facts[name] for name in facts}
    _tell_facts(
        shown | {"prints": "kept" if facts.get("prints") else "none: evidence pictures show the find only"}
    )
    click.echo("What is found of altered pictures, and how often, is in docs/reference/benchmarks.md.")


def _tell_facts(facts: dict[str, Any]) -> None:
    width = max(map(len, facts))
    for name, value in facts.items():
        click.echo(f"{name:{width}}  {value:,}" if isinstance(value, int) else f"{name:{width}}  {value}")


def read_salt(path: Path) -> bytes:
    """Read a salt of at least 16 bytes. Raises InputError, which says how one is made."""
    try:
        salt = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(
            f"{path}: no such salt file; make one with `head -c 32 /dev/urandom > {path}` or "
            f"`python -c \"import os; open('{path}','wb').write(os.urandom(32))\"`, and keep it"
        ) from error
    except OSError as error:
        raise InputError(f"{path}: the salt file cannot be read: {error.strerror}") from error
    if len(salt) < SHORTEST_SALT:
        raise InputError(
            f"{path}: the salt has {len(salt)} bytes; {SHORTEST_SALT} or more are needed, 32 are good"
        )
    return salt


def _salt(sealed: bool, salt_file: Path | None) -> bytes | None:
    if sealed and salt_file is None:
        raise click.UsageError("--sealed needs --salt-file FILE, a file of 16 or more secret random bytes")
    if salt_file is not None and not sealed:
        raise click.UsageError("--salt-file is for a sealed index; add --sealed, or leave it out")
    return None if salt_file is None else read_salt(salt_file)


def _facts(manifest: Manifest, path: Path) -> dict[str, Any]:
    """Give the manifest's counts and names, without the digests of its parts and of the salt; those of its medium."""
    from countermark.media import Medium

    plain = {name: value for name, value in asdict(manifest).items() if isinstance(value, str | int | float)}
    facts = {"index": str(path)} | {name: value for name, value in plain.items() if name != "key_check"}
    if manifest.medium != Medium.IMAGE:
        return facts
    own = {name: manifest.facts[name] for name in ("prints", "embedding") if name in manifest.facts}
    return {name: value for name, value in facts.items() if name not in _OF_TEXTS} | own
