"""The forms of a trap: what an editor may accept in a text, and how a candidate is drawn in each."""
