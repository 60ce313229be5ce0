"""Rules about networks of several accounts."""
