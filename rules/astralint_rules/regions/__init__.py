"""Rules about regions."""
