"""The listening page: what was found in recordings, to hear and to see side by side."""
