"""How a platform comes about: discovery, rounds of evaluation, accounts, look-ups, workers, cache."""
