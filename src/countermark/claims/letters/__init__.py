"""Letters: drafts in English and French, filled from the facts of a claim and from nothing else. None is ever sent."""
