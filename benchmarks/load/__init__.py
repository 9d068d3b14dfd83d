"""Load for a site on this machine: requests at fixed instants, and the CPU that answering them took."""
