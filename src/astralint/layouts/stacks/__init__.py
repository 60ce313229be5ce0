"""HCP Terraform's Stacks: each deployment is an evaluation of all components together."""
