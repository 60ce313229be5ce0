"""Accounts, workspaces and resources as one graph, and the queries that rules ask of it."""
