"""What `countermark reserve check` looks at: a file, a folder, an address, a crawl archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from countermark.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from countermark.cli.reserve_check import Asking
    from countermark.reservations.response import Response, Site
    from countermark.reservations.use import Answer
    from countermark.reservations.verdict import Verdict

_MAX_FILE = 256 << 20
_KNOWN = {"robots.txt": "robots", "tdmrep.json": "tdmrep", "ai.txt": "ai_txt"}


@dataclass(slots=True)
class Checked:
    """One verdict, with the agents that are answered otherwise, or a folder's files or an archive's records."""

    name: str
    verdict: Verdict | None
    agents: dict[tuple[Answer, ...], list[str]] = field(default_factory=dict)
    files: dict[tuple[Answer, ...], list[str]] = field(default_factory=dict)
    examples: dict[tuple[Answer, ...], Verdict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    called: str = ""

    def answers(self) -> Iterator[tuple[str, tuple[Answer, ...]]]:
        """Everything that was answered: the source itself, or each of its files."""
        from countermark.reservations.telling import answers_of

        if not self.files and self.verdict is not None:
            yield self.name, answers_of(self.verdict)
        for answers, names in self.files.items():
            yield from ((name, answers) for name in names)

    def lines(self, language: str) -> list[str]:
        """The table that a person reads."""
        from countermark.reservations import telling

        lines = telling.verdict_lines(self.verdict, language, self.called) if self.verdict else [self.name]
        if self.files:
            lines += ["", *telling.groups_lines("files", self.files, language, self.examples or None)]
        if self.agents:
            lines += ["", *telling.groups_lines("agents", self.agents, language)]
        return [*lines, *([""] if self.notes else []), *self.notes]

    def facts(self) -> dict[str, Any]:
        """The same as plain values."""
        from countermark.reservations.telling import verdict_json

        return {
            "source": self.name,
            "verdict": verdict_json(self.verdict) if self.verdict else None,
            "agents": _groups(self.agents),
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
        checked.agents = agents_otherwise(f"{folder.origin}/", site, front_page, whole)
        found.append(checked)
    return found


def medium_of(media_type: str) -> str:
    """`image` for pictures, else ""."""
    return "image" if media_type.startswith("image/") else ""


def agents_otherwise(
    url: str, site: Site, response: Response | None, asked: Verdict, only: Sequence[str] = ()
) -> dict[tuple[Answer, ...], list[str]]:
    """Of the AI agents that are known, those that are answered otherwise than the one that was asked for."""
    from countermark.reservations.agents import load_agents
    from countermark.reservations.sources import verdict_of
    from countermark.reservations.target import Target
    from countermark.reservations.telling import answers_of

    tokens: Iterable[str] = only or sorted(
        {agent.token for agent in load_agents() if agent.until is None}, key=str.lower
    )
    usual = answers_of(asked)
    groups: dict[tuple[Answer, ...], list[str]] = {}
    for token in tokens:
        answers = answers_of(verdict_of(Target(url, token, asked.target.medium), site, response))
        if answers != usual:
            groups.setdefault(answers, []).append(token)
    return groups


def _check_file(path: Path, asking: Asking) -> list[Checked]:
    from countermark.reservations.response import Response, Site
    from countermark.reservations.sources import read_file, verdict_of
    from countermark.reservations.statement import Place
    from countermark.reservations.target import Target, origin_of
    from countermark.reservations.verdict import judge

    data = _bytes(path)
    found = []
    for agent in asking.agents or ("*",):
        if known := _KNOWN.get(path.name.lower()):
            url = asking.url or "https://site.invalid/"
            site = Site(origin_of(url), **{known: Response(str(path), body=data)})  # type: ignore[arg-type]
            verdict = verdict_of(Target(url, agent), site)
            others = agents_otherwise(url, site, None, verdict)
            found.append(Checked(str(path), verdict, others, called=asking.url or str(path)))
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
