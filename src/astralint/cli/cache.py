"""Where parsed files are kept from one run to the next."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_directory() -> Path | None:
    """Return ASTRALINT_CACHE_DIR, else our place among the user's caches; None where the user has no home."""
    given = os.environ.get("ASTRALINT_CACHE_DIR")
    if given:
        return Path(given)
    try:
        if sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            return (Path(local) if local else Path.home() / "AppData" / "Local") / "astralint" / "cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "astralint"
        given = os.environ.get("XDG_CACHE_HOME", "")
        return (Path(given) if Path(given).is_absolute() else Path.home() / ".cache") / "astralint"
    except RuntimeError:
        return None
