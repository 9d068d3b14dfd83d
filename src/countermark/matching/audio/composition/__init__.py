"""Matching compositions: the same melody or harmony in another recording. What is found is a hint."""
