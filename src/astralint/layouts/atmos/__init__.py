"""Atmos: each component of each stack is an evaluation of its directory, with the values that manifests merge to."""
