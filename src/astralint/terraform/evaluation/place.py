"""A module in its place, and what references ask of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from typing import Protocol

from astralint.source.diagnostic import Label
from astralint.source.span import Span
from astralint.source.tree import relative
from astralint.terraform.configuration.module import Module, NamedDeclaration, Resource
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.evaluation.expansion import Expansion
from astralint.terraform.results import InstanceKey
from astralint.terraform.values.types import DYNAMIC
from astralint.terraform.values.value import Reason, Value, unknown


class ReferencedResource(Protocol):
    """A resource, as references see it."""

    @property
    def declaration(self) -> Resource: ...

    @property
    def expansion(self) -> Expansion: ...

    def whole(self) -> Value:
        """Return what a reference without an instance key gives."""
        ...

    def possible(self, key: InstanceKey, name: str) -> Value:
        """Return an attribute of an instance that may not exist."""
        ...

    def referenced(self, key: InstanceKey) -> Value:
        """Return an instance as a reference to the whole of it sees it."""
        ...

    def attribute(self, key: InstanceKey, name: str) -> Value:
        """Return an attribute of an instance as a reference sees it."""
        ...


class ReferencedCall(Protocol):
    """A module call, as references see it."""

    @property
    def expansion(self) -> Expansion: ...

    def value(self) -> Value:
        """Return what a reference without an instance key gives."""
        ...

    def instance_value(self, key: InstanceKey) -> Value:
        """Return all outputs of an instance as an object."""
        ...

    def output(self, key: InstanceKey, name: str) -> Value | None:
        """Return an instance's output; None where the module declares no such output."""
        ...

    def output_names(self) -> list[str]: ...


class ModulePlace(ABC):
    """Where a module is called, as all that is evaluated in it sees it.

    `address` is "" for the root, else `module.a["k"].` with a dot at the end.
    `uncertain` says why it may not exist, or how many of it is not known.
    """

    def __init__(
        self,
        context: EvaluationContext,
        module: Module,
        *,
        address: str,
        caller: ModulePlace | None,
        call: NamedDeclaration | None,
        uncertain: tuple[Reason, ...],
    ) -> None:
        self.context = context
        self.module = module
        self.address = address
        self.caller = caller
        self.call = call
        self.uncertain = uncertain
        self._memo: dict[Hashable, Value] = {}

    @property
    def module_address(self) -> str:
        return self.address.rstrip(".")

    @property
    def path(self) -> str:
        """What `path.module` gives: the module's directory as seen from the root's."""
        return relative(self.module.path, self.context.directory)

    @property
    def depth(self) -> int:
        return 0 if self.caller is None else self.caller.depth + 1

    # --- what references ask for ---------------------------------------------------------

    @abstractmethod
    def variable(self, name: str) -> Value | None:
        """Return an input variable; None where it is not declared."""

    @abstractmethod
    def local(self, name: str) -> Value | None:
        """Return a local value; None where it is not declared."""

    @abstractmethod
    def resource(self, mode: str, type_: str, name: str) -> ReferencedResource | None:
        """Return a resource of this module; None where it is not declared."""

    @abstractmethod
    def module_call(self, name: str) -> ReferencedCall | None:
        """Return a module call; None where it is not declared."""

    # --- once, in an order, without cycles -----------------------------------------------

    @abstractmethod
    def prepare_resource(self, declaration: Resource) -> None:
        """Evaluate what a resource needs before it."""

    def once(self, key: Hashable, name: str, span: Span, compute: Callable[[], Value]) -> Value:
        """Compute a value a single time; a value that needs itself is a cycle, reported where it is closed."""
        value = self._memo.get(key)
        if value is not None:
            return value
        stack = self.context.stack
        token = (id(self), key)
        if token in stack:
            value = self._cycle(token)
            self._memo[key] = value
            return value
        stack[token] = (self.address + name if not name.startswith(self.address) else name, span)
        try:
            value = compute()
        finally:
            del stack[token]
        return self._memo.setdefault(key, value)

    def _cycle(self, token: tuple[int, Hashable]) -> Value:
        tokens = list(self.context.stack)
        ring = [self.context.stack[t] for t in tokens[tokens.index(token) :]]
        # The ring is told from its first member by name, wherever evaluation entered it.
        first = min(range(len(ring)), key=lambda i: ring[i][0])
        ring = ring[first:] + ring[:first]
        names = " → ".join(f"`{name}`" for name, _ in [*ring, ring[0]])
        message = f"`{ring[0][0]}` refers to itself" if len(ring) == 1 else f"these values need each other: {names}"
        labels = tuple(Label(span, f"`{name}` is part of the cycle") for name, span in ring[1:11])
        return unknown(self.context.problem("cycle", message, ring[0][1], labels=labels), DYNAMIC)
