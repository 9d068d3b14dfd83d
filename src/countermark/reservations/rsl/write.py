"""Writing RSL 1.0: one document from the answers for each path.

    write_terms([TermsFor("/", answers, licence_url="https://example.org/licence")], holder=Holder("Aubier"))

`TermsFor.answers` is what is wanted, use by use (a use that is absent is `unknown`). RSL cannot say everything:
training and generative training share one token, mining alone has none, and a list of permitted uses reserves all
others. `says(terms)` returns what the document will be read to say; where it differs from `answers`, tell the user.
What is written is never looser than what is wanted, except that mining by itself stays unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from countermark.errors import InputError
from countermark.reservations.rsl.terms import read_terms
from countermark.reservations.rsl.validate import validate
from countermark.reservations.rsl.vocabulary import NAMESPACE
from countermark.reservations.statement import Place
from countermark.reservations.target import Target
from countermark.reservations.use import USES, Answer, Use, strictest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class TermsFor:
    """The answers for what one pattern matches.

    `path` is a path (`/`, `/blog/*`, `/a.html$`) or an absolute address, matched as robots.txt matches. The others
    serve conditional answers: `licence_url` is where a licence is to be had, `payment` an RSL payment type ("" leaves
    it to the licence), `amount` a decimal number with its ISO 4217 `currency`.
    """

    path: str
    answers: Mapping[Use, Answer]
    licence_url: str = ""
    payment: str = ""
    amount: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the rights. `kind` is `organization`, `person` or ""; `url` and `email` are where to ask."""

    name: str = ""
    kind: str = ""
    email: str = ""
    url: str = ""


NOBODY: Final = Holder()
_ASKED: Final = "https://site.invalid"
_TOKENS: Final = (("ai-train", Use.TRAIN), ("ai-input", Use.INPUT), ("search", Use.SEARCH))


def write_terms(
    terms: Sequence[TermsFor],
    *,
    holder: Holder = NOBODY,
    terms_url: str = "",
    server: str = "",
    max_age: int = 0,
) -> bytes:
    """The document, in UTF-8; the same arguments give the same bytes, whatever the order of `terms`.

    `terms_url` is a page with the terms in words, `server` a license server (then every use needs a token), `max_age`
    in days (0: not said). Patterns of which RSL says nothing are left out; without any, b"" is returned. Raises
    InputError where what was given does not make a conforming document.
    """
    age = f' max-age="{max_age}"' if max_age else ""
    shown = sorted((one.path, _content(one, holder, terms_url, server)) for one in terms)
    contents = [content for _, content in shown if content]
    if not contents:
        return b""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<rsl xmlns="{NAMESPACE}"{age}>',
        *contents,
        "</rsl>",
        "",
    ]
    data = "\n".join(lines).encode()
    wrong = validate(data)
    if wrong:
        facts = ", ".join(f"{name} {value}" for name, value in wrong[0].facts)
        raise InputError(f"these terms make no conforming RSL: {wrong[0].where}: {wrong[0].code} ({facts})")
    return data


def says(
    terms: TermsFor, *, holder: Holder = NOBODY, terms_url: str = "", server: str = ""
) -> dict[Use, Answer]:
    """What the document for these terms alone is read to say; all five uses."""
    pattern = TermsFor("/", terms.answers, terms.licence_url, terms.payment, terms.amount, terms.currency)
    data = write_terms([pattern], holder=holder, terms_url=terms_url, server=server)
    read = read_terms(data, Target(f"{_ASKED}/"), Place(_ASKED)).statements if data else ()
    return {use: strictest(s.answer for s in read if s.use is use) for use in USES}


@dataclass(frozen=True, slots=True)
class _Plan:
    """The tokens of one <content>: granted freely, granted on conditions, ruled out."""

    free: tuple[str, ...] = ()
    bound: tuple[str, ...] = ()
    out: tuple[str, ...] = ()


def _plan(answers: Mapping[Use, Answer], *, offer: bool) -> _Plan:
    """Tokens for the answers; without an `offer`, what is conditional can only be ruled out."""
    wanted = {use: answers.get(use, Answer.UNKNOWN) for use in USES}
    if not offer:
        wanted = {use: Answer.RESERVED if a is Answer.CONDITIONAL else a for use, a in wanted.items()}
    if all(answer is Answer.RESERVED for answer in wanted.values()):
        return _Plan(out=("all",))
    training = {wanted[Use.TRAIN], wanted[Use.GENERATIVE]}
    mixed = training == {Answer.ALLOWED, Answer.UNKNOWN}
    by_token = {token: wanted[use] for token, use in _TOKENS}
    by_token["ai-train"] = Answer.UNKNOWN if mixed else strictest(training)
    if Answer.UNKNOWN in by_token.values() and Answer.CONDITIONAL not in by_token.values():
        # A list of what is permitted would reserve the rest: what is allowed is better left unsaid.
        by_token = {t: Answer.UNKNOWN if a is Answer.ALLOWED else a for t, a in by_token.items()}
    elif wanted[Use.TDM] in {Answer.ALLOWED, Answer.CONDITIONAL} and Answer.UNKNOWN not in by_token.values():
        general = wanted[Use.TDM]  # what it covers need not be named again
        by_token = {"all": general} | {t: a for t, a in by_token.items() if a is not general}
    elif wanted[Use.TDM] is Answer.UNKNOWN and Answer.CONDITIONAL not in by_token.values():
        by_token = {t: Answer.UNKNOWN if a is Answer.ALLOWED else a for t, a in by_token.items()}
    return _Plan(
        *(_with(by_token, answer) for answer in (Answer.ALLOWED, Answer.CONDITIONAL, Answer.RESERVED))
    )


def _with(by_token: Mapping[str, Answer], answer: Answer) -> tuple[str, ...]:
    return tuple(sorted(token for token, said in by_token.items() if said is answer))


def _content(terms: TermsFor, holder: Holder, terms_url: str, server: str) -> str:
    """One <content>, or "" where there is nothing to say."""
    place = terms.licence_url or terms_url or holder.url or (f"mailto:{holder.email}" if holder.email else "")
    priced = terms.amount or terms.payment not in {"", "free"}  # free without an address is a gift
    plan = _plan(terms.answers, offer=bool(place or priced or server))
    free = _license(plan.free, plan.out, "") if plan.free else ""
    bound = _license(plan.bound, plan.out, _payment(terms, place)) if plan.bound else ""
    silent = _license((), plan.out, "") if plan.out and not free and not bound else ""
    licenses = [license_ for license_ in (free, bound, silent) if license_]
    if not licenses:
        return ""
    asked = f" server={quoteattr(server)}" if server else ""
    lines = [
        f"  <content url={quoteattr(terms.path)}{asked}>",
        *licenses,
        *_about(holder, terms_url),
        "  </content>",
    ]
    return "\n".join(lines)


def _license(permitted: Iterable[str], prohibited: Iterable[str], payment: str) -> str:
    lines = ["    <license>"]
    granted = " ".join(permitted)
    if granted:
        lines.append(f'      <permits type="usage">{granted}</permits>')
    ruled_out = " ".join(prohibited)
    if ruled_out:
        lines.append(f'      <prohibits type="usage">{ruled_out}</prohibits>')
    return "\n".join([*lines, *([payment] if payment else []), "    </license>"])


def _payment(terms: TermsFor, place: str) -> str:
    """The way to a licence: the holder's own process as <custom>, with the price where there is one."""
    kind = f" type={quoteattr(terms.payment)}" if terms.payment else ""
    inner = [f"        <custom>{escape(place)}</custom>"] if place else []
    if terms.amount:
        inner.append(f"        <amount currency={quoteattr(terms.currency)}>{escape(terms.amount)}</amount>")
    if not inner:
        return f"      <payment{kind}/>" if kind else ""
    return "\n".join([f"      <payment{kind}>", *inner, "      </payment>"])


def _about(holder: Holder, terms_url: str) -> list[str]:
    """<copyright> and <terms>, as far as there is something to put in."""
    lines = []
    if holder.name:
        pairs = (("type", holder.kind), ("contactEmail", holder.email), ("contactUrl", holder.url))
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in pairs if value)
        lines.append(f"    <copyright{attributes}>{escape(holder.name)}</copyright>")
    if terms_url:
        lines.append(f"    <terms>{escape(terms_url)}</terms>")
    return lines
