"""The RSL document of a site, and what it cannot say.

`reserved` stays a prohibition even where the policy names a licence: to permit against payment is an offer, which only
`conditional` makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from countermark.reservations.rsl.write import Holder, TermsFor, says, write_terms
from countermark.reservations.use import Answer, Use, strictest
from countermark.reservations.writing.inexpressible import Inexpressible, partly, shortfall, wider

if TYPE_CHECKING:
    from collections.abc import Mapping

    from countermark.reservations.policy.model import Policy

NAME: Final = "rsl.xml"


def write_rsl(policy: Policy) -> tuple[bytes, tuple[Inexpressible, ...]]:
    """The document, b"" where RSL has nothing to say of the policy, and what it cannot say."""
    is_mail = "@" in policy.contact and "/" not in policy.contact
    holder = Holder(
        policy.holder, email=policy.contact if is_mail else "", url="" if is_mail else policy.contact
    )
    terms = {rule.match: TermsFor(rule.match, rule.answers, policy.licence) for rule in policy.rules}
    said = {match: says(one, holder=holder) for match, one in terms.items()}
    _withhold(policy, terms, said, holder)
    lost: list[Inexpressible] = []
    for rule in policy.rules:
        own = said[rule.match]
        heard = {
            use: answer
            if answer is not Answer.UNKNOWN
            else strictest(said[other.match][use] for other in wider(policy, rule))
            for use, answer in own.items()
        }
        lost += shortfall("rsl", rule, heard, licence=policy.licence, inherits=heard != own)
        if heard != own:
            lost += partly("rsl", policy, rule, own)
        lost += _bars_index(rule.match, own)
    return write_terms(list(terms.values()), holder=holder), tuple(lost)


def _bars_index(match: str, said: Mapping[Use, Answer]) -> list[Inexpressible]:
    """A list of permitted usages rules out all others: `ai-index`, too, which a policy has no word for.

    Only `all` permits it, and only `all` permits mining.
    """
    permitted = {Answer.ALLOWED, Answer.CONDITIONAL}
    if said[Use.INPUT] in permitted and said[Use.TDM] not in permitted:
        return [Inexpressible("rsl", Use.INPUT, match, reason="ai-index")]
    return []


def _withhold(
    policy: Policy, terms: dict[str, TermsFor], said: dict[str, dict[Use, Answer]], holder: Holder
) -> None:
    """Unsay permissions that would reach a rule which is silent on the use and does not give it.

    Of the contents that match, the most specific that speaks of a use decides (RSL 1.0, section 3.1.1).
    """
    changed = True
    while changed:
        changed = False
        for rule in policy.rules:
            for other in wider(policy, rule):
                leaking = [
                    use
                    for use, answer in said[other.match].items()
                    if answer is Answer.ALLOWED
                    and said[rule.match][use] is Answer.UNKNOWN
                    and rule.answers[use] is not Answer.ALLOWED
                ]
                if leaking:
                    kept = dict(terms[other.match].answers) | dict.fromkeys(leaking, Answer.UNKNOWN)
                    terms[other.match] = TermsFor(other.match, kept, policy.licence)
                    said[other.match] = says(terms[other.match], holder=holder)
                    changed = True
