"""What a report says of token ids: by which tokeniser they were read, how it was found, and what cannot be seen."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.report.legible import isolated, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.language import Language

_FEW: Final = 20
"""Of so few telling words nothing is said: then it was frequent words that spoke."""
_DIGITS: Final = 16


def read_with(summary: Mapping[str, Any], say: Language) -> list[str]:
    """A paragraph for each tokeniser and integer type of a run; none where the data set was text."""
    all_ = of_ids(summary)
    return [_told(one, all_, say) for one in all_]


def of_ids(summary: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """How the token ids of a run were read; empty where none were, as in a data set of text."""
    return [one for one in summary["searched"].get("tokens", ()) if one["shards"]]


def doubts(summary: Mapping[str, Any], say: Language) -> list[str]:
    """A warning for each tokeniser that was named and that a trial speaks against: the outcome says little then."""
    shards: Counter[str] = Counter()
    for one in filter(is_doubted, of_ids(summary)):
        shards[one["tokenizer"]] += one["shards"]
    return [say.say("tokens.doubt", n=n, name=_legible(name)) for name, n in shards.items()]


def guaranteed(summary: Mapping[str, Any], say: Language) -> list[str]:
    """What must be said with the guarantee: of ids it holds if they were read rightly. Nothing where all was text."""
    if not of_ids(summary):
        return []
    doubted = any(map(is_doubted, of_ids(summary)))
    return [say.say("guarantee.tokens"), *([say.say("guarantee.tokens.doubt")] if doubted else [])]


def is_doubted(one: Mapping[str, Any]) -> bool:
    """Whether a tokeniser was named, and its words speak against it, or more ids are beyond it than can be its own."""
    found = one["trial"]
    return bool(one["named"] and found is not None and (found["says"] == "against" or not found["in_range"]))


def _told(one: Mapping[str, Any], all_: Sequence[Mapping[str, Any]], say: Language) -> str:
    counts = one["counts"]
    numbers = {name: counts[name] for name in ("ids", "special")}
    said = [
        _how(one, all_, say),
        say.say("tokens.counts", shards=one["shards"], **numbers)
        if len(all_) == 1
        else say.say("tokens.counts.some", **numbers),
    ]
    said += [
        say.say(f"tokens.{name}", n=counts[name])
        for name in ("unknown", "bad_bytes", "fragments")
        if counts[name]
    ]
    losses = [say.messages.get(f"loss.{loss}", one_line(loss, 80)) for loss in one["losses"]]
    listed = (
        say.say("loss.and").join([", ".join(losses[:-1]), losses[-1]]) if len(losses) > 1 else "".join(losses)
    )
    if losses:
        said.append(say.say("tokens.losses", losses=listed))
    elif not is_doubted(one):
        said.append(say.say("tokens.exact"))
    return " ".join(said)


def _how(one: Mapping[str, Any], all_: Sequence[Mapping[str, Any]], say: Language) -> str:
    """Which ids were read, by which tokeniser, and how it was found."""
    told, found = {"subject": _subject(one, all_, say), "name": _name(one, all_, say)}, one["trial"]
    if one["named"] or found is None:
        return " ".join([say.say("tokens.named", **told), *_against(one, say)])
    if found["telling"] < _FEW:
        return say.say("tokens.known", words=found["words"], share=say.share(found["known"]), **told)
    said = say.say("tokens.trial", telling=found["telling"], **told, **_shares(found, say))
    other = found["next"]
    if other is not None:
        return f"{said} {_next(other, say)}"
    return f"{said} {say.say('tokens.none' if found['others'] else 'tokens.alone')}"


def _against(one: Mapping[str, Any], say: Language) -> list[str]:
    """What a trial says against a tokeniser that was named: its words, its ids, or both."""
    if not is_doubted(one):
        return []
    found, said = one["trial"], []
    if found["says"] == "against":
        said.append(say.say("tokens.named.against", telling=found["telling"], **_shares(found, say)))
    if not found["in_range"]:
        said.append(say.say("tokens.named.beyond", share=say.share(found["beyond"])))
    return said


def _subject(one: Mapping[str, Any], all_: Sequence[Mapping[str, Any]], say: Language) -> str:
    """All ids, or those of so many files; with their type where one tokeniser read ids of several."""
    if len(all_) == 1:
        return say.say("tokens.all")
    said, stored = say.say("tokens.some", n=one["shards"]), str(one.get("ids") or "")
    alike = sum(other["tokenizer"] == one["tokenizer"] for other in all_)
    bits = {"1": "8", "2": "16", "4": "32", "8": "64"}.get(stored[-1:])
    if alike < 2 or bits is None:
        return said
    return said + say.say("tokens.stored", bits=bits, type=_legible(stored))


def _next(other: Mapping[str, Any], say: Language) -> str:
    """What the next best comes to."""
    if not other["in_range"]:
        return say.say(
            "tokens.next.beyond", name=_legible(other["tokenizer"]), share=say.share(other["beyond"])
        )
    said = say.say(f"tokens.next.{other['says']}")
    return say.say(
        "tokens.next",
        name=_legible(other["tokenizer"]),
        telling=other["telling"],
        says=said,
        **_shares(other, say),
    )


def _name(one: Mapping[str, Any], all_: Sequence[Mapping[str, Any]], say: Language) -> str:
    """The tokeniser, with the digest of its table where another one in the run has its name."""
    name = _legible(one["tokenizer"])
    tables = {other.get("table") for other in all_ if other["tokenizer"] == one["tokenizer"]}
    if len(tables) == 1:
        return name
    return say.say("tokens.table", name=name, digest=one_line(str(one.get("table")), 64)[:_DIGITS])


def _legible(name: str) -> str:
    return isolated(one_line(name, 80))


def _shares(found: Mapping[str, Any], say: Language) -> dict[str, str]:
    """How many words are cut as the tokeniser cuts them, and how many would be by chance."""
    share = found["agree"] / max(1, found["telling"])
    return {"share": say.share(share), "chance": say.share(found["chance"])}


def span_said(finding: Mapping[str, Any], say: Language) -> str:
    """Where a passage stands among token ids; "" where the data set was text."""
    if finding.get("record_token_start") is None:
        return ""
    span = {name: str(finding[f"record_{name}"]) for name in ("sequence", "token_start", "token_end")}
    said = say.say(
        "passage.tokens", start=span["token_start"], end=span["token_end"], sequence=span["sequence"]
    )
    return f"{said}, {say.say('passage.fragment')}" if finding.get("record_fragment") else said
