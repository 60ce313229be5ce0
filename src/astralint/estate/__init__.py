"""What there is: accounts, workspaces, resources, and queries over them."""
