"""The pages of the moderators."""
