"""The state of one evaluation, and what the parts of it ask of the whole."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from astralint.terraform.expressions.scope import FATAL, Scope
from astralint.terraform.language.language import Language
from astralint.terraform.values.value import EvaluationError, Reason, Value


class Evaluator(ABC):
    """One evaluation: a scope, and the names that `for` expressions and splats add to it.

    `doubts` are reasons why what was found may not be there after all, which is an error then.
    `watched` collects the values of references that are not wholly known, while
    `try` or `can` want to know. While `lenient`, what fails is unknown, with the
    type that HCL gives to it: that is how the branch of a conditional that is not
    taken has its say about the type of the result.
    """

    __slots__ = ("budget", "depth", "doubts", "failures", "item", "lenient", "names", "scope", "watched")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.budget = scope.budget
        self.names: dict[str, Value] = {}
        self.item: Value | None = None
        self.depth = 0
        self.watched: list[Value] | None = None
        self.doubts: list[Reason] = []
        self.lenient = False
        self.failures = 0

    @property
    def language(self) -> Language:
        """The dialect and version that the expression is written in."""
        return self.scope.functions.language

    @abstractmethod
    def value(self, node: Any) -> Value:
        """Evaluate a node."""

    def supposed(self, run: Callable[[], Value]) -> Value:
        """Return what `run` gives; where it fails, what is known of it: a branch that is not taken raises no error."""
        saved = self.names, self.item, self.depth
        failures = self.failures
        if not self.lenient:
            try:
                return run()
            except EvaluationError as error:
                if error.code in FATAL:
                    raise
                self.names, self.item, self.depth = saved
        outer, self.lenient = self.lenient, True
        try:
            return run()
        finally:
            self.lenient, self.failures = outer, failures
            self.names, self.item, self.depth = saved
