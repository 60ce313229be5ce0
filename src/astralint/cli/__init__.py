"""The command line: thin, over `astralint.api`."""
