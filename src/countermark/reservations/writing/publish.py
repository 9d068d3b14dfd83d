"""From a policy and a folder to files: plan, difference, writing.

A plan reads and changes nothing. Writing replaces each file whole or not at all; a run that is stopped can be repeated.
Pages are read one at a time; the first hundred are also read back.
"""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.atomic import make_folder, write_bytes
from countermark.errors import InputError
from countermark.reservations.writing import html_metas, tdmrep_json
from countermark.reservations.writing.everything import (
    AI_TXT,
    HEADERS,
    PROTOCOLS,
    ROBOTS,
    page_with_metas,
    write_all,
)
from countermark.reservations.writing.read_back import MAX_PAGES, read_back
from countermark.reservations.writing.rsl_xml import NAME as RSL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from countermark.reservations.policy.model import Policy
    from countermark.reservations.writing.everything import Everything
    from countermark.reservations.writing.read_back import ReadBack

KNOWN: Final = (ROBOTS, tdmrep_json.NAME, tdmrep_json.POLICY_NAME, RSL, AI_TXT, HEADERS)
MAX_KNOWN: Final = 8 << 20


@dataclass(frozen=True, slots=True)
class Change:
    """One file as it is (None: it is not there) and as it is to be."""

    path: Path
    old: bytes | None
    new: bytes

    @property
    def kind(self) -> str:
        """`new`, `changed` or `same`."""
        return "new" if self.old is None else "same" if self.old == self.new else "changed"

    def difference(self) -> list[str]:
        """The lines of a unified diff, without line ends; none where nothing changes."""
        name = self.path.as_posix()
        before, after = _lines(self.old or b""), _lines(self.new)
        old_name = "/dev/null" if self.old is None else name
        return [line.rstrip("\r\n") for line in difflib.unified_diff(before, after, old_name, name, n=2)]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and the proof of it. `skipped` are pages that stay as they are, with the reason's code."""

    policy: Policy
    site: Path
    snippets: Path | None
    pages: tuple[str, ...]
    before: Mapping[str, bytes]
    everything: Everything
    checked: ReadBack
    skipped: tuple[tuple[str, str], ...]

    def changes(self) -> Iterator[Change]:
        """Each file in turn: those of the site, the snippets for servers, the pages."""
        for name, data in sorted(self.everything.files.items()):
            if name in KNOWN:
                yield Change(self.site / name, _there(self.site / name), data)
        for name, data in sorted(self.everything.snippets.items() if self.snippets else ()):
            path = self.snippets / name  # type: ignore[operator]  # there is no item without a folder
            yield Change(path, _there(path), data)
        for name in self.pages:
            old = _there(self.site / name)
            new = page_with_metas(self.policy, self.everything, name, old or b"")
            if old is not None and new is not None:
                yield Change(self.site / name, old, new)


def plan(
    policy: Policy,
    site: Path,
    snippets: Path | None = None,
    protocols: Collection[str] = PROTOCOLS,
    *,
    merge: bool = True,
) -> Plan:
    """What a policy makes of a site's folder, read back in memory. Raises InputError for what cannot be merged with."""
    if not site.is_dir():
        raise InputError(f"{site}: is no folder; --site expects the folder that the server serves")
    pages, skipped = _pages(site)
    existing = {name: data for name in KNOWN if (data := _there(site / name, inside=site)) is not None}
    existing |= {name: data for name in pages[:MAX_PAGES] if (data := _there(site / name)) is not None}
    everything = write_all(policy, existing, protocols, merge=merge)
    skipped += [(name, "encoding") for name in everything.untouched]
    before = (
        existing if merge else {name: data for name, data in existing.items() if name != tdmrep_json.NAME}
    )
    checked = read_back(policy, everything, before, protocols)
    return Plan(policy, site, snippets, tuple(pages), before, everything, checked, tuple(skipped))


def publish(planned: Plan) -> list[Change]:
    """Write what a plan changes, and return it. Raises OutputError where something cannot be written."""
    done = []
    for change in planned.changes():
        if change.kind != "same":
            replace_file(change.path, change.new)
            done.append(Change(change.path, None if change.old is None else b"", b""))
    return done


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, in a folder that need not be there. Raises OutputError."""
    make_folder(path.parent)
    write_bytes(path, data)


def _pages(site: Path) -> tuple[list[str], list[tuple[str, str]]]:
    """The pages of a folder by their names in it, sorted; and what is passed over: links, and pages too long."""
    pages: list[str] = []
    skipped: list[tuple[str, str]] = []
    for folder, folders, names in os.walk(site):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if not name.lower().endswith(html_metas.SUFFIXES) or name.startswith("."):
                continue
            relative = path.relative_to(site).as_posix()
            if path.is_symlink() or not path.is_file():
                skipped.append((relative, "link"))
            elif path.stat().st_size > html_metas.MAX_PAGE:
                skipped.append((relative, "too-long"))
            else:
                pages.append(relative)
    return sorted(pages), skipped


def _there(path: Path, *, inside: Path | None = None) -> bytes | None:
    """The bytes of a file, None where there is none. A link that leads out of `inside` is refused."""
    try:
        if inside is not None and path.exists():
            if not path.resolve().is_relative_to(inside.resolve()):
                raise InputError(
                    f"{path}: leads out of the site's folder; put a file in the place of the link"
                )
            if path.stat().st_size > MAX_KNOWN:
                raise InputError(
                    f"{path}: {path.stat().st_size:,} bytes; at most {MAX_KNOWN:,} are merged with"
                )
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines(keepends=True)


def check_again(planned: Plan, protocols: Collection[str] = PROTOCOLS) -> ReadBack:
    """Read back what stands on the disk now, after writing."""
    names = [*KNOWN, *planned.pages[:MAX_PAGES]]
    there = {name: data for name in names if (data := _there(planned.site / name)) is not None}
    return read_back(planned.policy, replace(planned.everything, files=there), planned.before, protocols)
