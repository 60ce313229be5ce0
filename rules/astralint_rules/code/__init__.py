"""Rules about everything is code."""
