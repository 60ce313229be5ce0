"""The evaluator of expressions: a syntax tree and a scope to a value."""
