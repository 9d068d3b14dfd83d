"""What every study of a model shares: a plan fixed beforehand, a log of all that was asked, and a result."""
