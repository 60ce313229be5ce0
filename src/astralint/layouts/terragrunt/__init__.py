"""Terragrunt: units, and what they include, read and pass on."""
