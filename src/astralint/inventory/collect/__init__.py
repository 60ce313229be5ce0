"""Collects what exists in AWS. Of all that is astralint's, this alone talks to AWS; only the command line imports it."""
