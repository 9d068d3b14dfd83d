"""The dossier: a sealed bundle of evidence that anyone can verify with public tools."""
