"""The kernels by whose names it is told whether a machine has compiled any before."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

import countermark
from countermark.cli import index_media, scan
from countermark.errors import OutputError
from countermark.kernels import cache as kernel_cache
from countermark.scan import search

_SOURCE = Path(countermark.__file__).parent
_NAMES = sorted(
    {*index_media._LAST_COMPILED.values(), *search._COMPILED_LAST.values(), scan._LOOKUP_OF_PICTURES},
)


@pytest.mark.parametrize("name", _NAMES)
def test_a_kernel_that_is_asked_for_by_name_exists(name: str) -> None:
    """Or else the first use would never be told from the next, and the message came every time."""
    found = [
        path
        for path in _SOURCE.glob("**/_*_kernel.py")
        if re.search(rf"^@kernel\ndef {name.rpartition('.')[2]}\(", path.read_text(), re.MULTILINE)
        and path.stem in (name.rpartition(".")[0] or path.stem)
    ]
    assert found


def test_a_kernel_is_told_by_its_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files may each have a kernel of that name."""
    monkeypatch.setattr(kernel_cache, "cache_folder", lambda: tmp_path)
    (tmp_path / "linkage").mkdir()
    assert not kernel_cache.is_compiled("place")
    (tmp_path / "linkage" / "_probe_kernel.place-82.py311.nbi").touch()
    assert kernel_cache.is_compiled("place")
    assert kernel_cache.is_compiled("_probe_kernel.place")
    assert not kernel_cache.is_compiled("_posting_kernel.place")
    assert not kernel_cache.is_compiled("lace")


_ASK = """
import sys
from pathlib import Path
import countermark
from countermark.kernels.cache import is_compiled

assert Path(countermark.__file__).is_relative_to(Path.cwd()), countermark.__file__
print(is_compiled("_sample_kernel._repeats"))
if "compile" in sys.argv:
    import numpy as np
    from countermark.fingerprint import _sample_kernel
    _sample_kernel._repeats(np.zeros(8, np.uint8), 0, 8)
"""


def _ask(folder: Path, cache: Path, *more: str) -> str:
    """What the package in `folder` says of a small kernel, before it compiles it where that is asked."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "NUMBA_CACHE_DIR": str(cache)}
    told = subprocess.run(
        [sys.executable, "-c", _ASK, *more], env=environment, cwd=folder, check=True, stdout=subprocess.PIPE
    )
    return told.stdout.decode().strip()


def test_another_copy_is_not_told_that_this_one_has_compiled(tmp_path: Path) -> None:
    """Numba keeps them apart by their paths: each of its workers would compile for itself, all at once."""
    for name in ("one", "other"):
        copy = tmp_path / name / "countermark"
        shutil.copytree(_SOURCE, copy, ignore=shutil.ignore_patterns("__pycache__", "cli", "web", "paper"))
    cache = tmp_path / "cache"
    assert _ask(tmp_path / "one", cache, "compile") == "False"
    assert _ask(tmp_path / "one", cache) == "True"
    assert _ask(tmp_path / "other", cache) == "False"
    assert len(list(cache.glob("countermark/kernels-*"))) == 2


def test_where_nothing_can_be_written_it_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the cache nor in a temporary folder."""

    def nowhere(**_: object) -> NoReturn:
        raise FileNotFoundError(2, "No usable temporary directory found")

    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "mkdtemp", nowhere)
    kernel_cache.cache_folder.cache_clear()
    try:
        with pytest.raises(OutputError, match="NUMBA_CACHE_DIR"):
            kernel_cache.cache_folder()
    finally:
        kernel_cache.cache_folder.cache_clear()
