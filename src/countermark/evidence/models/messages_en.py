"""The sentences that every page of a study has, and those of a test of traps, in English."""

MESSAGES = {
    "title": "Countermark: a study of a model",
    "header": "A study of a model",
    "figure.more": "more than {least}",
    "run": "Plan {digest}",
    "page": "page",
    "contents": "Contents",
    "grade.A": "Grade A: proof",
    "grade.B": "Grade B: reproduction",
    "grade.none": "No grade",
    "grade.void": "Comparison void",
    "grade.A.means": "An exact p-value. It needs no assumption about the model, because what was published had been "
    "drawn at random.",
    "grade.B.means": "An exact probability that the model continues a text word for word. That is a fact about the "
    "model. It is no proof of how the text came to it.",
    "grade.none.means": "Nothing here may be called proof or reproduction.",
    "grade.void.means": "No p-value is given. What stands of single works below are probabilities, and no "
    "comparison.",
    "grade.others": "Countermark has three grades and does not mix them: A, proof by a draw of one’s own; B, "
    "reproduction word for word; C, hint, which is never shown as proof.",
    "not": "What this does not show",
    "hosted": "The model ran on somebody else’s machine. Whoever runs it was shown everything that was asked, and "
    "may keep it. If the service also searches, read “the model or what its service looks up”.",
    "null": "The null hypothesis, in one sentence",
    "asked": "What was asked, and out of how much",
    "asked.lead": "Every question was fixed in the plan before the first was asked. Questions without an answer, "
    "refusals and failures are counted like the others.",
    "count": "Count",
    "what": "What",
    "counted.asked": "Questions sent, repeats included",
    "counted.answered": "Questions answered",
    "counted.again": "Sent again after a failure or an interruption",
    "counted.refused": "Questions with an answer that is a refusal",
    "counted.failures": "Attempts that failed",
    "model": "The model, and whether its driver can be believed",
    "model.name": "Name",
    "model.digest": "Digest of its weights",
    "model.digest.none": "not known: only its address",
    "model.driver": "Driver",
    "model.address": "Address",
    "model.here": "weights on the machine that ran the study",
    "model.date": "Date of the model, as the user says",
    "model.statement": "The user’s words on the models",
    "model.reference": "Older model",
    "model.reference_date": "Its date, as the user says",
    "model.noise": "Noise floor",
    "model.noise.said": "the same text weighed twice: a token differs by at most {noise} in log-probability",
    "model.noise.none": "not told",
    "model.compared": "Tokens that were compared between writing and reading back",
    "test.lead.one": "Before anything was asked, {n} check of the driver was made, and it held. A driver that fails "
    "is not used.",
    "test.lead.other": "Before anything was asked, {n} checks of the driver were made, and all held. A driver that "
    "fails is not used.",
    "test.none": "The result names no check of the driver.",
    "test.name": "Check",
    "test.seen": "What was seen (in the driver’s words)",
    "test.untested": "Could not be tested:",
    "digests": "Digests",
    "digest.plan": "Plan",
    "digest.result": "Result",
    "digest.head": "Last line of the log ({lines} lines, chained)",
    "digest.times": "First and last line of the log, by the clock of the machine (UTC)",
    "digest.lead": "The plan’s digest fixes what was asked and how it was judged. A time-stamp on it, from outside, "
    "shows that it was fixed before.",
    "check": "Check it yourself",
    "check.lead": "These commands need nothing of Countermark, except where they name it.",
    "check.result": "The digest of the result. It must be the one above.",
    "check.plan": "The digest of the plan, over its own canonical JSON. It must be the one above.",
    "check.log": "The digest of the log’s last line; every line holds that of the line before.",
    "check.rank": "The p of a work is the rank of the published candidate, divided by the number of candidates. "
    "Both stand above.",
    "check.again": "With the key, anybody can draw the candidates again and ask the model again. The claims must be "
    "the same.",
    "check.again.ids": "Anybody can make the same identifiers again and ask the model again. The claims must be the "
    "same.",
    "check.window": "One passage: give the model characters {start} to {border} of the text with SHA-256 {digest}, "
    "and add up the log-probabilities of its next tokens, to character {end}. Divided by ln 10 this is {value}.",
    "rest": "Files of the study",
    "rest.plan": "what was fixed before: JSON, with its own digest",
    "rest.result": "every figure of this page",
    "rest.run": "the digests, and how often was asked",
    "rest.log": "each question and each answer, failures too; each line holds the digest of the one before",
    "rest.texts": "the texts of the works as they were read: yours, and private",
    "made": "Made with Countermark {version}. The page asks nothing of the network and runs no script.",
    "more": "{n} more stand in result.json.",
    "trap.yes": "The model knows something that only the published copies could tell.",
    "trap.rejected": "Rejected:",
    "trap.yes.ids": "The model knows something of identifiers that stand in these works.",
    "trap.none": "Nothing is shown.",
    "trap.yes.second": "Null hypotheses rejected: {rejected} of {claims}, at the level {alpha} for all together "
    "(Holm). Which version was published had been drawn at random: so for each line named here the model was given "
    "at least one of its copies, or a text made from it.",
    "trap.yes.second.ids": "Null hypotheses rejected: {rejected} of {claims}, at the level {alpha} for all together "
    "(Holm). If each string was drawn uniformly in its format, the model was given at least one string of each "
    "line named here, in these works or wherever else it stands.",
    "trap.none.second": "Null hypotheses rejected: none of {claims}, at the level {alpha} for all together (Holm). "
    "This does not show that the works are unknown to the model.",
    "trap.null": "The model knows nothing of which candidate was published. Which it was had been drawn at random, "
    "so each rank of it among the candidates has the same probability.",
    "trap.null.ids": "The model knows nothing of these strings. Each was drawn uniformly in its format, so its rank "
    "among fresh ones of the same format has the same probability everywhere. The uniform draw is an assumption "
    "here.",
    "trap.not.1": "Who gave the text to the model, and by which way.",
    "trap.not.2": "Whether there was a licence or an exception.",
    "trap.not.3": "Of a model behind a service that searches: whether the model itself knows, or what its service "
    "looks up.",
    "trap.not.4": "Where a claim is not rejected: that the work is unknown to the model. Nothing shown is nothing "
    "shown.",
    "trap.not.ids": "Where the model met the string: it may stand elsewhere too.",
    "claims": "What is claimed",
    "claims.lead.one": "The plan fixes {n} claim, and that the {statistic} score decides. The other score is for "
    "comparison and decides nothing.",
    "claims.lead.other": "The plan fixes {n} claims, and that the {statistic} score decides. The other score is for "
    "comparison and decides nothing. Holm’s adjustment holds the chance of any false rejection among all of them "
    "at {alpha}.",
    "statistic.residualised": "residualised",
    "statistic.raw": "raw",
    "claim": "Claim",
    "claim.channel": "Channel {channel}, all works together",
    "claim.work": "{title}, channel {channel}",
    "claim.draws": "Draws",
    "claim.p": "p",
    "claim.holm": "After Holm",
    "claim.other": "By the other score",
    "claim.result": "Decision",
    "claim.open": "nothing shown",
    "claim.drawn.one": "{what}: in {draws} random re-draws of what was published, chance reached the model’s score "
    "{n} time. With the draw that was really made, p = {more} / {total}.",
    "claim.drawn.other": "{what}: in {draws} random re-draws of what was published, chance reached the model’s "
    "score {n} times. With the draw that was really made, p = {more} / {total}.",
    "claim.all.one": "{what}: of all {draws} ways in which the draw could have fallen, only the one that happened "
    "gives a score this high. p = {n} / {draws}.",
    "claim.all.other": "{what}: of all {draws} ways in which the draw could have fallen, {n} give a score at least "
    "as high. p = {n} / {draws}.",
    "e": "Over several tests",
    "e.lead": "An e-value is what a fair bet against the null, begun with 1, has grown to. At {bound} or more it "
    "rejects here: the number of claims ({claims}) divided by the level ({alpha}). Where no draw is shared, the "
    "e-values of the tests are multiplied; one may look at the product after each test, and stop when one likes. "
    "Where draws are shared, only their mean holds, and only over all tests that were made, if their number was "
    "not chosen by their outcome: one may not stop at a mean that is large.",
    "e.this": "e-value of this test",
    "e.tests": "Tests",
    "e.over": "Over all of them",
    "e.product": "product: no draw is shared",
    "e.mean": "mean: draws are shared",
    "e.alone": "no earlier test named",
    "e.yes": "rejected for at least one of the models tested",
    "e.no": "not rejected",
    "works": "Work by work",
    "trap.works.lead": "Each bar is all candidates of a work, the most familiar to the model at the left. The mark "
    "is the published one. Under the null it may lie anywhere with the same probability, so the filled part is the "
    "p-value.",
    "trap.works.not": "The plan claims whole channels only. The p of a single work is a description and no claim.",
    "trap.rank": "Out of {n} equally likely candidates, the model finds the published one the {rank} most familiar. "
    "Chance does as well in {k} of {n} cases.",
    "trap.rank.first": "Out of {n} equally likely candidates, the model finds the published one the most familiar "
    "of all. Chance does as well in 1 of {n} cases.",
    "trap.p": "p = {p} by the {statistic} score, {other} by the other; {z} standard deviations from the candidates’ "
    "mean.",
    "trap.spread": "How familiar the candidates are to the model: the higher a bar, the more of the {n} candidates "
    "have this score. The line marks the published one, at {z} standard deviations.",
    "trap.least": "less familiar",
    "trap.most": "more familiar",
    "trap.first": "rank 1",
    "trap.last": "rank {at}",
    "trap.here": "published: rank {rank}",
    "trap.facts.channel": "channel {channel}",
    "trap.facts.form": "{form}",
    "trap.facts.holm": "after Holm {adjusted}",
    "trap.facts.rejected": "rejected",
    "trap.facts.open": "nothing shown",
    "table.works": "All works",
    "table.work": "Work",
    "table.channel": "Channel",
    "table.rank": "Rank",
    "table.of": "Of",
    "table.p": "p",
    "table.other": "p by the other score",
    "table.z": "Standard deviations from the mean",
    "asked.works": "Works",
    "asked.channels": "Channels",
    "asked.draws": "Draws (works × channels)",
    "asked.candidates": "Candidates, the published ones among them",
    "asked.ranked": "Candidates that were ranked",
    "asked.burnt": "Left out: shown to a hosted model before (burnt)",
    "asked.questions": "Questions of the plan (one that two draws share counts twice)",
    "asked.claims": "Claims",
    "asked.background": "Texts of the background, for the residualised score",
    "asked.redraws": "Re-draws for a combined p",
    "could": "What this plan could show",
    "could.lead": "Reckoned from the plan alone, so it was fixed before the first answer. The effect is how far, in "
    "standard deviations, a published candidate stands above the others on average. Power is the chance that the "
    "claim is rejected if the effect is real.",
    "could.channel": "Channel",
    "could.draws": "Works",
    "could.least": "Smallest p possible",
    "could.power": "Power at effect {effect}",
    "could.never": "cannot be rejected",
    "could.works": "Single works that cannot pass alone, even at rank 1: {poor} of {works}.",
    "grade.B.means.ask": "Words of a work that the model gave, in the same order, in answer to prompts fixed "
    "beforehand. That is a fact about these answers. It is no proof of how the text came to the model.",
    "form.variants": "editorial variants",
    "form.passphrase": "passphrase",
    "form.photo-credit": "photo credit",
    "form.archive-reference": "archive reference",
    "form.further-reading": "further reading",
    "form.letter-reference": "letter reference",
    "claim.rejected.one": "rejected: the model was given this copy, or a text made from it",
    "claim.rejected.other": "rejected: the model was given at least one of these copies, or a text made from it; "
    "which one, this line does not say",
    "claim.rejected.ids.one": "rejected: the model was given this string",
    "claim.rejected.ids.other": "rejected: the model was given at least one of these strings; which one, this line "
    "does not say",
}
