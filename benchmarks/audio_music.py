"""Real music for the benchmark of recordings: from Debian packages of games, their sources as Debian carries them.

Audio files of at least 400 kB are taken from 26 packages (655 with the links of translations, about 540 files), those
of 60 to 420 seconds are kept, one for each (package, title) and for each (package, length to a tenth of a second).
Nothing of it is in this repository: the packages are fetched by `apt-get download` into the folder given.

`python benchmarks/audio_music.py FOLDER` fetches them (2 GB while it runs, 1.5 GB kept) and lists FOLDER/music.json.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import av

PACKAGES = (
    "wesnoth-1.16-music", "supertux-data", "supertuxkart-data", "drascula-music", "naev-data", "megaglest-data",
    "widelands-data", "warzone2100-music", "hedgewars-data", "redeclipse-data", "colobot-common-sounds",
    "freedroidrpg-data", "singularity-music", "unknown-horizons", "flare-game", "hyperrogue-music", "warmux-data",
    "marsshooter-data", "plee-the-bear-data", "fillets-ng-data", "extremetuxracer-data", "asc-music",
    "lincity-ng-data", "boswars-data", "endless-sky-data", "freeorion-data",
)  # fmt: skip
ENDINGS = {".ogg", ".oga", ".mp3", ".opus", ".flac", ".wav", ".m4a"}
SMALLEST = 400_000
SHORTEST, LONGEST = 60.0, 420.0


class Track(NamedTuple):
    """One file of music: `name` is package/file, `seconds` its length as the container says."""

    name: str
    path: Path
    title: str
    seconds: float

    @property
    def package(self) -> str:
        """The package that it comes from."""
        return self.name.partition("/")[0]


def fetch(folder: Path) -> None:
    """FOLDER/music/PACKAGE/FILE, for each package that is not there yet."""
    for package in PACKAGES:
        kept = folder / "music" / package
        if not (kept / ".done").exists():
            _fetch_package(package, folder, kept)


def _fetch_package(package: str, folder: Path, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", package], cwd=folder, check=True, capture_output=True)
    deb = next(folder.glob(f"{package}_*.deb"))
    unpacked = folder / f"unpacked-{package}"
    subprocess.run(["dpkg-deb", "-x", deb, unpacked], check=True)
    for path in sorted(unpacked.rglob("*")):
        if path.suffix.lower() in ENDINGS and path.is_file() and not path.is_symlink():
            name = path.name if not (kept / path.name).exists() else f"{path.parent.name}_{path.name}"
            if path.stat().st_size >= SMALLEST:
                path.rename(kept / name)
    (kept / ".version").write_text(deb.name + "\n")
    deb.unlink()
    shutil.rmtree(unpacked)
    (kept / ".done").touch()


def facts(path: Path) -> tuple[str, float]:
    """Title (of the tags, else the file's name) and seconds of a file. Raises av.FFmpegError."""
    with av.open(str(path), metadata_errors="replace") as container:
        stream = container.streams.audio[0]
        tags = {**container.metadata, **stream.metadata}
        title = next((value for key, value in tags.items() if key.lower() == "title" and value.strip()), "")
        if stream.duration and stream.time_base:
            return title or path.stem, float(stream.duration * stream.time_base)
        return title or path.stem, (container.duration or 0) / 1_000_000


def listed(folder: Path) -> list[Track]:
    """All files that were fetched, in order of package and name; what was read of them is kept in music.json."""
    kept = folder / "music.json"
    if not kept.exists():
        rows = []
        for package in sorted(PACKAGES):
            for path in sorted((folder / "music" / package).iterdir()):
                if path.suffix.lower() in ENDINGS:
                    rows += _row(package, path)
        kept.write_text(json.dumps(rows, indent=0, ensure_ascii=False) + "\n")
    return [
        Track(name, folder / "music" / name, title, seconds)
        for name, title, seconds in json.loads(kept.read_text())
    ]


def _row(package: str, path: Path) -> list[list[str | float]]:
    try:
        return [[f"{package}/{path.name}", *facts(path)]]
    except (av.FFmpegError, IndexError) as error:
        print(f"left out {path.name}: {error}")
        return []


def chosen(tracks: list[Track]) -> list[Track]:
    """Those of a length that serves, one for each title and one for each length in a package."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for track in tracks:
        keys = {(track.package, track.title.casefold()), (track.package, f"{track.seconds:.1f}")}
        if SHORTEST <= track.seconds <= LONGEST and not keys & seen:
            kept.append(track)
            seen |= keys
    return kept


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    fetch(options.folder)
    tracks = listed(options.folder)
    kept = chosen(tracks)
    print(f"{len(tracks)} files, {len(kept)} chosen, {sum(track.seconds for track in kept) / 3600:.2f} hours")


if __name__ == "__main__":
    main()
