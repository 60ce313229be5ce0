"""What the evaluator asks of the place in which an expression stands."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from astralint.hcl.syntax import Expression, GetAttr, Index, Splat, Variable
from astralint.source.partial import Hole, PartialText
from astralint.terraform.language.language import TERRAFORM, Language
from astralint.terraform.values.value import EvaluationError, Value

if TYPE_CHECKING:
    from astralint.terraform.functions.context import FunctionContext, OwnFunction

FATAL = frozenset({"limit", "undeclared-reference"})
"""Codes of errors that no `try` and no untaken branch hides: Terraform would not get so far as to evaluate."""

Step = GetAttr | Index | Splat
Evaluate = Callable[[Expression], Value]


WORKSPACE_STEPS, RUN_STEPS, FREE_STEPS = 2_000_000, 6_000_000, 100_000
RUN_EXHAUSTED = "all workspaces together need more computing than is allowed"


class RunBudget:
    """What the workspaces of a run may spend together, beyond what each of them has for itself."""

    def __init__(self, steps: int | None = None) -> None:
        self.left = steps if steps is not None else _limit("ASTRALINT_RUN_STEPS", RUN_STEPS)


def _limit(name: str, default: int) -> int:
    """Return a limit from the environment, which is the user's, as the scanned tree is not."""
    given = os.environ.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 16 else default


class Budget:
    """How much work is left: evaluation of hostile input ends, with a diagnostic.

    What is spent beyond `FREE_STEPS` is taken off the run's as well, if there is one. `secrets` are the
    sensitive texts that were met at work.
    """

    __slots__ = ("_free", "_run", "left", "secrets")

    def __init__(self, steps: int | None = None, run: RunBudget | None = None) -> None:
        self.left = steps if steps is not None else _limit("ASTRALINT_WORKSPACE_STEPS", WORKSPACE_STEPS)
        self.secrets: set[str] = set()
        self._run = run
        self._free = self.left - FREE_STEPS

    def spend(self, steps: int) -> None:
        """Take steps off; raises EvaluationError where none are left."""
        self.left -= steps
        if self.left < 0:
            raise EvaluationError("this workspace needs more computing than is allowed", code="limit")
        if self.left < self._free and self._run is not None:
            self._run.left -= self._free - self.left
            self._free = self.left
            if self._run.left < 0:
                raise EvaluationError(RUN_EXHAUSTED, code="limit")


class Scope(Protocol):
    """What names mean, and what functions may see."""

    def reference(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:
        """Resolve the beginning of a traversal.

        Returns the value and how many of the steps it covers; the evaluator takes
        the others. Raises EvaluationError for what is not declared.
        """
        ...

    def provider_type(self, local_name: str) -> str | None:
        """Return the type of the provider that the module requires by a name; None where it requires none."""
        ...

    @property
    def functions(self) -> FunctionContext:
        """What functions see of the world outside of their arguments."""
        ...

    @property
    def budget(self) -> Budget:
        """The work that is left."""
        ...


class NoFiles:
    """A function context without any files, for expressions that stand alone."""

    template_depth = 0
    own: Mapping[str, OwnFunction] = {}

    def __init__(self, language: Language = TERRAFORM) -> None:
        self.language = language

    def read(self, path: str, argument: int) -> bytes:
        """Refuse."""
        raise EvaluationError(f"`{path}` can't be read here", argument=argument, code="outside-boundary")

    def exists(self, path: str) -> bool:
        """Refuse."""
        raise EvaluationError(f"`{path}` can't be read here", code="outside-boundary")

    def absolute(self, path: str) -> PartialText:
        """Return nothing but where the path leads from here."""
        return PartialText.of(Hole("nothing says where this is"), f"/{path}")

    def glob(self, directory: str, pattern: str) -> list[str]:
        """Refuse."""
        raise EvaluationError(f"`{directory}/{pattern}` can't be read here", code="outside-boundary")

    def render_template(self, text: str, name: str, variables: Mapping[str, Value], depth: int) -> Value:
        """Refuse."""
        raise EvaluationError(f"the template `{name}` can't be rendered here", code="outside-boundary")


class NoNames:
    """The scope of an expression that may refer to nothing."""

    def __init__(self, language: Language = TERRAFORM) -> None:
        self.functions = NoFiles(language)

    @property
    def budget(self) -> Budget:
        return Budget()

    def provider_type(self, local_name: str) -> str | None:
        """Return that there are no providers."""
        return None

    def reference(self, root: Variable, steps: Sequence[Step], evaluate: Evaluate) -> tuple[Value, int]:
        """Refuse."""
        raise EvaluationError(f"`{root.name}` can't be used here: only constant values may", root.start, root.end)


NO_NAMES = NoNames()
