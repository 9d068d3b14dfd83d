"""CWR 2.1 and 2.2, Common Works Registration: how music publishers register compositions with collecting societies.

Source: CISAC, "Common Works Registration, Functional Specifications", versions 2.1 and 2.2. Fixed width, one record
a line, one transaction (NWR, REV, ISW, EXC, or the echo of one in an ACK) a work:

    HDR  GRH  (NWR SPU SPT SWR SWT PWR OPU OWR ALT NAT PER REC ORN …)*  GRT  TRL

Taken are titles, ISWC, writers with their roles and IPI name numbers, ownership shares with their territories,
publishers with the writers they hold them from, performers, recordings with ISRC and first release, the date of a
printed edition, and the copyright number. Shares of 10000 are 100 per cent. Not taken are records that name parties
and titles in other alphabets (NPA, NPN, NWN, NPR, NET, NCT, NVT, NOW), the work that a version was made from (VER),
excerpts and components (EWT, COM), instruments (INS, IND), cross references and remarks (XRF, ARI), and messages of
the receiver (MSG); one remark (`not-read`) for each file says how many of them there were, and of which types.
Agreements (AGR) are no works: each is a refusal, with its territories and parties (TER, IPA).
"""

from __future__ import annotations

from countermark.works.importers.cwr.reading import CwrImporter

IMPORTER = CwrImporter()

__all__ = ["IMPORTER"]
