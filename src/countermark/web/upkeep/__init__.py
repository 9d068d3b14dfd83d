"""Keeping a site running: worker, backup, retention, erasure, exports, health."""
