"""The sentences of a dossier's report in English. The same keys and fields as words_fr."""

WORDS = {
    "title": "Dossier of findings",
    "subtitle": "Countermark {version} · dossier dated {date}",
    "page": "page",
    "footer": "Results {digest}",
    "footer.none": "Countermark",
    "lead.scan.one": "Passages of {found} of the {total} works were found in {corpus}.",
    "lead.scan.other": "Passages of {found} of the {total} works were found in {corpus}.",
    "lead.pictures.one": "Pictures of {found} of the {total} works stand in {corpus}, whole or in part.",
    "lead.pictures.other": "Pictures of {found} of the {total} works stand in {corpus}, whole or in part.",
    "lead.recordings.one": "Recordings of {found} of the {total} works are heard in {corpus}, whole or in part.",
    "lead.recordings.other": "Recordings of {found} of the {total} works are heard in {corpus}, whole or in part.",
    "lead.link.one": "{found} of the {total} works is listed under an identifier in {corpus}.",
    "lead.link.other": "{found} of the {total} works are listed under an identifier in {corpus}.",
    "not_proof": (
        "To stand in a data set, or to be listed in one, is not proof that a model was trained on it."
    ),
    "not_advice": "This document states facts. It is not legal advice.",
    "subject.claimant": "On behalf of",
    "subject.sets": "Data sets",
    "subject.date": "Dossier dated",
    "subject.key": "SHA-256 of the public key (DER)",
    "subject.searches": "Searches in it",
    "set": "{name}, {snapshot}",
    "between": "; ",
    "snapshot": "copy of {date}",
    "snapshot.unknown": "date of the copy not given",
    "asked.scan": (
        "Whether passages of the works stand in the data set. The texts of the works were compared "
        "with every record that could be read."
    ),
    "asked.letters": "Any {n} letters in a row that were not changed are found, wherever they stand in what was read.",
    "asked.pictures": (
        "Whether pictures of the works stand in the data set, whole or in part. Each picture that could be read was "
        "compared with all of them; what seemed alike was laid over the work, and the parts that agree were "
        "measured. A small piece or a strong change may escape: there is no guarantee for pictures."
    ),
    "asked.recordings": (
        "Whether recordings of the works are heard in the data set, whole or in part, also at another pitch or tempo "
        "or under other sounds. Each track that could be decoded was compared with all of them; what seemed alike was "
        "laid along the work, and the seconds that agree were measured. A short piece or a strong change may escape: "
        "there is no guarantee for recordings."
    ),
    "asked.link.pictures": (
        "Whether the pictures are listed in the data set, by their address or by a digest of their file. The pictures "
        "were not compared."
    ),
    "asked.link": (
        "Whether the works are listed in the data set, by an identifier (such as an ISBN) or by title "
        "and name. The "
        "contents were not compared."
    ),
    "search": "Search {number}: {corpus}",
    "search.began": "Begun (UTC)",
    "search.ended": "Ended (UTC)",
    "search.resumed": "Times taken up again",
    "search.catalog": "SHA-256 of the catalogue",
    "search.run": "Run folder",
    "search.set": "Data set",
    "search.records": "Records read",
    "search.pictures": "Pictures met",
    "search.recordings": "Recordings met",
    "search.in_part.recordings": "Recordings searched in part, being damaged",
    "search.in_part.pictures": "Pictures searched in part, being damaged",
    "search.rows": "Rows read",
    "search.shards": "Files or parts read",
    "search.refused": "Could not be read",
    "search.quarantined": "Files given up",
    "search.index": "SHA-256 of the index of the works",
    "search.engine": "Software",
    "search.digest": "SHA-256 of the result",
    "search.incomplete": "This search had not ended when the dossier was made. Its figures are provisional.",
    "none": "none",
    "refused.none.doubt": "none refused; but some token ids were perhaps not read as what they say",
    "refused.reasons": "{count} ({reasons})",
    "outcome": "Outcome",
    "grades": "Findings by grade",
    "grade": "Grade",
    "findings": "Findings",
    "meaning": "What it means",
    "grade.identical": "identical",
    "grade.copy": "copy",
    "grade.identifier": "identifier",
    "grade.name": "name",
    "grade.shared": "shared element",
    "grade.resembles": "resembles",
    "means.identical": "the same letters, one by one, after case, accents and punctuation are set aside",
    "means.copy": "the passages align, with differences that are shown",
    "means.copy.sealed": (
        "fingerprints of the two passages agree, in the same order; a sealed index cannot tell what differs"
    ),
    "means.identical.picture": "the same picture as a whole: no more than another size and encoding apart",
    "means.copy.picture": "the picture, or a part of it, stands in the other: cut, turned, mirrored or among others",
    "means.identifier.picture": (
        "a sketch of the picture agrees; the picture itself was not compared: a lead, no finding"
    ),
    "means.identical.recording": (
        "the same recording at the same pitch and tempo, hardly disturbed "
        "(encoding and filtering are not told apart)"
    ),
    "means.copy.recording": "the same recording, or a part of it, is heard in the record, altered or mixed",
    "means.shared.recording": "a loop or sound that several works share: told, and nothing is claimed",
    "means.resembles": "another recording with a like melody or harmony: a hint for the ear, and nothing is claimed",
    "means.shared": "an element that many pictures share, such as a frame or a logo: shown, and nothing is claimed",
    "means.name.hash": (
        "a short hash of the picture agrees, which unlike pictures may share: no proof, a lead to look at"
    ),
    "means.identifier": "an identifier of the work stands there",
    "means.name": "a title and a name agree, without an identifier: no proof, and never a ground for a claim",
    "link.works.identifier": "Listed under an identifier",
    "link.works.name": "Listed by title and name only",
    "link.works.not-found": "Not found in what was searched",
    "listed": "Rows that name the works",
    "listed.lead": (
        "Rows found by identifier first. Of a row found by name only it is said how many other rows name the work as "
        "well; of each, how many others bear a title of the work, whoever the name. Rows are counted from 0."
    ),
    "listed.work": "Work",
    "listed.evidence": "What agrees",
    "listed.row": "Where",
    "listed.says": "The row says",
    "listed.names": "Same name",
    "listed.titles": "Same title",
    "forgiven": "title and name",
    "forgiven.title": "title: {kind}",
    "forgiven.name": "name: {kind}",
    "forgiven.initials": "initials",
    "forgiven.romanised": "another romanisation",
    "forgiven.subtitle": "subtitle on one side",
    "forgiven.slip": "one letter",
    "forgiven.family": "family name only",
    "listed.place": "{shard}, row {row}",
    "listed.rest.one": "{n} more row: in links.parquet and in the items.",
    "listed.rest.other": "{n} more rows: in links.parquet and in the items.",
    "errors": "How often the search is wrong",
    "controls.none": (
        "No controls were given: works that cannot be in the data set. The rate of false alarms in "
        "this data set was "
        "therefore not measured."
    ),
    "controls.some": (
        "{alarms} of {controls} controls (works that cannot be in the data set) were found. The true "
        "rate of false "
        "alarms lies between {lower} and {upper} (Clopper and Pearson, 95%)."
    ),
    "attempts": "All attempts",
    "attempts.lead.one": (
        "The log of attempts holds {n} search. It is in the dossier, whole, with the searches that "
        "found nothing."
    ),
    "attempts.lead.other": (
        "The log of attempts holds {n} searches. It is in the dossier, whole, with the searches that "
        "found nothing."
    ),
    "attempts.counts": (
        "Of these {none} found nothing, {open} did not end, and {others} are of runs outside this dossier."
    ),
    "attempts.again": "{corpus} (taken up again, see no. {first})",
    "attempts.number": "No.",
    "attempts.set": "Data set",
    "attempts.kind": "Kind",
    "attempts.began": "Begun (UTC)",
    "attempts.end": "Ended",
    "attempts.found": "Findings",
    "attempts.here": "In this dossier",
    "attempts.rest.one": "{n} more attempt: in attempts.jsonl.",
    "attempts.rest.other": "{n} more attempts: in attempts.jsonl.",
    "kind.scan": "texts",
    "kind.pictures": "pictures",
    "kind.recordings": "recordings",
    "kind.link": "listing",
    "kind.open": "sealed medium, opened",
    "end.finish": "complete",
    "end.interrupted": "stopped",
    "end.failed": "failed",
    "end.none": "did not end",
    "yes": "yes",
    "no": "no",
    "passages": "Passages",
    "passages.lead": (
        "The longest passage of the works of which most was found, {n} at most. On the left the work, "
        "on the right the "
        "data set. Offsets count characters from 0."
    ),
    "passages.marked": "What differs is underlined.",
    "passage.work": "The work: {path}",
    "passage.record": "The data set: {shard}",
    "passage.under": "Finding {finding} · SHA-256 of the record {digest}",
    "passage.cut": "The passage goes on; its beginning is shown, with the differences in it.",
    "passage.cut.one": "The passage goes on; its beginning is shown.",
    "passage.withheld": "Nothing of what the record says was kept.",
    "pictures": "Pictures found",
    "pictures.lead": (
        "The strongest findings of the works of which most was found, {n} at most. The plates show them, with the "
        "matched part outlined on both sides: pictures.en.pdf, in this dossier."
    ),
    "pictures.plate": "Plate",
    "pictures.work": "Work",
    "pictures.seen": "What is seen",
    "pictures.share": "{share} of the work",
    "pictures.place": "In the data set",
    "pictures.finding": "finding {id}",
    "pictures.rest.one": "{n} more finding: in pictures.parquet and in the items.",
    "pictures.rest.other": "{n} more findings: in pictures.parquet and in the items.",
    "recordings": "Recordings found",
    "recordings.lead": (
        "The strongest findings of the works of which most was found, {n} at most. The plates show those whose sound "
        "is kept, as a pair of spectrograms: recordings.en.pdf, in this dossier. The sounds are in the items."
    ),
    "recordings.heard": "What is heard",
    "recordings.rest.one": "{n} more finding: in recordings.parquet and in the items.",
    "recordings.rest.other": "{n} more findings: in recordings.parquet and in the items.",
    "recordings.hints.one": "{n} resemblance is a hint, and no finding: in recordings.parquet.",
    "recordings.hints.other": "{n} resemblances are hints, and no findings: in recordings.parquet.",
    "plates.recordings": (
        "Above the work, below the record as it stands in the data set: time runs to the right, pitch upwards, and "
        "what is dark is loud. To stand in a data set is not proof that a model was trained on it."
    ),
    "plates": "Plates",
    "plates.said": "Plate {n}",
    "plates.lead": (
        "On the left the work, on the right the picture as it stands in the data set. The outlined part is the same in "
        "both; the disc marks the same corner. To stand in a data set is not proof that a model was trained on it."
    ),
    "limits.pictures": (
        "Which of two pictures was first, or whether one comes from the other: two photographs of one old painting "
        "agree as well.\n"
        "The same style or the same subject: only the picture itself is looked for."
    ),
    "limits.recordings": (
        "Which of two recordings was first, or whether one comes from the other: both may hold a third.\n"
        "The same song played anew: a resemblance is a hint, and proves no copying."
    ),
    "limits.tokens": (
        "What token ids say where they were read with the wrong tokeniser: that is not found. How each tokeniser was "
        "found, or that it was named, stands above with its search."
    ),
    "limits.tokens.doubt": (
        "That a work which search {number} did not find is not in its data set: a trial of token ids there speaks "
        "against the tokeniser that was named."
    ),
    "limits": "What this document does not show",
    "limits.rows": (
        "That a model was built with this data set, or that this work was used when it was.\n"
        "Paraphrases and translations: they are not found.\n"
        "What was not searched: records that could not be read are counted above, with reasons.\n"
        "Who owns a work: the chain of title is what the catalogue says, with its sources.\n"
        "That no other log of attempts was kept elsewhere, and that none of its last lines was cut off.\n"
        "That it existed on the day it bears: without a time stamp in seal/timestamps/, that day is the signer’s word. "
        "“countermark dossier verify” says of what kind a stamp is, qualified or not."
    ),
    "verify": "How to verify this dossier",
    "verify.lead": (
        "With sha256sum and openssl 3 alone, in the folder that holds bagit.txt. Each command ends "
        "with the exit code 0 when it holds. VERIFY.txt holds the same commands, to be copied."
    ),
    "verify.files": "Every file is the one that the manifests list:",
    "verify.list": "Every file that is there was signed for, and none was added, also in a redacted copy:",
    "verify.signature": "The signature was made with the key, over the statement:",
    "verify.key": "Whose key it is: compare with the fingerprint that the signer gave by another way:",
    "verify.stamp": "Each time stamp is of this dossier (with the authority’s certificates):",
    "verify.replay": "Any finding can be searched again in the file of the data set, if one has it:",
}
