"""Help for misspelt names."""

from __future__ import annotations

from collections.abc import Iterable


def did_you_mean(name: str, known: Iterable[str], otherwise: str = "expected one of ") -> str | None:
    """Return "did you mean …", or the list of what is known where nothing comes close; None where nothing is known."""
    from difflib import get_close_matches

    names = sorted(set(known))
    by_lower = {candidate.lower(): candidate for candidate in reversed(names)}
    # Very long names would make the comparison slow, and resemble nothing.
    close = get_close_matches(name.lower(), by_lower, 1) if len(name) <= 200 else []
    if not close and len(name) >= 3:
        close = [candidate for candidate in by_lower if candidate.startswith(name.lower())]
    if close:
        return f"did you mean `{by_lower[close[0]]}`?"
    return otherwise + ", ".join(f"`{candidate}`" for candidate in names) if names else None
