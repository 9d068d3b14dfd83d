"""What a report says of token ids: by which tokeniser they were read, how it was found, and what cannot be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from countermark.evidence.report.legible import isolated, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.language import Language

_FEW: Final = 20
"""Of so few telling words nothing is said: then it was frequent words that spoke."""


def read_with(summary: dict[str, Any], say: Language) -> list[str]:
    """A paragraph for each tokeniser of a run; none where the data set was text."""
    return [_told(one, say) for one in summary["searched"].get("tokens", ())]


def _told(one: Mapping[str, Any], say: Language) -> str:
    counts = one["counts"]
    said = [
        _how(one, say),
        say.say("tokens.counts", shards=one["shards"], **{name: counts[name] for name in ("ids", "special")}),
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
    elif not _doubted(one):
        said.append(say.say("tokens.exact"))
    return " ".join(said)


def _how(one: Mapping[str, Any], say: Language) -> str:
    """By which tokeniser, and how it was found."""
    name, found = _name(one), one["trial"]
    if one["named"] or found is None:
        said = say.say("tokens.named", name=name)
        if not _doubted(one):
            return said
        return f"{said} {say.say('tokens.named.against', telling=found['telling'], **_shares(found, say))}"
    if found["telling"] < _FEW:
        return say.say("tokens.known", name=name, words=found["words"], share=say.share(found["known"]))
    said = say.say("tokens.trial", name=name, telling=found["telling"], **_shares(found, say))
    other = found["next"]
    if other is not None:
        return f"{said} {_next(other, say)}"
    return f"{said} {say.say('tokens.none' if found['others'] else 'tokens.alone')}"


def _next(other: Mapping[str, Any], say: Language) -> str:
    """What the next best comes to."""
    if not other["in_range"]:
        return say.say("tokens.next.beyond", name=_name(other), share=say.share(other["beyond"]))
    said = say.say(f"tokens.next.{other['says']}")
    return say.say(
        "tokens.next", name=_name(other), telling=other["telling"], says=said, **_shares(other, say)
    )


def _doubted(one: Mapping[str, Any]) -> bool:
    """Whether it was named, and its words speak against it."""
    return bool(one["named"] and one["trial"] is not None and one["trial"]["says"] == "against")


def _name(one: Mapping[str, Any]) -> str:
    return isolated(one_line(one["tokenizer"], 80))


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
