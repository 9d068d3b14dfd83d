"""Review, invalidation and the log of what moderators did."""
