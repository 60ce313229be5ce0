"""Dialects and versions of the language: what each knows, and which one a root module is written for."""
