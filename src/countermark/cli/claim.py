"""`countermark claim`: from works and findings to what may be claimed, under dated rules."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from countermark.cli.extras import needs_claims
from countermark.cli.place import RunPlace
from countermark.errors import InputError

if TYPE_CHECKING:
    from countermark.claims.case import Case
    from countermark.claims.rule import Rule

RULES_WORD = "rules"


@dataclass(frozen=True, slots=True)
class _Options:
    """What the options say."""

    out: Path | None
    chosen: tuple[str, ...]
    folder: Path | None
    claimant: tuple[str, ...]
    respondent: Path | None
    snapshot: str
    began: str
    tariff: Path | None
    dated: str | None
    join_names: bool
    suppress_below: int
    lang: str | None
    as_json: bool
    dry_run: bool


@click.command("claim")
@click.argument("catalog", metavar="CATALOG", type=click.Path(path_type=Path))
@click.argument("runs", metavar="RUN...", nargs=-1, type=RunPlace())
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FOLDER", help="The folder to write the claim to."
)
@click.option(
    "--rule", "chosen", multiple=True, metavar="ID", help="A rule; all that are in force by default."
)
@click.option(
    "--rules",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="A folder with rule files of your own.",
)
@click.option(
    "--claimant", multiple=True, metavar="NAME", help="Who claims: a name, or a TOML file with mandates."
)
@click.option(
    "--respondent",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML: whom the claim is against, with the sentence and document that say so, and facts of the act.",
)
@click.option(
    "--snapshot", metavar="DATE", default="", help="The day of the copy, for runs that do not state it."
)
@click.option(
    "--infringement-began", "began", metavar="DATE", default="", help="The day on which the act began."
)
@click.option(
    "--tariff",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="TOML: what a licence costs, for French damages.",
)
@click.option("--date", "dated", metavar="YYYY-MM-DD", help="The day of the claim; today by default.")
@click.option("--join-names", is_flag=True, help="Also recognise works of runs by title and author alone.")
@click.option(
    "--suppress-below",
    type=click.IntRange(0, 1000),
    default=5,
    show_default=True,
    metavar="N",
    help="In figures.json, hide counts under N.",
)
@click.option("--lang", type=click.Choice(["en", "fr"]), help="Language; that of the locale by default.")
@click.option("--json", "as_json", is_flag=True, help="Print claim.json instead of the report.")
@click.option("--dry-run", is_flag=True, help="Print the report; write nothing.")
def command(catalog: Path, runs: tuple[Path, ...], **given: Any) -> None:
    """Take the works of CATALOG through dated rules, with what each RUN found of them.

    Found, yours, protected, reserved, registered in time, claimable: each work says where it drops, why, and what would
    save it. Amounts are ranges with the works left out. This is not legal advice.

    \b
    `countermark claim rules` lists the rules with status, dates and sources.

    \b
    Examples:
      countermark claim rules
      countermark claim books.catalog run/ --out claim/
      countermark claim books.catalog run/ links/ --rule us-504 --claimant "Maison Aubier" --out claim/
    """  # noqa: D301  \b is click's mark for lines that stay as they are
    needs_claims()
    from countermark.claims.rule_files import read_rules
    from countermark.language import language_of_locale

    options = _Options(**given)
    code = options.lang or language_of_locale(os.environ)
    rules = read_rules(options.folder)
    if str(catalog) == RULES_WORD and not runs:
        list_rules(rules, _day(options.dated), code, as_json=options.as_json)
        return
    if not runs:
        raise click.UsageError("Missing argument 'RUN...': the run folder of a scan or a link.")
    if options.out is None and not options.dry_run:
        raise click.UsageError("Missing option '--out' (or give --dry-run).")
    _make(catalog, runs, options, pick(rules, options.chosen), code)


def _make(
    catalog: Path, runs: tuple[Path, ...], options: _Options, rules: tuple[Rule, ...], code: str
) -> None:
    """Make the claim, write it unless it is a dry run, and print it."""
    from countermark.claims.claim import Request, make_claim, readable, write_claim
    from countermark.claims.run_findings import read_findings
    from countermark.claims.tariff import read_tariff
    from countermark.claims.text import render_text
    from countermark.claims.words import LANGUAGES
    from countermark.works.catalog import Catalog

    case = _case(options)
    tariff = read_tariff(options.tariff) if options.tariff else None
    _conclude(runs)
    with Catalog.open(catalog) as works:
        joined = read_findings(runs, works.works, by_name=options.join_names)
        request = Request(
            works.works, works.digest, joined, case, rules, tariff, options.join_names, options.suppress_below
        )
        out = None if options.dry_run else options.out
        claim = make_claim(request) if out is None else write_claim(request, out)
    if options.as_json:
        click.echo(readable(claim.facts), nl=False)
        return
    click.echo(render_text(claim, code), nl=False)
    if out is not None:
        click.echo("\n" + LANGUAGES[code].say("next", path=out / f"claim.{code}.html"))


def pick(rules: dict[str, Rule], chosen: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules asked for, else all that are in force and apply without being asked for. Raises InputError."""
    if unknown := [name for name in chosen if name not in rules]:
        raise InputError(f"--rule {unknown[0]}: there is no such rule; accepted are {', '.join(rules)}")
    if chosen:
        return tuple(rules[name] for name in sorted(set(chosen)))
    return tuple(rule for rule in rules.values() if rule.default and rule.status == "in-force")


def list_rules(rules: dict[str, Rule], on: date, code: str, *, as_json: bool) -> None:
    """Print all rules: status, dates, sources, and of what a reader is warned."""
    from countermark.claims.claim import DISCLAIMER, rule_json
    from countermark.claims.words import LANGUAGES, cited

    if as_json:
        told = [rule_json(rule) | {"warnings": rule.warnings(on)} for rule in rules.values()]
        click.echo(json.dumps(told, sort_keys=True, ensure_ascii=False, indent=1))
        return
    say = LANGUAGES[code]
    click.echo(DISCLAIMER[code])
    for rule in rules.values():
        click.echo(f"\n{rule.id:<18}{rule.title[code]}")
        facts = [say.say(f"rule.status.{rule.status}")]
        if rule.valid_from:
            mark = f" ({say.say('unverified')})" if "valid_from" in rule.not_verified else ""
            facts.append(f"{say.say('rule.valid')} {say.date(rule.valid_from)}{mark}")
        facts.append(f"{say.say('rule.checked')} {say.date(rule.last_checked)}")
        click.echo(f"{'':<18}{'; '.join(facts)}")
        for source in rule_json(rule)["sources"]:
            click.echo(f"{'':<18}{cited(say, source)} ({say.say('quality.' + source['quality'])})")
        for key in rule.warnings(on):
            warned = say.say(
                f"warning.{key}",
                rule=rule.id,
                checked=say.date(rule.last_checked),
                days=rule.stale_after_days,
            )
            click.echo(f"{'':<18}! {warned}")


def _case(options: _Options) -> Case:
    from countermark.claims.case import Case
    from countermark.claims.parties import read_claimant, read_respondent

    return Case(
        on=_day(options.dated),
        claimant=read_claimant(options.claimant),
        respondent=read_respondent(options.respondent) if options.respondent else None,
        began=_partial("--infringement-began", options.began),
        snapshot=_partial("--snapshot", options.snapshot),
    )


def _conclude(runs: tuple[Path, ...]) -> None:
    """Have the tables of each scan written from its findings; a link writes its own."""
    from countermark.evidence.run_folder import read_json
    from countermark.evidence.summary import read_summary

    for run in runs:
        settings = read_json(run / "run.json", missing=f"{run}: not a run folder: run.json is missing")
        if settings.get("kind") != "link":
            read_summary(run)


def _day(written: str | None) -> date:
    if written is None:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise InputError(f"--date {written!r}: is no day; YYYY-MM-DD is accepted") from None


def _partial(option: str, written: str) -> str:
    from countermark.works.dates import parse_date

    try:
        return parse_date(written)
    except ValueError as error:
        raise InputError(f"{option}: {error}") from None
