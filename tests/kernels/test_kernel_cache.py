"""The kernels by whose names it is told whether a machine has compiled any before."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import countermark
from countermark.cli import index_media, scan
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
