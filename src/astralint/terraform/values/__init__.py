"""Terraform's types and values (go-cty), with reasons for what is unknown and origins of what is known."""
