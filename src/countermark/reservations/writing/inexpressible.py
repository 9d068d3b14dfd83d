"""What a protocol cannot say of a policy, and what it says instead.

A protocol has words; each covers one use or several (their sources stand in the protocol's own file). A policy that
wants different answers for uses under one word gets the strictest of them: a reservation is never left out because the
word for it is broad. A permission is said only where every use under the word is allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from countermark.reservations.policy.patterns import contains
from countermark.reservations.target import ANY_AGENT
from countermark.reservations.use import USES, Answer, Use, strictest, strictness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from countermark.reservations.policy.model import Policy, Rule


@dataclass(frozen=True, slots=True, order=True)
class Inexpressible:
    """One thing that a protocol cannot say.

    `path` is the pattern of the policy's rule, or a file's name; `agent` is `*` where it holds for all. `reason` names
    the sentence `inexpressible.REASON` in `words/writing.py`: `no-word`, `coarse`, `no-terms`, `no-permission`,
    `inherited`, `mixed`, ….
    """

    protocol: str
    use: Use
    path: str
    agent: str = ANY_AGENT
    reason: str = "no-word"


class Reach(Enum):
    """What is heard where several rules of a protocol match a path."""

    OWN = "own"  # the most specific; one that says nothing can be written
    SILENT = "silent"  # the most specific of those that say something
    ALL = "all"  # all of them, the strictest stands


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a protocol and the uses under each; whether it can permit, and whether it can carry terms."""

    words: Mapping[str, tuple[Use, ...]]
    permits: bool = True
    terms: bool = False
    reach: Reach = Reach.OWN

    def reaches(self, own: Mapping[str, Answer], word: str) -> bool:
        """Whether wider rules are heard of a word where a rule says `own`."""
        if self.reach is Reach.SILENT:
            return all(answer is Answer.UNKNOWN for answer in own.values())
        return self.reach is Reach.ALL and word in own

    def answers(self, wanted: Mapping[Use, Answer]) -> dict[str, Answer]:
        """The answer that each word is to give, `unknown` for a word that is not said."""
        return {word: self._settled([wanted[use] for use in uses]) for word, uses in self.words.items()}

    def said(self, words: Mapping[str, Answer]) -> dict[Use, Answer]:
        """What words say of every use."""
        said = dict.fromkeys(USES, Answer.UNKNOWN)
        for word, answer in words.items():
            for use in self.words[word]:
                said[use] = answer
        return said

    def _settled(self, wanted: list[Answer]) -> Answer:
        strict = strictest(wanted)
        if strict is Answer.CONDITIONAL and not self.terms:
            return Answer.RESERVED
        if strict is Answer.ALLOWED and not (self.permits and set(wanted) == {Answer.ALLOWED}):
            return Answer.UNKNOWN
        return strict


MODEL_TRAINING: Final = (Use.TRAIN, Use.GENERATIVE)

VOCABULARIES: Final = {
    "aipref": Vocabulary(
        {"train-ai": (Use.GENERATIVE,), "ai-use": (Use.INPUT,), "search": (Use.SEARCH,)},
    ),
    "tdmrep": Vocabulary({"tdm-reservation": (Use.TDM, *MODEL_TRAINING)}, terms=True, reach=Reach.SILENT),
    "content-signals": Vocabulary(
        {"ai-train": MODEL_TRAINING, "ai-input": (Use.INPUT,), "search": (Use.SEARCH,)}, reach=Reach.ALL
    ),
    "noai": Vocabulary({"noai": MODEL_TRAINING}, permits=False),
    "ai-txt": Vocabulary({"ai-txt": MODEL_TRAINING}, reach=Reach.SILENT),
}


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a protocol is to say of a policy: for each rule its words, what that comes to, and what is lost.

    `words[match]` holds only words that are said. `heard[match]` has all five uses, with what wider rules say where
    this one is silent.
    """

    words: Mapping[str, Mapping[str, Answer]]
    heard: Mapping[str, Mapping[Use, Answer]]
    lost: tuple[Inexpressible, ...]


def spoken(protocol: str, policy: Policy) -> Spoken:
    """What a protocol of VOCABULARIES says of each rule of a policy.

    Where its rules reach into one another (Vocabulary.reach), what is heard may be stricter than wanted, never looser:
    a permission that would reach a rule which does not give it is not said.
    """
    vocabulary = VOCABULARIES[protocol]
    words = {rule.match: vocabulary.answers(rule.answers) for rule in policy.rules}
    _withhold(vocabulary, policy, words)
    heard: dict[str, dict[Use, Answer]] = {}
    shown: dict[str, dict[str, Answer]] = {}
    lost: list[Inexpressible] = []
    for rule in policy.rules:
        own = words[rule.match]
        joint = {
            word: strictest([own[word], *(words[other.match][word] for other in wider(policy, rule))])
            if vocabulary.reaches(own, word)
            else own[word]
            for word in vocabulary.words
        }
        heard[rule.match] = vocabulary.said(joint)
        lost += shortfall(protocol, rule, heard[rule.match], licence=policy.licence, inherits=joint != own)
        if joint != own:
            lost += partly(protocol, policy, rule, vocabulary.said(own))
        shown[rule.match] = {
            word: answer
            for word, answer in own.items()
            if answer is not Answer.UNKNOWN
            and not (vocabulary.reach is Reach.ALL and joint[word] is not answer)
        }  # what a wider rule outweighs is not said: it would only contradict
    return Spoken(shown, heard, tuple(lost))


def wider(policy: Policy, rule: Rule) -> tuple[Rule, ...]:
    """The rules that also match paths of a rule, and are less specific."""
    return policy.wider(rule.match)


def _withhold(vocabulary: Vocabulary, policy: Policy, words: dict[str, dict[str, Answer]]) -> None:
    """Unsay permissions that would reach rules that do not give them, until none is left."""
    changed = True
    while changed:
        changed = False
        for rule in policy.rules:
            own = words[rule.match]
            for word, uses in vocabulary.words.items():
                given = all(rule.answers[use] is Answer.ALLOWED for use in uses)
                if given or own[word] is not Answer.UNKNOWN or not vocabulary.reaches(own, word):
                    continue
                for other in wider(policy, rule):
                    if words[other.match][word] is Answer.ALLOWED:
                        words[other.match][word] = Answer.UNKNOWN
                        changed = True


def shortfall(
    protocol: str, rule: Rule, said: Mapping[Use, Answer], *, licence: str = "", inherits: bool = False
) -> Iterator[Inexpressible]:
    """Where what a protocol says of a rule's paths is not what is wanted.

    Raises AssertionError for what no writer may do: say less than a reservation, or permit what was not permitted.
    """
    for use in USES:
        want, got = rule.answers[use], said[use]
        if fits(want, got, licence):
            continue
        if got is Answer.UNKNOWN:
            yield Inexpressible(protocol, use, rule.match, reason=_why_silent(protocol, use, want))
            continue
        if strictness(got) <= strictness(want) or got is Answer.ALLOWED:
            raise AssertionError(
                f"{protocol} would say {got} of {use} on {rule.match}, where {want} is wanted"
            )
        reason = "inherited" if inherits else "no-terms" if want is Answer.CONDITIONAL else "coarse"
        yield Inexpressible(protocol, use, rule.match, reason=reason)


def partly(protocol: str, policy: Policy, rule: Rule, said: Mapping[Use, Answer]) -> Iterator[Inexpressible]:
    """What a rule does not say itself, where wider rules say it for some of its paths only."""
    if all(contains(other.match, rule.match) for other in wider(policy, rule)):
        return
    for use, want in rule.answers.items():
        if want is not Answer.UNKNOWN and said[use] is Answer.UNKNOWN:
            yield Inexpressible(protocol, use, rule.match, reason="inherited")


def fits(wanted: Answer, got: Answer, licence: str) -> bool:
    """Whether an answer is the wanted one; `conditional` is a reservation that says where the licence is."""
    return got is wanted or (wanted is Answer.RESERVED and got is Answer.CONDITIONAL and bool(licence))


def _why_silent(protocol: str, use: Use, want: Answer) -> str:
    vocabulary = VOCABULARIES.get(protocol)
    if want is not Answer.ALLOWED:
        return "no-word"
    if vocabulary is None:
        return "mixed"
    if not any(use in uses for uses in vocabulary.words.values()):
        return "no-word"
    return "mixed" if vocabulary.permits else "no-permission"
