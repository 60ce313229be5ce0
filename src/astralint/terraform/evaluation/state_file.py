"""Outputs of a state file that lies in the tree: what `terraform_remote_state` reads with the `local` backend."""

from __future__ import annotations

from typing import Any

import msgspec

from astralint.source.partial import Text
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.functions.signatures import type_of
from astralint.terraform.state.facts import plain_value
from astralint.terraform.state.model import Exact
from astralint.terraform.values.convert import convert
from astralint.terraform.values.value import SENSITIVE, EvaluationError, Value, object_of


class _Output(msgspec.Struct):
    value: Any = None
    type: Any = "dynamic"
    sensitive: bool = False


class _State(msgspec.Struct):
    outputs: dict[str, _Output] = {}


def state_outputs(config: dict[str, Text], workspace: Text | None, context: EvaluationContext) -> Value | None:
    """Return the outputs of the state that a `local` backend keeps in the tree; None where there is none to read."""
    path = config.get("path", "terraform.tfstate")
    if workspace not in (None, "default"):
        base = config.get("workspace_dir", "terraform.tfstate.d")
        path = f"{base}/{workspace}/terraform.tfstate" if isinstance(base, str) and isinstance(workspace, str) else base
    if not isinstance(path, str):
        return None
    try:
        if not context.files.exists(path):
            return None
        content = context.files.read(path, 0)
        state = msgspec.json.Decoder(_State, float_hook=Exact).decode(content)
        return object_of({name: _value(output) for name, output in state.outputs.items()})
    except (EvaluationError, msgspec.MsgspecError, KeyError, ValueError, TypeError, RecursionError):
        # It is no state, or not one of this version: Terraform says so when it is planned.
        return None


def _value(output: _Output) -> Value:
    value = convert(plain_value(output.value), type_of(output.type))
    return value.with_marks(SENSITIVE) if output.sensitive else value
