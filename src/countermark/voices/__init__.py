"""Voice likeness as a hint: a consented voiceprint, compared on this machine with stretches of sound; no finding."""
