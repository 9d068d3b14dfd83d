"""Which passages are nobody's evidence: licences, quotations of scripture, boilerplate, short quotations.

The rules, and why:

1. *Common in the catalogue*: the passage stands in at least `CATALOG_WORKS` different works of the
   catalogue. Two works may share a text for honest reasons (a story and the collection that holds it);
   three rarely do, unless the text is a licence, a series' front matter or a quotation.
2. *Common in the corpus*: the passage stands in at least `CORPUS_RECORDS` records, and in at least
   `CORPUS_TIMES` times as many as the middle letter of the whole work (its median depth, letters found
   nowhere counting as 0). A whole poem that stands everywhere has a high median and stays the poet's; one
   sentence of a novel that stands everywhere is a quotation, or was never the novel's own. The rule works
   on letters, not on findings: a whole book does not become common because it holds one famous sentence.
3. *Quotation-sized*: the record holds at most `QUOTATION_LETTERS` letters of the work (about a hundred
   words) and less than `QUOTATION_SHARE` of it, and all records that do so hold together less than
   `QUOTATION_SHARE` of it. The last condition keeps a book that was cut into small records from passing as
   a thousand quotations. It is a size, not a judgement of law.

What these rules name is shown and not claimed. They err on the quiet side: a chapter that its author
offered to forty sites is named common too, and the report says to look at such passages.
"""

from __future__ import annotations

import re

CATALOG_WORKS = 3
CORPUS_RECORDS = 8
CORPUS_TIMES = 8
QUOTATION_LETTERS = 500
QUOTATION_SHARE = 0.1
SHORT_LETTERS = 1_500
"""Folded letters under which a common passage is called a quotation, not boilerplate."""

RULES = {
    "catalog_works": CATALOG_WORKS,
    "corpus_records": CORPUS_RECORDS,
    "corpus_times_median_depth": CORPUS_TIMES,
    "quotation_letters": QUOTATION_LETTERS,
    "quotation_share": QUOTATION_SHARE,
}

LICENCE_WORDS = re.compile(
    r"(?i)licen[cs]e|copyright|©|all rights reserved|tous droits réservés|creative commons|"
    r"permission (is )?(hereby )?granted|without warranty|sans garantie|project gutenberg|"
    r"terms of (use|service)|conditions d[’']utilisation|mentions légales|reproduction interdite|isbn"
)
"""Words of licences and front matter: a hint for naming a passage that is common already, never a test."""
