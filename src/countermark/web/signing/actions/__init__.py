"""What can be done with a signature: one verb in each module, each in one transaction."""
