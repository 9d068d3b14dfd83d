"""One writer per protocol: what a policy wants said, in the form in which each protocol says it."""
