"""Results of workspaces as bytes, for the cache: exact there and back, without any code in them."""
