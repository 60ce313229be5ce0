"""Rules about production, staging, sandboxes."""
