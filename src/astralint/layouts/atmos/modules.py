"""Modules of Cloud Posse that are part of how Atmos is used: what they compute, where they themselves are not at hand."""

from __future__ import annotations

import json
import re
from functools import cache
from pkgutil import get_data

from astralint.layouts.atmos.components import TOKENS
from astralint.layouts.atmos.project import Project

LABEL = "cloudposse/label/null"
REMOTE_STATE = "cloudposse/stack-config/yaml//modules/remote-state"
_REFERENCE = re.compile(r"\{\{-?\s*\.vars\.([a-z]+)\s*-?\}\}")


@cache
def _text(name: str) -> str:
    return (get_data("astralint.layouts", f"data/atmos/{name}") or b"").decode()


@cache
def modules(project: Project) -> dict[str, str]:
    """Return the modules by their address: what each holds, as Terraform's text."""
    label = _text("label.tf")
    labels = label.partition("locals {")[0]
    read = _text("remote_state.tf")
    # All that a label takes, this module takes too.
    declared = labels[labels.index("variable") :]
    names = "\n".join(f"  {name} = {_label(name)}" for name in TOKENS)
    stack = _stack(project)
    own = f"\nlocals {{\n  project = {json.dumps(project.file)}\n{names}\n  stack = {stack}\n}}\n"
    return {LABEL: label, REMOTE_STATE: f"{read}\n{declared}{own}"}


def _label(name: str) -> str:
    return f'var.{name} == null ? lookup(var.context, "{name}", null) : var.{name}'


def _stack(project: Project) -> str:
    """Return an expression for the stack's name, of labels."""
    if project.name_template:
        rest = _REFERENCE.sub("", project.name_template)
        names = _REFERENCE.findall(project.name_template)
        if set('{"\\\n') & set(rest) or not all(name in TOKENS for name in names):
            return '"${uuid()}"'
        text = f'"{project.name_template}"'
        return _REFERENCE.sub(lambda match: _part(match[1]), text)
    tokens = [part[1:-1] for part in project.name_pattern.split("-") if part[1:-1] in TOKENS and part[0] == "{"]
    if not tokens:
        return '"${uuid()}"'
    return '"' + "-".join(_part(token) for token in tokens) + '"'


def _part(name: str) -> str:
    return "${local." + name + ' == null ? "" : local.' + name + "}"
