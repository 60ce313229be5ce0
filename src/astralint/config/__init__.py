"""`astralint.hcl`, read into typed settings."""
