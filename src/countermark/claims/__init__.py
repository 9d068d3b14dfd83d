"""Claims: from works and findings to what may be claimed, under dated rules; the works list; letters.

Nothing here is legal advice: rules are data with a source and a date, amounts are ranges, and each work that drops out
says why.
"""
