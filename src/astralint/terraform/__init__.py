"""Terraform without Terraform: root modules, values, expressions, expansion, across workspaces."""
