"""What a change does: findings and trust that it adds and removes, and what it weakens."""
