"""From a policy and a folder to files: plan, difference, writing.

A plan reads and changes nothing. Writing replaces each file whole or not at all; a run that is stopped can be repeated.
Pages are read one at a time; the first hundred are also read back.
"""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from countermark.atomic import make_folder, write_bytes
from countermark.errors import InputError, OutputError
from countermark.reservations.writing import html_metas, record, tdmrep_json
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
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from countermark.reservations.policy.model import Policy
    from countermark.reservations.writing.everything import Everything
    from countermark.reservations.writing.read_back import ReadBack

KNOWN: Final = (ROBOTS, tdmrep_json.NAME, tdmrep_json.POLICY_NAME, RSL, AI_TXT, HEADERS)
MAX_KNOWN: Final = 8 << 20
_NOWHERE: Final = "/dev/null"


@dataclass(frozen=True, slots=True)
class Change:
    """One file as it is and as it is to be; None: it is not there."""

    path: Path
    old: bytes | None
    new: bytes | None

    @property
    def kind(self) -> str:
        """`new`, `changed`, `removed` or `same`."""
        if self.old == self.new:
            return "same"
        return "new" if self.old is None else "removed" if self.new is None else "changed"

    def difference(self) -> list[str]:
        """The lines of a unified diff, without line ends; none where nothing changes."""
        name = self.path.as_posix()
        old_name, new_name = (_NOWHERE if data is None else name for data in (self.old, self.new))
        before, after = _lines(self.old or b""), _lines(self.new or b"")
        found = difflib.unified_diff(before, after, old_name, new_name, n=2)
        return [line.rstrip("\r\n") for line in found]

    def counted(self) -> Counted:
        """How many lines are added and taken out, between the first and the last that differ."""
        if self.old == self.new:
            return Counted(self.path, self.kind)
        before, after = _lines(self.old or b""), _lines(self.new or b"")
        same = _alike(before, after)
        tail = _alike(before[same:][::-1], after[same:][::-1])
        return Counted(self.path, self.kind, len(after) - same - tail, len(before) - same - tail)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a change comes to, without the bytes."""

    path: Path
    kind: str
    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and the proof of it. `skipped` are pages that stay as they are, with the reason's code.

    `pages` are the others, by their names in the site's folder.
    """

    policy: Policy
    site: Path
    snippets: Path | None
    pages: Mapping[str, Counted]
    before: Mapping[str, bytes]
    everything: Everything
    checked: ReadBack
    skipped: tuple[tuple[str, str], ...]

    def changes(self) -> Iterator[Change]:
        """The files of the site that are no pages, then the snippets for servers, then what is known of all this."""
        for name, data in sorted(self.everything.files.items()):
            if name in KNOWN:
                old = _there(self.site / name)
                yield Change(self.site / name, old, None if old and not data else data)
        if self.snippets is None:
            return
        for name, data in sorted(self.everything.snippets.items()):
            yield Change(self.snippets / name, _there(self.snippets / name), data)
        path = self.snippets / record.NAME
        old = _there(path)
        yield Change(
            path, old, record.with_record(old or b"", str(path), self.policy.site, self.everything.record)
        )

    def page_changes(self) -> Iterator[Change]:
        """The pages that are to be changed, one at a time."""
        for name, counted in self.pages.items():
            if counted.kind != "same":
                yield _page_change(self.policy, self.everything, self.site, name)

    def counted(self) -> list[Counted]:
        """What becomes of each file, pages included."""
        return [*(change.counted() for change in self.changes()), *self.pages.values()]


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
    everything = write_all(policy, existing, protocols, merge=merge, before=_before(policy, snippets))
    counted = {name: _page_change(policy, everything, site, name).counted() for name in pages}
    skipped += [(name, "encoding") for name, one in counted.items() if one.kind == "removed"]
    untouched = {name for name, _ in skipped}
    before = (
        existing if merge else {name: data for name, data in existing.items() if name != tdmrep_json.NAME}
    )
    checked = read_back(policy, everything, before, protocols)
    kept = {name: one for name, one in counted.items() if name not in untouched}
    return Plan(policy, site, snippets, kept, before, everything, checked, tuple(skipped))


def publish(planned: Plan) -> int:
    """Write what a plan changes; how many files. Raises OutputError where something cannot be written."""
    done = 0
    for change in chain(planned.changes(), planned.page_changes()):
        done += _put(change)
    return done


def _put(change: Change) -> bool:
    if change.kind == "same":
        return False
    if change.new is not None:
        replace_file(change.path, change.new)
    else:
        try:
            change.path.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{change.path}: cannot be removed: {error.strerror}") from error
    return True


def _before(policy: Policy, snippets: Path | None) -> record.Record:
    """What was written for this site before, as far as it is known."""
    path = snippets / record.NAME if snippets else None
    data = _there(path) if path else None
    return record.read_record(data, str(path), policy.site) if data else record.Record()


def _page_change(policy: Policy, everything: Everything, site: Path, name: str) -> Change:
    """What becomes of a page; one that cannot be touched is `removed` here, and left as it is."""
    old = _there(site / name) or b""
    return Change(site / name, old, page_with_metas(policy, everything, name, old))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same from the beginning."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


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
    """Read back what stands on the disk now, after writing; the same bytes are not asked the same questions twice."""
    names = [*KNOWN, *islice(planned.pages, MAX_PAGES)]
    there = {name: _there(planned.site / name) or b"" for name in names}
    if all(data == planned.everything.files.get(name, b"") for name, data in there.items()):
        return planned.checked
    return read_back(planned.policy, replace(planned.everything, files=there), planned.before, protocols)
