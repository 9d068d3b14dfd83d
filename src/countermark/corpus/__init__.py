"""Corpora: data sets as shards of records, read in whole Arrow batches."""
