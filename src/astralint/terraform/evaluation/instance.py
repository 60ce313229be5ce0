"""A module instance: one call of a module (or the root), with everything in it evaluated on demand."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from astralint.source.span import Span
from astralint.terraform.configuration.body import Argument
from astralint.terraform.configuration.module import Declaration, Module, NamedDeclaration, Resource
from astralint.terraform.evaluation.calls import ModuleCallEvaluation
from astralint.terraform.evaluation.context import EvaluationContext
from astralint.terraform.evaluation.expansion import (
    NO_REPETITION,
    Expansion,
    Repetition,
    expand,
    key_text,
    uncertain,
)
from astralint.terraform.evaluation.order import LONG_MODULE, EvaluationOrder, Item
from astralint.terraform.evaluation.place import ModulePlace
from astralint.terraform.evaluation.providers import Providers
from astralint.terraform.evaluation.resources import ResourceEvaluation
from astralint.terraform.evaluation.scope import ModuleScope
from astralint.terraform.evaluation.variables import Inputs, declared_type
from astralint.terraform.expressions.type_expressions import apply_defaults
from astralint.terraform.results import InstanceKey
from astralint.terraform.values.convert import convert
from astralint.terraform.values.infinity import holds_infinity
from astralint.terraform.values.operations import deep_marks
from astralint.terraform.values.value import EPHEMERAL, SENSITIVE, EvaluationError, Origin, Reason, Value, unknown
from astralint.terraform.workspace import GivenVariable


class ModuleInstance(ModulePlace):
    """A module in its place, with its inputs, its repetition and its providers."""

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
        given: Mapping[str, GivenVariable] | None = None,
    ) -> None:
        super().__init__(context, module, address=address, caller=caller, call=call, uncertain=uncertain)
        self.scope = ModuleScope(self)
        call_scope = ModuleScope(caller, repetition) if caller is not None else None
        outer = caller.providers if caller is not None else None
        self.providers: Providers = Providers(self, self.scope, outer, call_scope)
        self._inputs = Inputs(context, self.scope, call, call_scope, given or {})
        self._resources: dict[tuple[str, str, str], ResourceEvaluation] = {}
        self._calls: dict[str, ModuleCallEvaluation[ModuleInstance]] = {}
        is_long = len(module.locals) + len(module.resources) > LONG_MODULE
        self._is_preparing = False
        self._prepared: set[Item] = set()
        self._order = EvaluationOrder(module) if is_long else None

    def _origin(self, kind: str, address: str, span: Span | None, value: Value) -> frozenset[Origin]:
        return frozenset((Origin(kind, self.address + address, self.context.spec.name, span, value.origins),))

    # --- what references ask for ---------------------------------------------------------

    def variable(self, name: str) -> Value | None:
        """Return an input variable; None where it is not declared."""
        declaration = self.module.variables.get(name)
        if declaration is None:
            return None

        def compute() -> Value:
            value, span = self._inputs.value(declaration)
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
            value = self._conform(declaration, self.context.evaluate(argument, self.scope), argument)
            if self.caller is None and holds_infinity(value):
                message = f"output `{name}` holds an infinite number, which no state can"
                value = unknown(self.context.problem("invalid-output-value", message, argument.value_span))
            if self.caller is None and deep_marks(value) & SENSITIVE and not self._flag(declaration, "sensitive"):
                message = f"output `{name}` is sensitive, so it has to say so: `sensitive = true`"
                self.context.problem("sensitive-output", message, declaration.header)
            if self.caller is None or self.context.spec.language.has("child-output-sensitivity"):
                value = value.with_marks(SENSITIVE if self._flag(declaration, "sensitive") else 0)
            value = value.with_marks(EPHEMERAL if self._flag(declaration, "ephemeral") else 0)
            return value.with_origins(self._origin("output", f"output.{name}", argument.span, value))

        return self.once(("output", name), f"output.{name}", declaration.header, compute)

    def _conform(self, declaration: NamedDeclaration, value: Value, argument: Argument) -> Value:
        """Convert an output's value to the type that it declares."""
        if declaration.argument("type") is None:
            return value
        constraint = declared_type(declaration, self.context)
        try:
            if constraint.defaults is not None and value.raw is not None:
                value = apply_defaults(value, constraint.defaults)
            return convert(value, constraint.type)
        except EvaluationError as error:
            message = f"inappropriate value for output `{declaration.name}`: {error.message}"
            reason = self.context.refuse("invalid-output-value", message, argument, self.scope)
            return unknown(reason, constraint.type)

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
            known = self._resources.setdefault(key, ResourceEvaluation(self, declaration, expansion, self.providers))
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

    def module_call(self, name: str) -> ModuleCallEvaluation[ModuleInstance] | None:
        """Return a module call; None where it is not declared."""
        known = self._calls.get(name)
        if known is None:
            declaration = self.module.module_calls.get(name)
            if declaration is None:
                return None
            expansion = self._expansion(name, f"module.{name}", declaration)
            evaluation = ModuleCallEvaluation(self, self.scope, declaration, expansion, self._called)
            known = self._calls.setdefault(name, evaluation)
        return known

    def _called(self, call: ModuleCallEvaluation[ModuleInstance], module: Module, key: InstanceKey) -> ModuleInstance:
        return ModuleInstance(
            self.context,
            module,
            address=f"{call.address}{key_text(key)}.",
            caller=self,
            call=call.declaration,
            repetition=call.expansion.instances[key],
            uncertain=(*self.uncertain, *call.expansion.reasons(key)),
        )
