"""What Terraform would refuse only perhaps: for what may not be there, or by a default that may not count.

A root of which a variable has no value gets values that are not in the tree. Whoever gives them may give
others as well, in place of defaults: so what a default alone makes wrong is no error for sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

import msgspec

from astralint.hcl.syntax import Expression, GetAttr, Index, Node, Splat, Variable
from astralint.terraform.configuration.module import NamedDeclaration
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import Scope, Step
from astralint.terraform.values.value import EvaluationError, Origin, Reason, Value

OF_VALUES = frozenset(
    {
        "condition-failed",
        "invalid-condition",
        "invalid-count",
        "invalid-expression",
        "invalid-for-each",
        "invalid-output-value",
        "invalid-variable-value",
    }
)
"""Codes of what a value is refused for: another value might be none of it."""


@runtime_checkable
class MayNotBeThere(Protocol):
    """A scope of which it may be uncertain whether it is there at all."""

    @property
    def uncertain(self) -> tuple[Reason, ...]: ...


class RootVariables(msgspec.Struct, frozen=True):
    """Which variables of the root are left to their defaults, and one that has no value at all."""

    defaulted: frozenset[str] = frozenset()
    missing: str = ""


def root_variables(declared: Mapping[str, NamedDeclaration], given: Mapping[str, Any]) -> RootVariables:
    """Return what is known of a root's variables from what is given to them."""
    left = sorted(declared.keys() - given.keys())
    defaulted = frozenset(name for name in left if "default" in declared[name].body.arguments)
    missing = next((name for name in left if name not in defaulted), "")
    return RootVariables(defaulted if missing else frozenset(), missing)


def doubt(
    code: str, expression: Expression | None, scope: Scope | None, variables: RootVariables, workspace: str
) -> str | None:
    """Return why what is wrong may be none of it when it runs; None where nothing speaks for that."""
    if code not in OF_VALUES or scope is None:
        return None
    if isinstance(scope, MayNotBeThere) and scope.uncertain:
        return f"this may not be there: {scope.uncertain[0].message}"
    if not variables.defaulted or expression is None:
        return None
    names = {f"var.{name}": name for name in variables.defaulted}
    for value in _referenced(expression, scope):
        for origin in _all_origins(value):
            if origin.kind == "variable" and origin.workspace == workspace and origin.address in names:
                return (
                    f"`{variables.missing}` has no value here, so values are given that are not in the tree: "
                    f"they may replace the default of `{names[origin.address]}`, of which this comes"
                )
    return None


def _referenced(expression: Expression, scope: Scope) -> Iterator[Value]:
    """Yield what the references in an expression begin with; names that `for` adds are none."""
    pending: list[Any] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, tuple):
            pending.extend(node)
            continue
        if not isinstance(node, Node):
            continue
        steps: list[Step] = []
        root: Any = node
        while isinstance(root, GetAttr | Index | Splat):
            steps.append(root)
            if not isinstance(root, GetAttr):
                pending.append(root.key if isinstance(root, Index) else root.each)
            root = root.target
        if isinstance(root, Variable):
            try:
                yield scope.reference(root, steps[::-1], lambda inner: evaluate(inner, scope))[0]
            except EvaluationError:
                continue
        elif root is not node:
            pending.append(root)
        else:
            pending.extend(getattr(node, name) for name in node.__struct_fields__)


def _all_origins(value: Value) -> Iterator[Origin]:
    """Yield what a value and all in it come from, however far back."""
    seen: set[int] = set()
    values: list[Any] = [value]
    while values:
        current = values.pop()
        pending = list(current.origins)
        raw = current.raw
        if isinstance(raw, dict):
            values.extend(raw.values())
        elif isinstance(raw, tuple):
            values.extend(item for item in raw if isinstance(item, Value))
        while pending:
            origin = pending.pop()
            if id(origin) not in seen:
                seen.add(id(origin))
                yield origin
                pending.extend(origin.sources)
