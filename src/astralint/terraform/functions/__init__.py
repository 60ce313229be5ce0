"""Terraform's functions, with Terraform's own semantics for what is known, unknown, null and sensitive."""

from __future__ import annotations

from astralint.terraform.functions.context import FunctionContext
from astralint.terraform.functions.registry import call, is_function, require

__all__ = ["FunctionContext", "call", "is_function", "require"]
