"""AWS without Terraform: ARNs, policies, the assume-role decision, what AWS makes predictable, facts."""
