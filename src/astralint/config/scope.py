"""What names mean in `astralint.hcl`: `local.x`, `path.module`, and functions that read inside the boundary."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from astralint.config.problems import Problems
from astralint.config.suggest import did_you_mean
from astralint.hcl.syntax import Attribute, Expression, GetAttr, Index, Splat, Variable
from astralint.source.tree import SourceTree, TreePath
from astralint.terraform.configuration.body import SourceFile
from astralint.terraform.evaluation.files import FileAccess
from astralint.terraform.expressions.evaluate import evaluate
from astralint.terraform.expressions.scope import Budget
from astralint.terraform.language.language import TERRAFORM
from astralint.terraform.values.value import EvaluationError, Value, object_of, string

MAXIMUM_STEPS = 300_000


class AlreadyReportedError(EvaluationError):
    """An expression needs a local value whose own error has been reported."""


class ConfigurationScope:
    """Evaluates the expressions of one configuration."""

    def __init__(self, source: SourceFile, tree: SourceTree, directory: TreePath, problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self.budget = Budget(MAXIMUM_STEPS)
        self.functions = FileAccess(tree, directory, self.budget, TERRAFORM)
        self._locals: dict[str, Attribute] = {}
        self._values: dict[str, Value | None] = {}
        self._pending: list[str] = []

    def declare(self, attribute: Attribute) -> Attribute | None:
        """Declare a local value; returns the one that has the name already."""
        known = self._locals.setdefault(attribute.name, attribute)
        return known if known is not attribute else None

    def evaluate_locals(self) -> None:
        """Evaluate every local value, so that errors in unused ones are reported too."""
        for name in self._locals:
            self._local(name)

    def value(self, expression: Expression) -> Value | None:
        """Return an expression's value; None, with the problem noted, where it has none."""
        try:
            return evaluate(expression, self)
        except AlreadyReportedError:
            return None
        except EvaluationError as error:
            start, end = (error.start, error.end) if error.start >= 0 else (expression.start, expression.end)
            self._problems.error(error.code, error.message, self._source.span(start, end))
        except RecursionError:
            message = "this expression is nested too deeply to be evaluated"
            self._problems.error("limit", message, self._source.span_of(expression))
        return None

    def provider_type(self, local_name: str) -> str | None:  # noqa: ARG002 - see Scope
        """Return that there are no providers."""
        return None

    def reference(
        self,
        root: Variable,
        steps: Sequence[GetAttr | Index | Splat],
        evaluate: Callable[[Expression], Value],  # noqa: ARG002 - the protocol's signature
    ) -> tuple[Value, int]:
        """Resolve `local.x` and `path.module`."""
        if root.name == "path":
            return object_of({"module": string("."), "root": string(".")}), 0
        if root.name != "local":
            message = f"`{root.name}` can't be used here: a configuration knows `local` and `path` only"
            raise EvaluationError(message, root.start, root.end, code="unknown-reference")
        step = steps[0] if steps else None
        if not isinstance(step, GetAttr):
            raise EvaluationError("`local` is used as `local.name`", root.start, root.end)
        if step.name not in self._locals:
            hint = did_you_mean(step.name, self._locals, "there are ") if self._locals else None
            message = f"there is no local value `{step.name}`" + (f"; {hint}" if hint else "")
            raise EvaluationError(message, root.start, step.end, code="unknown-reference")
        if step.name in self._pending:
            around = " → ".join(f"`local.{name}`" for name in [*self._pending, step.name])
            raise EvaluationError(f"this local value depends on itself: {around}", root.start, step.end, code="cycle")
        value = self._local(step.name)
        if value is None:
            raise AlreadyReportedError("a local value could not be evaluated", root.start, step.end)
        return value, 1

    def _local(self, name: str) -> Value | None:
        if name not in self._values:
            self._pending.append(name)
            try:
                self._values[name] = self.value(self._locals[name].expression)
            finally:
                self._pending.pop()
        return self._values[name]
