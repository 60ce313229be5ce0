"""The organization's id, as the code knows it."""

from __future__ import annotations

from astralint.config.settings import Settings
from astralint.terraform.values.value import Reason, Value, string, symbolic

ORGANIZATION_SYMBOL = "organization:id"


def organization_id(settings: Settings) -> Value:
    """Return the organization's id, or the symbol that stands for it."""
    if settings.platform.organization_id:
        return string(settings.platform.organization_id)
    return symbolic(
        ORGANIZATION_SYMBOL, Reason("organization-not-known", "the organization's id is not in the configuration")
    )
