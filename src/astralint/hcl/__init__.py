"""HCL source text to a syntax tree with exact places: native and JSON syntax, and templates."""
