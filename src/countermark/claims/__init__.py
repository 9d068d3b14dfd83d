"""Claims: which found works can be claimed, under which dated rule, and why the others cannot."""
