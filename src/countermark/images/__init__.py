"""Pictures: hostile bytes in, decoded once, bounded in memory and time; frames and colours out."""
