"""Everything that carries trust: who is named, who may, and what AWS would decide."""
