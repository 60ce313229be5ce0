"""`python -m astralint`."""

from astralint.cli.main import main

main()
