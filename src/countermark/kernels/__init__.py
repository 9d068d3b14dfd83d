"""What compiled kernels stand on: how they are compiled, where they are kept, machine instructions."""
