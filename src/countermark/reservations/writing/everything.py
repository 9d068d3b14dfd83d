"""One policy in every protocol of a site.

    Site files      robots.txt (robots, AIPREF, Content Signals, RSL), tdmrep.json, its policy, RSL terms, ai.txt
    header fields   AIPREF, TDMRep, noai, RSL: as snippets for servers, and as far as it goes in `_headers`
    pages           TDMRep, noai, RSL as metas and links

Nothing is read from a disk here and nothing is written: what is there comes in as bytes, what is to be there goes out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from countermark.errors import InputError
from countermark.reservations.use import USES, Answer, Use
from countermark.reservations.writing import ai_txt, html_metas, rsl_xml, server_headers, tdmrep_json
from countermark.reservations.writing.block import with_block, without_block
from countermark.reservations.writing.header_fields import Fields, content_usage, header_fields
from countermark.reservations.writing.inexpressible import MODEL_TRAINING, VOCABULARIES, Inexpressible, spoken
from countermark.reservations.writing.record import Record, as_bytes
from countermark.reservations.writing.robots_txt import preference_lines, write_robots

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from countermark.reservations.policy.model import Policy
    from countermark.reservations.writing.inexpressible import Spoken

PROTOCOLS: Final = ("robots", "aipref", "tdmrep", "rsl", "content-signals", "noai", "ai-txt")
"""The protocols of sites; those within files are written by `embed`."""
ROBOTS: Final = "robots.txt"
AI_TXT: Final = "ai.txt"
HEADERS: Final = "_headers"
_SIGNALS: Final = {Answer.ALLOWED: "yes", Answer.RESERVED: "no"}
_NOTHING: Final = Record()
_UNSTATED: Final = "unstated"
"""A label that AIPREF does not know: a dictionary that states nothing, and is not empty."""


@dataclass(frozen=True, slots=True)
class Everything:
    """What is to stand where. `files` are relative to the site's folder, `snippets` to a folder outside of it.

    An empty file is one that is not to be there. `untouched` are pages that could not be given metas; `record` tells
    the next run what is ours.
    """

    files: Mapping[str, bytes]
    snippets: Mapping[str, bytes]
    fields: Fields
    lost: tuple[Inexpressible, ...]
    documents: Mapping[str, bytes] = field(default_factory=dict)
    untouched: tuple[str, ...] = ()
    record: Record = _NOTHING


def write_all(
    policy: Policy,
    existing: Mapping[str, bytes],
    protocols: Collection[str] = PROTOCOLS,
    *,
    merge: bool = True,
    before: Record = _NOTHING,
) -> Everything:
    """Say a policy in every protocol of a site.

    `existing` are the site's files by their path in its folder: those that are known here, and its pages. `before` is
    what was written the last time. Without `merge`, files without marks of ours are written anew. Raises InputError
    where one of them cannot be merged with.
    """
    said = {name: spoken(name, policy) for name in VOCABULARIES}
    terms, rsl_lost = rsl_xml.write_rsl(policy) if "rsl" in protocols else (b"", ())
    address = f"{policy.site}/{rsl_xml.NAME}" if terms else ""
    tdm_policy = f"{policy.site}/{tdmrep_json.POLICY_NAME}" if _leads_on(policy, said["tdmrep"]) else ""
    fields = header_fields(policy, said, tdm_policy=tdm_policy, terms=address, protocols=protocols)
    files: dict[str, bytes] = {}
    lost = [one for name in protocols if name in said for one in said[name].lost]
    lost += _permits_more(policy, said) if "aipref" in protocols else []
    lost += [*rsl_lost, *_put_robots(files, policy, existing, said, address, protocols)]
    speaks = "tdmrep" in protocols
    rules: Mapping[str, Mapping[str, Any]] = (
        tdmrep_json.rules_for(said["tdmrep"], tdm_policy) if speaks else {}
    )
    if speaks or tdmrep_json.NAME in before.digests:
        old = existing.get(tdmrep_json.NAME, b"") if merge or not speaks else b""
        kept_rules = tdmrep_json.kept_rules(old, before)
        rules = tdmrep_json.beside(rules, kept_rules)
        files[tdmrep_json.NAME] = tdmrep_json.write_tdmrep(rules, kept_rules, old)
    leads = tdmrep_json.write_policy_document(policy, tdm_policy) if speaks and tdm_policy else b""
    whole = {tdmrep_json.POLICY_NAME: leads, rsl_xml.NAME: terms}
    for name, data in whole.items():
        _put_whole(files, name, data, existing, before, merge=merge)
    old = existing.get(AI_TXT, b"")
    spoken_there = (
        ai_txt.write_ai_txt(policy, old)[0] if "ai-txt" in protocols else without_block(old, AI_TXT)
    )
    files[AI_TXT] = spoken_there
    lost += _put_headers(files, policy, existing, fields)
    untouched = _put_metas(files, policy, existing, fields, address)
    snippets = {name: write(fields).encode() for name, write in server_headers.SNIPPETS.values()}
    documents = {address: terms} if address else {}
    kept = {name: data for name, data in files.items() if data or name in existing}
    written = [(tdmrep_json.NAME, as_bytes(rule)) for rule in rules.values()]
    record = before.with_more([*written, *((name, data) for name, data in whole.items() if data)])
    return Everything(kept, snippets, fields, tuple(dict.fromkeys(lost)), documents, untouched, record)


def address_path(name: str) -> str:
    """The path under which a file of a site's folder is served: an index page as its folder."""
    folder, slash, last = name.rpartition("/")
    kept = f"{folder}{slash}" if last.lower() in {"index.html", "index.htm"} else name
    return "/" + quote(kept, safe="/:@!$&'()*+,;=~-._")


def _permits_more(policy: Policy, said: Mapping[str, Spoken]) -> list[Inexpressible]:
    """`search=y` of AIPREF overrides its other words for a search application, the training of its models included.

    draft-ietf-aipref-vocab-08, on the category search. Told where the policy does not allow that training anyway.
    """
    return [
        Inexpressible("aipref", Use.SEARCH, rule.match, reason="wider-search")
        for rule in policy.rules
        if said["aipref"].words[rule.match].get("search") is Answer.ALLOWED
        and any(rule.answers[use] is not Answer.ALLOWED for use in MODEL_TRAINING)
    ]


def _leads_on(policy: Policy, said: Spoken) -> bool:
    """Whether a reservation of TDMRep leads to a licence."""
    return bool(policy.licence) and any(
        answer in {Answer.RESERVED, Answer.CONDITIONAL}
        for words in said.words.values()
        for answer in words.values()
    )


def _put_whole(
    files: dict[str, bytes],
    name: str,
    data: bytes,
    existing: Mapping[str, bytes],
    before: Record,
    *,
    merge: bool,
) -> None:
    """A file that is ours as a whole, or goes if it was; one that is not ours is not replaced without being asked."""
    old = existing.get(name, b"")
    ours = before.wrote(name, old)
    if not data:
        files.update({name: b""} if ours else {})
    elif old in {b"", data} or ours or not merge:
        files[name] = data
    else:
        raise InputError(
            f"{name}: there is one that countermark did not write, or that was changed since; move it away, or write "
            "it anew with --replace"
        )


def _put_robots(
    files: dict[str, bytes],
    policy: Policy,
    existing: Mapping[str, bytes],
    said: Mapping[str, Spoken],
    terms: str,
    protocols: Collection[str],
) -> tuple[Inexpressible, ...]:
    lines: list[str] = []
    if "aipref" in protocols:
        values = {match: content_usage(words) for match, words in said["aipref"].words.items()}
        lines += preference_lines("Content-Usage", values, policy, _UNSTATED)
    if "content-signals" in protocols:
        values = {
            match: ", ".join(f"{word}={_SIGNALS[answer]}" for word, answer in words.items())
            for match, words in said["content-signals"].words.items()
        }
        lines += preference_lines("Content-Signal", values, policy)
    if terms:
        lines.append(f"License: {terms}")
    refusing = "robots" in protocols
    written = write_robots(policy, existing.get(ROBOTS, b""), lines, groups=refusing)
    files[ROBOTS] = written.data
    return (*written.lost, *(_fetching_only(policy) if refusing else ()))


def _fetching_only(policy: Policy) -> list[Inexpressible]:
    """robots.txt speaks of fetching alone: of a use it says something to those only whom it refuses."""
    return [
        Inexpressible("robots", use, rule.match, reason="fetch-only")
        for rule in policy.rules
        for use in USES
        if rule.answers[use] is not Answer.UNKNOWN and not policy.refuses_rule("*", rule)
    ]


def _put_headers(
    files: dict[str, bytes], policy: Policy, existing: Mapping[str, bytes], fields: Fields
) -> tuple[Inexpressible, ...]:
    old = existing.get(HEADERS, b"")
    kept = without_block(old, HEADERS)
    lines, lost = server_headers.static(policy, fields)
    files[HEADERS] = with_block(kept, lines) if lines else kept
    return lost


def _put_metas(
    files: dict[str, bytes], policy: Policy, existing: Mapping[str, bytes], fields: Fields, terms: str
) -> tuple[str, ...]:
    untouched = []
    for name in sorted(existing):
        if not name.lower().endswith(html_metas.SUFFIXES):
            continue
        page = _with_metas(policy, fields, terms, name, existing[name])
        if page is None:
            untouched.append(name)
        else:
            files[name] = page
    return tuple(untouched)


def page_with_metas(policy: Policy, everything: Everything, name: str, page: bytes) -> bytes | None:
    """A page of the site with its metas; None where it cannot be touched."""
    return _with_metas(policy, everything.fields, next(iter(everything.documents), ""), name, page)


def _with_metas(policy: Policy, fields: Fields, terms: str, name: str, page: bytes) -> bytes | None:
    sent = fields[policy.rule(address_path(name)).match]
    return html_metas.with_metas(page, html_metas.metas_for(sent, terms))
