"""`countermark index info`: tell what an index holds, whatever its medium."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from countermark.cli.index_salt import read_salt
from countermark.cli.progress import counted, printable

if TYPE_CHECKING:
    from countermark.index.lookup import Index
    from countermark.index.manifest import Manifest

_OF_TEXTS: Final = frozenset(("words", "letters", "code_points", "dropped_fingerprints", "guarantee_letters"))
_OWN: Final = {"image": ("prints", "embedding"), "audio": ("seconds", "copies", "compositions", "notes")}
"""What only the manifests of pictures, and of recordings, say."""


@click.command("info")
@click.argument("index", type=click.Path(path_type=Path))
@click.option(
    "--salt-file", type=click.Path(path_type=Path), help="The salt of a sealed index, to check that it fits."
)
@click.option(
    "--verify", is_flag=True, help="Read every file of an index of texts whole, and compare digests."
)
@click.option(
    "--works",
    "listing",
    is_flag=True,
    help="List the works of an index of texts instead: id, title and author, with tabs between.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the manifest, or the works, as JSON.")
def command(index: Path, salt_file: Path | None, verify: bool, listing: bool, as_json: bool) -> None:
    """Tell what INDEX holds, and what it is sure to find.

    With --verify, every byte is compared with what was written. With --works, each work has a line that begins with
    its id, which `countermark index drop` takes.
    """
    from countermark.index import Index, open_index
    from countermark.index.manifest import read_manifest
    from countermark.media import Medium

    manifest = read_manifest(index)
    if manifest.medium in _OWN:
        if listing:
            raise click.UsageError("--works lists the works of an index of texts")
        _tell_media(manifest, index, salt_file, as_json=as_json)
        return
    if manifest.medium == Medium.TEXT and (
        manifest.form == "full" or salt_file is not None
    ):  # a sealed one without its salt still has a manifest to show
        open_index(index, salt=None if salt_file is None else read_salt(salt_file))
    if verify:
        Index.unkeyed(index, manifest).verify()
    if listing:
        _tell_works(Index.unkeyed(index, manifest), as_json=as_json)
        return
    facts = facts_of(manifest, index)
    segments = _segments(manifest, index)
    if as_json:
        facts |= {"segments": segments} if segments else {}
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    _tell_facts(facts)
    _tell_segments(segments)
    click.echo(
        f"Every unchanged run of {manifest.guarantee_letters:,} letters and digits of these works is found; "
        "shorter and changed passages mostly are (countermark selftest measures it on your works)."
    )


def _tell_media(manifest: Manifest, index: Path, salt_file: Path | None, *, as_json: bool) -> None:
    """Tell of an index of pictures or recordings, whose counts are others; their extras are not needed for it."""
    from countermark.index.lookup import check_files
    from countermark.media import Medium

    pictures = manifest.medium == Medium.IMAGE
    if salt_file is not None:
        of = "pictures" if pictures else "recordings"
        raise click.UsageError(f"--salt-file is for a sealed index of texts; this one is of {of}")
    check_files(index, manifest)
    facts = facts_of(manifest, index)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    _tell_facts(_shown_pictures(facts) if pictures else _shown_recordings(facts))
    kind = "pictures" if pictures else "recordings"
    click.echo(f"What is found of altered {kind}, and how often, is in docs/reference/benchmarks.md.")


def _shown_pictures(facts: dict[str, Any]) -> dict[str, Any]:
    shown = {name.replace("fingerprints", "features"): facts[name] for name in facts}
    return shown | {"prints": "kept" if facts.get("prints") else "none: evidence pictures show the find only"}


def _shown_recordings(facts: dict[str, Any]) -> dict[str, Any]:
    from countermark.cli.progress import duration

    shown = {name.replace("fingerprints", "constellations"): facts[name] for name in facts}
    searched = "searched too, with --compositions" if facts.get("compositions") else "not searched"
    return {name: value for name, value in shown.items() if name not in ("seconds", "notes")} | {
        "sound": duration(float(facts.get("seconds", 0))),
        "copies": "kept" if facts.get("copies") else "none: the listening page plays the find only",
        "compositions": f"{searched}{', with a model of notes' if facts.get('notes') else ''}",
    }


def _segments(manifest: Manifest, index: Path) -> list[dict[str, Any]]:
    """What is told of each segment; nothing where the index was never changed."""
    if not manifest.segments:
        return []
    from countermark.index.segments import check_segments, live_assets

    segments = check_segments(index, manifest)
    return [
        {
            "segment": name,
            "files": segment.assets,
            "dropped_files": segment.assets - int(live.sum()),
            "words": segment.words,
            "identity": segment.identity,
        }
        for (name, segment), live in zip(segments, live_assets(index, manifest, segments), strict=True)
    ]


def _tell_segments(segments: list[dict[str, Any]]) -> None:
    for said in segments:
        dropped = f", {said['dropped_files']:,} of them dropped" if said["dropped_files"] else ""
        name = "segment as built" if said["segment"] == "." else said["segment"]
        click.echo(f"{name}: {counted(said['files'], 'file')}{dropped}, {counted(said['words'], 'word')}")


def _tell_works(index: Index, *, as_json: bool) -> None:
    """Each work that counts once, in the order of the index; as JSON with the number of its files."""
    works: dict[str, dict[str, Any]] = {}
    for batch in index.assets().batches(["work_id", "work_title", "work_author"]):
        for row in batch.to_pylist():
            works.setdefault(row["work_id"], row | {"files": 0})["files"] += 1
    if as_json:
        click.echo(json.dumps(list(works.values()), ensure_ascii=False, indent=2))
        return
    for row in works.values():
        click.echo("\t".join(printable(row[name]) for name in ("work_id", "work_title", "work_author")))


def _tell_facts(facts: dict[str, Any]) -> None:
    width = max(map(len, facts))
    for name, value in facts.items():
        click.echo(f"{name:{width}}  {value:,}" if isinstance(value, int) else f"{name:{width}}  {value}")


def facts_of(manifest: Manifest, path: Path) -> dict[str, Any]:
    """Give the manifest's counts and names, without the digests of its parts and of the salt; those of its medium."""
    plain = {name: value for name, value in asdict(manifest).items() if isinstance(value, str | int | float)}
    facts = {"index": str(path)} | {
        name: value for name, value in plain.items() if name not in ("key_check", "state")
    }
    if manifest.medium not in _OWN:
        return facts
    own = {name: manifest.facts[name] for name in _OWN[manifest.medium] if name in manifest.facts}
    return {name: value for name, value in facts.items() if name not in _OF_TEXTS} | own
