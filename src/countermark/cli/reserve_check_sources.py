"""What `countermark reserve check` looks at: a file, a folder, an address, a crawl archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click import UsageError

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from countermark.cli.reserve_check import Asking
    from countermark.reservations.response import Response, Site
    from countermark.reservations.statement import Reading
    from countermark.reservations.told_apart import Mark
    from countermark.reservations.use import Answer
    from countermark.reservations.verdict import Verdict

_MAX_FILE = 256 << 20
_MOST_READ = 64 << 20
"""Bytes that are read for all agents together, the files of the site anew for each that it tells apart."""
_KNOWN = {"robots.txt": "robots", "tdmrep.json": "tdmrep", "ai.txt": "ai_txt"}


@dataclass(slots=True)
class Checked:
    """One verdict, with the agents that are answered otherwise, or a folder's files or an archive's records."""

    name: str
    verdict: Verdict | None
    agents: dict[tuple[Answer, ...], list[str]] = field(default_factory=dict)
    files: dict[tuple[Answer, ...], list[str]] = field(default_factory=dict)
    examples: dict[tuple[Answer, ...], Verdict] = field(default_factory=dict)
    unasked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    called: str = ""

    def answers(self) -> Iterator[tuple[str, tuple[Answer, ...]]]:
        """Everything that was answered: the source itself, or each of its files."""
        from countermark.reservations.telling import answers_of

        if not self.files and self.verdict is not None:
            yield self.name, answers_of(self.verdict)
        for answers, names in self.files.items():
            yield from ((name, answers) for name in names)

    def lines(self, language: str, *, legend: bool = True) -> list[str]:
        """The table that a person reads; `legend`: whether the signs of groups are explained below the last."""
        from countermark.language import printable
        from countermark.reservations import telling

        lines = telling.verdict_lines(self.verdict, language, self.called) if self.verdict else [self.name]
        if self.files:
            lines += [
                "",
                *telling.groups_lines(
                    "files", self.files, language, self.examples or None, legend=legend and not self.agents
                ),
            ]
        if self.agents:
            lines += ["", *telling.groups_lines("agents", self.agents, language, legend=legend)]
        notes = [*self.notes, *self._not_asked(language)]
        return [printable(line) for line in (*lines, *([""] if notes else []), *notes)]

    def _not_asked(self, language: str) -> Iterator[str]:
        from countermark.reservations.words import room_languages

        if self.unasked:
            yield room_languages()[language].say("agents.not-asked", agents=", ".join(sorted(self.unasked)))

    def facts(self) -> dict[str, Any]:
        """The same as plain values."""
        from countermark.reservations.telling import verdict_json

        return {
            "source": self.name,
            "verdict": verdict_json(self.verdict) if self.verdict else None,
            "agents": _groups(self.agents),
            "agents_not_asked": sorted(self.unasked),
            "files": _groups(self.files, self.examples),
            "notes": self.notes,
        }


def _groups(
    groups: dict[tuple[Answer, ...], list[str]], examples: dict[tuple[Answer, ...], Verdict] | None = None
) -> list[dict[str, Any]]:
    from countermark.reservations.telling import verdict_json
    from countermark.reservations.use import USES

    told: list[dict[str, Any]] = []
    for answers, names in groups.items():
        group = {"answers": dict(zip(map(str, USES), map(str, answers), strict=True)), "names": names}
        if examples and answers in examples:
            group["verdict_of_first"] = verdict_json(examples[answers])
        told.append(group)
    return told


def check(source: str, asking: Asking) -> list[Checked]:
    """Look at one source: one verdict for each agent that is asked for. Raises InputError."""
    if source.startswith(("http://", "https://")):
        from countermark.cli.reserve_check_online import check_address

        return check_address(source, asking)
    if asking.compared:
        raise UsageError(f"--as compares what a site serves; it is for addresses, and {source} is none")
    path = Path(source)
    if path.is_dir():
        return _check_folder(path, asking)
    if not path.is_file():
        raise InputError(
            f"{source}: there is no such file, and it is no address that begins with https:// or http://"
        )
    if path.name.lower().endswith((".warc", ".warc.gz", ".warc.zst")):
        from countermark.cli.reserve_check_warc import check_warc

        return check_warc(path, asking)
    return _check_file(path, asking)


def _check_folder(path: Path, asking: Asking) -> list[Checked]:
    from countermark.reservations.folder import SiteFolder
    from countermark.reservations.sources import verdict_of
    from countermark.reservations.target import Target, origin_of
    from countermark.reservations.telling import answers_of

    folder = SiteFolder(path, origin_of(asking.url) if asking.url else "")
    site, found = folder.site(), []
    pages = list(folder.pages())
    front = next((name for name in pages if name in {"index.html", "index.htm"}), None)
    for agent in asking.agents or ("*",):
        front_page = folder.response(front) if front else None
        whole = verdict_of(Target(f"{folder.origin}/", agent), site, front_page)
        checked = Checked(str(path), whole, called="" if asking.url else str(path))
        for name in pages:
            response = folder.response(name)
            target = Target(response.url, agent, medium_of(response.media_type))
            verdict = verdict_of(target, site, response)
            answers = answers_of(verdict)
            checked.files.setdefault(answers, []).append(name)
            checked.examples.setdefault(answers, verdict)
        tell_agents(checked, f"{folder.origin}/", site, front_page)
        found.append(checked)
    return found


def medium_of(media_type: str) -> str:
    """`image` for pictures, else ""."""
    return "image" if media_type.startswith("image/") else ""


def tell_agents(
    checked: Checked,
    url: str,
    site: Site,
    response: Response | None = None,
    doubts: Sequence[Reading] = (),
) -> None:
    """Add the AI agents that are answered otherwise than the one that was asked for.

    Agents that the site does not tell apart are asked for once. Where more than _MOST_READ would have to be read, the
    others are named as not asked for. `doubts` are what could not be read, and so for every agent.
    """
    from countermark.reservations.sources import read_response, read_site
    from countermark.reservations.target import Target
    from countermark.reservations.telling import answers_of
    from countermark.reservations.verdict import judge

    if checked.verdict is None:
        return
    usual, medium = answers_of(checked.verdict), checked.verdict.target.medium
    files = sum(len(file.body) for file in (site.robots, site.tdmrep, site.ai_txt) if file)
    served: dict[str, Reading] = {}
    read = 0
    for mark, tokens in _alike(site, response).items():
        if read > _MOST_READ:
            checked.unasked += tokens
            continue
        target = Target(url, tokens[0], medium)
        read += files
        if response is not None and mark.named not in served:
            served[mark.named] = read_response(response, target, site.documents)
            read += len(response.body)
        said = [*doubts, read_site(site, target), *([served[mark.named]] if response is not None else [])]
        answers = answers_of(judge(target, said))
        if answers != usual:
            checked.agents[answers] = sorted([*checked.agents.get(answers, ()), *tokens], key=str.lower)


def _alike(site: Site, response: Response | None) -> dict[Mark, list[str]]:
    """The tokens of the agents that are known, those together that the site does not tell apart."""
    from countermark.reservations.agents import load_agents
    from countermark.reservations.told_apart import told_apart

    tokens = sorted({agent.token for agent in load_agents() if agent.until is None}, key=str.lower)
    mark = told_apart(site, response)
    groups: dict[Mark, list[str]] = {}
    for token in tokens:
        groups.setdefault(mark(token), []).append(token)
    return groups


def _check_file(path: Path, asking: Asking) -> list[Checked]:
    from countermark.reservations.response import Response, Site
    from countermark.reservations.sources import known_place, read_file, verdict_of
    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target, origin_of
    from countermark.reservations.verdict import judge

    data = _bytes(path)
    found = []
    for agent in asking.agents or ("*",):
        if known := _KNOWN.get(path.name.lower()) or known_place(data, path.name):
            url = asking.url or "https://site.invalid/"
            site = Site(origin_of(url), **{known: Response(str(path), body=data)})  # type: ignore[arg-type]
            verdict = verdict_of(Target(url, agent), site)
            found.append(Checked(str(path), verdict, called=asking.url or str(path)))
            tell_agents(found[-1], url, site)
        else:
            target = Target(asking.url, agent, _medium(path))
            verdict = judge(target, [read_file(data, path.name, target, Place(str(path)))])
            found.append(Checked(str(path), verdict, called=asking.url or str(path)))
    return found


def _medium(path: Path) -> str:
    import mimetypes

    return medium_of(mimetypes.types_map.get(path.suffix.lower(), ""))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_FILE:
            raise InputError(f"{path}: has {path.stat().st_size:,} bytes; up to {_MAX_FILE:,} are read")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
