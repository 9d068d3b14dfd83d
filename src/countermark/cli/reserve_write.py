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
    from countermark.reservations.writing.inexpressible import Inexpressible
    from countermark.reservations.writing.publish import Plan

READ_OTHERWISE = 1
SHOWN = 20
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
@click.option("--replace", is_flag=True, help="Write tdmrep.json anew, without the rules that are in it.")
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
    is read by the readers that `reserve check` uses; if an answer is not the wanted one, nothing is written.

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
      1    what was read back is not what is wanted (use, path, agent and protocol are named)
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

    wanted = read_policy(policy)
    facts: dict[str, Any] = {"applied": given["apply"]}
    right = True
    if given["site"] is not None:
        right = _site(wanted, policy, given, facts, language, quiet=as_json)
    if given["media"] is not None and right:
        right = _media(wanted, given, facts, language, quiet=as_json)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
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
    servers = given["servers"] or path.parent / "reserve-servers"
    planned = publish.plan(wanted, given["site"], servers, protocols, merge=not given["replace"])
    facts["files"] = [{"path": change.path.as_posix(), "change": change.kind} for change in planned.changes()]
    facts["inexpressible"] = inexpressible_json(planned.everything.lost)
    facts["skipped"] = [{"path": name, "reason": reason} for name, reason in planned.skipped]
    checked, written = planned.checked, given["apply"] and not planned.checked.mismatches
    if not quiet and not given["apply"]:
        _show_difference(planned, room_languages()[language])
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
    from countermark.reservations.writing.telling import inexpressible_lines, read_back_lines

    said, written = room_languages()[language], facts["applied"]
    lines = [said.say(f"plan.skipped.{reason}", path=name) for name, reason in planned.skipped]
    lines += inexpressible_lines(planned.everything.lost, language)
    lines += read_back_lines(checked, language, written=written)
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


def _show_difference(planned: Plan, said: Language) -> None:
    from countermark.cli.progress import printable

    shown = more = 0
    for change in planned.changes():
        if change.kind == "same":
            continue
        if shown == SHOWN:
            more += 1
            continue
        shown += 1
        for line in change.difference():
            click.echo(printable(line))
    if more:
        click.echo(said.say("plan.more", count=more))


def _media(
    wanted: Policy, given: dict[str, Any], facts: dict[str, Any], language: str, *, quiet: bool
) -> bool:
    """Copies of media, in a folder that is thrown away unless --apply is given; whether none failed."""
    from tempfile import TemporaryDirectory

    if given["out_media"] is None:
        raise click.UsageError("--media needs --out-media, the folder for the copies")
    if (given["certificate"] is None) != (given["key"] is None):
        raise click.UsageError("--certificate and --key go together")
    if given["apply"]:
        return _copy(wanted, given, given["out_media"], facts, language, quiet=quiet)
    with TemporaryDirectory(prefix="countermark-") as folder:
        return _copy(wanted, given, Path(folder), facts, language, quiet=quiet)


def _copy(
    wanted: Policy, given: dict[str, Any], out: Path, facts: dict[str, Any], language: str, *, quiet: bool
) -> bool:
    from countermark.cli.extras import needs_reserve
    from countermark.cli.progress import printable
    from countermark.reservations.words import room_languages
    from countermark.reservations.writing.media import Signing, copies
    from countermark.reservations.writing.telling import inexpressible_json, inexpressible_lines

    signing = None
    if given["certificate"] is not None:
        needs_reserve()
        signing = Signing(given["certificate"], given["key"])
    said = room_languages()[language]
    lost: list[Inexpressible] = []
    told: list[dict[str, Any]] = []
    failed = 0
    for one in copies(wanted, given["media"], out, signing, served_at=given["media_at"]):
        if one.embedded is None:
            failed += 1
            told.append({"path": one.name, "error": one.error})
            click.echo(printable(one.error), err=True)
            continue
        lost += one.embedded.inexpressible
        protocols = list(one.embedded.protocols)
        written = [path.relative_to(out).as_posix() for path in one.embedded.written]
        told.append({"path": one.name, "protocols": protocols, "written": written})
        if not quiet:
            listed = ", ".join(protocols) or said.say("media.nothing")
            click.echo(printable(said.say("media.done", path=one.name, protocols=listed)))
            if one.embedded.why_sidecar:
                click.echo(printable(said.say(f"embed.sidecar.{one.embedded.why_sidecar}", path=one.name)))
    facts["media"], facts["media_inexpressible"] = told, inexpressible_json(lost)
    if not quiet:
        click.echo("\n".join(printable(line) for line in inexpressible_lines(lost, language)))
        if not given["apply"]:
            click.echo(said.say("plan.dry"))
    return not failed
