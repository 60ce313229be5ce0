"""The machinery of rules: their interface, registry, loader and runner, suppressions, baseline."""
