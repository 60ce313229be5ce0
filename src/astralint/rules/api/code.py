"""For rules about how something is written: syntax trees, calls of modules, reads of other states."""

from __future__ import annotations

from astralint.hcl import syntax
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.knowledge import ProviderContext
from astralint.terraform.results import ModuleCallResult, RemoteStateRead
from astralint.terraform.values.value import Origin, Value

__all__ = [
    "ModuleCallResult",
    "Origin",
    "ProviderContext",
    "RemoteStateRead",
    "SourceFile",
    "Value",
    "syntax",
]
