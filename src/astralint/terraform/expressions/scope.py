"""What the evaluator asks of the place in which an expression stands."""

from __future__ import annotations

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


class Budget:
    """How much work is left: evaluation of hostile input ends, with a diagnostic.

    `secrets` are the sensitive texts that were met at work.
    """

    __slots__ = ("left", "secrets")

    def __init__(self, steps: int = 2_000_000) -> None:
        self.left = steps
        self.secrets: set[str] = set()

    def spend(self, steps: int) -> None:
        """Take steps off; raises EvaluationError where none are left."""
        self.left -= steps
        if self.left < 0:
            raise EvaluationError("this workspace needs more computing than is allowed", code="limit")


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
