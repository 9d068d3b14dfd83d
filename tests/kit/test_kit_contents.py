"""What goes into a kit, and what must not."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from countermark.errors import InputError
from countermark.kit import interpreter, launcher
from countermark.kit.build import build_kit
from countermark.kit.distributions import files_of, left_out, needed
from countermark.kit.interpreter import neutral
from countermark.kit.tree import TIME, Tree

if TYPE_CHECKING:
    from pathlib import Path


def test_what_the_core_needs() -> None:
    names = needed()
    assert {"countermark", "numba", "llvmlite", "numpy", "pyarrow", "fastwarc", "click", "zstandard"} <= set(
        names
    )
    assert not {"ray", "django", "torch", "pytest", "av", "fsspec"} & set(names)


def test_own_files_also_from_an_editable_install() -> None:
    files = dict(files_of("countermark", needed()["countermark"]))
    assert "countermark/kit/start.py" in files
    assert "countermark/kit/templates/manual.fr.md" in files
    assert not any("__pycache__" in name or name.endswith(".pth") for name in files)


@pytest.mark.parametrize(
    "name", ["x-1.dist-info/RECORD", "x-1.dist-info/direct_url.json", "x/tests/a.py", "x.pth"]
)
def test_left_out(name: str) -> None:
    assert left_out(name)


@pytest.mark.parametrize("name", ["x-1.dist-info/METADATA", "x-1.dist-info/licenses/LICENSE", "x/testing.py"])
def test_not_left_out(name: str) -> None:
    assert not left_out(name)


def test_private_folders_are_replaced_and_nothing_moves() -> None:
    data = b"\x7fELF\0/home/alice/py/3.11.7\0more /home/alice/py/3.11.7/lib\0"
    plain = neutral(data, [b"/home/alice/py/3.11.7"])
    assert len(plain) == len(data)
    assert b"alice" not in plain
    assert plain.count(b"/3.11.7") == 2  # a linker lets the version end in the same letters


def test_no_common_folder_is_replaced() -> None:
    assert not {b"/usr", b"/usr/local", b"/usr/lib", b"/opt", b"/"} & set(interpreter.private_paths())


def test_standard_library_without_tests() -> None:
    names = {name for name, _ in interpreter.library_files()}
    assert {"os.py", "pydoc_data/topics.py", "multiprocessing/spawn.py"} <= names
    assert not any(name.startswith(("test/", "idlelib/", "site-packages/", "config-")) for name in names)
    assert not any(name.endswith(".pyc") for name in names)


def test_tree_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"text of /home/alice")
    tree = Tree(tmp_path / "tree", [b"/home/alice"])
    tree.add("lib/One.py", source)
    tree.add("lib/one.py", source)  # one file on a medium without case: the first stays
    tree.settle()
    files = [path for path in (tmp_path / "tree").rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["One.py"]
    assert files[0].stat().st_mtime == TIME
    assert files[0].stat().st_mode & 0o777 == 0o644
    assert b"alice/" not in files[0].read_bytes()


def test_launcher_is_a_script_for_any_shell(tmp_path: Path) -> None:
    (tmp_path / "countermark").write_bytes(launcher.script())
    subprocess.run(["sh", "-n", str(tmp_path / "countermark")], check=True)
    assert b"@" not in launcher.script().replace(b'"$@"', b"")


def test_pictures_have_no_sealed_form(tmp_path: Path) -> None:
    from countermark.index.manifest import Manifest, identity_of

    facts = {
        "scheme": "image-v1", "form": "full", "works": 1, "assets": 1, "words": 0, "letters": 0, "code_points": 0,
        "fingerprints": 1, "dropped_fingerprints": 0, "guarantee_letters": 0, "key_check": "", "medium": "image",
        "facts": {}, "files": {"x": {"size": 0, "sha256": ""}},
    }  # fmt: skip
    (tmp_path / "pictures.index").mkdir()
    manifest = Manifest(identity="", engine_version="0", **facts)  # type: ignore[arg-type]
    manifest = (
        manifest.identified()
        if hasattr(manifest, "identified")
        else Manifest(
            identity=identity_of(facts),
            engine_version="0",
            **facts,  # type: ignore[arg-type]
        )
    )
    (tmp_path / "pictures.index" / "manifest.json").write_text(manifest.to_json())
    with pytest.raises(InputError, match="no sealed form"):
        build_kit(tmp_path / "pictures.index", tmp_path / "kit")
    assert not (tmp_path / "kit").exists()
