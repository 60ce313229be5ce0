"""The architecture's rule pack: one rule a module, grouped by the account it is about."""
