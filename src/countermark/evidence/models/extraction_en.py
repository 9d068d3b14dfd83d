"""The sentences of the page of a study of extraction, in English."""

MESSAGES = {
    "extract.headline.beyond.one": "The model reproduces {n} work word for word, more than the control works.",
    "extract.headline.beyond.other": "The model reproduces {n} works word for word, more than the control works.",
    "extract.headline.hits.one": "The model reproduces passages of {n} work word for word.",
    "extract.headline.hits.other": "The model reproduces passages of {n} works word for word.",
    "extract.headline.none": "No passage is reproduced with the probability that the plan asks for.",
    "extract.second": "Works: {works}, with {counted} passages of {tokens} tokens that count. A passage is "
    "reproduced where the model, given the {prefix} tokens before it, continues it word for word with a "
    "probability of {threshold} at least.",
    "extract.second.beyond": "Works with such a passage: {hits}. Of these, {beyond} beyond {controls} control works "
    "at the level {alpha}, after Holm.",
    "extract.second.like": "Works with such a passage: {hits}. None of them stands out against {controls} control "
    "works at the level {alpha}, after Holm.",
    "extract.void": "The blind gate voids the comparison of works with controls. A classifier that only counts "
    "words, and never asks the model, tells them apart: AUC {auc}, where {limit} is the limit and 0.5 is chance. "
    "Every p-value is withheld.",
    "extract.void.next": "Take control works that are like the works: same kind, time, language and length.",
    "extract.unchecked": "That works and controls are alike was not checked: with fewer than {least} works or "
    "controls no classifier can tell. It rests on the user’s word.",
    "extract.passed": "The blind gate let the comparison pass: without the model, works and controls cannot be told "
    "apart (AUC {auc}, limit {limit}).",
    "extract.undated.one": "{n} control work has no date. That it is later than the model rests on the user’s word.",
    "extract.undated.other": "{n} control works have no date. That they are later than the model rests on the "
    "user’s word.",
    "extract.private": "This page holds words of your works. Before you hand it on, write it again with --no-texts, "
    "or keep it to yourself.",
    "extract.null": "The model holds no more of this work than of the control works: where its coverage ranks among "
    "theirs is chance.",
    "extract.assumption": "Work and control works are exchangeable: had the model known none of them, each order of "
    "their coverages would be as probable as any other. Other authors, times, genres or lengths break this, and no "
    "figure here can prove it.",
    "extract.assumption.label": "Assumption:",
    "extract.not_shown.1": "Which copy of the work the model learnt from, and who provided it.",
    "extract.not_shown.2": "Whether there was a licence or an exception.",
    "extract.not_shown.3": "For a model behind an address: whether the model itself or something that its service "
    "looks up gave the text.",
    "extract.not_shown.4": "Of works without a hit: that the model does not know them. Absence of extraction shows "
    "nothing.",
    "decision.not-asked": "Not asked: no passage was left to ask about",
    "decision.no-hit": "Not reproduced. This shows nothing of what the model learnt",
    "decision.reproduced": "Reproduced: a fact about the model, and no more",
    "decision.reproduced-beyond-controls": "Reproduced, and more than the control works",
    "extract.works.lead": "Each strip is a whole text, from its first character to the last. The higher a bar, the "
    "more probable that the model continues there word for word; filled bars reach the threshold.",
    "extract.share": "{share} of the characters asked about: {covered} of {asked}",
    "extract.hits.one": "{hits} passage of {counted} is reproduced",
    "extract.hits.other": "{hits} passages of {counted} are reproduced",
    "extract.best": "At best one try in {tries}: whoever asks the model so often with the words before gets this "
    "passage, word for word, once on average.",
    "extract.best.sure": "At best nearly every try: given the words before, the model continues this passage word "
    "for word with probability {p}.",
    "extract.best.low": "The most probable passage comes out once in {tries} tries on average: less often than the "
    "threshold.",
    "extract.best.none": "No passage can come out word for word under this rule of decoding.",
    "extract.p.one": "Among {m} works, this one and {controls} controls, none other is reproduced as much. If they "
    "are exchangeable, chance puts it first in {n} of {m} cases: p = {p}, after Holm over the works {held}.",
    "extract.p.other": "Among {m} works, this one and {controls} controls, {n} are reproduced at least as much, it "
    "included. If they are exchangeable, chance does as well in {n} of {m} cases: p = {p}, after Holm over the "
    "works {held}.",
    "extract.p.low": "No p-value is told: no passage reaches the threshold, so a rank would rest on what did not "
    "come out.",
    "extract.p.void": "No p-value: the blind gate voids the comparison.",
    "extract.p.none": "No p-value: no control work has a passage to ask about.",
    "extract.strip": "{path}: {share} of its characters asked about are covered, in {n} passages.",
    "extract.dots": "Share covered: this work (diamond, {share}) among {n} control works (rings), of which the "
    "highest has {most}.",
    "extract.dots.low": "0%",
    "extract.dots.high": "100%",
    "extract.curve": "How many of {n} passages come out at least once, with so many tries. The curve is reckoned "
    "from the exact probabilities; nothing was drawn.",
    "extract.curve.chance": "with probability {p}",
    "extract.curve.tries": "tries",
    "extract.curve.table": "The same in numbers",
    "extract.heat": "The words of the text. Underlined: covered, the thicker the more probable. Grey: nothing asked.",
    "extract.heat.part": "The text is long: shown are its reproduced passages, with the words around them.",
    "extract.heat.missing": "The words of this text are not shown: they are not in the study’s folder, or were left "
    "out. The strip shows the places.",
    "extract.legend": "Probability that the model continues there word for word",
    "extract.level.one": "1 try in {tries} or better",
    "extract.level.threshold": "1 in {tries} or better (the threshold)",
    "extract.level.below": "1 in {tries} or better (below the threshold)",
    "extract.level.rest": "less",
    "extract.level.unasked": "no bar: not asked about, or dropped",
    "hits": "Reproduced passages",
    "hits.place": "Characters",
    "hits.p": "Probability",
    "hits.tries": "Tries on average",
    "hits.other": "Under the other rule",
    "hits.greedy": "Most probable each time",
    "hits.reference": "Older model",
    "hits.yes": "yes",
    "hits.no": "no",
    "hits.unknown": "not told",
    "rule.t1": "all tokens, temperature 1",
    "rule.top-k": "the {k} most probable tokens, temperature 1",
    "controls": "The control works",
    "controls.lead": "They were asked in the same way, by the same rules. Of {of} control works that were asked "
    "about, {hits} have a reproduced passage. If they are drawn independently from works of their kind, fewer than "
    "{upper} of such works do, with 95% confidence.",
    "controls.apart": "Of {of} passages of theirs that do not overlap, {hits} are reproduced. The limit is {upper} "
    "if passages are independent; passages of one work need not be, and it is then too low.",
    "controls.work": "Control work",
    "controls.published": "Published",
    "controls.undated": "no date",
    "controls.windows": "Passages",
    "controls.hits": "Reproduced",
    "controls.coverage": "Covered",
    "controls.highest": "Highest probability",
    "controls.yours": "your works",
    "extract.asked.works": "Works",
    "extract.asked.controls": "Control works with a passage that counts",
    "extract.asked.without": "Works and controls without a passage that counts",
    "extract.asked.undated": "Control works without a date",
    "extract.asked.left_out": "Files left out of the plan",
    "extract.asked.cut": "Passages cut",
    "extract.asked.quoted": "Dropped before asking: quoted from public text",
    "extract.asked.asked": "Passages asked",
    "extract.asked.generic": "Dropped after asking: the older model gives them too",
    "extract.asked.counted": "Passages that count",
    "extract.asked.no_cut": "Places where no passage could be cut",
    "extract.asked.moved": "Passages whose cut was moved by a few tokens",
    "extract.asked.otherwise": "Passages that the model cuts otherwise by themselves",
    "extract.asked.shortened": "Passages asked with a shortened beginning",
    "reason.duplicate": "left out: the same text twice",
    "reason.published-before-model": "left out: a control published before the model",
    "extract.could": "With {controls} control works the smallest p possible was {p}; after Holm over the works "
    "{held}. The level was {alpha}.",
    "extract.could.never": "So no work could have passed the level: more control works were needed.",
    "extract.rules": "Rule that decides: {rule}. Passages of {prefix} + {continuation} tokens, one every {stride}.",
    "extract.void.length": "The blind gate voids the comparison of works with controls. They differ in length (AUC "
    "{auc}), and length alone can decide which of them is reproduced more. Every p-value is withheld.",
    "extract.void.length.next": "Take control works that are as long as the works.",
}
