"""Why something that a member sent is not taken: one plain sentence for each reason, with what would be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ACCEPTED: Final = _("Accepted are TXT, Markdown, HTML, EPUB, PDF, DOCX and ODT.")

SENTENCES: Final[dict[str, _StrPromise]] = {
    "empty": _("The file is empty."),
    "binary": _("The file holds data that is no text, whatever its name says."),
    "unsupported": _("The file is of a kind that cannot be read here, whatever its name says."),
    "damaged": _("The file is damaged or cut off: its contents do not follow its format."),
    "missing-part": _("The file is damaged: a part that its format needs is missing."),
    "encrypted": _("The file is protected by a password or a lock. Remove the protection first."),
    "no-text": _(
        "The file holds no text. A scanned PDF holds pictures of pages: run a text recognition on it first."
    ),
    "bomb": _("The file unfolds to far more than a text would: it is refused unread."),
    "too-large": _("The file is too large: 25 MB are accepted."),
    "too-slow": _("The file takes too long to read. Save its text as TXT and try again."),
    "bounds": _(
        "The file needs more memory or time to read than a text does. Save its text as TXT and try again."
    ),
    "busy": _("Many files are being read at this moment. Please try again in a minute; nothing was stored."),
    "no-archive": _(
        "This is neither a ZIP nor a TAR archive. Pack the folder of the index as ZIP, TAR or TAR.GZ."
    ),
    "archive-damaged": _("The archive is damaged or cut off. Pack the folder again."),
    "archive-entries": _(
        "The archive holds more files than an index has. Pack the folder of one index, nothing else."
    ),
    "archive-paths": _("The archive holds paths that lead out of its folder, and is refused."),
    "archive-links": _(
        "The archive holds links or special files, and is refused. An index has plain files only."
    ),
    "archive-names": _(
        "The archive holds files that are no part of an index. Pack the folder of one index, nothing else."
    ),
    "archive-several": _("The archive holds more than one index. Send them one at a time."),
    "archive-large": _(
        "Unpacked, the archive is larger than 256 MB. Divide your works over several indices."
    ),
    "archive-full": _(
        "This index is not sealed: it holds the text of your works. Build it again with --sealed and --salt-file."
    ),
    "index-manifest": _("The file manifest.json of the index is missing, damaged or was changed."),
    "index-files": _(
        "The files of the index are not those that its manifest lists. Pack the whole folder again."
    ),
    "index-changed": _(
        "A file of the index is not as its manifest describes it. Build the index again, and pack it again."
    ),
    "index-salt": _("The salt is not the one that this index was built with."),
    "index-damaged": _("The index does not follow the format countermark-index-1. Build it again."),
    "index-works": _("The index lists more than 5,000 works. Divide them over several indices."),
    "salt-size": _("A salt has 16 bytes or more, and at most 4,096; 32 random bytes are good."),
    "same-file": _("You have registered this very file already."),
    "same-index": _("You have deposited this very index already."),
    "works-full": _(
        "You have 200 uploaded works, the most that one member can keep here. Deposit fingerprints for more."
    ),
    "deposits-full": _("You have ten indices here, the most that one member can keep. Remove one first."),
    "space-full": _("Your works take 1 GB here, the most that one member can keep. Remove some first."),
    "often": _("You have sent many files in a short time. Please try again in an hour; nothing was stored."),
    "disk": _("The site cannot store files at this moment. Please try again later; nothing was stored."),
    "no-uploads": _(
        "Sending files is switched off at this moment. Please come back later; nothing was stored."
    ),
}

_WITH_ACCEPTED: Final = frozenset({"empty", "binary", "unsupported", "damaged", "missing-part"})


def sentence(reason: str) -> str:
    """What to tell the member."""
    told = str(SENTENCES.get(reason, SENTENCES["damaged"]))
    return f"{told} {ACCEPTED}" if reason in _WITH_ACCEPTED else told
