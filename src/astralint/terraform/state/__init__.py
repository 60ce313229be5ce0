"""States: what Terraform wrote down of what it applied."""
