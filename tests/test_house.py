"""The rules of the house: small files and functions, plain names, imports in one direction, honest words."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
PAGES = [
    *SOURCES,
    *sorted((ROOT / "src").rglob("*.j2")),
    *sorted((ROOT / "src").rglob("templates/**/*.html")),
    *sorted((ROOT / "src").rglob("templates/**/*.txt")),
    *sorted((ROOT / "docs").rglob("*.md")),
    ROOT / "README.md",
]

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LONGEST_KERNEL = 70  # a compiled loop with its state in local variables, in a file named _…_kernel.py
SAY_NOTHING = {"utils", "util", "helpers", "common", "misc", "manager", "platform", "types"}

# "Trained on" may only be said to deny it, or of what is drawn at random. Each phrase allowed names the denial.
DENIALS = (
    "not proof that a model was trained on",
    "no proof that a model was trained on",
    "not show that a model was trained on",
    "not show that any model was trained on",
    "never write “trained on”",
)


def short(path: Path) -> str:
    """Name a file as the tests show it."""
    return path.relative_to(ROOT).as_posix()


def test_there_is_something_to_look_at() -> None:
    """The rules below are held against real files."""
    assert len(SOURCES) > 30
    assert len(PAGES) > len(SOURCES)


@pytest.mark.parametrize("path", SOURCES, ids=short)
def test_files_and_functions_are_small(path: Path) -> None:
    """No file is over 400 lines, and no function over 50, or 70 in a compiled kernel."""
    longest = LONGEST_KERNEL if path.stem.endswith("_kernel") else LONGEST_FUNCTION
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_FILE
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > longest
    }
    assert not long, f"functions over {longest} lines: {long}"


def test_module_names_say_what_is_inside() -> None:
    """No module or folder has a name that says nothing or shadows the standard library."""
    names = {part for path in SOURCES for part in path.relative_to(ROOT / "src").with_suffix("").parts}
    assert not SAY_NOTHING & {name.lstrip("_") for name in names}


def claims_training(text: str) -> list[str]:
    """Find the sentences of `text` that say "trained on" without denying it."""
    plain = re.sub(r"[\s*_`#]+", " ", text).lower()
    for denial in DENIALS:
        plain = plain.replace(denial, "")
    return [
        plain[max(0, match.start() - 60) : match.end() + 20] for match in re.finditer(r"trained on", plain)
    ]


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_listed_is_never_called_trained(path: Path) -> None:
    """Nothing says that a model was trained on a work: a finding shows that the work is listed."""
    assert claims_training(path.read_text(encoding="utf-8")) == []


def test_the_rule_on_training_can_fail() -> None:
    """A claim is found, also across a line's end; the denial is not."""
    assert claims_training("The model was trained\non your works.")
    assert not claims_training("Being listed is not proof that a model was trained\non them.")


def test_every_module_defers_its_annotations() -> None:
    """Each module with a function or a class has `from __future__ import annotations`."""
    without = []
    for path in SOURCES:
        if path.parent.name == "migrations":
            continue  # written by Django
        text = path.read_text(encoding="utf-8")
        defines = any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in ast.parse(text).body)
        if defines and "from __future__ import annotations" not in text:
            without.append(short(path))
    assert without == []


def test_imports_point_one_way() -> None:
    """The contracts of pyproject.toml hold: layers, and no Django in the engine."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as run; run()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_nothing_is_left_undone() -> None:
    """No source says that something is still to be written."""
    unfinished = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError")
    assert [short(path) for path in SOURCES if unfinished.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-web.lock", "requirements-dev.lock"])
def test_locks_pin_with_hashes_and_name_no_address(name: str) -> None:
    """Each requirement is pinned and has hashes; no address or option stands in a lock; all dependencies are in it."""
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).strip())
    assert len(blocks) > 20
    assert all(
        re.match(r"[a-z0-9][\w.-]*==[\w.+!]+", block) and "--hash=sha256:" in block for block in blocks
    )
    assert not re.search(r"https?:|file://|find-links|index-url|trusted-host", text)
    project = (
        (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("dependencies = [", 1)[1].split("]", 1)[0]
    )
    needed = {re.match(r'"([\w.-]+)', line.strip()).group(1) for line in project.split(",") if '"' in line}  # type: ignore[union-attr]
    assert needed <= {block.split("==")[0] for block in blocks}
