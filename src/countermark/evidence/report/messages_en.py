"""The report's sentences in English. The keys and placeholders are those of messages_fr."""

from countermark.evidence.report import token_messages

MESSAGES = {
    **token_messages.ENGLISH,
    "title": "Countermark report",
    "incomplete": (
        "This run is incomplete: {done} of {planned} files or parts of files have been searched. "
        "Every figure below is provisional."
    ),
    "incomplete.unknown": "This run is incomplete. Every figure below is provisional.",
    "headline.one": "Passages of your work stand in this data set: {corpus} ({snapshot}).",
    "headline.other": "Passages of {found} of your {n} works stand in this data set: {corpus} ({snapshot}).",
    "headline.none.one": "No passage of your work was found in what was searched: {corpus} ({snapshot}).",
    "headline.none.other": "No passage of your {n} works was found in what was searched: {corpus} ({snapshot}).",
    "headline.no_works": "The index of this run holds no works. Data set: {corpus} ({snapshot}).",
    "listed": "Being listed is not proof that a model was trained on them.",
    "listed.none": "This says nothing about what was not searched.",
    "snapshot": "snapshot of {date}",
    "snapshot.unknown": "snapshot date not given",
    "corpus.unnamed": "data set without a name",
    "nothing": (
        "No text was read in this run, so nothing was searched. “What was searched, and what could not be read” "
        "says why."
    ),
    "alarm.one": (
        "{n} of {controls} control works was found, though it cannot be there. That is a false alarm: "
        "read “How often this is wrong” before you rely on any single finding."
    ),
    "alarm.other": (
        "{n} of {controls} control works were found, though they cannot be there. Those are false alarms: "
        "read “How often this is wrong” before you rely on any single finding."
    ),
    "outcome": "What became of your works",
    "outcome.caption": "Every work counts once.",
    "outcome.work": "Outcome",
    "outcome.count": "Works",
    "outcome.share": "Out of {n}",
    "status.found": "Own passages found, longer than a quotation",
    "status.free-licence": "Found, and free to copy: public domain or an open licence",
    "status.quotation-sized": "Found, but only passages the size of a quotation",
    "status.common-only": "Only passages common to many texts: not counted as found",
    "status.identifier-only": "Only an identifier stands there: not counted as found",
    "status.name-only": "Only a name stands there: not counted as found",
    "status.too-short": "Too short for the guarantee, and not found",
    "status.not-found": "Not found in what was searched",
    "status.false-alarm": "False alarm",
    "status.control": "Control, not found",
    "amount": (
        "Together, {matched} of {letters} letters and digits of your works ({share}) stand in the data set. "
        "{claimed} of them ({claimed_share}) are claimed."
    ),
    "amount.sealed": (
        "The index was sealed, so {share} is a lower bound, and so is the share of each work: letters beside and "
        "between the fingerprints that agree are not counted."
    ),
    "claimed.gloss": (
        "“Claimed” means: counted as the work's own. Left out are passages common to many texts, passages the "
        "size of a quotation, and works that are free to copy. It is a count, not a legal opinion."
    ),
    "works": "Work by work",
    "works.lead": (
        "Each bar is a whole work, from its first letter to its last. The lit parts stand in the data set: "
        "filled where they are claimed, hatched where they are not. A lit part leads to the passage below it."
    ),
    "works.shown.one": "{n} work is shown with its passages.",
    "works.shown.other": "{n} works are shown with their passages.",
    "works.sealed": (
        "The index was sealed. Passages are told from the first fingerprint that agrees to the last: each may go on "
        "for a few words at either end, and its place in the work is mostly a few characters off."
    ),
    "works.author": "by {author}",
    "work.share": "{share} of the work: {matched} of {letters} letters and digits",
    "work.claimed": "claimed: {claimed} ({share})",
    "work.findings.one": "{n} finding",
    "work.findings.other": "{n} findings",
    "work.records.one": "in {n} record",
    "work.records.other": "in {n} records",
    "work.hosts.one": "on {n} web host",
    "work.hosts.other": "on {n} web hosts",
    "work.longest": "longest unchanged run: {n} letters",
    "work.longest.sealed": "longest unchanged run: at least {n} letters",
    "work.best": "The record that holds most of it holds {share}:",
    "work.licence": "Licence in the catalogue: {licence}",
    "work.good": "Good news: this work is free to copy, so nothing of it is claimed.",
    "work.rest.one": "One more finding of this work: in passages.parquet, work_id = {work}.",
    "work.rest.other": "{n} more findings of this work: in passages.parquet, work_id = {work}.",
    "strip.label": "{share} of the work stands in the data set",
    "strip.passage": "Passage {n}",
    "strip.rest": "Other findings of this work",
    "passage": "Passage {n}",
    "passage.matched.one": "{n} letter matched",
    "passage.matched.other": "{n} letters matched",
    "passage.edits.one": "{n} letter differs",
    "passage.edits.other": "{n} letters differ",
    "passage.edits.none": "no letter differs",
    "passage.edits.apart": "no letter differs where they align; parts stand on one side only",
    "passage.matched.sealed.one": "{n} letter under fingerprints that agree",
    "passage.matched.sealed.other": "{n} letters under fingerprints that agree",
    "passage.edits.sealed.one": "{n} letter between them: whether it differs cannot be told with a sealed index",
    "passage.edits.sealed.other": "{n} letters between them: whether they differ cannot be told with a sealed index",
    "passage.edits.sealed.none": (
        "no letter between them; whether letters beside them differ cannot be told with a sealed index"
    ),
    "passage.records.one": "this passage stands in {n} record",
    "passage.records.other": "this passage stands in {n} records",
    "passage.hosts.one": "on {n} host",
    "passage.hosts.other": "on {n} hosts",
    "passage.work": "Your work",
    "passage.record": "The data set",
    "passage.file": "file",
    "passage.offsets": "characters {start} to {end}",
    "passage.tokens": "tokens {start} to {end} of sequence {sequence}",
    "passage.fragment": "of a document that was cut there",
    "passage.row": "row {row}, counted from 0",
    "passage.byte": "byte {row}",
    "passage.row.unknown": "row not known",
    "passage.shard": "shard",
    "passage.id": "record",
    "passage.url": "address",
    "passage.date": "date",
    "passage.reserved": "reserved at the capture",
    "passage.reserved.unknown": "nothing was said that can be read, or nothing at all",
    "passage.digest": "SHA-256",
    "passage.finding": "finding",
    "passage.cut": "The passage goes on; its beginning is shown.",
    "passage.sealed": (
        "The index was sealed: it holds fingerprints, not the text of the works, so the work's side is not shown."
    ),
    "passage.withheld": (
        "Nothing of what this record says was kept: the search was asked to keep nothing of the data set. The "
        "digest and the offsets say where the passage stands."
    ),
    "passage.removed": "only on this side",
    "differences": (
        "Words whose letters differ are marked. A dotted line shows the same letters in another case, with other "
        "accents or other punctuation. White space is not compared."
    ),
    "kind.control": "control",
    "kind.name": "name only",
    "kind.identifier": "identifier only",
    "kind.public-domain": "public domain: not claimed",
    "kind.licensed": "open licence: not claimed",
    "kind.common-catalog": "common to several works of the catalogue: not claimed",
    "kind.common-corpus": "in far more records than the rest of the work: not claimed",
    "kind.quotation-sized": "the size of a quotation: not claimed",
    "kind.work": "claimed",
    "more": "More works",
    "more.lead.one": "{n} more work, without its passages.",
    "more.lead.other": "{n} more works, without their passages.",
    "more.title": "Work",
    "more.status": "Outcome",
    "more.share": "Share",
    "more.claimed": "Claimed",
    "more.findings": "Findings",
    "more.longest": "Longest run",
    "more.rest.one": "{n} further work is in works.parquet.",
    "more.rest.other": "{n} further works are in works.parquet.",
    "grades": "What the grades mean",
    "grade.identical": "Identical",
    "grade.copy": "Copy",
    "grade.identifier": "Identifier",
    "grade.name": "Name",
    "grade.identical.means": (
        "The two passages are the same, letter by letter, once case, accents, punctuation and white space "
        "are set aside."
    ),
    "grade.copy.means": "The two passages align, with differences, which are marked.",
    "grade.copy.means.sealed": (
        "Fingerprints of the two passages agree, in the same order. A sealed index cannot tell a copy with differences "
        "from an identical one, so all are told as copies."
    ),
    "grade.identifier.means": "An identifier of the work, such as an ISBN, stands in the record. Its text does not.",
    "grade.name.means": (
        "Only a title or a name stands in the record. Many people and works bear the same name: "
        "this is never an accusation."
    ),
    "grade.none": "Not found",
    "grade.none.means": "Not found in what was searched. It may stand in what was not searched or could not be read.",
    "grade.count": "Findings",
    "searched": "What was searched, and what could not be read",
    "searched.shards": "Files, or parts of files, searched (shards)",
    "searched.of": "{done} of {planned}",
    "searched.records": "Records read",
    "searched.characters": "Characters read",
    "searched.bytes": "Text read, in bytes",
    "searched.refused": "Rows and files not read",
    "searched.quarantined": "Files, or parts of files, set aside",
    "searched.excerpts": "Excerpts of the data set",
    "searched.excerpts.withheld": "not kept, as was asked; a licence named beside a passage was therefore not seen",
    "searched.places": "Places of the passages",
    "searched.places.sampled": (
        "exact to the sampling step, not to the letter, as the index was sealed: a passage may go on for a few words "
        "at either end, and its place in the work is mostly a few characters off"
    ),
    "refused.none": "Everything that was listed could be read.",
    "refused.empty": "No record with text was found in what was listed.",
    "refused.lead": "Nothing was skipped in silence. Not read, by reason:",
    "refused.reason": "Reason",
    "refused.count": "Count",
    "refused.example": "For example",
    "refused.row": "{where}, row {row}: {detail}",
    "refused.file": "{where}: {detail}",
    "quarantine.lead": "Files, or parts of files, that stopped the search twice, and were set aside:",
    "alarms": "How often this is wrong",
    "alarms.none": (
        "This run had no controls, so its rate of false alarms is not known. Controls are works that cannot be in "
        "the data set. Works published after the snapshot date are controls by themselves: give the dates in the "
        "catalogue and --snapshot-date. Or give texts that were never published: --controls FOLDER."
    ),
    "alarms.rate": (
        "Control works found: {alarms} of {n}, that is {rate}. With {confidence} confidence the true rate lies "
        "between {lower} and {upper} (exact interval of Clopper and Pearson)."
    ),
    "alarms.meaning": (
        "A control is a work that cannot be in the data set: published after its snapshot date, or given as such. "
        "Each is searched for exactly like your works; each one found is a false alarm. The rate is per work."
    ),
    "alarms.listed": "The controls that were found:",
    "guarantee": "What cannot be missed",
    "guarantee.text": (
        "Any {n} unchanged letters in a row, after folding, are found, in all text that was read. Folding sets case, "
        "accents, punctuation and white space aside and keeps letters and digits. Shorter or altered passages "
        "are often found too, but without a guarantee."
    ),
    "guarantee.none": "The index of this run states no guarantee.",
    "common": "Passages that are common, and not claimed",
    "common.lead.one": "{n} finding is of a passage that stands in many places.",
    "common.lead.other": "{n} findings are of passages that stand in many places.",
    "common.rule": (
        "A passage is common when at least {works} works of the catalogue hold it, or when it stands in at least "
        "{records} records and {times} times as many as the rest of its work. It may be a licence, a famous "
        "quotation, a notice that sites repeat. It may also be an extract that you gave to many sites: look at them."
    ),
    "common.none": "None was found.",
    "common.licence": "looks like a licence or a notice",
    "common.quotation": "looks like a quotation",
    "common.boilerplate": "looks like a repeated text",
    "common.works.one": "in {n} work",
    "common.works.other": "in {n} works",
    "common.records.one": "in {n} record",
    "common.records.other": "in {n} records",
    "missing": "Works not found",
    "missing.none": "Every work was found.",
    "missing.lead.one": "{n} work was not found in what was searched.",
    "missing.lead.other": "{n} works were not found in what was searched.",
    "missing.short.one": "{n} of them is shorter than {letters} letters: the guarantee does not reach it.",
    "missing.short.other": "{n} of them are shorter than {letters} letters: the guarantee does not reach them.",
    "missing.rest.one": "and {n} more, in works.parquet",
    "missing.rest.other": "and {n} more, in works.parquet",
    "check": "Check one finding by hand",
    "check.lead": "Nothing here has to be believed. This is how to check the first passage above with public tools.",
    "check.none": "There is no passage to check.",
    "check.row": "Read its row, with DuckDB or with pandas. The run folder is the folder that holds run.json.",
    "check.record": (
        "Take row {row} (the first is 0) of {shard}, in the data set. The SHA-256 of its text in UTF-8 is {digest}."
    ),
    "check.warc": (
        "Of {shard}, in the data set, take the record that begins at byte {row}: of a plain file with "
        "tail -c +{from_one}, of a .gz file with tail -c +{from_one} and then zcat. Its text follows the first empty "
        "line of a WET file; of a page, it is what the page shows. The SHA-256 of the text in UTF-8 is {digest}."
    ),
    "check.ids": (
        "Of {shard}, in the data set, take the token ids {start} to {end} of sequence {sequence}. All are counted from "
        "0; the last is not included. receipts/{receipt}.json names the tokeniser (tokens). Decoded, they hold the "
        "passage, whose edges may stand within a token. The SHA-256 of the whole document's text is {digest}."
    ),
    "check.part": (
        "The numbers after # are the part of the file that was read at once, in bytes. Of one long text the digest is "
        "that of the part; offsets count in the whole."
    ),
    "check.cut": (
        "Cut the characters {start} to {end} out of it. The first character is 0; the last number is not "
        "included."
    ),
    "check.work": "Take the file {path} of the work. Its SHA-256 is {digest}.",
    "check.work_cut": (
        "Cut the characters {start} to {end} out of its text. For a plain text file that is the file, read as UTF-8; "
        "for other formats, the text that Countermark takes from it."
    ),
    "check.compare": "Lay the two side by side in any text editor. They must read as shown above.",
    "check.compare.sealed": (
        "Lay the two side by side in any text editor. They must be one passage; as the index was sealed, either may "
        "begin and end some words or characters apart from the other, and letters may differ."
    ),
    "check.python": "The same in Python, once both texts are at hand:",
    "rest": "Where the rest is",
    "rest.works": "one row for each work, with all counts of this report",
    "rest.passages": "one row for each finding: how widely it stands, and whether it is claimed",
    "rest.findings": "every finding, with offsets, digests and excerpts",
    "rest.receipts": "one receipt for each shard: what was read, with which index and version",
    "rest.runlog": "the log of the run; each line holds the digest of the one before",
    "rest.open": "DuckDB, pandas and most tools of statistics open Parquet files.",
    "made": "Made by Countermark {version}. Index {index} ({scheme}).",
    "run": "Run {digest}",
    "page": "Page",
    "contents": "Contents",
    "table.more": "The table scrolls sideways.",
}
