"""Building a kit: the sealed index, the programme and Python, the manual and the checksums, as one folder."""

from __future__ import annotations

import json
import os
import platform
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from countermark import __version__
from countermark.corpus.tokens.table import table_bytes
from countermark.errors import InputError, OutputError
from countermark.index.manifest import key_check, read_manifest
from countermark.kit import layout
from countermark.kit.contents import add_system
from countermark.kit.distributions import needed
from countermark.kit.interpreter import private_paths
from countermark.kit.launcher import PACKAGES, run_inside, script
from countermark.kit.sums import short_code, write_sums
from countermark.kit.tree import Tree
from countermark.media import Medium
from countermark.scan.receipt import json_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from countermark.corpus.tokens.table import TokenTable
    from countermark.index.manifest import Manifest

LANGUAGES: Final = ("en", "fr")
_SALT_BYTES: Final = 32
_NO_SEALED_FORM: Final = (
    "{index} is an index of {what}: their fingerprints are compared by nearness, which a salt would undo, so they "
    "have no sealed form, and a kit takes nothing that works can be seen or heard in. A kit is for an index of texts"
)

_COMPILE: Final = (
    "import compileall, py_compile, sys; root = sys.prefix + '/lib'; "
    "ok = compileall.compile_dir(root, maxlevels=40, quiet=2, stripdir=root, "
    "invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH); "
)
_PROVE: Final = "import json; from countermark.kit.proving import prove; print(json.dumps(prove()))"

Tell = "Callable[[str], None]"


@dataclass(frozen=True, slots=True)
class Built:
    """A kit: where it is, its short code, its bytes and files, and the salt that was written beside it, if one was."""

    kit: Path
    code: str
    bytes: int
    files: int
    salt_file: Path | None
    facts: dict[str, Any]


def build_kit(
    index: Path,
    out: Path,
    *,
    salt: bytes | None = None,
    salt_inside: bool = False,
    tables: Sequence[TokenTable] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Built:
    """Make the kit `out`, which must not exist, from a text index, full or sealed.

    A full index is sealed with `salt`, or with one drawn at random; that one is written to `<out>.salt` beside the kit,
    unless it is to lie inside. `tables` are those of tokenisers, for corpora of token ids. The same index, salt, tables
    and installation give the same bytes. Raises InputError,
    UnusableIndexError and OutputError; what fails half-way leaves nothing behind.
    """
    manifest = read_manifest(index)
    _require_sealable(index, manifest, salt)
    beside = None if salt is not None or salt_inside else out.with_name(f"{out.name}.salt")
    salt = salt if salt is not None else secrets.token_bytes(_SALT_BYTES)
    with _new_folder(out, beside) as root:
        tree = Tree(root, private_paths())
        tell("Sealing the index")
        sealed = _put_index(tree, index, manifest, salt)
        tell("Copying Python and the programme")
        packages = needed()
        libraries = add_system(tree, packages)
        tree.write(layout.LAUNCHER, script(), program=True)
        if salt_inside:
            tree.write(layout.SALT, salt)
        for table in tables:
            tree.write(f"{layout.TOKENIZERS}/{table.digest}.tokens", table_bytes(table))
        tell("Compiling")
        _compile(root)
        tell("Running the self-test that the room will repeat")
        facts = _facts(sealed, {name: of.version for name, of in packages.items()}, libraries)
        facts |= {"salt": "inside" if salt_inside else "apart", "self_test": _proven(root)}
        if tables:
            facts["tokenizers"] = [{"name": table.name, "sha256": table.digest} for table in tables]
        tree.write(layout.KIT, json_bytes(facts))
        _put_manuals(tree, facts)
        code = short_code(write_sums(root))
        tree.settle()
    if beside is not None:
        _write_secret(beside, salt)
    files = [path for path in out.rglob("*") if path.is_file()]
    return Built(out, code, sum(path.stat().st_size for path in files), len(files), beside, facts)


def _require_sealable(index: Path, manifest: Manifest, salt: bytes | None) -> None:
    if manifest.medium != Medium.TEXT:
        what = "pictures" if manifest.medium == Medium.IMAGE else "recordings"
        raise InputError(_NO_SEALED_FORM.format(index=index, what=what))
    if manifest.form == "sealed" and salt is None:
        raise InputError(f"{index} is sealed already: give the salt that it was built with (--salt-file)")
    if manifest.form == "sealed" and key_check(salt) != manifest.key_check:
        raise InputError(f"the salt is not the one that {index} was built with")


@contextmanager
def _new_folder(out: Path, salt_file: Path | None) -> Iterator[Path]:
    """A folder that becomes `out` when all went well. Raises OutputError."""
    for taken in filter(None, (out, salt_file)):
        if taken.exists() or taken.is_symlink():
            raise OutputError(f"{taken} exists; it is left alone: name another folder as --out")
    work = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)).resolve()
        yield work
        work.rename(out)
    except OSError as error:
        raise OutputError(f"the kit {out} cannot be written: {error.strerror or error}") from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _put_index(tree: Tree, index: Path, manifest: Manifest, salt: bytes) -> Manifest:
    from countermark.index.lookup import open_index  # noqa: PLC0415
    from countermark.index.sealing import seal_index  # noqa: PLC0415

    if manifest.form == "full":
        return seal_index(index, tree.root / layout.INDEX, salt)
    open_index(index, salt).verify()
    tree.copy_folder(layout.INDEX, index)
    return manifest


def _compile(root: Path) -> None:
    """Compile all modules, so that a read-only kit starts at once; no path and no time goes into what comes out."""
    run_inside(root, "-c", _COMPILE)


def _proven(root: Path) -> dict[str, Any]:
    """The outcome of the self-test, computed by the kit itself: the first proof that it runs."""
    proven: dict[str, Any] = json.loads(run_inside(root, "-c", _PROVE))
    if not proven["found"]:
        raise InputError("the kit's self-test found nothing of what was planted: this installation is broken")
    return proven


def _facts(index: Manifest, packages: dict[str, str], libraries: list[str]) -> dict[str, Any]:
    return {
        "kit": 1,
        "countermark": __version__,
        "python": platform.python_version(),
        "system": "Linux x86-64",
        "libc": " ".join(platform.libc_ver()),
        "packages": packages,
        "libraries": libraries,
        "index": {
            "identity": index.identity,
            "form": index.form,
            "scheme": index.scheme,
            "works": index.works,
            "assets": index.assets,
            "words": index.words,
            "guarantee_letters": index.guarantee_letters,
            "key_check": index.key_check,
        },
    }


def _put_manuals(tree: Tree, facts: dict[str, Any]) -> None:
    from countermark.kit.manual import manual_page, manual_text  # noqa: PLC0415

    for lang in LANGUAGES:
        tree.write(f"manual.{lang}.html", manual_page(facts, lang).encode())
        tree.write(f"manual.{lang}.txt", manual_text(facts, lang).encode())


def _write_secret(path: Path, data: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except OSError as error:
        raise OutputError(
            f"{path}: the salt cannot be written: {error.strerror}; build the kit again"
        ) from error


__all__ = ["LANGUAGES", "PACKAGES", "Built", "build_kit"]
