"""Sound read: hostile files in, mono samples out, streamed; excerpts for evidence."""
