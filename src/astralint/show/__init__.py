"""Evaluated instances, for people and machines."""
