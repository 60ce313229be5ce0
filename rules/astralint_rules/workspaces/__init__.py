"""Rules about workspaces and their accounts."""
