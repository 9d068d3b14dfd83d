"""The interface for programs: read-only, without a key, described in OpenAPI at /api/v1/openapi.json."""
