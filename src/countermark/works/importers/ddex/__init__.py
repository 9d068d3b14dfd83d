"""DDEX ERN 3.x and 4.x, Electronic Release Notification: how labels deliver recordings to services.

Source: DDEX, "Electronic Release Notification Message Suite Standard", versions 3.8 and 4 (kb.ddex.net). The version
stands in the namespace (`http://ddex.net/xml/ern/382`). Each SoundRecording of the ResourceList is an Entry, and each
Video too; the releases that hold it give its label, its first date and relations to their ICPN and GRid, and the deals
are licences from the sender to the recipient of the message. Pictures, texts, and the order of tracks are not taken.
"""

from __future__ import annotations

from countermark.works.importers.ddex.reading import DdexImporter

IMPORTER = DdexImporter()

__all__ = ["IMPORTER"]
