"""What a report on a run over sketches says in English, where it differs: no picture was looked at in it."""

MESSAGES = {
    "headline.none.one": "Your work was not found in the sketches of this data set: {corpus} ({snapshot}).",
    "headline.none.other": (
        "None of your {n} works was found in the sketches of this data set: {corpus} ({snapshot})."
    ),
    "headline.unconfirmed.one": "A sketch agrees with your work, and nothing was confirmed: {corpus} ({snapshot}).",
    "headline.unconfirmed.other": (
        "Sketches agree with {agreeing} of your {n} works, and nothing was confirmed: {corpus} ({snapshot})."
    ),
    "listed.none": "This says nothing about what was not searched, nor about what sketches cannot find.",
    "status.identifier-only": "Only a sketch agrees: not counted as found",
    "status.not-found": "Not found in the sketches",
    "works.lead": (
        "Sketches of pictures were compared with yours, and no picture was looked at. Here is what agrees, and "
        "where each picture stands in the data set. Look at it there: only that can show whether it is yours."
    ),
    "works.private": "This page holds small copies of your pictures. Whoever gets the page gets them too.",
    "grade.none.means": (
        "Not found in the sketches. It may stand in the pictures all the same, cut or among others, or in what "
        "was not searched."
    ),
    "searched.records": "Pictures of which sketches were read",
    "searched.frames": "Sketches compared, 128 bytes each",
    "refused.none": "Every file of sketches that was listed could be read.",
    "refused.empty": "No sketch was found in what was listed.",
    "nothing": (
        "No sketch could be read in this run, so nothing was searched. “What was searched, and what could not be "
        "read” says why."
    ),
    "limits.missed": (
        "Not found means: not found in the sketches. Most crops and collages escape them, as do strong changes. "
        "To look for those, search the pictures themselves."
    ),
    "alarms.figures": (
        "The figures beside a finding (bits of a hash, keys of features) are no probability. Pictures made from "
        "one template, or that show the same thing, can agree as well. Look at the pictures."
    ),
    "missing.lead.one": "{n} work was not found in the sketches.",
    "missing.lead.other": "{n} works were not found in the sketches.",
    "missing.none": "For every work a sketch agrees.",
    "statement.identifier-only.one": (
        "For {n} work a sketch agrees: look at the picture in the data set before you rely on it."
    ),
    "statement.identifier-only.other": (
        "For {n} works sketches agree: look at the pictures in the data set before you rely on them."
    ),
    "rest.kept": "no picture of the data set was kept in this run",
}
