"""The static configuration of a module: its files merged into declarations, nothing evaluated yet."""
