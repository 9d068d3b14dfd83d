"""`countermark reserve write`: one policy in every protocol, shown first, written with --apply, read back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.language import Language
    from countermark.reservations.policy import Policy
    from countermark.reservations.writing.copied import Copies
    from countermark.reservations.writing.inexpressible import Inexpressible
    from countermark.reservations.writing.media import Copied
    from countermark.reservations.writing.publish import Plan
    from countermark.reservations.writing.sign import Signing

READ_OTHERWISE = 1
SHOWN_PAGES = 3
SHOWN_LINES = 200
PROTOCOLS = ["robots", "aipref", "tdmrep", "rsl", "content-signals", "noai", "ai-txt"]
A_PATH = click.Path(path_type=Path)


@click.command("write")
@click.argument("policy", metavar="POLICY", type=A_PATH)
@click.option("--new", is_flag=True, help="Write an example to POLICY to start from, and nothing else.")
@click.option("--site", type=A_PATH, metavar="FOLDER", help="The folder that the server serves.")
@click.option(
    "--servers",
    type=A_PATH,
    metavar="FOLDER",
    help="Where snippets for nginx, Apache and Caddy go; by default reserve-servers beside POLICY.",
)
@click.option(
    "--media", type=A_PATH, metavar="FOLDER", help="Originals: pictures, PDF, EPUB. Never written to."
)
@click.option(
    "--out-media", type=A_PATH, metavar="FOLDER", help="Where copies with the reservation in them go."
)
@click.option(
    "--media-at", default="/", metavar="PATH", help="The path under which these are served; / by default."
)
@click.option("--certificate", type=A_PATH, metavar="PEM", help="Sign the copies (C2PA) with this chain.")
@click.option("--key", type=A_PATH, metavar="PEM", help="The key of the certificate.")
@click.option(
    "--without",
    multiple=True,
    type=click.Choice(PROTOCOLS),
    metavar="PROTOCOL",
    help=f"Leave a protocol out (repeatable): {', '.join(PROTOCOLS)}.",
)
@click.option(
    "--replace",
    is_flag=True,
    help="Write tdmrep.json, rsl.xml, tdm-policy.json and copies anew, whatever stands there.",
)
@click.option("--apply", is_flag=True, help="Write. Without it, the difference is shown and nothing changes.")
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.pass_context
def command(
    ctx: click.Context, /, policy: Path, *, new: bool, lang: str | None, as_json: bool, **given: Any
) -> None:
    """Say what POLICY wants in every protocol that can, and show what would change.

    What your site says already stays: robots.txt and ai.txt get a block of their own, pages one line in their head, and
    tdmrep.json its rules beside those that are there. With --apply the files are written. Before and after, everything
    is read by the readers that `reserve check` uses; if an answer is not the wanted one, nothing is written. What was
    written is noted in written.json, beside the snippets: only by it a changed policy takes back what is ours.

    \b
    Examples:
      countermark reserve write --new policy.toml
      countermark reserve write policy.toml --site public/
      countermark reserve write policy.toml --site public/ --apply
      countermark reserve write policy.toml --media originals/ --out-media copies/ --apply
      countermark reserve write policy.toml --media originals/ --out-media copies/ \\
          --certificate chain.pem --key key.pem --apply

    \b
    Exit codes:
      0    done
      1    what was read back is not what is wanted (use, path, agent and protocol are named), or a file was not copied
      2    the policy, a file of the site or an option cannot be used
      5    a file could not be written
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    from countermark.language import language_of_locale

    language = lang or language_of_locale(os.environ)
    if new:
        _write_example(policy, language)
        return
    if given["site"] is None and given["media"] is None:
        raise click.UsageError("expected is --site FOLDER, --media FOLDER with --out-media FOLDER, or --new")
    from countermark.reservations.policy import read_policy

    wanted = read_policy(policy, language=language)
    facts: dict[str, Any] = {"applied": given["apply"], "encoded": dict(wanted.encoded)}
    right = True
    if given["site"] is not None:
        right = _site(wanted, policy, given, facts, language, quiet=as_json)
    if given["media"] is not None and right:
        right = _media(wanted, policy, given, facts, language, quiet=as_json)
    if as_json:
        click.echo(json.dumps(facts, indent=1))
    ctx.exit(0 if right else READ_OTHERWISE)


def _write_example(path: Path, language: str) -> None:
    from countermark.reservations.policy import example
    from countermark.reservations.writing.publish import replace_file

    if path.exists():
        raise InputError(f"{path}: is there already; an example is written to a new file only")
    replace_file(path, example(language).encode())
    click.echo(str(path))


def _site(
    wanted: Policy, path: Path, given: dict[str, Any], facts: dict[str, Any], language: str, *, quiet: bool
) -> bool:
    """Plan, show, write and read back a site; whether all was read as wanted."""
    from countermark.reservations.words import room_languages
    from countermark.reservations.writing import publish
    from countermark.reservations.writing.telling import inexpressible_json, read_back_json

    protocols = [name for name in PROTOCOLS if name not in given["without"]]
    planned = publish.plan(
        wanted, given["site"], _servers(path, given), protocols, merge=not given["replace"]
    )
    facts["files"] = [
        {"path": one.path.as_posix(), "change": one.kind, "added": one.added, "removed": one.removed}
        for one in planned.counted()
    ]
    facts["inexpressible"] = inexpressible_json(planned.everything.lost)
    facts["refused_agents"] = list(wanted.refused_for_purpose) if "robots" in protocols else []
    facts["skipped"] = [{"path": name, "reason": reason} for name, reason in planned.skipped]
    checked, written = planned.checked, given["apply"] and not planned.checked.mismatches
    if not quiet and not given["apply"]:
        _show_difference(planned, facts["files"], room_languages()[language])
    if written:
        publish.publish(planned)
        checked = publish.check_again(planned, protocols)
    facts["applied"] = written
    facts["read_back"] = read_back_json(checked)
    if not quiet:
        _tell(planned, checked, facts, language)
    return not checked.mismatches


def _tell(planned: Plan, checked: Any, facts: dict[str, Any], language: str) -> None:
    from countermark.cli.progress import printable
    from countermark.reservations.words import room_languages
    from countermark.reservations.writing import telling

    said, written = room_languages()[language], facts["applied"]
    lines = telling.refused_lines(facts["refused_agents"], language)
    lines += [said.say("policy.encoded", match=match, plain=plain) for match, plain in planned.policy.encoded]
    lines += [said.say(f"plan.skipped.{reason}", path=name) for name, reason in planned.skipped]
    lines += telling.inexpressible_lines(planned.everything.lost, language)
    lines += telling.otherwise_lines(checked, language)
    lines += telling.read_back_lines(checked, language, written=written)
    changed = sum(one["change"] != "same" for one in facts["files"])
    if written:
        lines.append(said.say("plan.done", n=changed, count=changed))
        lines.append(said.say("plan.snippets", folder=str(planned.snippets)))
    elif not changed:
        lines.append(said.say("plan.none"))
    elif not checked.mismatches:
        lines.append(said.say("plan.dry"))
    for line in lines:
        click.echo(printable(line))


def _show_difference(planned: Plan, files: list[dict[str, Any]], said: Language) -> None:
    """The diff of every file but pages, of which a few stand for all; long ones are cut, and counted."""
    from itertools import chain, islice

    from countermark.cli.progress import printable

    for change in chain(planned.changes(), islice(planned.page_changes(), SHOWN_PAGES)):
        lines = change.difference()
        for line in lines[:SHOWN_LINES]:
            click.echo(printable(line))
        if len(lines) > SHOWN_LINES:
            click.echo(said.say("plan.more-lines", count=len(lines) - SHOWN_LINES))
    changing = [one for one in planned.pages.values() if one.kind != "same"]
    if len(changing) > SHOWN_PAGES:
        click.echo(said.say("plan.more", count=len(changing) - SHOWN_PAGES))
    changed = [one for one in files if one["change"] != "same"]
    if changed:
        added, removed = (sum(one[key] for one in changed) for key in ("added", "removed"))
        click.echo(said.say("plan.lines", count=len(changed), added=added, removed=removed))


def _media(
    wanted: Policy, path: Path, given: dict[str, Any], facts: dict[str, Any], language: str, *, quiet: bool
) -> bool:
    """Copies of media, in a folder that is thrown away unless --apply is given; whether none failed."""
    from tempfile import TemporaryDirectory

    if given["out_media"] is None:
        raise click.UsageError("--media needs --out-media, the folder for the copies")
    if (given["certificate"] is None) != (given["key"] is None):
        raise click.UsageError("--certificate and --key go together")
    from countermark.reservations.writing.copied import Copies

    known = Copies(wanted.site, _servers(path, given), given["out_media"], replace=given["replace"])
    if not given["apply"]:
        with TemporaryDirectory(prefix="countermark-") as folder:
            return _copy(wanted, given, Path(folder), known, facts, language, quiet=quiet)
    try:
        return _copy(wanted, given, given["out_media"], known, facts, language, quiet=quiet)
    finally:
        known.save()


def _servers(path: Path, given: dict[str, Any]) -> Path:
    folder: Path = given["servers"] or path.parent / "reserve-servers"
    return folder


def _copy(
    wanted: Policy,
    given: dict[str, Any],
    out: Path,
    known: Copies,
    facts: dict[str, Any],
    language: str,
    *,
    quiet: bool,
) -> bool:
    from countermark.cli.progress import printable
    from countermark.reservations.words import room_languages
    from countermark.reservations.writing.media import copies
    from countermark.reservations.writing.telling import inexpressible_json, inexpressible_lines

    said = room_languages()[language]
    lost: list[Inexpressible] = []
    told: list[dict[str, Any]] = []
    failed = 0
    signing, served_at = _signing(given), given["media_at"]
    for one in copies(
        wanted, given["media"], out, signing, served_at=served_at, may_replace=known.may_replace
    ):
        if one.embedded is None:
            failed += 1
            told.append({"path": one.name, "error": one.error})
            click.echo(printable(one.error), err=True)
            continue
        lost += one.embedded.inexpressible
        written = [path.relative_to(out).as_posix() for path in one.embedded.written]
        known.note(out, written)
        fact = {"path": one.name, "protocols": list(one.embedded.protocols), "written": written}
        told.append(
            fact | {"sidecar": one.embedded.why_sidecar or None, "remarks": list(one.embedded.remarks)}
        )
        for line in [] if quiet else _told(one, said):
            click.echo(printable(line))
    facts["media"], facts["media_inexpressible"] = told, inexpressible_json(lost)
    if not quiet:
        for line in inexpressible_lines(lost, language):
            click.echo(printable(line))
        click.echo(said.say("media.count", done=len(told) - failed, failed=failed))
        if not given["apply"]:
            click.echo(said.say("plan.dry"))
    return not failed


def _signing(given: dict[str, Any]) -> Signing | None:
    """Who signs, looked at before any file is begun; None where nothing is signed."""
    if given["certificate"] is None:
        return None
    from datetime import UTC, datetime

    from countermark.cli.extras import needs_reserve
    from countermark.reservations.writing.sign import Signing, check_signing

    needs_reserve()
    signing = Signing(given["certificate"], given["key"])
    check_signing(signing, datetime.now(UTC))
    return signing


def _told(one: Copied, said: Language) -> list[str]:
    """What was written of one file."""
    from countermark.reservations.protocols import PROTOCOLS as KNOWN

    if one.embedded is None:
        return [one.error]
    labels = said.say("semicolon").join(KNOWN[name].label for name in one.embedded.protocols)
    keys = [f"embed.remark.{code}" for code in one.embedded.remarks]
    if one.embedded.why_sidecar:
        keys.insert(0, f"embed.sidecar.{one.embedded.why_sidecar}")
    done = said.say("media.done", path=one.name, protocols=labels or said.say("media.nothing"))
    return [done, *("  " + said.say(key, path=one.name) for key in keys)]
