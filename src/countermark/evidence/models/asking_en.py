"""The sentences of the page of a study of questions, in English."""

MESSAGES = {
    "who": "the model",
    "who.searches": "the model or its serving system",
    "ask.exact.headline": "A published copy, or what was made of it, was in what {who} was given.",
    "ask.exact.headline.none": "The exact tests show nothing.",
    "ask.exact.second": "{shown} of {claims} exact claims are shown, at the level {alpha} for all together (Holm). "
    "They rest on the draws of the key alone, and need no control works.",
    "ask.headline.recited.one": "{who} recites passages of {n} work.",
    "ask.headline.recited.other": "{who} recites passages of {n} works.",
    "ask.headline.beyond.one": "The answers hold more of {n} work than of the control works.",
    "ask.headline.beyond.other": "The answers hold more of {n} works than of the control works.",
    "ask.headline.none": "No long passage of a work stands in the answers.",
    "ask.second": "Works asked about: {works}, with {answers} answers. Works of which an answer holds {run} words "
    "or more in a row, outside public quotations: {recited}.",
    "ask.second.beyond": "Beyond {controls} control works, at the level {alpha} after Holm: {beyond}.",
    "ask.not_shown.1": "Which copy of the work the text comes from, and who provided it.",
    "ask.not_shown.2": "Whether there was a licence or an exception.",
    "ask.not_shown.3": "Of works without a long run: that the model does not know them. Absence of recitation shows "
    "nothing.",
    "ask.not_shown.4": "How often users would meet such an answer: the prompts are those of the plan.",
    "ask.not_shown.search": "Whether the text comes from the model itself or from something that its service looks "
    "up.",
    "ask.exact.not_shown.1": "Who provided a copy; of a claim of a whole channel, which of its copies it was; and "
    "whether there was a licence or an exception.",
    "ask.exact.not_shown.2": "That other works were in what the model learnt from.",
    "ask.exact.not_shown.3": "Of a claim that is not shown: that no copy was in it. Absence shows nothing.",
    "ask.searches": "The model may search. What is shown is shown of the model or its serving system.",
    "ask.searches.assumed": "The model is behind an address, and may search for all that is known. What is shown is "
    "shown of the model or its serving system.",
    "ask.few": "There are {controls} control works. At least {recommended} are recommended: with fewer no p of 0.01 "
    "can come out.",
    "ask.incomplete.one": "{n} control work has an answer missing. It counts as larger than every work.",
    "ask.incomplete.other": "{n} control works have an answer missing. Each counts as larger than every work.",
    "ask.burnt": "The versions were shown to {to}. They are burnt, and the ledger says so.",
    "ask.null": "The answers hold no more of this work than answers about control works hold of theirs: where its "
    "longest run ranks among theirs is chance.",
    "ask.assumption": "Work and control works are exchangeable: had the model known none of them, each order of "
    "their longest runs would be as probable as any other. Other authors, times, genres or lengths break this, and "
    "no figure here can prove it.",
    "ask.exact.null": "Of the exact tests: nothing that the model or its serving system was given depends on the "
    "draws of the key. No published copy, and nothing that was made of one, was in it.",
    "ask.exact.bound": "A random text is emitted by chance with a probability of at most outputs × positions / "
    "number of possible texts. Picking the published of k versions by chance follows the binomial distribution "
    "with 1/k. Both hold whatever the model does and whatever it prefers.",
    "ask.rules": "Passages given of each work: {passages}, of {words} words, in each wording of the plan. Answers "
    "to each prompt: one with the most probable words, and at temperature 1: {samples}; of at most {tokens} tokens "
    "each. A run of {run} words is a long one; blocks of {block} words make the near-verbatim share.",
    "ask.works.lead": "A run is a row of words that stand in an answer and in the work in the same order, without a "
    "gap. What the prompt had given does not count.",
    "ask.decision.not-asked": "No question was answered",
    "ask.decision.nothing-found": "Nothing found. This shows nothing of what the model learnt",
    "ask.decision.recited": "Recited: a run of {run} words or more. A fact of these answers, and no more",
    "ask.decision.beyond-controls": "More than the control works",
    "ask.decision.recited-beyond-controls": "Recited, and more than the control works",
    "ask.count.asked.one": "{n} answer asked for",
    "ask.count.asked.other": "{n} answers asked for",
    "ask.count.answered": "{n} answered",
    "ask.count.empty": "{n} empty",
    "ask.count.refused": "{n} refused",
    "ask.count.ended-otherwise": "{n} ended otherwise",
    "ask.count.failed": "{n} failed",
    "ask.longest": "The longest run outside public quotations has {outside} words; with quotations, {longest}.",
    "ask.long": "Runs of {run} words or more: {runs}, in {holding} of {asked} answers.",
    "ask.near": "Near-verbatim, a second number that decides nothing: at most {words} words of one answer ({share}).",
    "ask.floor": "The author’s manner gives a floor: held against other works of the same author ({works}), the "
    "same answers have a longest run of {longest} words.",
    "ask.p.one": "Among {m} works, this one and {controls} controls, none other has a run as long. If they are "
    "exchangeable, chance puts it first in {n} of {m} cases: p = {p}, after Holm over the works {held}.",
    "ask.p.other": "Among {m} works, this one and {controls} controls, {n} have a run at least as long, it "
    "included. If they are exchangeable, chance does as well in {n} of {m} cases: p = {p}, after Holm over the "
    "works {held}.",
    "ask.dots": "Longest run outside quotations: this work (diamond, {words} words) among {controls} control works "
    "(rings), of which the longest has {most}.",
    "ask.dots.words.one": "{n} word",
    "ask.dots.words.other": "{n} words",
    "ask.best": "The answer with the longest run, which is underlined: {words} words. In the work they stand at "
    "characters {start} to {end}.",
    "ask.template": "Wording of the prompt",
    "ask.template.plain": "the passage alone",
    "ask.template.named": "title, author and the passage",
    "ask.template.continue": "“continue”, and the passage",
    "ask.template.answers": "Answers",
    "ask.template.longest": "Longest run outside quotations, in words",
    "ask.controls.lead": "They were asked with the same prompts, in one shuffled order with the works.",
    "ask.controls.missing": "Refused, empty or failed",
    "ask.controls.long": "Long runs",
    "exact": "The exact tests",
    "ask.exact.lead": "What is random here is the draw of the key. No assumption about the model is needed, and all "
    "claims are decided together (Holm).",
    "ask.claim.suffix": "Channel {channel}, random texts emitted",
    "ask.claim.choice": "Channel {channel}, published version picked",
    "ask.plain.suffix": "Of {many} random texts that stand in published copies only, the answers hold {k}. By "
    "chance so many or more come out with a probability of at most {p}.",
    "ask.plain.choice": "Of {many} questions with {versions} versions each, the published version was picked in "
    "{k}. Guessing picks so many or more with probability {p}.",
    "ask.others": "Counted as wrong: no letter {no_letter}, refused {refused}, empty {empty}, failed {failed}.",
    "ask.of": "{k} of {of}",
    "ask.found": "Found",
    "ask.shown": "shown: a published copy, or what was made of it, was in what {who} was given",
    "ask.asked.work": "Works",
    "ask.asked.control": "Control works",
    "ask.asked.work.answers": "Answers about works: {kind}",
    "ask.asked.control.answers": "Answers about control works: {kind}",
    "ask.kind.asked": "asked for",
    "ask.kind.answered": "answered",
    "ask.kind.empty": "empty",
    "ask.kind.refused": "refused",
    "ask.kind.ended-otherwise": "ended otherwise",
    "ask.kind.failed": "failed",
    "ask.asked.suffix": "Random texts looked for",
    "ask.asked.outputs": "Answers that were searched for them",
    "ask.asked.choice": "Questions of multiple choice",
    "ask.asked.exact_left_out": "Left out of the exact tests (shown before, or no random text)",
    "reason.too-short": "left out: too short for its passages",
    "reason.no-random-text": "left out: no random text",
    "reason.shown-before": "left out: shown to a hosted model before",
}
