"""The sentences of a report on pictures in English, where they differ from those of a report on texts."""

from countermark.evidence.report.messages_en import MESSAGES as OF_TEXTS

MESSAGES = OF_TEXTS | {
    "title": "Countermark report on pictures",
    "headline.one": "Your work stands in this data set, whole or in part: {corpus} ({snapshot}).",
    "headline.other": "{found} of your {n} works stand in this data set, whole or in part: {corpus} ({snapshot}).",
    "headline.none.one": "Your work was not found in what was searched: {corpus} ({snapshot}).",
    "headline.none.other": "None of your {n} works was found in what was searched: {corpus} ({snapshot}).",
    "nothing": (
        "No picture could be read in this run, so nothing was searched. “What was searched, and what could not be "
        "read” says why."
    ),
    "listed.one": "Being listed is not proof that a model was trained on it.",
    "status.found": "Found, whole or in part",
    "status.free-licence": "Found, and free to copy: public domain or an open licence",
    "status.shared-only": "Only an element that many pictures share: not counted as found",
    "amount": "Pictures of your works found: {found} of {pictures}. Works claimed: {claimed}.",
    "claimed.gloss": (
        "“Claimed” means: counted as the work's own. Left out are shared elements, such as a frame or a logo, and "
        "works that are free to copy. It is a count, not a legal opinion."
    ),
    "works.lead": (
        "On the left your picture, on the right the picture as it stands in the data set. What agrees as a whole "
        "is outlined; single places in it may differ, so look at both. The disc marks the same corner, so that a "
        "turned or mirrored picture can be read."
    ),
    "works.shown.one": "{n} work is shown here.",
    "works.shown.other": "{n} works are shown here.",
    "works.rest.one": "{n} further work of which something was found is in works.parquet.",
    "works.rest.other": "{n} further works of which something was found are in works.parquet.",
    "works.private": (
        "This page holds small copies of your pictures and of those found. Whoever gets the page gets them too."
    ),
    "work.findings.one": "{n} finding",
    "work.findings.other": "{n} findings",
    "work.records.one": "in {n} picture of the data set",
    "work.records.other": "in {n} pictures of the data set",
    "work.assets": "{found} of its {n} pictures found",
    "work.best": "The found picture that shows most of yours shows {share} of it.",
    "work.shared": "Only a shared element was found of this work. Nothing is claimed.",
    "work.rest.one": (
        "One more finding of this work: its picture is in evidence/, its row in "
        "pictures.parquet (work_id {work})."
    ),
    "work.rest.other": (
        "{n} more findings of this work: the pictures are in evidence/, the rows "
        "in pictures.parquet (work_id {work})."
    ),
    "picture": "Picture {n}",
    "picture.work": "Your picture",
    "picture.record": "In the data set",
    "picture.back": "The matched part of both",
    "picture.back.work": "of your picture",
    "picture.back.record": "of the found picture, turned back",
    "picture.alt.work": "Your picture of the work {title}. {where}",
    "picture.alt.record": "A picture of the data set. Grade: {grade}. It stands in {place}. {words}",
    "picture.alt.part": "The matched part of your picture, cut out.",
    "picture.alt.back": "The matched part of the found picture, cut out and turned back to lie as in yours.",
    "picture.outlined": "The matched part is outlined.",
    "picture.missing.work": "Your picture is not in this run folder (works/), so it cannot be shown.",
    "picture.missing.record": "The found picture is not in this run folder (pictures/), so it cannot be shown.",
    "picture.changed.record": (
        "The file kept as the found picture does not have the SHA-256 of the finding any more; it is not shown."
    ),
    "picture.unreadable.work": "Your picture cannot be decoded here, so it is not shown.",
    "picture.unreadable.record": "The found picture cannot be decoded here, so it is not shown.",
    "picture.full": "Not shown here, so that this page stays small; it is among the evidence pictures.",
    "picture.measures": "size",
    "picture.size": "{width} × {height} pixels",
    "picture.caption": "caption there",
    "picture.box": "matched part",
    "picture.box.said": "from {start} to {end} (left, top; right, bottom; pixels)",
    "picture.outline": "corners",
    "picture.outline.said": "{corners} (pixels)",
    "picture.frame": "frame",
    "picture.title": "work",
    "picture.licence": "licence",
    "picture.corpus": "data set",
    "picture.evidence": "evidence picture",
    "picture.copies.one": "this very file was found in {n} place",
    "picture.copies.other": "this very file was found in {n} places",
    "seen.mirrored": "mirrored",
    "seen.turned": "turned by {degrees}° {way}",
    "seen.turned.half": "turned upside down",
    "seen.clockwise": "clockwise",
    "seen.anticlockwise": "anticlockwise",
    "seen.upright": "as it stands in yours, neither mirrored nor turned",
    "seen.part.whole": "the whole of your picture",
    "seen.part.throughout": "{share} of your picture, spread over all of it",
    "seen.part.some": "{share} of your picture",
    "seen.part.middle": "the middle {share} of your picture",
    "seen.part.between-sides": "{share} of your picture, leaving out as much on its left as on its right",
    "seen.part.between-ends": "{share} of your picture, leaving out as much at its top as at its bottom",
    "seen.part.around-middle": "{share} of your picture, around its middle",
    "seen.part.upper": "the upper {share} of your picture",
    "seen.part.upper-half": "the upper half of your picture",
    "seen.part.within-upper": "{share} of your picture, within its upper {extent}",
    "seen.part.lower": "the lower {share} of your picture",
    "seen.part.lower-half": "the lower half of your picture",
    "seen.part.within-lower": "{share} of your picture, within its lower {extent}",
    "seen.part.left-side": "the left {share} of your picture",
    "seen.part.left-side-half": "the left half of your picture",
    "seen.part.within-left-side": "{share} of your picture, within its left {extent}",
    "seen.part.right-side": "the right {share} of your picture",
    "seen.part.right-side-half": "the right half of your picture",
    "seen.part.within-right-side": "{share} of your picture, within its right {extent}",
    "seen.part.at-top": "{share} of your picture, at its top edge",
    "seen.part.toward-top": "{share} of your picture, toward its top",
    "seen.part.at-bottom": "{share} of your picture, at its bottom edge",
    "seen.part.toward-bottom": "{share} of your picture, toward its bottom",
    "seen.part.at-left": "{share} of your picture, at its left edge",
    "seen.part.toward-left": "{share} of your picture, toward its left",
    "seen.part.at-right": "{share} of your picture, at its right edge",
    "seen.part.toward-right": "{share} of your picture, toward its right",
    "seen.part.from-top-left": "{share} of your picture, from its upper left corner on",
    "seen.part.toward-top-left": "{share} of your picture, toward its upper left",
    "seen.part.from-top-right": "{share} of your picture, from its upper right corner on",
    "seen.part.toward-top-right": "{share} of your picture, toward its upper right",
    "seen.part.from-bottom-left": "{share} of your picture, from its lower left corner on",
    "seen.part.toward-bottom-left": "{share} of your picture, toward its lower left",
    "seen.part.from-bottom-right": "{share} of your picture, from its lower right corner on",
    "seen.part.toward-bottom-right": "{share} of your picture, toward its lower right",
    "seen.fills": "{share} of the found picture",
    "seen.inliers.one": "{n} point agrees",
    "seen.inliers.other": "{n} points agree",
    "seen.agreement": "agreement of the pixels {value} of 1",
    "seen.distance.one": "{n} of 256 bits of the hashes differs",
    "seen.distance.other": "{n} of 256 bits of the hashes differ",
    "kind.shared": "shared element: not claimed",
    "more": "More pictures found",
    "more.lead.one": "{n} more finding, without its pictures.",
    "more.lead.other": "{n} more findings, without their pictures.",
    "more.grade": "Grade",
    "more.share": "Of your picture",
    "more.finding": "Finding",
    "more.place": "Place in the data set",
    "more.rest.one": "{n} further finding is in pictures.parquet.",
    "more.rest.other": "{n} further findings are in pictures.parquet.",
    "grade.shared": "Shared element",
    "grade.identical.means": (
        "The two are the same file, byte for byte, or the same picture as a whole: the right way up, in colour, "
        "no more than another encoding and another size apart."
    ),
    "grade.copy.means": (
        "Your picture, or a part of it, agrees with a part of the other: cut, turned, mirrored, written over, or "
        "among others. What is outlined stands in both. That does not say which was first, nor that it was taken "
        "from your picture: an older original may stand in both."
    ),
    "grade.shared.means": (
        "The two share an element that many pictures share, such as a frame, a logo or a stock texture. It is shown "
        "for you to see. Nothing is claimed, and nobody is accused."
    ),
    "grade.none.means": "Not found in what was searched. It may stand in what was not searched or could not be read.",
    "searched.records": "Pictures met in them",
    "searched.frames": "Frames searched, those of animations included",
    "searched.bytes": "Files of pictures, in bytes",
    "searched.in_part": "Pictures searched in part, the rest being damaged",
    "searched.refused": "Pictures and files not searched",
    "refused.lead": "Nothing was skipped in silence. Not searched, or only in part, by reason:",
    "refused.empty": "No picture was found in what was listed.",
    "alarms.none": (
        "This run had no controls, so its rate of false alarms is not known. Controls are works that cannot be in "
        "the data set. Works published after the snapshot date are controls by themselves: give the dates in the "
        "catalogue and --snapshot-date. Or give pictures that were never published: --controls FOLDER."
    ),
    "alarms.shared.one": "Of {n} more control only a shared element was found. That counts as no alarm.",
    "alarms.shared.other": "Of {n} more controls only shared elements were found. Those count as no alarms.",
    "limits": "What this does not show",
    "limits.listed": (
        "Being listed is not proof that a model was trained on it. Nor does it say who put it there, or with what "
        "permission."
    ),
    "limits.first": (
        "That two pictures agree does not say which was first, or which comes from the other. Two photographs of one "
        "old painting agree as well."
    ),
    "limits.missed": (
        "Not found means: not found in what was searched. A small piece, a strong change or a redrawing may escape; "
        "there is no guarantee for pictures. A data set that only lists addresses holds no pictures to look at."
    ),
    "limits.style": "The same style or the same subject is not a finding; only the picture itself is looked for.",
    "missing.lead.one": "{n} work was not found in what was searched.",
    "missing.lead.other": "{n} works were not found in what was searched.",
    "check.lead": (
        "Nothing here has to be believed. This is how to check the first found picture above with public tools."
    ),
    "check.none": "There is no found picture to check.",
    "check.row": "Read its row with DuckDB or any reader of Parquet, in the folder that holds run.json.",
    "check.record": (
        "Take the picture of row {row} (the first is 0) of {shard}, in the data set. The SHA-256 of its file "
        "is {digest}."
    ),
    "check.warc": (
        "Of {shard}, in the data set, take the record that begins at byte {row}: of a plain file with "
        "tail -c +{from_one}, of a .gz file with tail -c +{from_one} and then zcat. The picture follows the first "
        "empty line after the HTTP header. The SHA-256 of its file is {digest}."
    ),
    "check.kept": "The run folder keeps the same bytes. This prints their SHA-256:",
    "check.work": "Take the file {path} of the work. Its SHA-256 is {digest}.",
    "check.look": (
        "Open both in any image program. The part of the work from {start} to {end} must be the part of the found "
        "picture with the corners {corners}, in pixels from the top left, in the order of the work's corners: top "
        "left, top right, bottom right, bottom left."
    ),
    "check.compare": "Look at both. They must agree as shown above.",
    "check.again": "The evidence pictures can be made again, byte for byte, from the run folder:",
    "rest.pictures": "one row for each finding: what was seen, and whether it is claimed",
    "rest.findings": "every finding, with places, digests, outlines and captions",
    "rest.evidence": "an evidence picture for each finding, at print quality (countermark report RUN --pictures)",
    "rest.kept": "the found pictures, byte for byte as they stood in the data set, named by their SHA-256",
    "sheet.finding": "Finding {id}",
    "sheet.same": "The disc marks the same corner on both sides.",
    "sheet.part.work": "The matched part of your picture",
    "sheet.part.record": "The same part of the found picture, turned back",
    "sheet.boxes": "An empty box stands for a letter that this type lacks; the file's comment has the whole text.",
    "sheet.made": "Made by Countermark {version} from run {digest}, index {index} ({scheme}).",
    "sheet.absent": "not in the run folder",
    "statement.free-licence.one": "Free to copy (public domain or an open licence), and not claimed: {n} of them.",
    "statement.free-licence.other": "Free to copy (public domain or an open licence), and not claimed: {n} of them.",
    "statement.identifier-only.one": (
        "For {n} work only a sketch or an identifier agrees: look at the picture in the data set before you rely "
        "on it."
    ),
    "statement.identifier-only.other": (
        "For {n} works only sketches or identifiers agree: look at the pictures in the data set before you rely "
        "on them."
    ),
    "statement.shared-only.one": "Of {n} work only a shared element was found: not counted as found.",
    "statement.shared-only.other": "Of {n} works only shared elements were found: not counted as found.",
    "headline.unconfirmed.one": (
        "A sketch or an identifier agrees for your work; nothing was confirmed: {corpus} ({snapshot})."
    ),
    "headline.unconfirmed.other": (
        "A sketch or an identifier agrees for {agreeing} of your {n} works; nothing was confirmed: {corpus} "
        "({snapshot})."
    ),
    "unconfirmed.look": (
        "Look at the pictures where they stand before you rely on this. It says nothing about what was not "
        "searched."
    ),
    "sketches.all": (
        "No picture was looked at in this run, only sketches: 128 bytes that an earlier search kept of each "
        "picture. They find pictures that are whole or nearly so. Most crops, and most works that are one of "
        "several pictures on a page or in a collage, cannot be found in them."
    ),
    "sketches.some": (
        "Of {shards} files, or parts of files, {done} were sketches: 128 bytes that an earlier search kept of "
        "each picture. Of those no picture was looked at; most crops and collages cannot be found there."
    ),
    "status.identifier-only": "Only a sketch or an identifier agrees: not counted as found",
    "status.name-only": "Only a site or a look-alike hash agrees: not counted as found",
    "picture.changed.work": (
        "The file kept as the print of your picture does not have the SHA-256 that the catalogue of this run "
        "states for it; it is not shown."
    ),
    "picture.sketch.record": (
        "No picture was kept of this record, only a sketch of 128 bytes. Look at the picture in the data set."
    ),
    "picture.digest.sketch": "SHA-256 of the sketch",
    "picture.print": "print",
    "picture.print.unproved": "shown from works/; its own SHA-256 was not recorded, so it cannot be checked",
    "kind.sketch": "sketch only: not claimed",
    "kind.identifier": "identifier only: not claimed",
    "kind.name": "site or look-alike hash only: not claimed",
    "unseen.sketch": "128 bytes that were kept of this picture were compared with yours",
    "unseen.lie": "where in it yours would stand, and how it would lie, is not known",
    "unseen.identifier": "an identifier was compared, no picture",
    "unseen.unconfirmed": "nothing was confirmed: look at the picture in the data set",
    "unseen.hash.one": "the hash of the whole agrees with that of yours but for {n} of 256 bits",
    "unseen.hash.other": "the hash of the whole agrees with that of yours but for {n} of 256 bits",
    "unseen.keys.one": "{n} key of features agrees, of 8 at most",
    "unseen.keys.other": "{n} keys of features agree, of 8 at most",
    "grade.identifier.means": (
        "An address of your picture (also that of another size of it), the digest of its file (MD5 or SHA-256), "
        "or a sketch of 128 bytes agrees. No picture was looked at, and nothing was confirmed."
    ),
    "grade.name.means": (
        "Only the site agrees, or a short hash of the look that stands in a listing. Many pictures stand on one "
        "site, and different pictures can have hashes that are near: this is never an accusation."
    ),
    "searched.skipped": "Frames of animations and pages of documents not looked at (of each, up to {most} are)",
    "searched.unknown": "not recorded",
    "refused.none": "Every file that was listed could be read.",
    "alarms.figures": (
        "The figures beside a finding, such as “157 points agree” or “agreement of the pixels 0.91 of 1”, are "
        "measurements. They are no probability that one was copied from the other. Pictures made from one "
        "template, or that show the same thing, can agree as well: forms, maps, playing cards, the covers of one "
        "series. Look at the two pictures."
    ),
    "check.file": (
        "Take the file {file} of the folder {folder}, in the data set. The SHA-256 of the file is {digest}."
    ),
    "check.sketch": (
        "Take the picture of row {row} (the first is 0) of {shard}, in the data set. No digest of it was kept, "
        "so a picture that was put in its place since cannot be told. The SHA-256 of its sketch, in the folder "
        "sketches/ of the earlier run, is {digest}."
    ),
    "check.compare.sketch": "Look at both. Whether they agree was not seen by anyone or anything yet.",
    "sheet.figures": (
        "The figures are measurements, not probabilities; pictures made from one template can agree as well. "
        "Look at both."
    ),
    "sheet.look": "No picture of the data set was looked at for this finding.",
    "grade.sketch": "Identifier: a sketch",
    "place.folder": "folder",
}
