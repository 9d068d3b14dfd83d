"""The sentences of a report on recordings in English, where they differ from those of a report on texts."""

from countermark.evidence.report.messages_en import MESSAGES as OF_TEXTS

MESSAGES = OF_TEXTS | {
    "title": "Countermark report on recordings",
    "headline.one": "Your work is heard in this data set, whole or in part: {corpus} ({snapshot}).",
    "headline.other": "{found} of your {n} works are heard in this data set, whole or in part: {corpus} ({snapshot}).",
    "headline.none.one": "Your work was not found in what was searched: {corpus} ({snapshot}).",
    "headline.none.other": "None of your {n} works was found in what was searched: {corpus} ({snapshot}).",
    "headline.tracks": "Tracks in which something of it is heard: {tracks} of the {searched} that were searched.",
    "headline.records": "Tracks in which something of it is heard: {tracks}; recordings met: {searched}.",
    "nothing": (
        "No recording could be read in this run, so nothing was searched. “What was searched, and what could not be "
        "read” says why."
    ),
    "status.found": "Heard, whole or in part",
    "status.free-licence": "Heard, and free to copy: public domain or an open licence",
    "status.shared-only": "Only a sound that several works share: not counted as found",
    "status.resembles-only": "Only a resemblance, a hint: not counted as found",
    "status.identifier-only": "Only an identifier agrees: not counted as found",
    "status.name-only": "Only a title or a name agrees: not counted as found",
    "amount": "Recordings of your works found: {found} of {recordings}. Works claimed: {claimed}.",
    "claimed.gloss": (
        "“Claimed” means: counted as the work's own. Left out are sounds that several works share, such as a loop, "
        "resemblances, and works that are free to copy. It is a count, not a legal opinion."
    ),
    "works.lead": (
        "Each finding shows your recording and the track of the data set in which it is heard. The bars are the whole "
        "of both, from start to end; the lit parts agree. Under them both can be heard and seen, in step."
    ),
    "works.shown.one": "{n} work is shown here.",
    "works.shown.other": "{n} works are shown here.",
    "works.rest.one": "{n} further work of which something was found is in works.parquet.",
    "works.rest.other": "{n} further works of which something was found are in works.parquet.",
    "works.private": (
        "This page holds excerpts of your recordings and of those found. Whoever gets the page gets them too."
    ),
    "works.sounds": (
        "The excerpts on this page are small copies (Opus, mono, 20 seconds at most). Both sides are brought to the "
        "same mean loudness (ITU-R BS.1770), so that neither seems better for being louder; nothing else of them is "
        "changed. The run folder keeps longer excerpts without loss."
    ),
    "work.findings.one": "{n} finding",
    "work.findings.other": "{n} findings",
    "work.records.one": "in {n} recording of the data set",
    "work.records.other": "in {n} recordings of the data set",
    "work.assets": "{found} of its {n} recordings found",
    "work.best": "The track that holds most of it holds {share} of it.",
    "work.shared": "Only a shared sound was found of this work. Nothing is claimed.",
    "work.rest.one": "One more finding of this work: in recordings.parquet (work_id {work}).",
    "work.rest.other": "{n} more findings of this work: in recordings.parquet (work_id {work}).",
    "found": "Finding {n}",
    "heard.matched": "{matched} of {whole} of your recording, {share}",
    "heard.matched.of_unknown": "{matched} of your recording",
    "hint.matched": "a resemblance over {matched} of {whole} of your recording, {share}",
    "hint.matched.of_unknown": "a resemblance over {matched} of your recording",
    "heard.pitch": "pitch {shift} semitones",
    "heard.pitch.same": "pitch unchanged",
    "heard.tempo.faster": "{share} faster",
    "heard.tempo.slower": "{share} slower",
    "heard.tempo.same": "tempo unchanged",
    "heard.speed": "pitch and tempo fit together, as when a tape runs at another speed",
    "heard.fills": "{share} of the track",
    "heard.inliers.one": "{n} peak of the spectrum agrees",
    "heard.inliers.other": "{n} peaks of the spectrum agree",
    "heard.agreement": "agreement as a whole {value} of 1",
    "heard.commonness.one": "in this work of the catalogue only",
    "heard.commonness.other": "the same passage is heard in {n} works of the catalogue",
    "heard.copies.one": "this very file was found in {n} place",
    "heard.copies.other": "this very file was found in {n} places",
    "heard.place": "matched part",
    "heard.place.said": "{start} to {end}",
    "heard.place.of": " of {whole}",
    "heard.caption": "beside it",
    "heard.track": "track",
    "heard.track.said": "sound track {track} of the file, counted from 0",
    "unheard": "a name or an identifier was compared, no recording",
    "unheard.unconfirmed": "nothing was confirmed: listen to the recording in the data set",
    "chance.few": "In a scan of this size, {expected} findings as strong as this are expected by chance.",
    "chance.many": "In a scan of this size, {expected} findings as strong as this are expected by chance.",
    "chance.least": (
        "In a scan of this size, fewer than {expected} findings as strong as this are expected by chance."
    ),
    "chance.unknown": "How many findings as strong as this are to be expected by chance was not recorded.",
    "place.folder": "folder",
    "strip.asset": "Your recording, {whole}",
    "strip.record": "The track in the data set, {whole}",
    "strip.asset.plain": "Your recording",
    "strip.record.plain": "The track in the data set",
    "strip.label": "What agrees of the two, joined: {words}.",
    "sound.work": "Your recording",
    "sound.record": "In the data set, as it stands there",
    "sound.undone": "In the data set, pitch and tempo undone",
    "sound.play.work": "Play your recording",
    "sound.play.record": "Play the recording in the data set",
    "sound.play.undone": "Play the recording in the data set, pitch and tempo undone",
    "sound.withheld.record": (
        "This run folder holds no excerpt of this track (excerpts/): it was withheld, or has been removed. So only "
        "figures and places are shown."
    ),
    "sound.withheld.work": (
        "This run folder holds no excerpt of this track (excerpts/): it was withheld, or has been removed. So only "
        "figures and places are shown."
    ),
    "sound.declined.work": (
        "The run folder keeps no copy of your recording (works/), so only the data set's side can be heard."
    ),
    "sound.changed.work": (
        "The file kept as a copy of your recording does not have the SHA-256 that the catalogue of this run states for "
        "it, so it cannot be heard."
    ),
    "sound.unreadable.record": "The excerpt of the track cannot be decoded here, so it cannot be heard.",
    "sound.unreadable.work": "The copy of your recording cannot be decoded here, so it cannot be heard.",
    "sound.full": "Not to be heard here, so that this page stays small; the excerpt is in excerpts/.",
    "sound.printed": "The excerpts can be heard on the page itself, not on paper.",
    "desk": "Both in step",
    "desk.play": "Play both in step",
    "desk.pause": "Pause",
    "desk.which": "Which side is heard",
    "desk.work": "Yours only",
    "desk.both": "Both",
    "desk.record": "The track only",
    "desk.mix": "Crossfade from yours to the track",
    "desk.mix.said": "{n} per cent the track",
    "desk.seek": "Position",
    "desk.undo": "Undo pitch and tempo",
    "desk.note": (
        "In step, the data set's side is played at the tempo of yours; its own player above plays it as it stands."
    ),
    "plot.work": "Your recording",
    "plot.record": "The track in the data set",
    "plot.told.one": (
        "{n} of the {peaks} strongest peaks of your excerpt agrees with one of the track, once pitch and tempo "
        "are undone"
    ),
    "plot.told.other": (
        "{n} of the {peaks} strongest peaks of your excerpt agree with one of the track, once pitch and tempo "
        "are undone"
    ),
    "plot.told.displaced.one": (
        "{n} of the {peaks} strongest peaks of your excerpt agrees with one of the track, once pitch and tempo are "
        "undone; moved by a few seconds, {displaced} would by chance"
    ),
    "plot.told.displaced.other": (
        "{n} of the {peaks} strongest peaks of your excerpt agree with one of the track, once pitch and tempo are "
        "undone; moved by a few seconds, {displaced} would by chance"
    ),
    "plot.alt": (
        "Two spectrograms, one above the other, 200 Hz to 5 kHz: above your recording from {work_start} to {work_end}, "
        "below the track from {record_start} to {record_end}. {told}."
    ),
    "plot.legend.same": "a peak of both",
    "plot.legend.other": "a peak of one side only",
    "hints": "Resemblances: hints, not findings of a copy",
    "hints.lead": (
        "The same melody or harmony seems to be played in another recording. A resemblance is a hint for you to listen "
        "to, and nothing more: common turns of melody and harmony are everybody's. Nothing here is claimed, and nobody "
        "is accused. Each says how many as strong as it are to be expected by chance."
    ),
    "hints.few": (
        "Melody and harmony were asked for, but no resemblance is told: to judge one takes {least} works that hold "
        "some. With fewer, how many would match by chance is not known. Works in this catalogue: {works}."
    ),
    "hints.rest.one": "{n} further resemblance is in recordings.parquet.",
    "hints.rest.other": "{n} further resemblances are in recordings.parquet.",
    "kind.shared": "shared sound: not claimed",
    "kind.resembles": "a hint: not claimed",
    "more": "More found",
    "more.lead.one": "{n} more finding, without its sound.",
    "more.lead.other": "{n} more findings, without their sound.",
    "more.grade": "Grade",
    "more.share": "Of your recording",
    "more.finding": "Finding",
    "more.place": "Place in the data set",
    "more.rest.one": "{n} further finding is in recordings.parquet.",
    "more.rest.other": "{n} further findings are in recordings.parquet.",
    "grade.shared": "Shared sound",
    "grade.resembles": "Resembles",
    "grade.identical.means": (
        "The same recording at the same pitch and tempo, hardly disturbed. Encoding, equalising and filtering are not "
        "told apart."
    ),
    "grade.copy.means": (
        "The same recording, or a part of it, is heard in the track: at another pitch or tempo, under speech or noise, "
        "or mixed with others. That does not say which was first, nor that it was taken from yours: an older recording "
        "may be heard in both."
    ),
    "grade.shared.means": (
        "A loop, a beat or a sound is heard in both, such as several works share or one repeats. It is told for you to "
        "hear. Nothing is claimed, and nobody is accused."
    ),
    "grade.resembles.means": (
        "Another recording of what may be the same melody or harmony. A hint, always with the number to be expected by "
        "chance; never a claim."
    ),
    "grade.identifier.means": (
        "An identifier of the work, such as an ISRC, or the digest of its file stands in the record. No recording was "
        "listened to."
    ),
    "grade.none.means": "Not found in what was searched. It may stand in what was not searched or could not be read.",
    "searched.records": "Recordings met in them",
    "searched.tracks": "Sound tracks searched",
    "searched.length": "How long they last, all together",
    "searched.bytes": "Files of recordings, in bytes",
    "searched.in_part": "Recordings searched in part, the rest being damaged",
    "searched.comparisons": "Comparisons: each recording of yours with each track",
    "searched.hints": "Comparisons of melody and harmony, stretch by stretch",
    "searched.unknown": "not recorded",
    "searched.refused": "Recordings and files not searched",
    "refused.lead": "Nothing was skipped in silence. Not searched, or only in part, by reason:",
    "refused.none": "Every file that was listed could be read.",
    "refused.empty": "No recording was found in what was listed.",
    "alarms.none": (
        "This run had no controls, so its rate of false alarms is not known. Controls are works that cannot be in "
        "the data set. Works published after the snapshot date are controls by themselves: give the dates in the "
        "catalogue and --snapshot-date. Or give recordings that were never published: --controls FOLDER."
    ),
    "alarms.shared.one": "Of {n} more control only a shared sound was found. That counts as no alarm.",
    "alarms.shared.other": "Of {n} more controls only shared sounds were found. Those count as no alarms.",
    "alarms.hints": (
        "Of {alarms} of {n} controls a resemblance was found. With {confidence} confidence hints turn up by chance for "
        "between {lower} and {upper} of all works."
    ),
    "alarms.chance": (
        "The number of findings to be expected by chance, beside each finding, is the probability that a recording "
        "which is not in the track scores as high, times the {n} comparisons of recordings in this scan. It is an "
        "estimate from comparisons that are wrong by design; the controls are the test of it."
    ),
    "alarms.chance.hints": (
        "Of a resemblance it is the probability that a work which the track does not play stands out as much, times "
        "the {n} comparisons of melody and harmony."
    ),
    "alarms.figures": (
        "Other figures beside a finding, such as “157 peaks agree” or “agreement as a whole 0.91 of 1”, are "
        "measurements. They are no probability that one was copied from the other. Listen to both."
    ),
    "limits": "What this does not show",
    "limits.listed": (
        "Being listed is not proof that a model was trained on it. Nor does it say who put it there, or with what "
        "permission."
    ),
    "limits.first": (
        "That two recordings agree does not say which was first, or which comes from the other. Two works made with "
        "one bought loop agree as well."
    ),
    "limits.missed": (
        "Not found means: not found in what was searched. A short piece, a strong change, or music under loud speech "
        "may escape; there is no guarantee for recordings. A data set that only lists addresses holds no sound to "
        "listen to."
    ),
    "limits.style": (
        "The same style, the same voice or the same key is not a finding; only the recording itself is looked for. A "
        "new performance of a work can only be a resemblance."
    ),
    "quick": (
        "This was a quick search: of each track two windows of 15 seconds were listened to first, and the whole only "
        "where something was heard in them. Tracks left after that: {passed}. What is heard elsewhere in them was "
        "not looked for. When this was measured, a quick search found {works_quick} of the {works} whole works and "
        "{excerpts_quick} of the {excerpts} excerpts, in records of at most two minutes, that a search of everything "
        "found; of excerpts in longer tracks it loses more."
    ),
    "missing.lead.one": "{n} work was not found in what was searched.",
    "missing.lead.other": "{n} works were not found in what was searched.",
    "check.lead": (
        "Nothing here has to be believed. This is how to check the first found recording above with public tools: "
        "FFmpeg and fpcalc (Chromaprint)."
    ),
    "check.none": "There is no found recording to check.",
    "check.row": "Read its row with DuckDB or any reader of Parquet, in the folder that holds run.json.",
    "check.record": (
        "Take the recording of row {row} (the first is 0) of {shard}, in the data set. The SHA-256 of its file "
        "is {digest}. It is called RECORD below."
    ),
    "check.file": (
        "Take the file {file} of the folder {folder}, in the data set. The SHA-256 of the file is {digest}. It is "
        "called RECORD below."
    ),
    "check.warc": (
        "Of {shard}, in the data set, take the record that begins at byte {row}: of a plain file with "
        "tail -c +{from_one}, of a .gz file with tail -c +{from_one} and then zcat. The recording follows the first "
        "empty line after the HTTP header. The SHA-256 of its file is {digest}. It is called RECORD below."
    ),
    "check.work": "Take the file {path} of the work. Its SHA-256 is {digest}. It is called WORK below.",
    "check.cut": "Cut the first matched part out of both, 30 seconds of the track at most.",
    "check.undo": "Undo pitch and tempo.",
    "check.ears": "Put yours in the left ear and the track in the right, and listen.",
    "check.see": "Look at both, one spectrogram above the other.",
    "check.prints": (
        "Compare the numbers of Chromaprint, which knows nothing of Countermark. Of a disturbed or mixed recording "
        "many bits may differ; those of unrelated recordings differ in about half of all."
    ),
    "check.compare": "Listen to both. They must agree as shown above.",
    "rest.recordings": "one row for each finding: what was heard, where, how likely by chance, whether it is claimed",
    "rest.findings": "every finding, with places, digests, matched parts and what stands beside the recording",
    "rest.excerpts": "the excerpt of each track, without loss, with what it covers (absent where withheld)",
    "rest.kept": "a small copy of each work found, named by the SHA-256 of its own file (absent where declined)",
    "statement.free-licence.one": "Free to copy (public domain or an open licence), and not claimed: {n} of them.",
    "statement.free-licence.other": "Free to copy (public domain or an open licence), and not claimed: {n} of them.",
    "statement.identifier-only.one": "For {n} work only an identifier agrees: listen before you rely on it.",
    "statement.identifier-only.other": "For {n} works only identifiers agree: listen before you rely on them.",
    "statement.shared-only.one": "Of {n} work only a shared sound was found: not counted as found.",
    "statement.shared-only.other": "Of {n} works only shared sounds were found: not counted as found.",
    "statement.resembles-only.one": "For {n} work there is only a resemblance, a hint: not counted as found.",
    "statement.resembles-only.other": "For {n} works there are only resemblances, or hints: not counted as found.",
}
