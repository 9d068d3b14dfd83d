"""The entry point for a WSGI server: the page cache in front, static files, then Django."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "countermark.web.config.settings")
