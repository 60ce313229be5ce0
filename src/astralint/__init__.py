"""astralint: the architecture of an AWS organization, checked in its Terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astralint.version import __version__

if TYPE_CHECKING:
    from astralint.api import Report as Report
    from astralint.api import ScanOptions as ScanOptions
    from astralint.api import UsageError as UsageError
    from astralint.api import scan as scan

__all__ = ["Report", "ScanOptions", "UsageError", "__version__", "scan"]


def __getattr__(name: str) -> object:
    """Import the library's entry points when they are asked for: `astralint --help` needs none of them."""
    if name in __all__:
        from astralint import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
