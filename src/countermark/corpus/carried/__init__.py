"""What carries pictures and recordings: folders, archives, tables and captures, read alike for either medium."""
