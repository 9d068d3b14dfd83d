"""What the page and the feed of a watch say, in English. Keys in `.one` and `.other` are chosen by the number `n`."""

from typing import Final

MESSAGES: Final = {
    "title": "Countermark watch",
    "headline.none": "Nothing has changed for your works since the last search.",
    "headline.changed": "Since the last search: {new}, {gone}.",
    "headline.new.one": "{n} work newly found",
    "headline.new.other": "{n} works newly found",
    "headline.gone.one": "{n} no longer found",
    "headline.gone.other": "{n} no longer found",
    "second.one": "{corpus}, {now}, compared with {last}. {n} work was looked for.",
    "second.other": "{corpus}, {now}, compared with {last}. {n} works were looked for.",
    "caution": (
        "Being listed is not proof that a model was trained on them. No longer found means: not found in "
        "what was searched of this version; it does not undo what was copied before."
    ),
    "snapshot": "the version of {date}",
    "snapshot.unknown": "a version without a date",
    "corpus.unnamed": "a data set without a name",
    "warn.unread.one": "{n} file of this version could not be read: {names}. What stands in it is not known.",
    "warn.unread.other": (
        "{n} files of this version could not be read: {names}. What stands in them is not known."
    ),
    "warn.unread.last.one": (
        "{n} file could not be read in the last search: {names}. What is found in it now may have stood "
        "there before."
    ),
    "warn.unread.last.other": (
        "{n} files could not be read in the last search: {names}. What is found in them now may have stood "
        "there before."
    ),
    "warn.rows.one": "In this version {n} row or file was not read; the report of the run says why.",
    "warn.rows.other": "In this version {n} rows or files were not read; the report of the run says why.",
    "warn.incomplete": "One of the two searches has not ended. All that follows is provisional.",
    "warn.differing": (
        "The two searches were not made with the same settings ({names}). What is new or gone may be so "
        "because of that, not because the data set changed."
    ),
    "tokens.doubt.one": (
        "In this version the token ids of {n} file or part of a file were read with the tokeniser {name}, which "
        "whoever asked for the search named, but a trial speaks against it. If another one wrote them, or some of "
        "them, what stands there goes unfound: that a work is no longer found says little."
    ),
    "tokens.doubt.other": (
        "In this version the token ids of {n} files or parts of files were read with the tokeniser {name}, which "
        "whoever asked for the search named, but a trial speaks against it. If another one wrote them, or some of "
        "them, what stands there goes unfound: that a work is no longer found says little."
    ),
    "and.more.one": "and {n} more",
    "and.more.other": "and {n} more",
    "setting.index": "the index of works",
    "setting.controls": "the controls",
    "setting.engine": "the version of Countermark",
    "setting.reader": "the column that is read",
    "setting.reservations": "what is read of reservations",
    "setting.listening": "what is listened for",
    "setting.embedding": "the model of pictures",
    "setting.excerpts": "what is kept of records",
    "setting.tokenizers": "the tokeniser of token ids, or how it was chosen",
    "works": "Your works",
    "works.count": "Works",
    "works.meaning": "Since the last search",
    "works.caption": "Each work with a finding in one of the two searches counts once.",
    "newly-found": "Newly found",
    "newly-found.means": "found in this version, and not in the last",
    "first-looked-for": "First looked for",
    "first-looked-for.means": "found in this version; not looked for in the last search, or a control in it",
    "no-longer-found": "No longer found",
    "no-longer-found.means": "found in the last version, and not found in what was searched of this one",
    "not-looked-at": "Not looked at",
    "not-looked-at.means": (
        "found in the last version, in files that could not be read this time; or not looked for this time"
    ),
    "changed": "Changed",
    "changed.means": "found in both, with other passages, or in other records",
    "moved": "Moved",
    "moved.means": "found in both, the same passages in another place",
    "same": "The same",
    "same.means": "found in both, where they were",
    "findings": "Findings",
    "findings.count": "Findings",
    "finding.new": "New",
    "finding.gone": "Not found again",
    "finding.not-looked-at": "Not looked at",
    "finding.changed": "Changed",
    "finding.moved": "Moved",
    "finding.same": "The same",
    "shards": "Parts of the data set",
    "shards.same": "with the same content",
    "shards.changed": "with other content",
    "shards.renamed": "with the same content under another name",
    "shards.new": "new",
    "shards.gone": "gone",
    "filter": "Show",
    "filter.all": "all changes",
    "list": "What changed, work by work",
    "list.none": "No finding differs from the last search.",
    "list.shown": "Of each work three changes are shown at most; changes.parquet has them all.",
    "work.author": "by {author}",
    "work.count.new.one": "{n} new finding",
    "work.count.new.other": "{n} new findings",
    "work.count.gone.one": "{n} not found again",
    "work.count.gone.other": "{n} not found again",
    "work.count.not-looked-at.one": "{n} not looked at",
    "work.count.not-looked-at.other": "{n} not looked at",
    "work.count.changed.one": "{n} changed",
    "work.count.changed.other": "{n} changed",
    "work.count.moved.one": "{n} moved",
    "work.count.moved.other": "{n} moved",
    "work.count.same.one": "{n} the same",
    "work.count.same.other": "{n} the same",
    "work.reserved.one": "What is reserved changed at {n} record.",
    "work.reserved.other": "What is reserved changed at {n} records.",
    "work.rest.one": "And {n} more change of this work.",
    "work.rest.other": "And {n} more changes of this work.",
    "works.rest.one": "And {n} more work with changes; changes.json has it.",
    "works.rest.other": "And {n} more works with changes; changes.json has them.",
    "grade.identical": "Identical",
    "grade.copy": "Copy",
    "grade.identifier": "Identifier",
    "grade.name": "Name",
    "grade.resembles": "Resembles",
    "grade.shared": "Shared element",
    "why.new.file": "The file was not in the last version.",
    "why.new.file-some-unread": "The file was not in the last version.",
    "why.new.content": "The file stood in the last version too; this passage did not.",
    "why.new.rows-unread": (
        "The file stood in the last version too, and some of its rows could not be read then."
    ),
    "why.new.unread": (
        "The file could not be read in the last search: the passage may have stood there before."
    ),
    "why.new.not-sought": (
        "The work was not looked for in the last search: the passage may have stood there before."
    ),
    "why.new.control": "The work counted as a control in the last search.",
    "why.gone.file": "The file is not in this version.",
    "why.gone.file-some-unread": (
        "The file is not in this version; but files of it could not be read, and the passage may stand there."
    ),
    "why.gone.content": (
        "The file stands in this version too; this passage was not found in what was searched of it."
    ),
    "why.gone.rows-unread": "The file stands in this version too, but some of its rows could not be read.",
    "why.not-looked-at.unread": (
        "The file could not be read this time: whether the passage stands there is not known."
    ),
    "why.not-looked-at.not-sought": "The work was not looked for this time.",
    "why.not-looked-at.control": "The work counts as a control this time.",
    "side.work": "Your work",
    "side.last": "The last version",
    "side.now": "This version",
    "withheld": "Nothing of what the record says was kept.",
    "where.shard": "shard",
    "where.row": "row {row}, counted from 0",
    "where.byte": "byte {row}",
    "where.row.unknown": "row not known",
    "where.url": "address",
    "where.id": "record",
    "where.date": "date",
    "where.span": "characters {start} to {end}",
    "where.file": "file",
    "where.grade": "grade",
    "where.matched": "letters that agree",
    "where.reserved": "reserved",
    "passage.tokens": "tokens {start} to {end} of sequence {sequence}",
    "passage.fragment": "of a document that was cut there",
    "passage.reserved.unknown": "nothing was said that can be read, or nothing at all",
    "where.finding": "finding",
    "digests": "What was compared",
    "digest.last": "The last search",
    "digest.now": "This search",
    "rest": "The files",
    "rest.changes.parquet": "every finding that is not as it was, with both sides",
    "rest.changes.json": "the counts, and every work with changes",
    "rest.feed": "the same as a feed (Atom), which grows with each search",
    "rest.report": "the report of this search alone: countermark report",
    "made": "Made by Countermark {version}.",
    "page": "Page",
    "run": "Digest of the run: {digest}",
    "feed.title": "Countermark: {corpus}",
    "feed.subtitle": (
        "What is found of your works in each new version. "
        "Being listed is not proof that a model was trained on them."
    ),
    "feed.entry": "{work}: {change}",
    "feed.where": "Where: {place}",
    "feed.more.one": "and {n} more place",
    "feed.more.other": "and {n} more places",
    "feed.rest.one": "And {n} more work has changed",
    "feed.rest.other": "And {n} more works have changed",
    "feed.rest.where": "The feed has no room for more; watch/changes.json of this search has them all.",
    "feed.caution": "No longer found means: not found in what was searched of this version.",
}
