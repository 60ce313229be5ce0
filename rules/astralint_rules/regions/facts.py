"""What rules about regions know of them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from astralint.rules.api import Account, Platform


@cache
def facts() -> dict[str, tuple[str, ...]]:
    """Return the resource types that each region needs (`types`), and the regions to be enabled first (`opt_in`)."""
    told = tomllib.loads(files("astralint_rules").joinpath("data/regional.toml").read_text("utf-8"))
    return {name: tuple(items) for name, items in told.items()}


def allowed(account: Account, platform: Platform) -> tuple[str, ...]:
    """Return the regions that an account may use: its own, else the platform's."""
    own = next((one.regions for one in platform.settings.accounts if one.name == account.name), ())
    return own or platform.regions
