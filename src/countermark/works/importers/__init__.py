"""Importers: one module for each format of catalogue files."""
