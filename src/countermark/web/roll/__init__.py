"""The roll: one sequencer fills the log; anyone can verify it."""
