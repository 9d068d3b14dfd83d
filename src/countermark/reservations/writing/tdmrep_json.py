"""/.well-known/tdmrep.json, and the policy that a conditional reservation leads to.

The report says both that the first match in sequence is the most specific and that Google's rules hold, by which the
longest is. Rules are written longest first: then both say the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from countermark.errors import InputError
from countermark.reservations.use import Answer
from countermark.reservations.writing.record import as_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from countermark.reservations.policy.model import Policy
    from countermark.reservations.writing.inexpressible import Spoken
    from countermark.reservations.writing.record import Record

NAME: Final = ".well-known/tdmrep.json"
POLICY_NAME: Final = "tdm-policy.json"
MAX_SIZE: Final = 4 << 20


def rules_for(said: Spoken, tdm_policy: str = "") -> dict[str, dict[str, Any]]:
    """Our rule for each place of which there is something to say."""
    return {
        match: _rule(match, words["tdm-reservation"], tdm_policy)
        for match, words in said.words.items()
        if words
    }


def kept_rules(existing: bytes, before: Record) -> list[dict[str, Any]]:
    """The rules that are the site's own: those that `before` does not know as ours. Raises InputError."""
    rules = rules_in(existing) if existing else []
    return [rule for rule in rules if not before.wrote(NAME, as_bytes(rule))]


def beside(
    ours: Mapping[str, Mapping[str, Any]], kept: Sequence[Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Those of our rules for which the site has none of its own at the same location.

    A rule of the site's that reserves or allows as ours does stays in its place, with a policy of its own if it names
    one. Raises InputError where it says otherwise: it is neither removed nor loosened without being asked.
    """
    there: set[str] = set()
    for rule in kept:
        location, said = rule["location"], rule.get("tdm-reservation")
        wanted = ours.get(location, rule).get("tdm-reservation")
        if location in ours and (type(said) is not int or said != wanted):
            raise InputError(
                f"{NAME}: the site's own rule for {location} has tdm-reservation {json.dumps(said)}, the policy wants "
                f"{wanted}; change one of the two, or write the file anew with --replace (then no rule but the "
                "policy's is left in it)"
            )
        there.add(location)
    return {match: rule for match, rule in ours.items() if match not in there}


def write_tdmrep(
    ours: Mapping[str, Mapping[str, Any]], kept: Sequence[Mapping[str, Any]], existing: bytes
) -> bytes:
    """The site's tdmrep.json from our rules and those that are `kept`; b"" where nothing is left to say.

    The file that is there stays as it is, byte for byte, where none of its rules goes and none of ours comes.
    """
    if not ours and existing and len(kept) == len(rules_in(existing)):
        return existing
    ordered = sorted(
        [*kept, *ours.values()], key=lambda rule: (-len(rule["location"].encode()), rule["location"])
    )
    if not ordered:
        return b""
    return (json.dumps(ordered, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def _rule(match: str, answer: Answer, tdm_policy: str) -> dict[str, Any]:
    if answer is Answer.ALLOWED:
        return {"location": match, "tdm-reservation": 0}
    rule: dict[str, Any] = {"location": match, "tdm-reservation": 1}
    return rule | ({"tdm-policy": tdm_policy} if tdm_policy else {})


def rules_in(data: bytes) -> list[dict[str, Any]]:
    """The rules of a tdmrep.json, each an object with a location. Raises InputError for anything else."""
    if len(data) > MAX_SIZE:
        raise InputError(f"{NAME}: {len(data):,} bytes; at most {MAX_SIZE:,} can be merged with")
    try:
        rules = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{NAME}: this is not JSON ({error}); put it right, or write it anew with --replace"
        ) from error
    if not isinstance(rules, list):
        raise InputError(
            f"{NAME}: expected is a list of rules; put it right, or write it anew with --replace"
        )
    for number, rule in enumerate(rules, 1):
        if not isinstance(rule, dict) or not isinstance(rule.get("location"), str):
            raise InputError(
                f"{NAME}, rule {number}: a rule is an object with a location; put it right, or use --replace"
            )
    return rules


def write_policy_document(policy: Policy, address: str) -> bytes:
    """The policy that a conditional reservation leads to: mining with the consent of the holder."""
    from countermark.reservations.tdmrep.odrl import Assigner, OdrlPolicy, Permission, write_policy  # noqa: PLC0415

    is_mail = "@" in policy.contact and "/" not in policy.contact
    assigner = Assigner(
        uid=policy.site,
        name=policy.holder,
        email=f"mailto:{policy.contact}" if is_mail else "",
        url=policy.licence,
    )
    return write_policy(OdrlPolicy(address, assigner, (Permission(duties=("obtainConsent",)),)))
