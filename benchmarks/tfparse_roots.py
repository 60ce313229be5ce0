"""Evaluates root modules with tfparse: `python tfparse_roots.py DIRECTORY ROOT…` (the peer of `compare.py`)."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import tfparse

if __name__ == "__main__":
    for root in sys.argv[2:]:
        with contextlib.suppress(tfparse.ParseError):
            tfparse.load_from_path(Path(sys.argv[1], root))
