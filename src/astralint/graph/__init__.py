"""All of a platform as one networkx graph."""
