"""The test of traps: from a plan that fixes everything to a result that says what was shown.

The plan holds the traps (which are no secret), the model, the statistic that decides, the level and the claims. The key
makes the candidates again. Nothing is asked of a model that has not passed the self-test.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from countermark.documents import extract, read_bytes
from countermark.errors import InputError, PlanError
from countermark.memorization.study.outcome import read_outcome, write_outcome
from countermark.memorization.study.plan import Plan, model_facts, read_plan
from countermark.memorization.traps.apart import require_apart
from countermark.memorization.traps.burnt import LEAST, Burning
from countermark.memorization.traps.candidates import (
    MOST_CANDIDATES,
    Passage,
    Trap,
    passages,
    published,
)
from countermark.memorization.traps.forms.forms import form_of
from countermark.memorization.traps.identifiers import contest_of, facts_of, found_of
from countermark.memorization.traps.judging import CLAIMS, STATISTICS, Earlier, claims_of, draws_of, judge
from countermark.memorization.traps.key import GENERATOR, TrapKey
from countermark.memorization.traps.ranking import Contest, count_queries, queries_of, score
from countermark.memorization.traps.residual import FEATURES, Background
from countermark.probability.ranks import DRAWS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from countermark.memorization.drivers.driver import ModelIdentity, Scorer
    from countermark.memorization.study.run import Progress, Study
    from countermark.memorization.traps.burnt import Ledger
    from countermark.memorization.traps.candidates import SiteText
    from countermark.memorization.traps.identifiers import Found

IDENTIFIERS: Final = "identifiers"
MOST_DRAWS: Final = 10_000_000


class Text(NamedTuple):
    """A text of the background: the name of its file, its digest, and what it says."""

    name: str
    digest: str
    text: str


@dataclass(frozen=True)
class Settings:
    """What the one who tests chooses, before anything is asked."""

    statistic: str = "residualised"
    alpha: float = 0.01
    claims: str = "both"
    draws: int = DRAWS
    channels: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    log_texts: bool = False

    def __post_init__(self) -> None:
        """Raise PlanError for what is none of the choices."""
        for name, accepted in (("statistic", STATISTICS), ("claims", CLAIMS)):
            if getattr(self, name) not in accepted:
                raise PlanError(f"{name} is {getattr(self, name)!r}; accepted: {', '.join(accepted)}")
        if type(self.alpha) is not float or not 0 < self.alpha < 1:
            raise PlanError(f"alpha is {self.alpha}; accepted: more than 0 and less than 1")
        if type(self.draws) is not int or not 1 <= self.draws <= MOST_DRAWS:
            raise PlanError(f"draws are {self.draws}; accepted: whole numbers from 1 to {MOST_DRAWS:,}")


def contests_of(traps: Sequence[Trap], key: TrapKey) -> list[Contest]:
    """The contests of traps: all candidates of each, made again with the key. Raises PlanError."""
    made = []
    for trap in traps:
        shared: dict[
            SiteText, SiteText
        ] = {}  # a thousand candidates have but two renderings of a site between them
        candidates = tuple(
            Passage(tuple(shared.setdefault(site, site) for site in passage.sites))
            for passage in passages(trap, key)
        )
        numbers = tuple(range(len(candidates)))
        place = published(trap, key)
        made.append(Contest(trap.work, trap.title, trap.channel, trap.form, numbers, candidates, place))
    return made


def plan_traps(
    traps: Sequence[Trap],
    key: TrapKey,
    ledger: Ledger,
    model: ModelIdentity,
    background: Sequence[Text],
    settings: Settings,
) -> tuple[Plan, list[Contest]]:
    """The plan of a test of traps, and what it will ask. Raises PlanError.

    Candidates that were shown to a hosted model otherwise than the published one are left out, and the plan says so.
    """
    chosen = _chosen(traps, settings)
    contests = [ledger.narrowed(contest) for contest in contests_of(chosen, key)]
    require_apart([(text.name, text.text) for text in background], contests)
    facts = {
        "source": "traps",
        "generator": GENERATOR,
        "key": key.digest,
        "traps": [_facts(trap) for trap in chosen],
    }
    return Plan("trap", facts | plan_members(contests, model, background, settings)), contests


def _chosen(traps: Sequence[Trap], settings: Settings) -> list[Trap]:
    known = sorted({trap.channel for trap in traps})
    if strange := sorted(set(settings.channels) - set(known)):
        raise PlanError(f"there is no trap of the channel {strange[0]!r}; there are {', '.join(known)}")
    if strange := sorted(set(settings.left_out) - {trap.work for trap in traps}):
        raise PlanError(f"there is no trap of the work {strange[0]!r}, which is to be left out")
    chosen = [
        trap
        for trap in traps
        if trap.channel in (settings.channels or known) and trap.work not in settings.left_out
    ]
    if not chosen:
        raise PlanError("there is no trap to test")
    return chosen


def plan_members(
    contests: Sequence[Contest], model: ModelIdentity, background: Sequence[Text], settings: Settings
) -> dict[str, Any]:
    """What the plan of any rank test says: the model, the choices, and how many questions there will be."""
    return {
        "model": model_facts(model),
        "statistic": settings.statistic,
        "features": list(FEATURES),
        "background": [{"name": text.name, "sha256": text.digest} for text in background],
        "alpha": settings.alpha,
        "claims": settings.claims,
        "draws": settings.draws,
        "log_texts": settings.log_texts,
        "queries": count_queries(contests),
        "ranked": [_ranges(contest.numbers) for contest in contests],
    }


def plan_identifiers(
    found: Sequence[Found],
    candidates: int,
    ledger: Ledger,
    model: ModelIdentity,
    background: Sequence[Text],
    settings: Settings,
) -> tuple[Plan, list[Contest]]:
    """The plan of a test of identifiers, and what it will ask. Raises PlanError."""
    chosen = [one for one in found if one.work not in settings.left_out]
    if not chosen:
        raise PlanError("there is no identifier to test")
    contests = [ledger.narrowed(contest_of(one, candidates)) for one in chosen]
    require_apart([(text.name, text.text) for text in background], contests)
    facts = {
        "source": IDENTIFIERS,
        "key": IDENTIFIERS,
        "candidates": candidates,
        "identifiers": [facts_of(one) for one in chosen],
    }
    return Plan("trap", facts | plan_members(contests, model, background, settings)), contests


def traps_in(plan: Plan) -> list[Trap]:
    """The traps that a plan holds. Raises PlanError."""
    try:
        traps = [Trap(**facts) for facts in plan.members["traps"]]
        for trap in traps:
            form_of(trap.form).check(trap.payload)
    except (AttributeError, KeyError, TypeError) as error:
        raise PlanError(f"the plan holds no traps that can be read ({error})") from error
    for trap in traps:
        names = (trap.work, trap.title, trap.channel, trap.form, trap.language)
        if not all(isinstance(name, str) for name in names) or type(trap.candidates) is not int:
            raise PlanError(f"the plan holds a trap that cannot be read ({trap.work!r}, {trap.candidates!r})")
    return traps


def contests_in(plan: Plan, key: TrapKey | None, ledger: Ledger) -> list[Contest]:
    """What a plan asks, made again. Raises PlanError where the key, or the ledger, is not that of the plan."""
    _require_settings(plan)
    if plan.members.get("source") == IDENTIFIERS:
        count, held = plan.members.get("candidates"), plan.members.get("identifiers")
        if type(count) is not int or not LEAST <= count <= MOST_CANDIDATES or not isinstance(held, list):
            raise PlanError("the plan holds no identifiers that can be read")
        made = [contest_of(found_of(facts), count) for facts in held]
    elif plan.members.get("source") != "traps" or plan.members.get("generator") != GENERATOR:
        raise PlanError(f"the plan is none of traps of this generator ({GENERATOR})")
    elif key is None:
        raise PlanError("the plan is one of traps: their key is needed (--key)")
    elif plan.members.get("key") != key.digest:
        raise PlanError(
            f"the plan was made with another key ({plan.members.get('key')}) than this ({key.digest})"
        )
    else:
        made = contests_of(traps_in(plan), key)
    return require_ranked(plan, [ledger.narrowed(contest) for contest in made])


def _require_settings(plan: Plan) -> None:
    """Raise PlanError unless the choices of a plan are such as can be made: its digest does not say who wrote it."""
    names = ("statistic", "alpha", "claims", "draws")
    try:
        Settings(**{name: plan.members[name] for name in names})
    except (KeyError, TypeError) as error:
        raise PlanError(f"the plan holds no choices that can be read ({error!r})") from error


def require_ranked(plan: Plan, contests: list[Contest]) -> list[Contest]:
    """Raise PlanError unless the candidates that may be ranked are those of the plan."""
    ranked = plan.members.get("ranked")
    if not isinstance(ranked, list) or len(ranked) != len(contests):
        raise PlanError("the plan does not say which candidates are ranked")
    for contest, ranges in zip(contests, ranked, strict=True):
        if _ranges(contest.numbers) != ranges:
            raise PlanError(
                f"{contest.name}: candidates were shown to a hosted model after this plan was made; make a new plan"
            )
    return contests


def background_of(plan: Plan, contests: Sequence[Contest], texts: Sequence[Text]) -> Background:
    """The background of a plan: its files, and the texts around the traps.

    Raises PlanError where a file is another, or holds a work that is tested.
    """
    given = {(text.name, text.digest): text for text in texts}
    try:
        wanted = [(one["name"], one["sha256"]) for one in plan.members["background"]]
    except (KeyError, TypeError) as error:
        raise PlanError(f"the plan holds no background that can be read ({error!r})") from error
    for name, digest in wanted:
        if (name, digest) not in given:
            raise PlanError(f"the plan's background holds {name} ({digest}); give that file as --background")
    if extra := set(given) - set(wanted):
        raise PlanError(f"{min(extra)[0]}: is not in the background of the plan")
    require_apart([(name, given[name, digest].text) for name, digest in wanted], contests)
    around = {
        text
        for contest in contests
        for site in contest.passages[0].sites
        for text in (site.before, site.after)
    }
    return Background([*(given[one].text for one in wanted), *sorted(around)])


def log_secret(key: TrapKey | None) -> bytes:
    """What names questions in logs and in the ledger: derived from the key, which it does not tell.

    Identifiers are public, and have no key.
    """
    if key is None:
        return b"countermark-identifiers-1"
    return hmac.digest(key.secret, b"countermark-trap-log-1", "sha256")


def run_test(  # the study, who is asked what, and against what it is held
    study: Study,
    scorer: Scorer,
    contests: Sequence[Contest],
    background: Background,
    *,
    ledger: Ledger,
    self_test: dict[str, Any],
    earlier: Sequence[Sequence[Earlier]] = (),
    progress: Callable[[Progress], None] | None = None,
) -> dict[str, Any]:
    """Ask, judge, and write the result; what the file says is returned. Raises ModelError, PlanError, OutputError."""
    first = study.answers.first.get("self_test")
    study.note("self_test", self_test)  # of a run that goes on, too; the result tells the first
    asked: Scorer = scorer
    if scorer.hosted:
        asked = Burning(scorer, ledger, study.plan.digest, contests)
    scores = score(study, asked, contests, progress=progress)
    told = {name: fact for name, fact in (first or self_test).items() if name not in _LOG_FIELDS}
    result = {
        "self_test": told,
        "model": study.plan.members["model"],
        "key": study.plan.members["key"],
        "hosted": scorer.hosted,
        "questions": sum(len(queries_of(contest)) for contest in contests),
        "rests_on": _rests_on(study.plan, contests),
        **judge(study.plan, contests, scores, background, earlier),
    }
    said: dict[str, Any] = json.loads(write_outcome(study, result).read_bytes())
    return said


_LOG_FIELDS: Final = frozenset({"line", "previous", "time", "event"})


def _rests_on(plan: Plan, contests: Sequence[Contest]) -> list[dict[str, Any]]:
    claims = claims_of(contests, plan.members["claims"])
    return [
        {"channel": claim[0], "work": claim[1] or None, "draws": draws_of(plan, contests, claim)}
        for claim in claims
    ]


def earlier_of(folder: Path) -> list[Earlier]:
    """The claims of a test that has ended. Raises RunError, PlanError."""
    result, _ = read_outcome(folder)
    read_plan(folder / "plan.json", "trap")
    try:
        ps = {(one["channel"], one["work"] or ""): _p_of(one["p"]) for one in result["claims"]}
        drawn = {
            (one["channel"], one["work"] or ""): frozenset(
                (key, work, channel) for key, work, channel in one["draws"]
            )
            for one in result["rests_on"]
        }
        return [Earlier(claim, p, drawn[claim], result["plan"]) for claim, p in ps.items()]
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"{folder}: not the test of traps ({error!r})") from error


def _p_of(value: Any) -> float:
    if type(value) not in (int, float) or not 0 < value <= 1:
        raise ValueError(f"p is {value!r}")
    return float(value)


def texts_of(paths: Sequence[Path]) -> list[Text]:
    """The files of a background, in the order of their names. Raises InputError."""
    texts = []
    for path in sorted(paths):
        data = read_bytes(path)
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        texts.append(Text(path.name, digest, extract(data, name=path.name).text))
    if len({(text.name, text.digest) for text in texts}) != len(texts):
        raise InputError("a file of the background is given twice")
    return texts


def _facts(trap: Trap) -> dict[str, Any]:
    return asdict(replace(trap, payload=dict(trap.payload)))


def _ranges(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers in ascending order as ranges, both ends included: 0-999 in two numbers."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges
