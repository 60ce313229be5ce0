"""A module instance: one call of a module (or the root), with everything in it evaluated on demand."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from astralint.source.diagnostic import Label
from astralint.source.span import Span
from astralint.source.tree import relative
from astralint.terraform.configuration.body import Argument
from astralint.terraform.configuration.module import Declaration, Module, NamedDeclaration, Resource
from astralint.terraform.evaluation.calls import ModuleCallEvaluation
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.evaluation.expansion import NO_REPETITION, Expansion, Repetition, expand, uncertain
from astralint.terraform.evaluation.order import LONG_MODULE, EvaluationOrder, Item
from astralint.terraform.evaluation.providers import Providers
from astralint.terraform.evaluation.resources import ResourceEvaluation
from astralint.terraform.evaluation.scope import ModuleScope
from astralint.terraform.evaluation.variables import call_variable, root_variable
from astralint.terraform.values.types import DYNAMIC
from astralint.terraform.values.value import EPHEMERAL, SENSITIVE, Origin, Reason, Value, unknown
from astralint.terraform.workspace import GivenVariable


class ModuleInstance:
    """A module in its place: address, inputs, repetition, providers.

    `address` is "" for the root, else `module.a["k"].` with a dot at the end.
    `uncertain` says why it may not exist, or how many of it is not known.
    """

    def __init__(
        self,
        context: EvaluationContext,
        module: Module,
        *,
        address: str = "",
        caller: ModuleInstance | None = None,
        call: NamedDeclaration | None = None,
        repetition: Repetition = NO_REPETITION,
        uncertain: tuple[Reason, ...] = (),
        given: dict[str, GivenVariable] | None = None,
    ) -> None:
        self.context = context
        self.module = module
        self.address = address
        self.caller = caller
        self.call = call
        self.repetition = repetition
        self.uncertain = uncertain
        self.given = given or {}
        self.scope = ModuleScope(self)
        self.call_scope = ModuleScope(caller, repetition) if caller is not None else None
        self.providers = Providers(self)
        self._memo: dict[Hashable, Value] = {}
        self._resources: dict[tuple[str, str, str], ResourceEvaluation] = {}
        self._calls: dict[str, ModuleCallEvaluation] = {}
        is_long = len(module.locals) + len(module.resources) > LONG_MODULE
        self._is_preparing = False
        self._prepared: set[Item] = set()
        self._order = EvaluationOrder(module) if is_long else None

    @property
    def module_address(self) -> str:
        return self.address.rstrip(".")

    @property
    def path(self) -> str:
        """What `path.module` gives: the module's directory as seen from the root's."""
        return relative(self.module.path, self.context.spec.directory)

    @property
    def depth(self) -> int:
        return 0 if self.caller is None else self.caller.depth + 1

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

    def _origin(self, kind: str, address: str, span: Span | None, value: Value) -> frozenset[Origin]:
        return frozenset((Origin(kind, self.address + address, self.context.spec.name, span, value.origins),))

    # --- what references ask for ---------------------------------------------------------

    def variable(self, name: str) -> Value | None:
        """Return an input variable; None where it is not declared."""
        declaration = self.module.variables.get(name)
        if declaration is None:
            return None

        def compute() -> Value:
            value, span = (root_variable if self.caller is None else call_variable)(self, declaration)
            return value.with_origins(self._origin("variable", f"var.{name}", span, value))

        return self.once(("variable", name), f"var.{name}", declaration.header, compute)

    def local(self, name: str) -> Value | None:
        """Return a local value; None where it is not declared."""
        argument = self.module.locals.get(name)
        if argument is None:
            return None

        self._prepare(("local", name))

        def compute() -> Value:
            value = self.context.evaluate(argument, self.scope)
            return value.with_origins(self._origin("local", f"local.{name}", argument.span, value))

        return self.once(("local", name), f"local.{name}", argument.span, compute)

    def output(self, name: str) -> Value | None:
        """Return an output as its caller sees it; None where it is not declared."""
        declaration = self.module.outputs.get(name)
        if declaration is None:
            return None

        def compute() -> Value:
            argument = declaration.argument("value")
            if argument is None:
                message = f"output `{name}` has no `value`"
                return unknown(self.context.problem("invalid-configuration", message, declaration.header))
            value = self.context.evaluate(argument, self.scope)
            value = value.with_marks(SENSITIVE if self._flag(declaration, "sensitive") else 0)
            value = value.with_marks(EPHEMERAL if self._flag(declaration, "ephemeral") else 0)
            return value.with_origins(self._origin("output", f"output.{name}", argument.span, value))

        return self.once(("output", name), f"output.{name}", declaration.header, compute)

    def _prepare(self, item: Item) -> None:
        """Evaluate what an item needs before it, in a module where chains may be long."""
        if self._order is None or self._is_preparing or self._is_done(item):
            return
        self._is_preparing = True
        self._prepared.add(item)
        try:
            for needed in self._order.before(item, self._is_done):
                self._prepared.add(needed)
                if needed[0] == "local":
                    self.local(needed[1])
                    continue
                resource = self.resource(needed[0], needed[1], needed[2])
                if resource is not None:
                    for key in resource.expansion.instances:
                        resource.value(key)
        finally:
            self._is_preparing = False

    def _is_done(self, item: Item) -> bool:
        return item in self._prepared or item in self._memo

    def _flag(self, declaration: NamedDeclaration, name: str) -> bool:
        argument: Argument | None = declaration.argument(name)
        return argument is not None and self.context.evaluate(argument, self.scope).raw is True

    def resource(self, mode: str, type_: str, name: str) -> ResourceEvaluation | None:
        """Return a resource of this module; None where it is not declared."""
        key = (mode, type_, name)
        known = self._resources.get(key)
        if known is None:
            declaration = self.module.resources.get(key)
            if declaration is None:
                return None
            expansion = self._expansion(key, declaration.address, declaration)
            known = self._resources.setdefault(key, ResourceEvaluation(self, declaration, expansion))
        return known

    def prepare_resource(self, declaration: Resource) -> None:
        """Evaluate what a resource needs before it."""
        self._prepare((declaration.mode, declaration.type, declaration.name))

    def _expansion(self, key: Hashable, address: str, declaration: Declaration) -> Expansion:
        """Return which instances there are; that needs itself where `count` or `for_each` refers to them."""
        stack = self.context.stack
        token = (id(self), ("expansion", key))
        if token in stack:
            return uncertain(declaration.body, self._cycle(token).raw.reasons)
        stack[token] = (self.address + address, declaration.header)
        try:
            return expand(declaration.body, self.scope, self.context)
        finally:
            del stack[token]

    def module_call(self, name: str) -> ModuleCallEvaluation | None:
        """Return a module call; None where it is not declared."""
        known = self._calls.get(name)
        if known is None:
            declaration = self.module.module_calls.get(name)
            if declaration is None:
                return None
            expansion = self._expansion(name, f"module.{name}", declaration)
            known = self._calls.setdefault(name, ModuleCallEvaluation(self, declaration, expansion))
        return known
