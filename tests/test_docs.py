"""The documents: nothing stale, no dead link, every command and option described."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from countermark.cli import main
from countermark.kit.sums import short_code

ROOT = Path(__file__).parents[1]
BETWEEN_OUR_OWN_PROCESSES = {"COUNTERMARK_NAME", "COUNTERMARK_TURNS", "COUNTERMARK_VERSION"}
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def short(path: Path) -> str:
    """Name a file as the tests show it."""
    return path.relative_to(ROOT).as_posix()


def test_the_reference_of_commands_is_fresh() -> None:
    """docs/reference/cli.md is what `--help` says today; `make docs` writes it."""
    done = subprocess.run(
        [sys.executable, "scripts/cli_reference.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_links_lead_somewhere(path: Path) -> None:
    """Each relative link of a page leads to a file, and each fragment to a heading of it."""
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, fragment = target.partition("#")
        where = (path.parent / file) if file else path
        assert where.exists(), f"{short(path)} → {target}"
        if fragment:
            headings = re.findall(r"^#+ (.+)$", where.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert fragment in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in headings}


def options(command: click.Command, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], set[str]]:
    """List the long options of every command."""
    found = {path: {name for parameter in command.params for name in parameter.opts if name.startswith("--")}}
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            found |= options(child, (*path, name))
    return found


@pytest.mark.parametrize("path", PAGES, ids=short)
def test_commands_in_the_documents_exist(path: Path) -> None:
    """Every `countermark …` line of a page names a command and options that there are."""
    known = options(main)
    for line in re.findall(
        r"^\s*(?:\$ )?countermark (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    ):
        words = re.split(r"\s+#|[|&>]", line)[0].split()
        if words[0].startswith("-"):
            continue
        names = tuple(words[:1])
        while any(
            longer[: len(names)] == names != longer for longer in known
        ):  # a group: `site --data DIR backup`
            deeper = next(((*names, word) for word in words[1:] if (*names, word) in known), names)
            if deeper == names:
                break
            names = deeper
        assert names in known, f"{short(path)}: countermark {line}"
        used = {word.split("=")[0] for word in words if word.startswith("--")}
        accepted = known[names] | known[names[:1]] | {"--help"}
        if names != ("site", "manage"):  # its words are Django's
            assert used <= accepted, f"{short(path)}: countermark {line}"


def test_every_environment_variable_has_its_line() -> None:
    """Each variable of our own that the code reads stands in the reference."""
    pages = (ROOT / "docs" / "reference" / name for name in ("environment.md", "site-settings.md"))
    said = "".join(page.read_text(encoding="utf-8") for page in pages)
    named = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"[\"']COUNTERMARK_[A-Z_]+[\"']", path.read_text(encoding="utf-8"))
    }
    told = {name.strip("\"'") for name in named} - BETWEEN_OUR_OWN_PROCESSES
    assert {"COUNTERMARK_SPOOL", "COUNTERMARK_PRICES"} <= told
    assert sorted(name for name in told if f"| `{name}` |" not in said) == []


def test_every_test_that_the_security_of_a_scan_names_is_there() -> None:
    """Each row of the table ends with `file::test`, and that file has that test."""
    text = (ROOT / "docs" / "explanation" / "security-of-a-scan.md").read_text(encoding="utf-8")
    named = re.findall(r"\| `([^`]+)::([^`]+)` \|$", text, flags=re.MULTILINE)
    assert len(named) > 15
    gone = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in (ROOT / "tests" / file).read_text(encoding="utf-8")
    ]
    assert gone == []


def test_the_root_code_can_be_computed_by_hand(tmp_path: Path) -> None:
    """The lines of docs/reference/kit.md give the code that `kit close` tells."""
    (tmp_path / "seal.json").write_bytes(b"{}")
    page = (ROOT / "docs" / "reference" / "kit.md").read_text(encoding="utf-8")
    lines = page.partition("python3 -c '")[2].partition("'\n```")[0]
    done = subprocess.run(
        [sys.executable, "-c", lines], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == short_code(hashlib.sha256(b"{}").hexdigest())


def test_the_glossary_is_in_order() -> None:
    """The terms of the glossary stand in alphabetical order."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    terms = [term.lower() for term in re.findall(r"^\*\*([^*]+)\*\*", text, flags=re.MULTILINE)]
    assert len(terms) > 20
    assert terms == sorted(terms)
